/** Whose money a principal may see: the platform everybody's, sellers and creators their own. Pure. */
import type { CreatorId, PartyId, SellerId } from "../domain/ids.ts";
import type { PrincipalKind, Principal } from "./principal.ts";

/** Who has money here. */
export const PARTIES = ["platform", "seller", "creator"] as const satisfies readonly PrincipalKind[];

/** The party that a principal is; undefined for the platform. */
export function partyOf(principal: Principal): PartyId | undefined {
  return principal.kind === "seller" || principal.kind === "creator" ? principal.name : undefined;
}

/** Whether a principal may know of a party's money. */
export function mayKnow(principal: Principal, party: PartyId): boolean {
  return principal.kind === "platform" || principal.name === party;
}

/**
 * The party a list is of: the one asked for, or one's own. Null when somebody else's is asked for, of which there is
 * nothing to be seen.
 */
export function partyAsked(
  principal: Principal,
  asked: { readonly seller?: SellerId | undefined; readonly creator?: CreatorId | undefined },
): PartyId | undefined | null {
  const wanted = asked.seller ?? asked.creator;
  if (wanted === undefined) return partyOf(principal);
  return mayKnow(principal, wanted) ? wanted : null;
}

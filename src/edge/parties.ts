/** Whose money a principal may see: the platform everybody's, sellers and creators their own. Pure. */
import type { CreatorId, PartyId, SellerId } from "../domain/ids.ts";
import { partyId } from "../wire/periods.ts";
import { creatorId, sellerId } from "../wire/primitives.ts";
import type { AppContext, Middleware } from "./context.ts";
import { params } from "./input.ts";
import type { Principal, PrincipalKind } from "./principal.ts";

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

/** What sellers and creators have alike, each under their own path. */
export interface Side {
  readonly kind: "seller" | "creator";
  /** For the `operationId`s of its routes. */
  readonly name: "Seller" | "Creator";
  readonly path: "/v1/sellers/:seller" | "/v1/creators/:creator";
  readonly ofPath: Middleware;
}

export const SIDES: readonly Side[] = [
  { kind: "seller", name: "Seller", path: "/v1/sellers/:seller", ofPath: params({ seller: sellerId }) },
  { kind: "creator", name: "Creator", path: "/v1/creators/:creator", ofPath: params({ creator: creatorId }) },
];

/** The party of the path, which `ofPath` has validated. */
export function partyInPath(c: AppContext, { kind }: Side): PartyId {
  return partyId.parse(c.req.param(kind));
}

/**
 * What a creator has of an order that they brought to a session which is not theirs: the rate that a contract of theirs
 * with the seller agrees on, or why there is none. Pure.
 */
import { coverFault } from "./agreement.ts";
import { isInForce, versionInForce, type ContractVersion } from "./contract.ts";
import type { ContractId, CreatorId } from "./ids.ts";

/** An agreed rate, and where it was agreed on. */
export interface AgreedReferral {
  readonly contract: ContractId;
  readonly version: number;
  /** Of what the seller asked for the units, tax taken off; paid by the seller. */
  readonly basisPoints: number;
}

/**
 * Why the winner has no referral: the session is theirs, and they earn by its contract; they have no contract with the
 * seller that is in force in the order's currency; none of those agrees on a rate; none of these covers all of the order.
 */
export const NO_REFERRAL = ["is_host", "no_contract", "no_rate", "not_covered"] as const;
export type NoReferral = (typeof NO_REFERRAL)[number];

export type Referral = AgreedReferral | { readonly none: NoReferral };

/** The order, as far as a contract may or may not have it. */
export interface ReferredOrder {
  readonly host: CreatorId | undefined;
  readonly currency: string;
  readonly placedAtMs: number;
  readonly skus: readonly string[];
  readonly zones: readonly string[];
}

/**
 * The same whenever it is asked: what was made after the order was placed counts for nothing. Of several contracts that
 * agree on a rate and cover the order the newest counts. `versions` are all of those between the seller and the winner.
 */
export function referralOf(
  order: ReferredOrder,
  winner: CreatorId,
  versions: readonly ContractVersion[],
): Referral {
  if (order.host === winner) return { none: "is_host" };
  const inForce = inForceBetween(versions, order.placedAtMs).filter(
    ({ terms }) => terms.currency === order.currency,
  );
  if (inForce.length === 0) return { none: "no_contract" };
  const withRate = inForce.flatMap(({ contract, version, terms }) =>
    terms.referral ? [{ terms, agreed: { contract, version, ...terms.referral } }] : [],
  );
  if (withRate.length === 0) return { none: "no_rate" };
  const found = withRate.find(({ terms }) => covers(terms, order));
  return found ? found.agreed : { none: "not_covered" };
}

/** Of several contracts each as it is in force at a time, where it is, the newest first. */
export function inForceBetween(versions: readonly ContractVersion[], atMs: number): ContractVersion[] {
  const made = versions.filter(({ createdAtMs }) => createdAtMs <= atMs);
  const contracts = [...Map.groupBy(made, ({ contract }) => contract).values()];
  return contracts
    .toSorted(([a], [b]) => madeLater(a, b))
    .flatMap((of) => versionInForce(of, atMs) ?? [])
    .filter(({ terms }) => isInForce(terms, atMs));
}

/** Ids sort by the time they were made. */
function madeLater(a: ContractVersion | undefined, b: ContractVersion | undefined): number {
  return (a?.contract ?? "") < (b?.contract ?? "") ? 1 : -1;
}

function covers(terms: ContractVersion["terms"], { skus, zones }: ReferredOrder): boolean {
  return !coverFault(terms, skus) && zones.every((zone) => !coverFault(terms, [], zone));
}

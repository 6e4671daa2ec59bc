/**
 * What winners of orders have of them, from the seller's contracts. Reads contracts' tables; writes nothing.
 */
import { and, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AttributionDecision } from "../../domain/attribution.ts";
import type { ContractVersion } from "../../domain/contract.ts";
import type { NewOrder } from "../../domain/events.ts";
import type { CreatorId, SellerId } from "../../domain/ids.ts";
import { inForceBetween, referralOf } from "../../domain/referral.ts";
import { contracts, contractVersions } from "../contracts/tables.ts";
import type { SessionRow } from "../tables.ts";

/** An order of a session, and to whom it is attributed. */
export interface Decided {
  readonly order: NewOrder;
  readonly decision: AttributionDecision;
}

/** The decisions with what each winner has of their order; those without a winner as they are. */
export async function withReferrals(
  db: D1Database,
  session: SessionRow,
  decided: readonly Decided[],
): Promise<AttributionDecision[]> {
  const guests = decided.flatMap(({ decision: { winner } }) =>
    winner && winner.creator !== session.creator ? [winner.creator] : [],
  );
  const versions = await versionsBetween(db, session.seller, guests);
  return decided.map(({ order, decision }) => {
    const { winner } = decision;
    if (!winner) return decision;
    const of = {
      host: session.creator ?? undefined,
      currency: order.total.currency,
      placedAtMs: order.placedAtMs,
      skus: order.units.map(({ sku }) => sku),
      zones: order.units.map(({ zone }) => zone),
    };
    return { ...decision, referral: referralOf(of, winner.creator, versions.get(winner.creator) ?? []) };
  });
}

/** Whether a contract of a seller with a creator is in force. */
export async function haveContract(
  db: D1Database,
  seller: SellerId,
  creator: CreatorId,
  nowMs: number,
): Promise<boolean> {
  const versions = await versionsBetween(db, seller, [creator]);
  return inForceBetween(versions.get(creator) ?? [], nowMs).length > 0;
}

/** Every version of the contracts of a seller with each of some creators. */
async function versionsBetween(
  db: D1Database,
  seller: SellerId,
  creators: readonly CreatorId[],
): Promise<ReadonlyMap<CreatorId, readonly ContractVersion[]>> {
  if (creators.length === 0) return new Map();
  const among = sql`(SELECT value FROM json_each(${JSON.stringify([...new Set(creators)])}))`;
  const { contract, version, terms, effectiveAtMs, createdAtMs } = contractVersions;
  const rows = await drizzle(db)
    .select({ creator: contracts.creator, of: { contract, version, terms, effectiveAtMs, createdAtMs } })
    .from(contracts)
    .innerJoin(contractVersions, eq(contractVersions.contract, contracts.id))
    .where(and(eq(contracts.seller, seller), inArray(contracts.creator, among)));
  const found = new Map<CreatorId, ContractVersion[]>();
  for (const { creator, of } of rows) {
    if (creator === null) continue;
    const own = found.get(creator);
    if (own) own.push(of);
    else found.set(creator, [of]);
  }
  return found;
}

/** Payouts and what they took to the bank. Reads settlement's tables. */
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { PartyId, PayoutId, TransferId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Code } from "../../wire/instants.ts";
import type { payout, tracedPayout } from "../../wire/payouts.ts";
import { payouts, payoutTransfers, type MovementStatus, type PayoutRow } from "../movements/tables.ts";
import { among } from "./own.ts";
import { BY_TIME, searched, startOf, type Page, type PageQuery } from "./pages.ts";
import { recordedById } from "./recorded.ts";
import { sentOf } from "./sent.ts";

export type Payout = Code<z.output<typeof payout>>;
export type TracedPayout = Code<z.output<typeof tracedPayout>>;

/** Which payouts are listed; all of them without any of it. */
export interface PayoutsWanted {
  readonly party?: PartyId | undefined;
  readonly status?: MovementStatus | undefined;
  readonly currency?: string | undefined;
}

/**
 * Newest first. Of one status or currency a page may be shorter than asked for, even empty, before the last. Undefined
 * when the cursor is not one of ours.
 */
export async function listPayouts(
  db: D1Database,
  query: PageQuery & PayoutsWanted,
): Promise<Page<Payout> | undefined> {
  const start = startOf(query, BY_TIME);
  if (!start.ok) return undefined;
  const { party, status, currency, limit } = query;
  const { id, createdAtMs } = payouts;
  const isWanted = (row: PayoutRow): boolean =>
    (status === undefined || row.status === status) && (currency === undefined || row.currency === currency);
  const page = await searched<PayoutRow>(limit, start.after, {
    next: (after, most) =>
      drizzle(db)
        .select()
        .from(payouts)
        .where(
          and(
            party === undefined ? undefined : eq(payouts.party, party),
            after && sql`(${createdAtMs}, ${id}) < (${Number(after[0])}, ${after[1]})`,
          ),
        )
        .orderBy(desc(createdAtMs), desc(id))
        .limit(most),
    isWanted: status || currency ? isWanted : undefined,
    keysOf: (row) => [row.createdAtMs, row.id],
  });
  return { ...page, data: page.data.map(payoutOf) };
}

export function payoutOf(row: PayoutRow): Payout {
  return { id: row.id, party: row.party, ...sentOf(row) };
}

/** A payout with its first transfers; undefined where there is none, or not the party's. */
export async function findPayoutOf(
  db: D1Database,
  id: PayoutId,
  party: PartyId | undefined,
): Promise<TracedPayout | undefined> {
  const isTheirs = party && eq(payouts.party, party);
  const row = await drizzle(db)
    .select()
    .from(payouts)
    .where(and(eq(payouts.id, id), isTheirs))
    .get();
  if (!row) return undefined;
  const names = ["started", "paid", "failed", "returned"].map((step) => `payout_${step}:${id}`);
  const recorded = await recordedById(db, names);
  const transactions = names.flatMap((name) => recorded.get(name) ?? []);
  return { ...payoutOf(row), transfers: await transfersIn(db, id), transactions };
}

/** As many as a page has: one payout may have thousands. */
async function transfersIn(db: D1Database, payout: PayoutId): Promise<TransferId[]> {
  const rows = await drizzle(db)
    .select({ transfer: payoutTransfers.transfer })
    .from(payoutTransfers)
    .where(eq(payoutTransfers.payout, payout))
    .orderBy(asc(payoutTransfers.transfer))
    .limit(LIMITS.pageMax);
  return rows.map(({ transfer }) => transfer);
}

/** Payouts that took any of the transfers to the bank, those that came back included; oldest first. */
export async function payoutsWith(d1: D1Database, transfers: readonly TransferId[]): Promise<Payout[]> {
  const db = drizzle(d1);
  const withThem = db
    .select({ payout: payoutTransfers.payout })
    .from(payoutTransfers)
    .where(among(payoutTransfers.transfer, transfers));
  const rows = await db
    .select()
    .from(payouts)
    .where(inArray(payouts.id, withThem))
    .orderBy(asc(payouts.createdAtMs), asc(payouts.id))
    .limit(LIMITS.payoutsTraced);
  return rows.map(payoutOf);
}

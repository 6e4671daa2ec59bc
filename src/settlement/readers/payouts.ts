/** Payouts and what they took to the bank. Reads settlement's tables. */
import { and, asc, desc, eq, getTableColumns, gte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { PartyId, PayoutId, TransferId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Code } from "../../wire/instants.ts";
import type { payout, tracedPayout } from "../../wire/payouts.ts";
import { payouts, type MovementStatus, type PayoutRow } from "../movements/tables.ts";
import { BY_TIME, pageOf, startOf, type Page, type PageQuery } from "./pages.ts";
import { recordedById } from "./recorded.ts";
import { sentOf } from "./sent.ts";

export type Payout = Code<z.output<typeof payout>>;
export type TracedPayout = Code<z.output<typeof tracedPayout>>;

interface Wanted {
  readonly party?: PartyId | undefined;
  readonly status?: MovementStatus | undefined;
  readonly currency?: string | undefined;
}

/** A list goes without the transfers: one payout may have thousands. */
const { transfers: _, ...COLUMNS } = getTableColumns(payouts);
type Row = Omit<PayoutRow, "transfers">;

/** Newest first. Undefined when the cursor is not one of ours. */
export async function listPayouts(
  db: D1Database,
  query: PageQuery & Wanted,
): Promise<Page<Payout> | undefined> {
  const start = startOf(query, BY_TIME);
  if (!start.ok) return undefined;
  const { party, status, currency, limit } = query;
  const { after } = start;
  const { id, createdAtMs } = payouts;
  const rows = await drizzle(db)
    .select(COLUMNS)
    .from(payouts)
    .where(
      and(
        party === undefined ? undefined : eq(payouts.party, party),
        status === undefined ? undefined : eq(payouts.status, status),
        currency === undefined ? undefined : eq(payouts.currency, currency),
        after && sql`(${createdAtMs}, ${id}) < (${Number(after[0])}, ${after[1]})`,
      ),
    )
    .orderBy(desc(createdAtMs), desc(id))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.createdAtMs, row.id], payoutOf);
}

export function payoutOf(row: Row): Payout {
  return { id: row.id, party: row.party, ...sentOf(row) };
}

/** A payout with its transfers; undefined where there is none, or not the party's. */
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
  return { ...payoutOf(row), transfers: [...row.transfers], transactions };
}

/** Payouts that took any of a party's transfers to the bank, those that came back included; oldest first. */
export async function payoutsWith(
  d1: D1Database,
  party: PartyId,
  { transfers, sinceMs }: { readonly transfers: readonly TransferId[]; readonly sinceMs: number },
): Promise<Payout[]> {
  const db = drizzle(d1);
  const next = db
    .select()
    .from(payouts)
    .where(and(eq(payouts.party, party), gte(payouts.createdAtMs, sinceMs)))
    .orderBy(asc(payouts.createdAtMs), asc(payouts.id))
    .limit(LIMITS.payoutsTraced)
    .as("next");
  const wanted = JSON.stringify(transfers);
  const rows = await db
    .select()
    .from(next)
    .where(
      sql`EXISTS (SELECT 1 FROM json_each(${next.transfers}) AS one WHERE one.value IN (SELECT value FROM json_each(${wanted})))`,
    );
  return rows.map(payoutOf);
}

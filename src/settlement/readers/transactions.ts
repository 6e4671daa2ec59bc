/** Ledger transactions with their postings, whole or a party's part of them. Reads settlement's tables. */
import { and, asc, desc, eq, exists, gte, inArray, lt, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { OrderId, PartyId, SessionId } from "../../domain/ids.ts";
import { accountOf, type TransactionId, type TransactionKind } from "../../domain/ledger.ts";
import { eventIdOf } from "../../wire/events.ts";
import type { Code } from "../../wire/instants.ts";
import type { ledgerTransaction } from "../../wire/ledger.ts";
import type { Period } from "../../wire/periods.ts";
import { ledgerEntries, ledgerTransactions, settledOrders } from "../ledger/tables.ts";
import { among, isOf, sidesOf } from "./own.ts";
import { BY_TIME, pageOf, startOf, type Page, type PageQuery } from "./pages.ts";

export type LedgerTransaction = Code<z.output<typeof ledgerTransaction>>;

interface Wanted {
  /** Whose part of them; all when absent. */
  readonly party?: PartyId | undefined;
  readonly order?: OrderId | undefined;
  readonly kind?: TransactionKind | undefined;
}

/** Newest first. Undefined when the cursor is not one of ours. */
export async function listTransactions(
  db: D1Database,
  query: PageQuery & Period & Wanted,
): Promise<Page<LedgerTransaction> | undefined> {
  const start = startOf(query, BY_TIME);
  if (!start.ok) return undefined;
  const { party, order, kind, fromMs, untilMs, limit } = query;
  const { after } = start;
  const { id, atMs } = ledgerTransactions;
  const rows = await selectTransactions(db)
    .where(
      and(
        order === undefined ? undefined : eq(ledgerTransactions.order, order),
        kind === undefined ? undefined : eq(ledgerTransactions.kind, kind),
        fromMs === undefined ? undefined : gte(atMs, fromMs),
        untilMs === undefined ? undefined : lt(atMs, untilMs),
        party && (order === undefined ? isAmongOwn(db, party) : hasPart(db, party)),
        after && sql`(${atMs}, ${id}) < (${Number(after[0])}, ${after[1]})`,
      ),
    )
    .orderBy(desc(atMs), desc(id))
    .limit(limit + 1);
  const page = pageOf(
    rows,
    limit,
    (row) => [row.atMs, row.id],
    (row) => row,
  );
  return { ...page, data: await withPostings(db, page.data, party) };
}

/** A transaction; undefined where there is none, or nothing of it is the party's. */
export async function findTransaction(
  db: D1Database,
  id: TransactionId,
  party: PartyId | undefined,
): Promise<LedgerTransaction | undefined> {
  const rows = await selectTransactions(db).where(
    and(eq(ledgerTransactions.id, id), party && hasPart(db, party)),
  );
  const [found] = await withPostings(db, rows, party);
  return found;
}

/**
 * Transactions with money of an order, oldest first, so many at most. Those between orders are on the payable accounts of
 * its parties.
 */
export async function transactionsOf(
  db: D1Database,
  { order, currency, parties, sinceMs }: MoneyOf,
  party: PartyId | undefined,
  limit: number,
): Promise<LedgerTransaction[]> {
  const payables = parties.map((one) => accountOf(one, "payable"));
  const { transaction, account, currency: ofCurrency, atMs, order: ofOrder } = ledgerEntries;
  const onPayables = drizzle(db)
    .select({ transaction })
    .from(ledgerEntries)
    .where(and(among(account, payables), eq(ofCurrency, currency), gte(atMs, sinceMs), eq(ofOrder, order)));
  const { id, order: wholly } = ledgerTransactions;
  const rows = await selectTransactions(db)
    .where(and(or(eq(wholly, order), inArray(id, onPayables)), party && hasPart(db, party)))
    .orderBy(asc(ledgerTransactions.atMs), asc(ledgerTransactions.id))
    .limit(limit);
  return withPostings(db, rows, party);
}

/** An order, whose money it brought, and since when. */
export interface MoneyOf {
  readonly order: OrderId;
  readonly currency: string;
  readonly parties: readonly PartyId[];
  readonly sinceMs: number;
}

interface Row {
  readonly id: TransactionId;
  readonly kind: TransactionKind;
  readonly order: OrderId | null;
  readonly eventSeq: number | null;
  readonly atMs: number;
  readonly session: SessionId | null;
}

function selectTransactions(db: D1Database) {
  const { id, kind, order, eventSeq, atMs } = ledgerTransactions;
  return drizzle(db)
    .select({ id, kind, order, eventSeq, atMs, session: settledOrders.session })
    .from(ledgerTransactions)
    .leftJoin(settledOrders, eq(settledOrders.order, order))
    .$dynamic();
}

function hasPart(db: D1Database, party: PartyId) {
  const own = drizzle(db)
    .select({ one: sql`1` })
    .from(ledgerEntries)
    .where(and(eq(ledgerEntries.transaction, ledgerTransactions.id), isOf(ledgerEntries.account, party)));
  return exists(own);
}

/** As `hasPart`, from the party's entries instead of everybody's transactions. */
function isAmongOwn(db: D1Database, party: PartyId) {
  const { transaction, account } = ledgerEntries;
  const own = drizzle(db).select({ transaction }).from(ledgerEntries).where(isOf(account, party));
  return inArray(ledgerTransactions.id, own);
}

async function withPostings(
  db: D1Database,
  rows: readonly Row[],
  party: PartyId | undefined,
): Promise<LedgerTransaction[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const entries = await drizzle(db)
    .select()
    .from(ledgerEntries)
    .where(and(among(ledgerEntries.transaction, ids), isOf(ledgerEntries.account, party)))
    .orderBy(asc(ledgerEntries.number));
  const byTransaction = Map.groupBy(entries, ({ transaction }) => transaction);
  return rows.map(({ id, kind, order, eventSeq, atMs, session }) => ({
    id,
    kind,
    ...(order === null ? {} : { order }),
    ...(eventSeq === null || session === null ? {} : { event: eventIdOf(session, eventSeq) }),
    atMs,
    postings: (byTransaction.get(id) ?? []).map((entry) => ({
      account: entry.account,
      // A posting's own order is the transaction's, unless the money is of several.
      ...(entry.order === null || entry.order === order ? {} : { order: entry.order }),
      ...sidesOf(entry.amount, entry.currency),
    })),
  }));
}

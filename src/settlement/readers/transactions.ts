/** Ledger transactions with their postings, whole or a party's part of them. Reads settlement's tables. */
import { and, asc, desc, eq, exists, gte, inArray, lt, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { OrderId, PartyId, SessionId } from "../../domain/ids.ts";
import type { TransactionId, TransactionKind } from "../../domain/ledger.ts";
import { eventIdOf } from "../../wire/events.ts";
import type { Code } from "../../wire/instants.ts";
import type { ledgerTransaction } from "../../wire/ledger.ts";
import type { Period } from "../../wire/periods.ts";
import { ledgerEntries, ledgerTransactions, settledOrders } from "../ledger/tables.ts";
import { accountsOf, among, sidesOf } from "./own.ts";
import { entriesAfter, grouped } from "./own-entries.ts";
import { BY_ENTRY, BY_TIME, searched, startOf, type Page, type PageQuery } from "./pages.ts";

export type LedgerTransaction = Code<z.output<typeof ledgerTransaction>>;

type Asked = PageQuery &
  Period & {
    /** Whose part of them; all when absent. */
    readonly party?: PartyId | undefined;
    readonly order?: OrderId | undefined;
    readonly kind?: TransactionKind | undefined;
  };

/**
 * Newest first. Of one kind alone a page may be shorter than asked for, even empty, before the last. Undefined when the
 * cursor is not one of ours.
 */
export async function listTransactions(
  db: D1Database,
  query: Asked,
): Promise<Page<LedgerTransaction> | undefined> {
  const { party, order, kind, limit } = query;
  const isOwn = party !== undefined && order === undefined;
  const start = startOf(query, isOwn ? BY_ENTRY : BY_TIME);
  if (!start.ok) return undefined;
  const page = await searched<Key>(limit, start.after, {
    next: isOwn
      ? (after, most) => ownKeys(db, party, query, after, most)
      : (after, most) => allKeys(db, query, after, most),
    isWanted: kind && (({ id }) => id.startsWith(`${kind}:`)),
    keysOf: ({ atMs, place }) => [atMs, place],
  });
  const ids = page.data.map(({ id }) => id);
  const rows = await selectTransactions(db).where(among(ledgerTransactions.id, ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const inOrder = ids.flatMap((id) => byId.get(id) ?? []);
  return { ...page, data: await withPostings(db, inOrder, party) };
}

/** A transaction's id, and its place in its list: among all by its id, among a party's own by an entry's number. */
interface Key {
  readonly id: TransactionId;
  readonly atMs: number;
  readonly place: string | number;
}

/** Of all transactions, or of an order's, which are few: those that a party has a part in. */
async function allKeys(
  db: D1Database,
  { party, order, fromMs, untilMs }: Asked,
  after: readonly string[] | undefined,
  most: number,
): Promise<Key[]> {
  const { id, atMs } = ledgerTransactions;
  const rows = await drizzle(db)
    .select({ id, atMs })
    .from(ledgerTransactions)
    .where(
      and(
        order === undefined ? undefined : eq(ledgerTransactions.order, order),
        fromMs === undefined ? undefined : gte(atMs, fromMs),
        after
          ? sql`(${atMs}, ${id}) < (${Number(after[0])}, ${after[1]})`
          : untilMs === undefined
            ? undefined
            : lt(atMs, untilMs),
        party && hasPart(db, party),
      ),
    )
    .orderBy(desc(atMs), desc(id))
    .limit(most);
  return rows.map((row) => ({ ...row, place: row.id }));
}

/** Of a party's own, by its entries: a transaction's place is the last of them. */
async function ownKeys(
  db: D1Database,
  party: PartyId,
  { fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER }: Asked,
  after: readonly string[] | undefined,
  most: number,
): Promise<Key[]> {
  const [atMs = untilMs, number = 0] = after?.map(Number) ?? [];
  const own = { party, fromMs, untilMs, newest: Number.MAX_SAFE_INTEGER };
  const entries = await entriesAfter(db, own, { atMs, number }, "back", most + 1);
  const keys = grouped(entries).flatMap((group) => group.at(-1) ?? []);
  return keys.slice(0, most).map((last) => ({ id: last.transaction, atMs: last.atMs, place: last.number }));
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

/** Transactions with money of an order, oldest first, so many at most; also those between it and others. */
export async function transactionsOf(
  db: D1Database,
  order: OrderId,
  party: PartyId | undefined,
  limit: number,
): Promise<LedgerTransaction[]> {
  const { transaction, order: ofOrder } = ledgerEntries;
  const withMoney = drizzle(db).select({ transaction }).from(ledgerEntries).where(eq(ofOrder, order));
  const { id, order: wholly } = ledgerTransactions;
  const rows = await selectTransactions(db)
    .where(and(or(eq(wholly, order), inArray(id, withMoney)), party && hasPart(db, party)))
    .orderBy(asc(ledgerTransactions.atMs), asc(ledgerTransactions.id))
    .limit(limit);
  return withPostings(db, rows, party);
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
    .where(and(eq(ledgerEntries.transaction, ledgerTransactions.id), isPartOf(party)));
  return exists(own);
}

/** Of few entries those on a party's accounts: looked at one by one, not looked for among all that it ever had. */
function isPartOf(party: PartyId) {
  return sql`+${ledgerEntries.account} IN (SELECT value FROM json_each(${JSON.stringify(accountsOf(party))}))`;
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
    .where(and(among(ledgerEntries.transaction, ids), party && isPartOf(party)))
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

/**
 * Statements: what moved of a party's money in a period, transaction by transaction. What a party is owed in all is the
 * sum of its four accounts, so that money on its way to the bank still counts. Reads the ledger's tables: for the first
 * page the days until its end and parts of two days' entries at most, for each page its own entries.
 */
import type { z } from "zod";
import type { PartyId } from "../../domain/ids.ts";
import type { PartyAccount, TransactionId, TransactionKind } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { isoOf, type Code } from "../../wire/instants.ts";
import type { statement, statementLine } from "../../wire/statements.ts";
import { accountsOf, owedBy } from "./own.ts";
import { entriesAfter, grouped, type EntryRow, type Place } from "./own-entries.ts";
import { startOf, type PageQuery } from "./pages.ts";

export type Statement = Code<z.output<typeof statement>>;
export type StatementLine = Code<z.output<typeof statementLine>>;

/** Of whom, in what, from when (in it) until when (not in it). */
export interface StatementOf {
  readonly party: PartyId;
  readonly currency: string;
  readonly fromMs?: number;
  readonly untilMs: number;
}

/**
 * What the first page has found, which the others carry on: so that each costs a page, and all are of one moment.
 * Amounts as in the ledger.
 */
interface Course {
  readonly opening: number;
  readonly closing: number;
  readonly untilMs: number;
  /** The newest entry then: what was entered later, even with an earlier time, is not of this statement. */
  readonly newest: number;
}

interface Start {
  readonly course: Course;
  /** The last entry of the line before. */
  readonly after: Place;
  /** The sum up to that place. */
  readonly sum: number;
}

const CURSOR = /^(\d{1,15})\.(\d{1,15})\.(-?\d{1,16})\.(-?\d{1,16})\.(-?\d{1,16})\.(\d{1,15})\.(\d{1,15})$/;

/** Of entries from one time until another, by kind. ?1 the accounts, ?3 the currency. */
const ENTRIES_OF = (fromMs: string, untilMs: string): string => `
SELECT substr("transaction", 1, instr("transaction", ':') - 1) AS kind, sum(amount) AS amount,
  count(DISTINCT "transaction") AS transactions FROM ledger_entries
WHERE account IN (SELECT value FROM json_each(?1)) AND currency = ?3 AND at_ms >= ${fromMs} AND at_ms < ${untilMs}
GROUP BY 1`;

/**
 * What was before the period, and what is in it, by kind: from the sums of days, and from the entries of its first day
 * before it and of its last day after it. ?2 the party, ?4 and ?5 the period, ?6 and ?7 its first day and where that
 * begins, ?8 and ?9 its last day and where that ends.
 */
const SUMS = `
SELECT kind, sum(before) AS before, sum(within) AS within, sum(transactions) AS transactions FROM (
  SELECT kind, iif(day < ?6, amount, 0) AS before, iif(day < ?6, 0, amount) AS within,
    iif(day < ?6, 0, transactions) AS transactions
  FROM ledger_days WHERE party = ?2 AND currency = ?3 AND day <= ?8
  UNION ALL SELECT kind, amount, -amount, -transactions FROM (${ENTRIES_OF("?7", "?4")})
  UNION ALL SELECT kind, 0, -amount, -transactions FROM (${ENTRIES_OF("?5", "?9")}))
GROUP BY kind ORDER BY kind`;

const NEWEST = "SELECT coalesce(max(number), 0) AS number FROM ledger_entries";

interface SumRow {
  readonly kind: TransactionKind;
  readonly before: number;
  readonly within: number;
  readonly transactions: number;
}

/**
 * A page of a statement. The first sums up what was before and within the period; the others, and what was entered
 * meanwhile, do not change that. Undefined when the cursor is not one of ours.
 */
export async function readStatement(
  db: D1Database,
  of: StatementOf,
  query: PageQuery,
): Promise<Statement | undefined> {
  const found = startOf(query, CURSOR);
  if (!found.ok) return undefined;
  const { party, currency, fromMs } = of;
  const { start, totals } = found.after ? { start: startIn(found.after) } : await firstOf(db, of);
  const { course } = start;
  const { untilMs, newest } = course;
  const entries = { party, currency, fromMs: fromMs ?? 0, untilMs, newest };
  const groups = grouped(await entriesAfter(db, entries, start.after, "forth", query.limit + 1));
  const shown = groups.slice(0, query.limit);
  const last = shown.at(-1)?.at(-1);
  const sum = shown.flat().reduce((total, { amount }) => total + amount, start.sum);
  const isMore = last !== undefined && groups.length > shown.length;
  return {
    party,
    currency,
    ...(fromMs === undefined ? {} : { from: isoOf(fromMs) }),
    to: isoOf(untilMs),
    opening: money(owedBy(course.opening), currency),
    closing: money(owedBy(course.closing), currency),
    ...(totals ? { totals } : {}),
    lines: linesOf(shown, start.sum, currency),
    nextCursor: isMore ? cursorOf({ course, after: last, sum }) : null,
  };
}

function startIn(keys: readonly string[]): Start {
  const [untilMs = 0, newest = 0, opening = 0, closing = 0, sum = 0, atMs = 0, number = 0] = keys.map(Number);
  return { course: { opening, closing, untilMs, newest }, after: { atMs, number }, sum };
}

function cursorOf({ course, after, sum }: Start): string {
  const { opening, closing, untilMs, newest } = course;
  return [untilMs, newest, opening, closing, sum, after.atMs, after.number].join(".");
}

/** Where a statement begins, and what it comes to: in one batch, of one moment. */
async function firstOf(
  db: D1Database,
  { party, currency, fromMs = 0, untilMs: asked }: StatementOf,
): Promise<{ readonly start: Start; readonly totals: Statement["totals"] }> {
  // A period that has not begun yet has nothing in it.
  const untilMs = Math.max(fromMs, asked);
  const accounts = JSON.stringify(accountsOf(party));
  const dayMs = LIMITS.ledgerDayMs;
  const first = Math.floor(fromMs / dayMs);
  const last = Math.floor((untilMs - 1) / dayMs);
  const days = [first, first * dayMs, last, (last + 1) * dayMs];
  const [newest, sums] = await db.batch([
    db.prepare(NEWEST),
    db.prepare(SUMS).bind(accounts, party, currency, fromMs, untilMs, ...days),
  ]);
  const [{ number } = { number: 0 }] = (newest?.results ?? []) as { readonly number: number }[];
  const kinds = (sums?.results ?? []) as SumRow[];
  const opening = kinds.reduce((sum, { before }) => sum + before, 0);
  const closing = kinds.reduce((sum, { within }) => sum + within, opening);
  const totals = kinds
    .filter(({ transactions }) => transactions > 0)
    .map(({ kind, within, transactions }) => ({
      kind,
      amount: money(owedBy(within), currency),
      count: transactions,
    }));
  const course = { opening, closing, untilMs, newest: number };
  // Numbers begin at one: what happened at the beginning itself follows.
  return { start: { course, after: { atMs: fromMs, number: 0 }, sum: opening }, totals };
}

function linesOf(groups: readonly EntryRow[][], before: number, currency: string): StatementLine[] {
  let sum = before;
  return groups.flatMap((entries): StatementLine[] => {
    const [first] = entries;
    if (!first) return [];
    const moved = entries.reduce((total, { amount }) => total + amount, 0);
    sum += moved;
    const { transaction, atMs, order } = first;
    const isOfOne = order !== null && entries.every((entry) => entry.order === order);
    return [
      {
        transaction,
        kind: kindOf(transaction),
        ...(isOfOne ? { order } : {}),
        atMs,
        amount: money(owedBy(moved), currency),
        parts: partsOf(entries, currency),
        owed: money(owedBy(sum), currency),
      },
    ];
  });
}

/** A transaction's id begins with its kind. */
function kindOf(transaction: TransactionId): TransactionKind {
  return transaction.slice(0, transaction.indexOf(":")) as TransactionKind;
}

/** By the last part of the account's address. */
function partsOf(entries: readonly EntryRow[], currency: string): StatementLine["parts"] {
  const sums: Partial<Record<PartyAccount, number>> = {};
  for (const { account, amount } of entries) {
    const which = account.slice(account.lastIndexOf(":") + 1) as PartyAccount;
    sums[which] = (sums[which] ?? 0) + amount;
  }
  return Object.fromEntries(
    Object.entries(sums).map(([which, sum]) => [which, money(owedBy(sum), currency)]),
  );
}

/**
 * Statements: what moved of a party's money in a period, transaction by transaction. What a party is owed in all is the
 * sum of its four accounts, so that money on its way to the bank still counts. Reads the ledger's tables.
 */
import type { z } from "zod";
import type { OrderId, PartyId } from "../../domain/ids.ts";
import type { Account, PartyAccount, TransactionId, TransactionKind } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money, type Money } from "../../domain/money.ts";
import { isoOf, type Code } from "../../wire/instants.ts";
import type { statement, statementLine } from "../../wire/statements.ts";
import { accountsOf, owedBy } from "./own.ts";
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

/** The last entry of the line before. */
interface Place {
  readonly atMs: number;
  readonly number: number;
}

/** Sorts before every entry. */
const FIRST: Place = { atMs: -1, number: 0 };
const CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

/** ?1 the accounts, ?2 the currency, ?3 the beginning, ?4 the end. What was before follows from what is now. */
const TOTALS = `
SELECT substr("transaction", 1, instr("transaction", ':') - 1) AS kind, sum(amount) AS since,
  coalesce(sum(amount) FILTER (WHERE at_ms < ?4), 0) AS within,
  count(DISTINCT "transaction") FILTER (WHERE at_ms < ?4) AS transactions
FROM ledger_entries WHERE account IN (SELECT value FROM json_each(?1)) AND currency = ?2 AND at_ms >= ?3
GROUP BY 1 ORDER BY 1`;

const NOW = `
SELECT coalesce(sum(amount), 0) AS amount FROM ledger_balances
WHERE account IN (SELECT value FROM json_each(?1)) AND currency = ?2`;

/** As `TOTALS`; ?4 and ?5 are the place up to which is summed. */
const BEFORE = `
SELECT coalesce(sum(amount), 0) AS amount FROM ledger_entries
WHERE account IN (SELECT value FROM json_each(?1)) AND currency = ?2 AND at_ms >= ?3 AND (at_ms, number) <= (?4, ?5)`;

/** One account's next entries: read in the order of its index, so that a page costs a page. */
const NEXT = (account: number): string => `
SELECT * FROM (
  SELECT number, "transaction", account, amount, "order", at_ms AS atMs FROM ledger_entries
  WHERE account = ?${account} AND currency = ?5 AND at_ms >= ?6 AND at_ms < ?7 AND (at_ms, number) > (?8, ?9)
  ORDER BY at_ms, number LIMIT ?10)`;
const ENTRIES = `${[1, 2, 3, 4].map(NEXT).join(" UNION ALL ")} ORDER BY atMs, number LIMIT ?10`;

interface EntryRow {
  readonly number: number;
  readonly transaction: TransactionId;
  readonly account: Account;
  readonly amount: number;
  readonly order: OrderId | null;
  readonly atMs: number;
}

interface TotalRow {
  readonly kind: TransactionKind;
  readonly since: number;
  readonly within: number;
  readonly transactions: number;
}

/** A page of a statement, read at one moment. Undefined when the cursor is not one of ours. */
export async function readStatement(
  db: D1Database,
  of: StatementOf,
  query: PageQuery,
): Promise<Statement | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const after = start.after ? { atMs: Number(start.after[0]), number: Number(start.after[1]) } : FIRST;
  const { party, currency, fromMs, untilMs } = of;
  const accounts = accountsOf(party);
  const [list, from] = [JSON.stringify(accounts), fromMs ?? 0];
  const most = (query.limit + 1) * LIMITS.entriesPerLine;
  const [now, totals, before, entries] = await db.batch([
    db.prepare(NOW).bind(list, currency),
    db.prepare(TOTALS).bind(list, currency, from, untilMs),
    db.prepare(BEFORE).bind(list, currency, from, after.atMs, after.number),
    db.prepare(ENTRIES).bind(...accounts, currency, from, untilMs, after.atMs, after.number, most),
  ]);
  const kinds = (totals?.results ?? []) as TotalRow[];
  const since = kinds.reduce((sum, row) => sum + row.since, 0);
  const within = kinds.reduce((sum, row) => sum + row.within, 0);
  const opening = amountIn(now) - since;
  const owed = (sum: number): Money => money(owedBy(sum), currency);
  const groups = grouped((entries?.results ?? []) as EntryRow[]);
  const shown = groups.slice(0, query.limit);
  const last = shown.at(-1)?.at(-1);
  return {
    party,
    currency,
    ...(fromMs === undefined ? {} : { from: isoOf(fromMs) }),
    to: isoOf(untilMs),
    opening: owed(opening),
    closing: owed(opening + within),
    totals: kinds
      .filter(({ transactions }) => transactions > 0)
      .map(({ kind, within: sum, transactions }) => ({ kind, amount: owed(sum), count: transactions })),
    lines: linesOf(shown, opening + amountIn(before), currency),
    nextCursor: last && groups.length > shown.length ? `${last.atMs}.${last.number}` : null,
  };
}

function amountIn(result: D1Result | undefined): number {
  const [row] = (result?.results ?? []) as { readonly amount: number }[];
  return row?.amount ?? 0;
}

/** Entries by transaction. Those of one transaction were made in one go, so that they are beside each other. */
function grouped(entries: readonly EntryRow[]): EntryRow[][] {
  const groups: EntryRow[][] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group?.[0]?.transaction === entry.transaction) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
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

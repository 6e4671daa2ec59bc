/** Entries of one ledger account. Reads the ledger's tables. */
import type { z } from "zod";
import type { OrderId } from "../../domain/ids.ts";
import type { Account, TransactionId } from "../../domain/ledger.ts";
import type { Code } from "../../wire/instants.ts";
import type { ledgerEntry } from "../../wire/ledger.ts";
import type { Period } from "../../wire/periods.ts";
import { sidesOf } from "./own.ts";
import { pageOf, startOf, type Page, type PageQuery } from "./pages.ts";

export type LedgerEntry = Code<z.output<typeof ledgerEntry>>;

const CURSOR = /^([A-Z]{3})\.(\d{1,15})\.(\d{1,15})$/;

/**
 * First the rest of those of the place's own time, then those beyond it, then those of the other currencies: one seek
 * for each currency of the account, whatever lies outside of the period. ?1 the account, ?2 and ?3 the first and the
 * last currency, ?4 the place's, ?5 and ?6 the place, ?7 the beginning, ?8 the end.
 */
const ENTRIES = `
SELECT number, "transaction", currency, amount, "order", at_ms AS atMs FROM (
  SELECT * FROM (SELECT * FROM ledger_entries
    WHERE account = ?1 AND currency = ?4 AND at_ms = ?5 AND number > ?6 ORDER BY number LIMIT ?9)
  UNION ALL SELECT * FROM (SELECT e.* FROM ledger_balances b
    CROSS JOIN ledger_entries e ON e.account = b.account AND e.currency = b.currency
    WHERE b.account = ?1 AND b.currency BETWEEN ?2 AND ?3
      AND e.at_ms > iif(b.currency = ?4, ?5, ?7 - 1) AND e.at_ms < ?8
    ORDER BY b.currency, e.at_ms, e.number LIMIT ?9))
ORDER BY currency, at_ms, number LIMIT ?9`;

interface Row {
  readonly number: number;
  readonly transaction: TransactionId;
  readonly currency: string;
  readonly amount: number;
  readonly order: OrderId | null;
  readonly atMs: number;
}

/**
 * By currency, then by time, oldest first, so that they can be followed. Undefined when the cursor is not one of
 * ours.
 */
export async function listEntries(
  db: D1Database,
  account: Account,
  query: PageQuery & Period & { readonly currency?: string | undefined },
): Promise<Page<LedgerEntry> | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const { currency, fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER, limit } = query;
  const [of = "", atMs = 0, number = 0] = start.after ?? [];
  const first = currency !== undefined && currency > of ? currency : of;
  // A place outside of what is asked for is none in it.
  const isWithin = first === of && Number(atMs) >= fromMs && Number(atMs) < untilMs;
  const placed = isWithin ? of : "";
  const bound = [account, first, currency ?? "ZZZ", placed, Number(atMs), Number(number), fromMs, untilMs];
  const { results } = await db
    .prepare(ENTRIES)
    .bind(...bound, limit + 1)
    .all<Row>();
  return pageOf(results, limit, (row) => [row.currency, row.atMs, row.number], shown);
}

function shown(row: Row): LedgerEntry {
  const { number, transaction, order, atMs, amount, currency } = row;
  return { number, transaction, ...(order === null ? {} : { order }), atMs, ...sidesOf(amount, currency) };
}

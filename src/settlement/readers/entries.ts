/** Entries of one ledger account. Reads the ledger's tables. */
import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { Account } from "../../domain/ledger.ts";
import type { Code } from "../../wire/instants.ts";
import type { ledgerEntry } from "../../wire/ledger.ts";
import type { Period } from "../../wire/periods.ts";
import { ledgerEntries } from "../ledger/tables.ts";
import { sidesOf } from "./own.ts";
import { pageOf, startOf, type Page, type PageQuery } from "./pages.ts";

export type LedgerEntry = Code<z.output<typeof ledgerEntry>>;

const CURSOR = /^([A-Z]{3})\.(\d{1,15})\.(\d{1,15})$/;

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
  const { currency, fromMs, untilMs, limit } = query;
  const { after } = start;
  const entries = ledgerEntries;
  const rows = await drizzle(db)
    .select()
    .from(entries)
    .where(
      and(
        eq(entries.account, account),
        currency === undefined ? undefined : eq(entries.currency, currency),
        fromMs === undefined ? undefined : gte(entries.atMs, fromMs),
        untilMs === undefined ? undefined : lt(entries.atMs, untilMs),
        after &&
          sql`(${entries.currency}, ${entries.atMs}, ${entries.number}) > (${after[0]}, ${Number(after[1])}, ${Number(after[2])})`,
      ),
    )
    .orderBy(asc(entries.currency), asc(entries.atMs), asc(entries.number))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.currency, row.atMs, row.number], shown);
}

function shown(row: typeof ledgerEntries.$inferSelect): LedgerEntry {
  const { number, transaction, order, atMs, amount, currency } = row;
  return { number, transaction, ...(order === null ? {} : { order }), atMs, ...sidesOf(amount, currency) };
}

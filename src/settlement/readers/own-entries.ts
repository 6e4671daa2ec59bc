/** A party's entries in the order of time, its accounts merged, forth or back. Reads the ledger's tables. */
import type { OrderId, PartyId } from "../../domain/ids.ts";
import type { Account, TransactionId } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { accountsOf } from "./own.ts";

export interface EntryRow {
  readonly number: number;
  readonly transaction: TransactionId;
  readonly account: Account;
  readonly amount: number;
  readonly order: OrderId | null;
  readonly atMs: number;
}

/** Where reading goes on: after an entry, which need not be there. */
export interface Place {
  readonly atMs: number;
  readonly number: number;
}

/** Which entries of a party: from a time on, until before another. */
export interface OwnEntries {
  readonly party: PartyId;
  /** All when absent. */
  readonly currency?: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** None that were entered after this one. */
  readonly newest: number;
}

/**
 * Of each account and currency its next entries, along the index by time: first the rest of those of the place's own
 * time, then those beyond it. SQLite seeks by a pair of columns, but not where the second is the row's number; read in
 * one, all of one time would be gone through again for every page. ?1 the accounts, ?2 the currency, ?3 the place's
 * time and ?4 its number, ?5 and ?6 the times between which the others are, ?7 the newest, ?8 and ?9 how many of each
 * account and of all.
 */
const nextOf = (beyond: "<" | ">", way: "ASC" | "DESC"): string => `
SELECT e.number, e."transaction", e.account, e.amount, e."order", e.at_ms AS atMs
FROM ledger_balances b CROSS JOIN ledger_entries e ON e.number IN (
  SELECT number FROM (SELECT i.number FROM ledger_entries i
    WHERE i.account = b.account AND i.currency = b.currency AND i.at_ms = ?3 AND i.number ${beyond} ?4
      AND +i.number <= ?7
    ORDER BY i.number ${way} LIMIT ?8)
  UNION ALL SELECT number FROM (SELECT i.number FROM ledger_entries i
    WHERE i.account = b.account AND i.currency = b.currency AND i.at_ms > ?5 AND i.at_ms < ?6 AND +i.number <= ?7
    ORDER BY i.at_ms ${way}, i.number ${way} LIMIT ?8))
WHERE b.account IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR b.currency = ?2)
ORDER BY e.at_ms ${way}, e.number ${way} LIMIT ?9`;

const FORTH = nextOf(">", "ASC");
const BACK = nextOf("<", "DESC");

/**
 * Entries after a place, those of so many transactions at least, or all that there are. A transaction's entries were made
 * in one go, so that they are beside each other; the last one's may not all be there.
 */
export async function entriesAfter(
  db: D1Database,
  { party, currency, fromMs, untilMs, newest }: OwnEntries,
  { atMs, number }: Place,
  way: "forth" | "back",
  transactions: number,
): Promise<EntryRow[]> {
  const isForth = way === "forth";
  const isWithin = atMs >= fromMs && atMs < untilMs;
  const between = isForth ? [Math.max(atMs, fromMs - 1), untilMs] : [fromMs - 1, Math.min(atMs, untilMs)];
  const { results } = await db
    .prepare(isForth ? FORTH : BACK)
    .bind(
      JSON.stringify(accountsOf(party)),
      currency ?? null,
      isWithin ? atMs : null,
      number,
      ...between,
      newest,
      transactions * LIMITS.entriesPerLineAndAccount,
      transactions * LIMITS.entriesPerLine,
    )
    .all<EntryRow>();
  return results;
}

/** Entries by transaction, which are beside each other. */
export function grouped(entries: readonly EntryRow[]): EntryRow[][] {
  const groups: EntryRow[][] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (group?.[0]?.transaction === entry.transaction) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

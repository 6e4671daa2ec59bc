/** Guards a batch by accounts: it holds only if nothing was entered on them since they were read. May touch the ledger's tables. */
import { and, eq, sql } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import type { Account } from "../../domain/ledger.ts";
import { ledgerBalances } from "../ledger/tables.ts";

/** An account as it was read. */
export interface AccountMark {
  readonly account: Account;
  readonly currency: string;
  /** Its sum: debits positive. */
  readonly amount: number;
  /** The number of its last entry; 0 before the first. */
  readonly lastEntry: number;
}

/** Reads an account; the first row is its mark, see `markOf`. */
export function selectMark(db: DrizzleD1Database, account: Account, currency: string) {
  return db
    .select({
      amount: ledgerBalances.amount,
      lastEntry: sql<number>`(SELECT max(number) FROM ledger_entries WHERE account = ${account} AND currency = ${currency})`,
    })
    .from(ledgerBalances)
    .where(and(eq(ledgerBalances.account, account), eq(ledgerBalances.currency, currency)));
}

/** An account that has no row has nothing, and never had. */
export function markOf(
  account: Account,
  currency: string,
  [row]: readonly { readonly amount: number; readonly lastEntry: number }[],
): AccountMark {
  return { account, currency, amount: row?.amount ?? 0, lastEntry: row?.lastEntry ?? 0 };
}

export async function readMark(db: D1Database, account: Account, currency: string): Promise<AccountMark> {
  return markOf(account, currency, await selectMark(drizzle(db), account, currency));
}

const UNCHANGED = `
UPDATE ledger_balances SET amount = CASE
  WHEN (SELECT max(number) FROM ledger_entries WHERE account = ?1 AND currency = ?2) = ?3 THEN amount END
WHERE account = ?1 AND currency = ?2`;

/** Fails its batch when the account has got entries since: its sum becomes NULL, which the column refuses. */
export function unchanged(
  db: D1Database,
  { account, currency, lastEntry }: AccountMark,
): D1PreparedStatement {
  return db.prepare(UNCHANGED).bind(account, currency, lastEntry);
}

/** Whether something was entered on any of the accounts since they were read. */
export async function haveMoved(db: D1Database, marks: readonly AccountMark[]): Promise<boolean> {
  const now = await Promise.all(marks.map(({ account, currency }) => readMark(db, account, currency)));
  return now.some(({ lastEntry }, at) => lastEntry !== marks[at]?.lastEntry);
}

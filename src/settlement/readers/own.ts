/** What is a party's own in the ledger, and amounts as their reader understands them. Pure. */
import { sql, type SQL } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { PartyId } from "../../domain/ids.ts";
import { accountOf, type Account, type PartyAccount } from "../../domain/ledger.ts";
import { money, type Money } from "../../domain/money.ts";

const PARTY_ACCOUNTS: readonly PartyAccount[] = ["payable", "transit", "balance", "reserve"];

/** The accounts of a party. */
export function accountsOf(party: PartyId): readonly Account[] {
  return PARTY_ACCOUNTS.map((which) => accountOf(party, which));
}

/** Whether a column names one of a party's accounts; nothing where everybody's are meant. */
export function isOf(column: SQLiteColumn, party: PartyId | undefined): SQL | undefined {
  return party && among(column, accountsOf(party));
}

/** Any number of values with one parameter. */
export function among(column: SQLiteColumn, values: readonly string[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

/** An entry's amount as what it is: debits are positive in the ledger, credits negative. */
export function sidesOf(amount: number, currency: string): { debit: Money } | { credit: Money } {
  return amount > 0 ? { debit: money(amount, currency) } : { credit: money(-amount, currency) };
}

/** What is owed on an account whose sum is this: credits, without a zero below zero. */
export function owedBy(sum: number): number {
  return sum === 0 ? 0 : -sum;
}

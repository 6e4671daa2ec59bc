/** Ledger accounts and their balances, and what a party has where. Reads the ledger's tables. */
import { and, asc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { PartyId } from "../../domain/ids.ts";
import { accountOf, isDebitNormal, type Account, type PartyAccount } from "../../domain/ledger.ts";
import { money } from "../../domain/money.ts";
import type { Code } from "../../wire/instants.ts";
import type { ledgerAccount } from "../../wire/ledger.ts";
import type { holding } from "../../wire/payment-accounts.ts";
import { ledgerBalances } from "../ledger/tables.ts";
import { isOf, owedBy } from "./own.ts";
import { pageOf, startOf, type Page, type PageQuery } from "./pages.ts";

export type LedgerAccount = Code<z.output<typeof ledgerAccount>>;
export type Holding = Code<z.output<typeof holding>>;

const CURSOR = /^([a-z0-9_:-]{1,128})\.([A-Z]{3})$/;

/** By address and currency. Undefined when the cursor is not one of ours. */
export async function listAccounts(
  db: D1Database,
  query: PageQuery & { readonly party?: PartyId | undefined; readonly currency?: string | undefined },
): Promise<Page<LedgerAccount> | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const { party, currency, limit } = query;
  const { account, currency: ofCurrency } = ledgerBalances;
  const rows = await drizzle(db)
    .select()
    .from(ledgerBalances)
    .where(
      and(
        isOf(account, party),
        currency === undefined ? undefined : eq(ofCurrency, currency),
        start.after && sql`(${account}, ${ofCurrency}) > (${start.after[0]}, ${start.after[1]})`,
      ),
    )
    .orderBy(asc(account), asc(ofCurrency))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.account, row.currency], shown);
}

function shown({ account, currency, amount }: typeof ledgerBalances.$inferSelect): LedgerAccount {
  const isDebit = isDebitNormal(account);
  return {
    account,
    currency,
    side: isDebit ? "debit" : "credit",
    balance: money(isDebit ? amount : owedBy(amount), currency),
  };
}

/** What a party has, by currency; currencies in which it never had anything are left out. */
export async function holdingsOf(db: D1Database, party: PartyId): Promise<Holding[]> {
  const rows = await drizzle(db).select().from(ledgerBalances).where(isOf(ledgerBalances.account, party));
  const sums = new Map(rows.map((row) => [`${row.account} ${row.currency}`, row.amount]));
  const currencies = [...new Set(rows.map(({ currency }) => currency))].toSorted();
  return currencies.map((currency) => {
    const held = (which: PartyAccount) => {
      const account: Account = accountOf(party, which);
      return money(owedBy(sums.get(`${account} ${currency}`) ?? 0), currency);
    };
    return {
      currency,
      owed: held("payable"),
      reserved: held("reserve"),
      underWay: held("transit"),
      atProvider: held("balance"),
    };
  });
}

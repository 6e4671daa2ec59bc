/** Whether the books balance, from the entries themselves. Reads the ledger's tables, all of them: for audits. */
import type { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import type { booksCheck } from "../../wire/ledger.ts";
import type { Code } from "../../wire/instants.ts";

export type BooksCheck = Code<z.output<typeof booksCheck>>;

const CURRENCIES = `
SELECT currency, sum(amount) AS amount, count(*) AS entries, min(at_ms) AS oldestAtMs, max(at_ms) AS newestAtMs
FROM ledger_entries GROUP BY currency ORDER BY currency`;

/** A transaction of nothing has no entries, and sums to zero. */
const TRANSACTIONS = `
SELECT (SELECT count(*) FROM ledger_transactions) AS made, (
  SELECT count(DISTINCT "transaction") FROM (
    SELECT "transaction" FROM ledger_entries GROUP BY "transaction", currency HAVING sum(amount) <> 0)) AS unbalanced`;

const BALANCES = `
SELECT count(*) AS differing FROM (
  SELECT 1 FROM (
    SELECT account, currency, amount FROM ledger_entries
    UNION ALL SELECT account, currency, -amount FROM ledger_balances)
  GROUP BY account, currency HAVING sum(amount) <> 0)`;

/** Positions are of what parties are owed, as the ledger's writer keeps them. */
const POSITIONS = `
SELECT count(*) AS differing FROM (
  SELECT 1 FROM (
    SELECT account, "order", currency, amount FROM ledger_entries
    WHERE account LIKE '%:%:payable' AND "order" IS NOT NULL
    UNION ALL SELECT account, "order", currency, -amount FROM ledger_positions)
  GROUP BY account, "order", currency HAVING sum(amount) <> 0)`;

const OWNER = `substr(account, instr(account, ':') + 1, instr(substr(account, instr(account, ':') + 1), ':') - 1)`;

/** Days are of sellers' and creators' money, as the ledger's writer keeps them. */
const DAYS = `
SELECT count(*) AS differing FROM (
  SELECT 1 FROM (
    SELECT ${OWNER} AS party, currency, at_ms / ${LIMITS.ledgerDayMs} AS day,
      substr("transaction", 1, instr("transaction", ':') - 1) AS kind,
      sum(amount) AS amount, count(DISTINCT "transaction") AS transactions
    FROM ledger_entries WHERE account LIKE 'seller:%' OR account LIKE 'creator:%' GROUP BY 1, 2, 3, 4
    UNION ALL SELECT party, currency, day, kind, -amount, -transactions FROM ledger_days)
  GROUP BY party, currency, day, kind HAVING sum(amount) <> 0 OR sum(transactions) <> 0)`;

/** Sessions are of what orders moved of sellers' and creators' money, as the ledger's writer keeps them. */
const SESSIONS = `
SELECT count(*) AS differing FROM (
  SELECT 1 FROM (
    SELECT ${OWNER} AS party, s.session, e.currency, e.at_ms / ${LIMITS.ledgerDayMs} AS day,
      replace(substr(account, -8), ':', '') AS which, amount
    FROM ledger_entries e JOIN settled_orders s ON s."order" = e."order"
    WHERE account LIKE 'seller:%' OR account LIKE 'creator:%'
    ${["payable", "transit", "balance", "reserve"]
      .map(
        (which) =>
          `UNION ALL SELECT party, session, currency, day, '${which}', -${which} FROM ledger_sessions`,
      )
      .join(" ")})
  GROUP BY party, session, currency, day, which HAVING sum(amount) <> 0)`;

/**
 * Sums everything anew, at one moment. Costs as much as there are entries, some six times over, and D1 is busy with it
 * meanwhile. It ends a statement after 30 s: the check of a ledger longer than that, tens of millions of entries, fails
 * instead of going on, and must be made on an export.
 * @see https://developers.cloudflare.com/d1/platform/limits/
 */
export async function checkBooks(db: D1Database): Promise<BooksCheck> {
  const [sums, transactions, balances, positions, days, sessions] = await db.batch<Record<string, unknown>>(
    [CURRENCIES, TRANSACTIONS, BALANCES, POSITIONS, DAYS, SESSIONS].map((text) => db.prepare(text)),
  );
  const currencies = ((sums?.results ?? []) as unknown as CurrencyRow[]).map(
    ({ currency, amount, ...row }) => ({
      currency,
      sum: money(amount, currency),
      ...row,
    }),
  );
  const made = countIn(transactions, "made");
  const unbalancedTransactions = countIn(transactions, "unbalanced");
  const differingBalances = countIn(balances, "differing");
  const differingPositions = countIn(positions, "differing");
  const differingDays = countIn(days, "differing");
  const differingSessions = countIn(sessions, "differing");
  return {
    balanced:
      currencies.every(({ sum }) => sum.amount === 0) &&
      unbalancedTransactions + differingBalances + differingPositions + differingDays + differingSessions ===
        0,
    currencies,
    transactions: made,
    unbalancedTransactions,
    differingBalances,
    differingPositions,
    differingDays,
    differingSessions,
  };
}

interface CurrencyRow {
  readonly currency: string;
  readonly amount: number;
  readonly entries: number;
  readonly oldestAtMs: number;
  readonly newestAtMs: number;
}

function countIn(result: D1Result<Record<string, unknown>> | undefined, column: string): number {
  return Number(result?.results[0]?.[column] ?? 0);
}

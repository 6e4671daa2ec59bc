/**
 * What a party earned, by session and in all, and where it is now. From sums that the ledger's writer keeps, so that it
 * costs the party's sessions and what is not transferred yet, however much was sold. Reads settlement's tables.
 */
import type { z } from "zod";
import type { PartyId, SessionId } from "../../domain/ids.ts";
import { accountOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import type { Period } from "../../wire/periods.ts";
import type { earningsRow, earningsTotal } from "../../wire/reports.ts";
import { holdingsOf } from "./accounts.ts";
import { pageOf, startOf, type Page, type PageQuery } from "./pages.ts";

export type EarningsTotal = z.output<typeof earningsTotal>;
/** Without the session's title, which settlement does not know. */
export type EarningsRow = Omit<z.output<typeof earningsRow>, "title">;

/** Whose earnings: of days (UTC) that begin in the period, in one currency or in all. */
export interface EarningsOf {
  readonly party: PartyId;
  readonly currency?: string | undefined;
  readonly period: Period;
}

const CURSOR = /^(ses_[0-9a-z]{1,64})\.([A-Z]{3})$/;

/** ?1 the party, ?2 the currency, ?3 and ?4 the days, ?5 and ?6 the row before the page, ?7 how many. */
const ROWS = `
SELECT session, currency,
  -sum(iif(day >= ?3 AND day < ?4, payable + transit + balance + reserve, 0)) AS earned,
  -sum(payable) AS owed, -sum(reserve) AS reserved, -sum(transit) AS underWay, -sum(balance) AS transferred
FROM ledger_sessions
WHERE party = ?1 AND (session, currency) < (?5, ?6) AND (?2 IS NULL OR currency = ?2)
GROUP BY session, currency HAVING max(day >= ?3 AND day < ?4)
ORDER BY session DESC, currency DESC LIMIT ?7`;

/** Sorts after every id. */
const BEYOND = ["ses_~", "~"] as const;

interface Row {
  readonly session: SessionId;
  readonly currency: string;
  readonly earned: number;
  readonly owed: number;
  readonly reserved: number;
  readonly underWay: number;
  readonly transferred: number;
}

/**
 * Sessions with something of the party's in the period, newest first. What was earned is the period's; where it is, is
 * so now. Undefined when the cursor is not one of ours.
 */
export async function readEarnings(
  db: D1Database,
  { party, currency, period }: EarningsOf,
  query: PageQuery,
): Promise<Page<EarningsRow> | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const [session, ofCurrency] = start.after ?? BEYOND;
  const { results } = await db
    .prepare(ROWS)
    .bind(party, currency ?? null, ...daysIn(period), session, ofCurrency, query.limit + 1)
    .all<Row>();
  return pageOf(results, query.limit, (row) => [row.session, row.currency], shown);
}

function shown({ session, currency, ...sums }: Row): EarningsRow {
  const of = (amount: number) => money(amount, currency);
  return {
    session,
    currency,
    earned: of(sums.earned),
    owed: of(sums.owed),
    reserved: of(sums.reserved),
    underWay: of(sums.underWay),
    transferred: of(sums.transferred),
  };
}

/** The first day that begins in a period, and the first after it; whole days since the epoch. */
export function daysIn({ fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER }: Period): [number, number] {
  return [Math.ceil(fromMs / LIMITS.ledgerDayMs), Math.ceil(untilMs / LIMITS.ledgerDayMs)];
}

/** What left the party's accounts for its bank, or came back; all else that moved them was earned. */
export const TO_THE_BANK = "kind IN ('payout_paid', 'payout_returned')";

const DAYS = `
SELECT currency, sum(iif(${TO_THE_BANK}, amount, 0)) AS paidOut, -sum(iif(${TO_THE_BANK}, 0, amount)) AS earned
FROM ledger_days WHERE party = ?1 AND day >= ?2 AND day < ?3 GROUP BY currency`;

/**
 * What is owed by order: of what waits, whether it can be moved; and what is owed back. Where no transfer waits for an
 * order's money, as after a reserve's release, one is made as soon as the party's account takes it. ?1 the account.
 */
const POSITIONS = `
SELECT currency, sum(iif(amount < 0 AND status = 'accrued', -amount, 0)) AS accrued,
  sum(iif(amount < 0 AND status = 'payable', -amount, 0)) AS payable, sum(max(amount, 0)) AS owedBack
FROM (
  SELECT p.currency, p.amount, coalesce(t.status, (
    SELECT 'payable' FROM payment_accounts a WHERE a.party = ?2 AND a.status = 'enabled'), 'accrued') AS status
  FROM ledger_positions p LEFT JOIN transfers t
    ON t."order" = p."order" AND t.party = ?2 AND t.currency = p.currency AND t.status IN ('accrued', 'payable')
  WHERE p.account = ?1 AND p.amount <> 0)
GROUP BY currency`;

interface Earned {
  readonly currency: string;
  readonly paidOut: number;
  readonly earned: number;
}

interface Waiting {
  readonly currency: string;
  readonly accrued: number;
  readonly payable: number;
  readonly owedBack: number;
}

/** By currency: all in which the party ever had something, or the one asked for. */
export async function readEarningsTotals(
  db: D1Database,
  { party, currency, period }: EarningsOf,
): Promise<EarningsTotal[]> {
  const account = accountOf(party, "payable");
  const [holdings, [days, positions]] = await Promise.all([
    holdingsOf(db, party),
    db.batch<Earned | Waiting>([
      db.prepare(DAYS).bind(party, ...daysIn(period)),
      db.prepare(POSITIONS).bind(account, party),
    ]),
  ]);
  const earned = (days?.results ?? []) as Earned[];
  const waiting = (positions?.results ?? []) as Waiting[];
  return holdings
    .filter((held) => currency === undefined || held.currency === currency)
    .map(({ currency: of, reserved, underWay, atProvider }) => {
      const moved = earned.find((row) => row.currency === of);
      const open = waiting.find((row) => row.currency === of);
      return {
        currency: of,
        earned: money(moved?.earned ?? 0, of),
        paidOut: money(moved?.paidOut ?? 0, of),
        accrued: money(open?.accrued ?? 0, of),
        payable: money(open?.payable ?? 0, of),
        owedBack: money(open?.owedBack ?? 0, of),
        reserved,
        underWay,
        atProvider,
      };
    });
}

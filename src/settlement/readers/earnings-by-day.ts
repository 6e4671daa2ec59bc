/**
 * What a party earned by the day (UTC), and what of that refunds and disputes took back. From the ledger's sums of days, so
 * that it costs the party's days, however much was sold on them. Reads settlement's tables.
 */
import type { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { dayOf } from "../../wire/instants.ts";
import type { earningsDay } from "../../wire/reports.ts";
import { daysIn, TO_THE_BANK, type EarningsOf } from "./earnings.ts";
import { pageOf, startOf, type Page, type PageQuery } from "./pages.ts";

export type EarningsDay = z.output<typeof earningsDay>;

const CURSOR = /^(\d{1,9})\.([A-Z]{3})$/;

/** ?1 the party, ?2 the currency, ?3 and ?4 the days, ?5 and ?6 the row before the page, ?7 how many. */
const ROWS = `
SELECT day, currency, -sum(iif(kind = 'sale', amount, 0)) AS fromSales, sum(iif(kind = 'sale', 0, amount)) AS reversed
FROM ledger_days
WHERE party = ?1 AND (?2 IS NULL OR currency = ?2) AND day >= max(?3, ?5) AND day < ?4
  AND (day, currency) > (?5, ?6) AND NOT ${TO_THE_BANK}
GROUP BY day, currency HAVING fromSales <> 0 OR reversed <> 0
ORDER BY day, currency LIMIT ?7`;

interface Row {
  readonly day: number;
  readonly currency: string;
  readonly fromSales: number;
  readonly reversed: number;
}

/**
 * Days that begin in the period, in their order, those on which nothing was earned or taken back left out. Undefined when
 * the cursor is not one of ours.
 */
export async function readEarningsByDay(
  db: D1Database,
  { party, currency, period }: EarningsOf,
  query: PageQuery,
): Promise<Page<EarningsDay> | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const [day = 0, ofCurrency = ""] = start.after ?? [];
  const { results } = await db
    .prepare(ROWS)
    .bind(party, currency ?? null, ...daysIn(period), Number(day), ofCurrency, query.limit + 1)
    .all<Row>();
  return pageOf(results, query.limit, (row) => [row.day, row.currency], shown);
}

function shown({ day, currency, fromSales, reversed }: Row): EarningsDay {
  return {
    day: dayOf(day * LIMITS.ledgerDayMs),
    currency,
    fromSales: money(fromSales, currency),
    reversed: money(reversed, currency),
    earned: money(fromSales - reversed, currency),
  };
}

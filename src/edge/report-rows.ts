/** Rows of reports as their readers get them: with the names of what they are of, on the wire or as CSV. Reads D1. */
import type { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import { titlesOf } from "../reporting/readers.ts";
import { readSales, type SalesBy, type SalesQuery, type SalesRow } from "../reporting/sales-readers.ts";
import { readEarningsByDay, type EarningsDay } from "../settlement/readers/earnings-by-day.ts";
import { readEarnings, type EarningsOf } from "../settlement/readers/earnings.ts";
import { namesOfCreators } from "../shop/creators.ts";
import { dayOf, isoOf } from "../wire/instants.ts";
import type * as wire from "../wire/reports.ts";
import { amountCell, csvOfPages, type Cells } from "./csv.ts";

type Shown = z.output<typeof wire.salesRow>;
type EarningsShown = z.output<typeof wire.earningsRow>;

/** Rows of one report of sales, hosts with their names. */
export async function salesShown(db: D1Database, by: SalesBy, rows: readonly SalesRow[]): Promise<Shown[]> {
  const hosts = rows.flatMap(({ creator }) => (creator === null ? [] : [creator]));
  const names = hosts.length > 0 ? await namesOfCreators(db, hosts) : undefined;
  return rows.map((row) => {
    const { offer, session, creator, title, currency, orders, units, unitsReturned } = row;
    const name = creator === null ? undefined : names?.get(creator);
    return {
      ...timeOf(by, row),
      ...(offer === null ? {} : { offer }),
      ...(session === null ? {} : { session }),
      ...(creator === null ? {} : { creator }),
      ...(title === null ? {} : { title }),
      ...(name === undefined ? {} : { name }),
      orders,
      units,
      unitsReturned,
      captured: { amount: row.captured, currency },
      refunded: { amount: row.refunded, currency },
    };
  });
}

function timeOf(by: SalesBy, { atMs }: SalesRow): Pick<Shown, "hour" | "day"> {
  if (atMs === null) return {};
  return by === "hour" ? { hour: isoOf(atMs) } : { day: dayOf(atMs) };
}

const KEYS: Readonly<Record<SalesBy, readonly string[]>> = {
  hour: ["hour"],
  day: ["day"],
  offer: ["offer", "session", "title"],
  session: ["session", "title"],
  creator: ["creator", "name"],
};
const SUMS = ["currency", "orders", "units", "units_returned", "captured", "refunded"];

/** A report of sales as CSV, every row of it. */
export function salesCsv(db: D1Database, asked: SalesQuery): AsyncGenerator<string, void, undefined> {
  const { by } = asked;
  return csvOfPages([...KEYS[by], ...SUMS], ["title", "name"], async (cursor) => {
    const found = await readSales(db, asked, { limit: LIMITS.reportRowsRead, cursor });
    if (!found) return undefined;
    const rows = await salesShown(db, by, found.rows);
    return { rows: rows.map(salesCells), nextCursor: found.nextCursor };
  });
}

function salesCells(row: Shown): Cells {
  const { captured, refunded, orders, units, unitsReturned, ...of } = row;
  return {
    ...of,
    currency: captured.currency,
    orders: String(orders),
    units: String(units),
    units_returned: String(unitsReturned),
    captured: amountCell(captured),
    refunded: amountCell(refunded),
  };
}

/** Rows of a report of earnings, sessions with their titles. Undefined for a cursor that is none of its own. */
export async function earningsShown(
  db: D1Database,
  of: EarningsOf,
  asked: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ readonly data: EarningsShown[]; readonly nextCursor: string | null } | undefined> {
  const page = await readEarnings(db, of, asked);
  if (!page) return undefined;
  const titles = await titlesOf(
    db,
    page.data.map(({ session }) => session),
  );
  const data = page.data.map((row) => {
    const title = titles.get(row.session);
    return { ...row, ...(title === undefined ? {} : { title }) };
  });
  return { data, nextCursor: page.nextCursor };
}

/** A report of earnings as CSV, every row of it. */
export function earningsCsv(
  db: D1Database,
  by: "session" | "day",
  of: EarningsOf,
): AsyncGenerator<string, void, undefined> {
  return by === "day" ? earningsByDayCsv(db, of) : earningsBySessionCsv(db, of);
}

const EARNED = ["earned", "owed", "reserved", "underWay", "transferred"] as const;

function earningsBySessionCsv(db: D1Database, of: EarningsOf): AsyncGenerator<string, void, undefined> {
  const columns = ["session", "title", "currency", "earned", "owed", "reserved", "under_way", "transferred"];
  return csvOfPages(columns, ["title"], async (cursor) => {
    const page = await earningsShown(db, of, { limit: LIMITS.reportRowsRead, cursor });
    return page && { rows: page.data.map(earningsCells), nextCursor: page.nextCursor };
  });
}

function earningsCells({ session, title, currency, ...sums }: EarningsShown): Cells {
  const amounts = EARNED.map((name) => [name === "underWay" ? "under_way" : name, amountCell(sums[name])]);
  return { session, ...(title === undefined ? {} : { title }), currency, ...Object.fromEntries(amounts) };
}

function earningsByDayCsv(db: D1Database, of: EarningsOf): AsyncGenerator<string, void, undefined> {
  return csvOfPages(["day", "currency", "from_sales", "reversed", "earned"], [], async (cursor) => {
    const page = await readEarningsByDay(db, of, { limit: LIMITS.reportRowsRead, cursor });
    return page && { rows: page.data.map(dayCells), nextCursor: page.nextCursor };
  });
}

function dayCells({ day, currency, fromSales, reversed, earned }: EarningsDay): Cells {
  return {
    day,
    currency,
    from_sales: amountCell(fromSales),
    reversed: amountCell(reversed),
    earned: amountCell(earned),
  };
}

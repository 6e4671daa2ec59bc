/** Reports: sales, and what sellers and creators earned; as JSON by the page and as CSV in whole. From D1. */
import { Hono } from "hono";
import type { CreatorId, PartyId, SellerId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { longestPeriodMs, readSales, type SalesQuery } from "../../reporting/sales-readers.ts";
import { readEarningsByDay } from "../../settlement/readers/earnings-by-day.ts";
import { readEarningsTotals, type EarningsOf } from "../../settlement/readers/earnings.ts";
import { isoOf } from "../../wire/instants.ts";
import { periodOf } from "../../wire/periods.ts";
import * as wire from "../../wire/reports.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { AS_CSV, csvFile, wantsCsv } from "../csv.ts";
import { endpoint } from "../endpoint.ts";
import { query } from "../input.ts";
import { foreignCursor } from "../lists.ts";
import { mayKnow, PARTIES } from "../parties.ts";
import { problem } from "../problem.ts";
import { REPORTS } from "../rate-limit.ts";
import { earningsCsv, earningsShown, salesCsv, salesShown } from "../report-rows.ts";

export const reports = new Hono<AppEnv>();

reports.get(
  "/v1/reports/sales",
  endpoint({
    id: "reportSales",
    tag: "reports",
    summary: "Sales of a seller or a creator",
    description:
      "By hour, day, offer, session or host, a row for each currency, as the record has them: some seconds behind. Of " +
      `hours (UTC) that begin in the period: the last ${LIMITS.reportDefaultDays} days, when left out, today included; ` +
      `${LIMITS.reportDaysMax} days at most, ${LIMITS.reportDaysByHourMax} by hour. Hours and days in their order, without ` +
      "empty ones; all else by currency, what captured most first. Name `seller` or `creator`. CSV with " +
      "`Accept: text/csv` or `format=csv`, every row at once.",
    who: PARTIES,
    rate: REPORTS,
    answers: { 200: { description: "The report", schema: wire.sales, also: AS_CSV } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.salesQuery),
  async (c) => {
    const { seller, creator, by, currency, from, to, format, ...asked } = c.req.valid("query");
    const of = sideOf(c, { seller, creator });
    if (!of) return problem(c, "not_found");
    const period = spanOf({ from, to }, Date.now());
    const mostMs = longestPeriodMs(by);
    if (period.untilMs - period.fromMs > mostMs) {
      const most = mostMs / LIMITS.ledgerDayMs;
      return problem(c, "bad_request", {
        errors: [{ path: "from", message: `must be ${most} days before to at most` }],
      });
    }
    const sales: SalesQuery = { of, by, currency, ...period };
    if (wantsCsv(c, format)) return csvFile(c, `sales-by-${by}.csv`, salesCsv(c.env.DB, sales));
    const page = await readSales(c.env.DB, sales, asked);
    if (!page) return foreignCursor(c);
    const { fromMs, untilMs, rows, nextCursor } = page;
    const data = await salesShown(c.env.DB, by, rows);
    return c.json({ from: isoOf(fromMs), to: isoOf(untilMs), by, data, nextCursor });
  },
);

reports.get(
  "/v1/reports/earnings",
  endpoint({
    id: "reportEarnings",
    tag: "reports",
    summary: "What a seller or a creator earned",
    description:
      "By session, newest first, or by day, and in all, as the ledger has it. What was earned and paid out is of days (UTC) " +
      "that begin in the period, of all time when left out; where it is, is so now. Every movement is in the statement. " +
      "Name `seller` or `creator`. CSV, of the rows, with `Accept: text/csv` or `format=csv`.",
    who: PARTIES,
    rate: REPORTS,
    answers: { 200: { description: "The report", schema: wire.earnings, also: AS_CSV } },
    problems: ["bad_request", "not_found"],
  }),
  query(wire.earningsQuery),
  async (c) => {
    const { seller, creator, by, currency, from, to, format, ...asked } = c.req.valid("query");
    const party = seller ?? creator;
    if (!party || !sideOf(c, { seller, creator })) return problem(c, "not_found");
    const of: EarningsOf = { party, currency, period: periodOf({ from, to }) };
    if (wantsCsv(c, format)) {
      return csvFile(c, `earnings-by-${by}-${party}.csv`, earningsCsv(c.env.DB, by, of));
    }
    const rowsOf = by === "day" ? readEarningsByDay : earningsShown;
    const [page, totals] = await Promise.all([
      rowsOf(c.env.DB, of, asked),
      asked.cursor === undefined ? readEarningsTotals(c.env.DB, of) : undefined,
    ]);
    if (!page) return foreignCursor(c);
    const { fromMs, untilMs } = of.period;
    return c.json({
      party,
      ...(fromMs === undefined ? {} : { from: isoOf(fromMs) }),
      ...(untilMs === undefined ? {} : { to: isoOf(untilMs) }),
      by,
      ...(totals ? { totals } : {}),
      data: page.data,
      nextCursor: page.nextCursor,
    });
  },
);

interface Asked {
  readonly seller?: SellerId | undefined;
  readonly creator?: CreatorId | undefined;
}

/** The side a report is of; undefined for somebody else's, of which there is nothing to be seen. */
function sideOf(c: AppContext, { seller, creator }: Asked) {
  const party: PartyId | undefined = seller ?? creator;
  if (!party || !mayKnow(c.get("principal"), party)) return undefined;
  return seller ? { seller } : creator && { creator };
}

/** Until now and from the beginning (UTC) of the first of so many days, where that is left open. */
function spanOf(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): { readonly fromMs: number; readonly untilMs: number } {
  const { fromMs, untilMs = Math.max(nowMs, fromMs ?? 0) } = periodOf(asked);
  const lastDay = Math.floor((untilMs - 1) / LIMITS.ledgerDayMs);
  const firstMs = (lastDay + 1 - LIMITS.reportDefaultDays) * LIMITS.ledgerDayMs;
  return { fromMs: fromMs ?? Math.max(0, firstMs), untilMs };
}

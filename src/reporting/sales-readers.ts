/** Reports of sales from D1: summed by hour, day, offer, session or creator, a page at a time. Reads reporting's tables. */
import type { CreatorId, OfferId, SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { SessionsOf } from "./readers.ts";

/** What a row of a report is of. */
export type SalesBy = "hour" | "day" | "offer" | "session" | "creator";

/** Whose sales, in hours that begin in the period, of one currency or of all. */
export interface SalesQuery {
  readonly of: SessionsOf;
  readonly by: SalesBy;
  readonly currency?: string | undefined;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Sums in one currency; what it is of is there, the rest of the keys are null. */
export interface SalesRow {
  /** Where the hour or the day begins. */
  readonly atMs: number | null;
  readonly offer: OfferId | null;
  readonly session: SessionId | null;
  readonly creator: CreatorId | null;
  /** Of the offer or the session. */
  readonly title: string | null;
  readonly currency: string;
  readonly orders: number;
  readonly units: number;
  readonly unitsReturned: number;
  readonly captured: number;
  readonly refunded: number;
}

export interface SalesPage {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly rows: readonly SalesRow[];
  readonly nextCursor: string | null;
}

interface Grouping {
  /** Sums are of the rows that have the same of this, and one currency. */
  readonly key: string;
  /** What a row shows of its key, beside `captured` and the rest: what it is not of is null. */
  readonly shown: Partial<Record<"atMs" | "offer" | "session" | "creator" | "title", string>>;
}

const dayMs = 24 * LIMITS.reportHourMs;

const GROUPINGS: Readonly<Record<SalesBy, Grouping>> = {
  hour: { key: "hour_at_ms", shown: { atMs: "key" } },
  day: { key: `hour_at_ms / ${dayMs}`, shown: { atMs: `key * ${dayMs}` } },
  offer: {
    // Offers' ids are their session's own.
    key: "session || '/' || offer",
    shown: {
      offer: "offer",
      session: "session",
      title: "(SELECT title FROM reported_offers o WHERE o.session = g.session AND o.offer = g.offer)",
    },
  },
  session: {
    key: "session",
    shown: {
      session: "session",
      title: "(SELECT title FROM session_summaries s WHERE s.session = g.session)",
    },
  },
  creator: { key: "coalesce(creator, '')", shown: { creator: "nullif(key, '')" } },
};

const SHOWN = ["atMs", "offer", "session", "creator", "title"] as const;

/** Hours and days as they went by; all else by currency, what captured most first. */
function isOfTime(by: SalesBy): boolean {
  return by === "hour" || by === "day";
}

/**
 * ?1 whose, ?2 and ?3 the period, ?4 the currency, ?5 to ?7 the row before the page: its key or nothing, its currency and
 * what it captured. ?8 how many. Of time the rows before the page are not read again; of all else every page sums up the
 * period.
 */
function statementOf({ of, by }: SalesQuery): string {
  const { key, shown } = GROUPINGS[by];
  const party = "seller" in of ? "seller" : "creator";
  const orders = by === "offer" ? "orders_with" : "orders";
  const from = by === "hour" ? "max(?2, coalesce(?5, 0))" : `max(?2, coalesce(?5 * ${dayMs}, 0))`;
  const after = isOfTime(by)
    ? "(?5 IS NULL OR (key, currency) > (?5, ?6))"
    : "(?5 IS NULL OR (currency, -captured, key) > (?6, -?7, ?5))";
  return `
SELECT key, ${SHOWN.map((name) => `${shown[name] ?? "NULL"} AS ${name}`).join()}, currency, orders, units,
  units_returned AS unitsReturned, captured, refunded
FROM (
  SELECT ${key} AS key, currency, min(session) AS session, min(offer) AS offer, sum(${orders}) AS orders,
    sum(units) AS units, sum(units_returned) AS units_returned, sum(captured) AS captured, sum(refunded) AS refunded
  FROM reported_sales
  WHERE ${party} = ?1 AND hour_at_ms >= ${isOfTime(by) ? from : "?2"} AND hour_at_ms < ?3
    AND (?4 IS NULL OR currency = ?4)
  GROUP BY 1, 2) AS g
WHERE ${after}
ORDER BY ${isOfTime(by) ? "key, currency" : "currency, captured DESC, key"} LIMIT ?8`;
}

/** The longest period of a report: a cursor has its own, so it is held to this as well. */
export function longestPeriodMs(by: SalesBy): number {
  return (by === "hour" ? LIMITS.reportDaysByHourMax : LIMITS.reportDaysMax) * dayMs;
}

/** The period, so that pages of one report are of one: `{from}.{until}.{currency}.{captured}.{key}`. */
const CURSOR = /^(\d{1,15})\.(\d{1,15})\.([A-Z]{3})\.(\d{1,16})\.([0-9a-z_/]{0,200})$/;

/** Undefined when the cursor is not one of ours, or the period too long. While something is sold, rows by what they captured may change places. */
export async function readSales(
  db: D1Database,
  asked: SalesQuery,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<SalesPage | undefined> {
  const found = cursor === undefined ? undefined : CURSOR.exec(cursor);
  if (found === null) return undefined;
  const [, from, until, currency = null, captured, key] = found ?? [];
  const fromMs = from === undefined ? asked.fromMs : Number(from);
  const untilMs = until === undefined ? asked.untilMs : Number(until);
  const place = key === undefined ? null : isOfTime(asked.by) ? Number(key) : key;
  if (Number.isNaN(place) || untilMs - fromMs > longestPeriodMs(asked.by)) return undefined;
  const { results } = await db
    .prepare(statementOf(asked))
    .bind(
      "seller" in asked.of ? asked.of.seller : asked.of.creator,
      fromMs,
      untilMs,
      asked.currency ?? null,
      place,
      currency,
      captured === undefined ? null : Number(captured),
      limit + 1,
    )
    .all<SalesRow & { readonly key: string | number }>();
  const rows = results.slice(0, limit);
  const last = rows.at(-1);
  const next =
    last && results.length > limit
      ? [fromMs, untilMs, last.currency, last.captured, last.key].join(".")
      : null;
  return { fromMs, untilMs, rows, nextCursor: next };
}

/** Clicks: counted once each, by hour, from the messages of the redirect. Reads and writes D1. */
import { and, asc, eq, gt, gte, lt, sql, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { LinkId } from "../../domain/attribution.ts";
import { LIMITS } from "../../domain/limits.ts";
import { clicked, type Clicked } from "../../wire/links.ts";
import type { Period } from "../../wire/periods.ts";
import type { Page, PageQuery } from "../rows.ts";
import { clickHours } from "./tables.ts";

export interface ClickPorts {
  readonly db: D1Database;
  readonly nowMs: number;
  /** Gets one structured line about a message that is not counted. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** A click that is there already is left alone, and its count with it: a trigger counts the rows that are new. */
const COUNT = `
INSERT INTO clicks (id, link, at_ms)
SELECT value ->> 'click', value ->> 'link', value ->> 'atMs' FROM json_each(?1) WHERE true
ON CONFLICT (id) DO NOTHING`;

/**
 * Counts a batch in one statement. Throws when the database cannot be reached: then all of it comes again. A click
 * older than the ids that are kept is dropped, since it could not be told from a repeat.
 */
export async function consumeClicks(
  { messages }: Pick<MessageBatch, "messages">,
  { db, nowMs, log }: ClickPorts,
): Promise<void> {
  const rows = messages.flatMap(({ id, body }): Clicked[] => {
    const { data } = clicked.safeParse(body);
    if (data && data.atMs > nowMs - LIMITS.clickKeptMs) return [data];
    log({ event: "click_dropped", message: id, reason: data ? "too old" : "not a click" });
    return [];
  });
  if (rows.length > 0) await db.prepare(COUNT).bind(JSON.stringify(rows)).run();
}

/** Clicks of one hour, which begins at `atMs`. */
export interface ClickHour {
  readonly atMs: number;
  readonly clicks: number;
}

export interface LinkClicks extends Page<ClickHour> {
  /** Of the whole period. */
  readonly clicks: number;
}

/** Hours that begin in the period, in their order, without empty ones. Undefined for a cursor that is none. */
export async function readClicks(
  db: D1Database,
  link: LinkId,
  period: Period,
  { limit, cursor }: PageQuery,
): Promise<LinkClicks | undefined> {
  if (cursor !== undefined && !/^\d{1,16}$/.test(cursor)) return undefined;
  const d1 = drizzle(db);
  const [sums, found] = await d1.batch([
    d1
      .select({ clicks: sum(clickHours.clicks).mapWith(Number) })
      .from(clickHours)
      .where(hoursOf(link, period)),
    d1
      .select({ atMs: clickHours.atMs, clicks: clickHours.clicks })
      .from(clickHours)
      .where(
        and(hoursOf(link, period), cursor === undefined ? undefined : gt(clickHours.atMs, Number(cursor))),
      )
      .orderBy(asc(clickHours.atMs))
      .limit(limit + 1),
  ]);
  const data = found.slice(0, limit);
  const last = data.at(-1);
  const nextCursor = last && found.length > limit ? String(last.atMs) : null;
  return { clicks: sums[0]?.clicks ?? 0, data, nextCursor };
}

/** Clicks in hours that begin in the period: by link, those that nobody clicked left out. */
export async function sumClicks(
  db: D1Database,
  links: readonly LinkId[],
  period: Period,
): Promise<ReadonlyMap<LinkId, number>> {
  const rows = await drizzle(db)
    .select({ link: clickHours.link, clicks: sum(clickHours.clicks).mapWith(Number) })
    .from(clickHours)
    .where(
      and(
        sql`${clickHours.link} IN (SELECT value FROM json_each(${JSON.stringify(links)}))`,
        begunIn(period),
      ),
    )
    .groupBy(clickHours.link);
  return new Map(rows.map(({ link, clicks }) => [link, clicks]));
}

function hoursOf(link: LinkId, period: Period) {
  return and(eq(clickHours.link, link), begunIn(period));
}

function begunIn({ fromMs, untilMs }: Period) {
  return and(
    fromMs === undefined ? undefined : gte(clickHours.atMs, fromMs),
    untilMs === undefined ? undefined : lt(clickHours.atMs, untilMs),
  );
}

const SWEEP = `
DELETE FROM clicks WHERE id IN (SELECT id FROM clicks WHERE at_ms <= ?1 ORDER BY at_ms LIMIT ?2)`;

/** Forgets the ids of clicks past their time, so many at once; their counts stay. Answers how many. */
export async function sweepClicks(db: D1Database, nowMs: number): Promise<number> {
  const { meta } = await db
    .prepare(SWEEP)
    .bind(nowMs - LIMITS.clickKeptMs, LIMITS.clickSweepRows)
    .run();
  return meta.changes;
}

/**
 * The D1 side of reporting's projection: rows and cursor move in one batch, or not at all. May touch reporting's
 * tables; the rules of when to apply what are in `domain/projection`.
 */
import { and, eq, inArray, sql, type SQL } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import type { Event } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";
import { catchUpWithJournal, ordersChangedBy, type ProjectionStore } from "../domain/projection.ts";
import type { JournalReader } from "../wire/publishing.ts";
import { applyToReport, offersNamedBy, reportOf, type Report } from "./summaries.ts";
import {
  reportedOffers,
  reportedOrders,
  reportedSales,
  reportingCursors,
  sessionSummaries,
} from "./tables.ts";
import { upsertOffers, upsertOrders, upsertSales } from "./writers.ts";

/** The name of the projection, as its cursors and its log lines have it. */
export const SUMMARIES = "summaries";

/** The summary of one session. */
export function summaryStore(d1: D1Database, session: SessionId): ProjectionStore {
  const db = drizzle(d1);
  return {
    cursor: () => cursorOf(db, session),
    async apply(cursor, events) {
      const report = await readReport(db, session, cursor, events);
      if (!report) return false;
      applyToReport(report, session, events);
      try {
        await writeReport(db, session, cursor, events, report);
        return true;
      } catch (error) {
        // Also where the answer alone was lost: what was written is then found to be there.
        if ((await cursorOf(db, session)) !== cursor) return false;
        throw error;
      }
    },
  };
}

/**
 * Builds a session's summary anew from its journal. What is there stays readable until the first events replace it,
 * and messages may come meanwhile.
 */
export async function rebuildSummary(
  d1: D1Database,
  session: SessionId,
  journal: JournalReader,
): Promise<void> {
  await drizzle(d1).delete(reportingCursors).where(isCursorOf(session));
  await catchUpWithJournal(summaryStore(d1, session), (afterSeq) => journal(session, afterSeq));
}

function isCursorOf(session: SessionId): SQL | undefined {
  return and(eq(reportingCursors.projection, SUMMARIES), eq(reportingCursors.session, session));
}

function selectCursor(db: DrizzleD1Database, session: SessionId) {
  return db.select({ seq: reportingCursors.seq }).from(reportingCursors).where(isCursorOf(session));
}

async function cursorOf(db: DrizzleD1Database, session: SessionId): Promise<number> {
  const [row] = await selectCursor(db, session);
  return row?.seq ?? 0;
}

/**
 * The rows that the events are about, as of `cursor`: rows and cursor are read in one batch, so that they belong
 * together. Undefined when the cursor is elsewhere. What a projection set back to nothing left behind is read too, and
 * replaced by the first events.
 */
async function readReport(
  db: DrizzleD1Database,
  session: SessionId,
  cursor: number,
  events: readonly Event[],
): Promise<Report | undefined> {
  const [cursors, summaries, orders, offers] = await db.batch([
    selectCursor(db, session),
    db.select().from(sessionSummaries).where(eq(sessionSummaries.session, session)),
    db
      .select()
      .from(reportedOrders)
      .where(inArray(reportedOrders.id, oneOf(ordersChangedBy(events)))),
    db
      .select()
      .from(reportedOffers)
      .where(
        and(eq(reportedOffers.session, session), inArray(reportedOffers.offer, oneOf(offersNamedBy(events)))),
      ),
  ]);
  if ((cursors[0]?.seq ?? 0) !== cursor) return undefined;
  return reportOf(summaries[0], orders, offers);
}

/** Any number of ids with one parameter. */
function oneOf(ids: readonly string[]): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
}

/** Fails as a whole when the cursor is not at `cursor` any more. */
async function writeReport(
  db: DrizzleD1Database,
  session: SessionId,
  cursor: number,
  events: readonly Event[],
  { summary, orders, offers, changed, sales }: Report,
): Promise<void> {
  const first = events[0]?.seq ?? 0;
  const told = [...orders.values()].filter((order) => order.seq >= first);
  await db.batch([
    moveCursor(db, session, cursor, events.at(-1)?.seq ?? cursor),
    ...(cursor === 0 ? forget(db, session) : []),
    ...(summary ? [upsertSummary(db, summary)] : []),
    ...upsertOrders(db, told),
    ...upsertOffers(
      db,
      [...offers.values()].filter(({ offer }) => changed.has(offer)),
    ),
    ...upsertSales(db, [...sales.values()]),
  ]);
}

/** Compare-and-set: a cursor that is elsewhere makes the new one NULL, which the column refuses, and the batch with it. */
function moveCursor(db: DrizzleD1Database, session: SessionId, from: number, to: number) {
  const current = sql`coalesce((SELECT seq FROM reporting_cursors WHERE projection = ${SUMMARIES} AND session = ${session}), 0)`;
  const seq = sql<number>`CASE WHEN ${current} = ${from} THEN ${to} END`;
  return db
    .insert(reportingCursors)
    .values({ projection: SUMMARIES, session, seq })
    .onConflictDoUpdate({
      target: [reportingCursors.projection, reportingCursors.session],
      set: { seq: to },
    });
}

/** What a projection that was set back to nothing left behind. */
function forget(db: DrizzleD1Database, session: SessionId) {
  return [
    db.delete(reportedOrders).where(eq(reportedOrders.session, session)),
    db.delete(reportedOffers).where(eq(reportedOffers.session, session)),
    db.delete(reportedSales).where(eq(reportedSales.session, session)),
    db.delete(sessionSummaries).where(eq(sessionSummaries.session, session)),
  ];
}

function upsertSummary(db: DrizzleD1Database, summary: typeof sessionSummaries.$inferSelect) {
  const { session: _, ...set } = summary;
  return db
    .insert(sessionSummaries)
    .values(summary)
    .onConflictDoUpdate({ target: sessionSummaries.session, set });
}

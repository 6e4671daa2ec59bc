/** How far each of settlement's projections has come in each session's journal. May touch the cursors' table. */
import { and, eq, sql, type SQL } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { SessionId } from "../domain/ids.ts";
import { settlementCursors } from "./tables.ts";

/** The projections, as their cursors and log lines name them. */
export type ProjectionName = "orders" | "ledger";

export function isCursorOf(projection: ProjectionName, session: SessionId): SQL | undefined {
  return and(eq(settlementCursors.projection, projection), eq(settlementCursors.session, session));
}

export function selectCursor(db: DrizzleD1Database, projection: ProjectionName, session: SessionId) {
  return db
    .select({ seq: settlementCursors.seq })
    .from(settlementCursors)
    .where(isCursorOf(projection, session));
}

/** Sequence number of the last event applied; 0 before the first. */
export async function cursorOf(
  db: DrizzleD1Database,
  projection: ProjectionName,
  session: SessionId,
): Promise<number> {
  const [row] = await selectCursor(db, projection, session);
  return row?.seq ?? 0;
}

/** Compare-and-set: a cursor that is elsewhere makes the new one NULL, which the column refuses, and the batch with it. */
export function moveCursor(
  db: DrizzleD1Database,
  projection: ProjectionName,
  session: SessionId,
  from: number,
  to: number,
) {
  const current = sql`coalesce((SELECT seq FROM settlement_cursors WHERE projection = ${projection} AND session = ${session}), 0)`;
  const seq = sql<number>`CASE WHEN ${current} = ${from} THEN ${to} END`;
  return db
    .insert(settlementCursors)
    .values({ projection, session, seq })
    .onConflictDoUpdate({
      target: [settlementCursors.projection, settlementCursors.session],
      set: { seq: to },
    });
}

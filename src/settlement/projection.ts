/**
 * The D1 side of settlement's projection: rows, what their orders are attributed to, and cursor move in one batch, or not
 * at all. May touch settlement's tables; the rules of when to apply what are in `domain/projection`.
 */
import { eq, getTableColumns, inArray, sql } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import type { Event } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";
import { catchUpWithJournal, ordersChangedBy, type ProjectionStore } from "../domain/projection.ts";
import type { JournalReader } from "../wire/publishing.ts";
import { attribute, type AttributionRow } from "./attribution/decide.ts";
import { attributions } from "./attribution/tables.ts";
import { cursorOf, isCursorOf, moveCursor, selectCursor } from "./cursors.ts";
import { jsonFields, jsonPieces } from "./d1.ts";
import { applyToBook, type OrderBook } from "./orders.ts";
import { orders, settlementCursors, settlementSessions, type OrderRow } from "./tables.ts";

const ORDERS = "orders";

/** Orders of one session. */
export function orderStore(d1: D1Database, session: SessionId): ProjectionStore {
  const db = drizzle(d1);
  return {
    cursor: () => cursorOf(db, ORDERS, session),
    async apply(cursor, events) {
      const book = await readBook(db, session, cursor, events);
      if (!book) return false;
      applyToBook(book, session, events);
      const attributed = await attribute(d1, book.session, events);
      try {
        await writeBook(db, session, { cursor, events, book, attributed });
        return true;
      } catch (error) {
        // Also where the answer alone was lost: what was written is then found to be there.
        if ((await cursorOf(db, ORDERS, session)) !== cursor) return false;
        throw error;
      }
    },
  };
}

/**
 * Builds a session's orders anew from its journal. What is there stays readable until the first events replace it,
 * and messages may come meanwhile.
 */
export async function rebuildOrders(
  d1: D1Database,
  session: SessionId,
  journal: JournalReader,
): Promise<void> {
  await drizzle(d1).delete(settlementCursors).where(isCursorOf(ORDERS, session));
  await catchUpWithJournal(orderStore(d1, session), (afterSeq) => journal(session, afterSeq));
}

/**
 * The rows that the events are about, as of `cursor`: rows and cursor are read in one batch, so that they belong
 * together. Undefined when the cursor is elsewhere. What a projection set back to nothing left behind is read too, and
 * replaced by the first events.
 */
async function readBook(
  db: DrizzleD1Database,
  session: SessionId,
  cursor: number,
  events: readonly Event[],
): Promise<OrderBook | undefined> {
  const ids = JSON.stringify(ordersChangedBy(events));
  const [cursors, sessions, rows] = await db.batch([
    selectCursor(db, ORDERS, session),
    db.select().from(settlementSessions).where(eq(settlementSessions.session, session)),
    db
      .select()
      .from(orders)
      .where(inArray(orders.id, sql`(SELECT value FROM json_each(${ids}))`)),
  ]);
  if ((cursors[0]?.seq ?? 0) !== cursor) return undefined;
  return { session: sessions[0], orders: new Map(rows.map((row) => [row.id, row])) };
}

/** Events after the cursor, and what they come to. */
interface Step {
  readonly cursor: number;
  readonly events: readonly Event[];
  readonly book: OrderBook;
  readonly attributed: readonly AttributionRow[];
}

/** Fails as a whole when the cursor is not at `cursor` any more. */
async function writeBook(
  db: DrizzleD1Database,
  session: SessionId,
  { cursor, events, book, attributed }: Step,
): Promise<void> {
  const first = events[0]?.seq ?? 0;
  const changed = [...book.orders.values()].filter((row) => row.seq >= first);
  await db.batch([
    moveCursor(db, ORDERS, session, cursor, events.at(-1)?.seq ?? cursor),
    ...(cursor === 0 ? forget(db, session) : []),
    ...(book.session ? [db.insert(settlementSessions).values(book.session).onConflictDoNothing()] : []),
    ...jsonPieces(changed.map(rowAsJson)).map((piece) => upsertOrders(db, piece)),
    ...jsonPieces(attributed.map(recordAsJson)).map((piece) => addRecords(db, piece)),
  ]);
}

/** What a projection that was set back to nothing left behind. */
function forget(db: DrizzleD1Database, session: SessionId) {
  return [
    db.delete(orders).where(eq(orders.session, session)),
    db.delete(settlementSessions).where(eq(settlementSessions.session, session)),
  ];
}

/** A row with its lists as text inside the text, so that SQLite gives them back to the letter. */
function rowAsJson(row: OrderRow): object {
  return {
    ...row,
    lines: JSON.stringify(row.lines),
    units: JSON.stringify(row.units),
    refunds: JSON.stringify(row.refunds),
  };
}

const FIELDS = sql.raw(jsonFields(orders));
const EXCLUDED = Object.fromEntries(
  Object.entries(getTableColumns(orders)).map(([key, { name }]) => [key, sql.raw(`excluded.${name}`)]),
);

/** Any number of rows with one parameter. `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON. */
function upsertOrders(db: DrizzleD1Database, rowsAsJson: string) {
  return db
    .insert(orders)
    .select(sql`SELECT ${FIELDS} FROM json_each(${rowsAsJson}) WHERE true`)
    .onConflictDoUpdate({ target: orders.id, set: EXCLUDED });
}

function recordAsJson(row: AttributionRow): object {
  return { ...row, decision: JSON.stringify(row.decision) };
}

const RECORD_FIELDS = sql.raw(jsonFields(attributions));

/** What was decided stays decided: orders that are built anew find their records there. */
function addRecords(db: DrizzleD1Database, recordsAsJson: string) {
  return db
    .insert(attributions)
    .select(sql`SELECT ${RECORD_FIELDS} FROM json_each(${recordsAsJson}) WHERE true`)
    .onConflictDoNothing();
}

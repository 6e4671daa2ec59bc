/** Statements that write rows of reporting's projection, for the batch that moves its cursor. Touch its tables. */
import { getTableColumns, sql, type SQL } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { LIMITS } from "../domain/limits.ts";
import {
  reportedOffers,
  reportedOrders,
  reportedSales,
  type ReportedOffer,
  type ReportedOrder,
  type SalesOfHour,
} from "./tables.ts";

/** Orders as they are now: of a known one, what may change. */
export function upsertOrders(db: DrizzleD1Database, rows: readonly ReportedOrder[]) {
  return pieces(rows).map((piece) =>
    db
      .insert(reportedOrders)
      .select(rowsIn(reportedOrders, piece))
      .onConflictDoUpdate({
        target: reportedOrders.id,
        set: { status: sql`excluded.status`, parts: sql`excluded.parts`, seq: sql`excluded.seq` },
      }),
  );
}

export function upsertOffers(db: DrizzleD1Database, rows: readonly ReportedOffer[]) {
  return pieces(rows).map((piece) =>
    db
      .insert(reportedOffers)
      .select(rowsIn(reportedOffers, piece))
      .onConflictDoUpdate({
        target: [reportedOffers.session, reportedOffers.offer],
        set: { title: sql`excluded.title`, opensAtMs: sql`excluded.opens_at_ms` },
      }),
  );
}

/** What was sold more: it is added to what is there. */
export function upsertSales(db: DrizzleD1Database, rows: readonly SalesOfHour[]) {
  const { orders, ordersWith, units, unitsReturned, captured, refunded } = reportedSales;
  const set = Object.fromEntries(
    Object.entries({ orders, ordersWith, units, unitsReturned, captured, refunded }).map(
      ([key, { name }]) => [key, sql.raw(`${name} + excluded.${name}`)],
    ),
  );
  return pieces(rows).map((piece) =>
    db
      .insert(reportedSales)
      .select(rowsIn(reportedSales, piece))
      .onConflictDoUpdate({
        target: [reportedSales.session, reportedSales.offer, reportedSales.hourAtMs],
        set,
      }),
  );
}

/** Rows as JSON, so many a statement that each is one parameter far below the 2 MB that a value may have. */
function pieces(rows: readonly object[]): string[] {
  const count = Math.ceil(rows.length / LIMITS.reportedRowsPerWrite);
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify(rows.slice(at * LIMITS.reportedRowsPerWrite, (at + 1) * LIMITS.reportedRowsPerWrite)),
  );
}

/** Rows from their JSON. `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON. */
function rowsIn(table: SQLiteTable, rowsAsJson: string): SQL {
  const fields = sql.raw(
    Object.keys(getTableColumns(table))
      .map((field) => `value ->> '${field}'`)
      .join(),
  );
  return sql`SELECT ${fields} FROM json_each(${rowsAsJson}) WHERE true`;
}

/** D1 statements from drizzle's queries, so that both kinds go into one batch, and rows as JSON. Touches nothing. */
import { getTableColumns, type Table } from "drizzle-orm";
import { LIMITS } from "../domain/limits.ts";

interface Query {
  toSQL(): { readonly sql: string; readonly params: unknown[] };
}

/** A query as a statement of the database itself. */
export function prepared(db: D1Database, query: Query): D1PreparedStatement {
  const { sql, params } = query.toSQL();
  return db.prepare(sql).bind(...params);
}

/** A UTF-16 unit takes at most three bytes in UTF-8. */
const MAX_CHARS = Math.floor(LIMITS.rowBytes / 3);

/** Rows as JSON arrays for `json_each`, each within what one bound value may have. */
export function jsonPieces(rows: readonly unknown[]): string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let chars = 0;
  const end = (): void => {
    if (piece.length > 0) pieces.push(`[${piece.join()}]`);
    piece = [];
    chars = 0;
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (chars + text.length > MAX_CHARS) end();
    piece.push(text);
    chars += text.length + 1;
  }
  end();
  return pieces;
}

/** A table's columns, in its own order, of rows that `json_each` gives as objects. */
export function jsonFields(table: Table): string {
  return Object.keys(getTableColumns(table))
    .map((key) => `value ->> '${key}'`)
    .join();
}

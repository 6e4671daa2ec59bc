/** Pages of lists in D1 by keyset: what follows the last row of the page before. Pure. */

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly data: readonly T[];
  /** Asks for what follows; null on the last page. */
  readonly nextCursor: string | null;
}

/** Where a page starts: the keys of the row before it, none for the first page. */
export type Start =
  { readonly ok: true; readonly after: readonly string[] | undefined } | { readonly ok: false };

/** The keys in a cursor, by the groups of `shape`; not ok when it is none of the list's. */
export function startOf({ cursor }: PageQuery, shape: RegExp): Start {
  if (cursor === undefined) return { ok: true, after: undefined };
  const found = shape.exec(cursor);
  return found ? { ok: true, after: found.slice(1) } : { ok: false };
}

/** A page of rows, of which one more than asked for was read, to see whether there are more. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  keysOf: (row: Row) => readonly (string | number)[],
  show: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(show),
    nextCursor: last && rows.length > limit ? keysOf(last).join(".") : null,
  };
}

/** Lists by time and id: `{epoch ms}.{id}`. Ids have no dots. */
export const BY_TIME = /^(\d{1,15})\.([0-9a-z_:/-]{1,255})$/;

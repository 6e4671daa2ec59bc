/** Pages of lists in D1 by keyset: what follows the last row of the page before. Touches nothing itself. */
import { LIMITS } from "../../domain/limits.ts";

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

/** A list of which those wanted are not beside each other in any index. */
export interface Search<Row> {
  /** So many rows at most after a place in the list; fewer only at its end. */
  readonly next: (after: readonly string[] | undefined, most: number) => Promise<readonly Row[]>;
  /** Absent when all are wanted. */
  readonly isWanted: ((row: Row) => boolean) | undefined;
  readonly keysOf: (row: Row) => readonly (string | number)[];
}

/**
 * A page of those rows that are wanted. It looks through `rowsSearched` rows of the list, then stops: it may be shorter
 * than asked for, even empty, and has a next one all the same.
 */
export async function searched<Row>(
  limit: number,
  after: readonly string[] | undefined,
  { next, isWanted = () => true, keysOf }: Search<Row>,
): Promise<Page<Row>> {
  const found: Row[] = [];
  let place = after;
  let left = Math.max(limit + 1, LIMITS.rowsSearched);
  for (let most = limit + 1; ; most = Math.min(2 * most, left)) {
    const rows = await next(place, most);
    found.push(...rows.filter(isWanted));
    if (found.length > limit) return pageOf(found, limit, keysOf, (row) => row);
    const last = rows.at(-1);
    if (!last || rows.length < most) return { data: found, nextCursor: null };
    place = keysOf(last).map(String);
    left -= rows.length;
    if (left <= 0) return { data: found, nextCursor: place.join(".") };
  }
}

/** Lists of entries, or of what they make up: `{epoch ms}.{entry number}`. */
export const BY_ENTRY = /^(\d{1,15})\.(\d{1,15})$/;

/** Lists by time and id: `{epoch ms}.{id}`. Ids have no dots. */
export const BY_TIME = /^(\d{1,15})\.([0-9a-z_:/-]{1,255})$/;

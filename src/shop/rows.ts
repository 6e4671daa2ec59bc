/** What the rows of every table have in common: new ids, no nulls outside the database, pages. Pure but for randomness. */
import { typeid } from "typeid-js";
import { done, refused, type Outcome } from "./outcome.ts";

/** A new id: prefix and a UUIDv7 in base32, so ids sort by the time they were made. */
export function newId<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${typeid(prefix).getSuffix()}`;
}

type Present<T> = { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** A row without its nulls: what a table has no value for, an object does not have at all. */
export function present<T extends object>(row: T): Present<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the filter does cannot be said in types
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Present<T>;
}

/** As `pageQuery` of the wire gives it. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly data: readonly T[];
  /** Asks for what follows; null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * The id after which a page starts; undefined for the first page. Lists are in the order of ids, which never change, so
 * a page stays right while rows are added or updated.
 */
export function startOf<P extends string>(
  prefix: P,
  { cursor }: PageQuery,
): Outcome<`${P}_${string}` | undefined, "bad_request"> {
  if (cursor === undefined) return done(undefined);
  const id = decoded(cursor);
  return isId(prefix, id) ? done(id) : refused("bad_request", "The cursor is not one of this list's.");
}

function isId<P extends string>(prefix: P, id: string): id is `${P}_${string}` {
  return id.startsWith(`${prefix}_`) && /^[0-9a-z]{26}$/.test(id.slice(prefix.length + 1));
}

function decoded(cursor: string): string {
  try {
    return atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
}

/** A page of `rows`, of which the caller has read one more than asked for, to see whether there are more. */
export function pageOf<Row extends { readonly id: string }, T>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  return { data: shown.map(show), nextCursor: rows.length > limit ? cursorAfter(shown.at(-1)) : null };
}

/** Opaque to clients, so that its content can change. */
export function cursorAfter(row: { readonly id: string } | undefined): string | null {
  return row ? btoa(row.id).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") : null;
}

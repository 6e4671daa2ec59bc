/**
 * Instants on the wire: what code calls `…AtMs` (epoch milliseconds) travels as `…At` (ISO 8601 UTC). One rule, both
 * ways, for everything that crosses a boundary; durations keep their `…Ms`. Pure.
 */

type WireKey<K> = K extends "atMs" ? "at" : K extends `${infer Base}AtMs` ? `${Base}At` : K;
type IsInstant<K> = K extends "atMs" | `${string}AtMs` ? true : false;

/** A value of the code as it looks on the wire. */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : { [K in keyof T as WireKey<K>]: IsInstant<K> extends true ? string : Wire<T[K]> };

type CodeKey<K> = K extends "at" ? "atMs" : K extends `${infer Base}At` ? `${Base}AtMs` : K;
type IsWireInstant<K> = K extends "at" | `${string}At` ? true : false;

/** A value from the wire as the code has it. */
export type Code<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Code<Item>[]
    : { [K in keyof T as CodeKey<K>]: IsWireInstant<K> extends true ? number : Code<T[K]> };

/** Epoch milliseconds as ISO 8601 in UTC. */
export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** The day (UTC) in which it is: `2026-11-22`. */
export function dayOf(atMs: number): string {
  return isoOf(atMs).slice(0, "2026-11-22".length);
}

export function toWire<T>(value: T): Wire<T> {
  return convert(value, (key, inner) =>
    typeof inner === "number" && (key === "atMs" || key.endsWith("AtMs"))
      ? [key.slice(0, -2), isoOf(inner)]
      : undefined,
  ) as Wire<T>;
}

/** Expects what a schema has validated: every `…At` string is a date. */
export function fromWire<T>(value: T): Code<T> {
  return convert(value, (key, inner) =>
    typeof inner === "string" && (key === "at" || key.endsWith("At"))
      ? [`${key}Ms`, Date.parse(inner)]
      : undefined,
  ) as Code<T>;
}

/** Walks plain data; `rename` gives a key and value to use instead. Keys without a value are left out. */
function convert(
  value: unknown,
  rename: (key: string, inner: unknown) => [string, unknown] | undefined,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, rename));
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner === undefined) continue;
    const renamed = rename(key, inner);
    if (renamed) out[renamed[0]] = renamed[1];
    else out[key] = convert(inner, rename);
  }
  return out;
}

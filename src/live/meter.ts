/**
 * What an object counts of itself while it works: numbers in memory, added up in place, written down now and then.
 * Decides nothing and touches only the SQL it wraps. `domain/cost` turns the counts into billed units and money.
 */
import { BILLING } from "../domain/cost/prices.ts";
import { NOTHING_METERED, type Metered } from "../domain/cost/metered.ts";
import type { Feature } from "../domain/cost/model.ts";
import type { Command } from "../domain/commands.ts";
import type { Event } from "../domain/events.ts";
import { latencyIndex } from "../domain/latency.ts";
import { LIMITS } from "../domain/limits.ts";
import { mostOf, type Measured } from "../domain/measured.ts";

type Counts = { -readonly [Name in keyof Metered]: Changing<Metered[Name]> };
type Changing<T> = T extends readonly number[]
  ? number[]
  : T extends number
    ? number
    : { -readonly [K in keyof T]: T[K] };

/** A meter as an object keeps it on disk. Fields may be missing: written by an older version. */
export interface StoredMeter extends Partial<Metered> {
  readonly sinceMs?: number;
  readonly viewers?: number;
  readonly viewersAtMs?: number;
  readonly viewersPeak?: number;
}

/** What a session and its relays have counted of themselves, and for which time. */
export interface MeterReading {
  readonly counts: Metered;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Which of the two times awake an object adds to. */
type Awake = "sessionAwakeMs" | "relaysAwakeMs";

/** Counts of one object. */
export class Meter {
  readonly #awake: Awake;
  #counts: Counts;
  /** When the object last did something; undefined before it first does. */
  #touchedAtMs: number | undefined;
  #streamingUntilMs = 0;
  #warmUntilMs = 0;
  #takenAtMs = 0;
  /** When counting began, in an earlier life maybe. */
  #sinceMs: number | undefined;
  #viewers: number;
  #viewersAtMs: number | undefined;
  #viewersPeak: number;
  #hasUntold = false;

  constructor(
    awake: Awake,
    { sinceMs, viewers = 0, viewersAtMs, viewersPeak = 0, ...counts }: StoredMeter = {},
  ) {
    this.#awake = awake;
    this.#counts = countsOf(counts);
    this.#sinceMs = sinceMs;
    this.#viewers = viewers;
    this.#viewersAtMs = viewersAtMs;
    this.#viewersPeak = viewersPeak;
  }

  /** Something came in: a call, an upgrade, an alarm; billed as a request. A relay's may bring what that has counted. */
  call(feature: Feature, nowMs: number, relayed?: Metered): void {
    this.touch(nowMs);
    this.tally("calls", feature, 1);
    if (relayed) this.merge(relayed);
  }

  /**
   * The object is awake at `nowMs`. It counts as having been so since the last touch when it could not have slept in
   * between (`BILLING.sleepsAfterMs`), and for as long as it was held awake.
   */
  touch(nowMs: number): void {
    const touchedAtMs = this.#touchedAtMs ?? nowMs;
    const sinceMs = nowMs - touchedAtMs;
    const heldMs = Math.min(sinceMs, Math.max(this.#streamingUntilMs, this.#warmUntilMs) - touchedAtMs);
    const awakeMs = sinceMs <= BILLING.sleepsAfterMs ? sinceMs : heldMs;
    if (awakeMs > 0) this.#counts[this.#awake] += awakeMs;
    this.#touchedAtMs = Math.max(touchedAtMs, nowMs);
    this.#sinceMs ??= nowMs;
  }

  /** Open event streams keep the object awake from now on; or no longer do. */
  streaming(isOpen: boolean, nowMs: number): void {
    this.touch(nowMs);
    this.#streamingUntilMs = isOpen ? Number.POSITIVE_INFINITY : 0;
  }

  /** The object is kept awake until then; a time that has passed ends it. */
  warm(untilMs: number, nowMs: number): void {
    this.touch(nowMs);
    this.#warmUntilMs = untilMs;
  }

  tally(name: "calls" | "rowsWritten" | "rowsRead", feature: Feature, times: number): void {
    const tally = this.#counts[name];
    tally[feature] = (tally[feature] ?? 0) + times;
  }

  add(name: CountName, times: number): void {
    this.#counts[name] += times;
  }

  /** So many watch from now on; those before did until now. */
  watched(viewers: number, nowMs: number): void {
    this.#counts.viewerMs += this.#viewers * Math.max(0, nowMs - (this.#viewersAtMs ?? nowMs));
    this.#viewers = viewers;
    this.#viewersAtMs = nowMs;
    this.#viewersPeak = Math.max(this.#viewersPeak, viewers);
  }

  /** A tap for something to buy was answered, with a refusal where there is a code. */
  answered(tookMs: number, code: string | undefined): void {
    const counts = this.#counts;
    counts.tapsAnswered += 1;
    const index = latencyIndex(tookMs);
    counts.latency[index] = (counts.latency[index] ?? 0) + 1;
    this.#hasUntold = true;
    if (code === undefined) return;
    counts.tapsRefused += 1;
    this.turnedAway(code);
  }

  /** A tap was refused, maybe before anything was looked at. */
  turnedAway(code: string): void {
    const { refusals } = this.#counts;
    refusals[code] = (refusals[code] ?? 0) + 1;
    this.#hasUntold = true;
  }

  /** What was counted of the audience. */
  get measured(): Measured {
    const { views, tapsAnswered, tapsRefused } = this.#counts;
    return { views, viewersPeak: this.#viewersPeak, taps: tapsAnswered, refused: tapsRefused };
  }

  /** There was at least as much: what was counted in memory alone is lost with it. */
  remember(before: Measured): void {
    const { views, viewersPeak, taps, refused } = mostOf(this.measured, before);
    Object.assign(this.#counts, { views, tapsAnswered: taps, tapsRefused: refused });
    this.#viewersPeak = viewersPeak;
  }

  /** Events that were written: the rates of what they lead to elsewhere are by kind. */
  events(events: readonly Event[]): void {
    const counts = this.#counts;
    counts.events += events.length;
    for (const event of events) {
      const { type } = event;
      if (type.startsWith("order.")) counts.orderEvents += 1;
      if (type === "reservation.held") counts.reservations += 1;
      else if (type === "order.placed") counts.orders += 1;
      // All there are by now: a later archive goes on after the parts of the one before.
      else if (type === "warmup.archived") counts.archivedParts = event.archive.parts;
    }
  }

  /** Adds what another object has counted: a relay's report to its session. */
  merge(other: Partial<Metered>): void {
    this.#counts = sumOf(this.#counts, countsOf(other));
    this.#hasUntold ||= (other.tapsAnswered ?? 0) > 0 || Object.keys(other.refusals ?? {}).length > 0;
  }

  counts(): Metered {
    return countsOf(this.#counts);
  }

  stored(): StoredMeter {
    return {
      ...this.counts(),
      viewers: this.#viewers,
      viewersPeak: this.#viewersPeak,
      ...(this.#sinceMs === undefined ? {} : { sinceMs: this.#sinceMs }),
      ...(this.#viewersAtMs === undefined ? {} : { viewersAtMs: this.#viewersAtMs }),
    };
  }

  reading(untilMs: number): MeterReading {
    return { counts: this.counts(), sinceMs: this.#sinceMs ?? untilMs, untilMs };
  }

  /** Whether it was so long ago that counts were taken that they may be again. */
  isDue(nowMs: number): boolean {
    return nowMs - this.#takenAtMs >= LIMITS.meterReportMs;
  }

  /** Whether taps were counted since counts were taken. */
  get hasUntold(): boolean {
    return this.#hasUntold;
  }

  /** All of it, now and then: for what is sent so often that counts would weigh. */
  takeDue(nowMs: number): Metered | undefined {
    return this.isDue(nowMs) ? this.take(nowMs) : undefined;
  }

  /** All of it, and begins anew: what is taken is somebody else's to keep. */
  take(nowMs: number): Metered {
    this.#takenAtMs = nowMs;
    const taken = this.counts();
    this.#counts = countsOf({});
    this.#hasUntold = false;
    return taken;
  }
}

type CountName = { [Name in keyof Metered]: Metered[Name] extends number ? Name : never }[keyof Metered];

/** What a command is for. */
export function featureOf({ type }: Command): Feature {
  if (type.startsWith("reservation.") || type === "order.place" || type === "order.buy") return "taps";
  if (type.startsWith("order.")) return "settlement";
  if (type === "warmup.plan" || type === "warmup.finish") return "warmup";
  return type.startsWith("warmup.") ? "cooldown" : "hosting";
}

/**
 * SQL whose rows are counted, for whatever `feature` says at the time. Writes are counted as they are made; reads by
 * the time the next statement runs, since a cursor counts as it is read.
 */
export class MeteredSql {
  readonly #sql: SqlStorage;
  readonly #meter: Meter;
  #last: { readonly cursor: SqlStorageCursor<Row>; readonly feature: Feature } | undefined;
  feature: Feature = "hosting";

  constructor(sql: SqlStorage, meter: Meter) {
    this.#sql = sql;
    this.#meter = meter;
  }

  exec<R extends Row>(query: string, ...bindings: SqlStorageValue[]): SqlStorageCursor<R> {
    this.settle();
    const cursor = this.#sql.exec<R>(query, ...bindings);
    if (cursor.rowsWritten > 0) this.#meter.tally("rowsWritten", this.feature, cursor.rowsWritten);
    this.#last = { cursor: cursor as unknown as SqlStorageCursor<Row>, feature: this.feature };
    return cursor;
  }

  /** Counts the last cursor's reads. */
  settle(): void {
    if (!this.#last) return;
    const { cursor, feature } = this.#last;
    if (cursor.rowsRead > 0) this.#meter.tally("rowsRead", feature, cursor.rowsRead);
    this.#last = undefined;
  }
}

/** Keys and values whose writes are counted: each is a row. */
export function meteredKv(kv: SyncKvStorage, meter: Meter, feature: Feature): SyncKvStorage {
  return {
    get: (key) => kv.get(key),
    list: (options) => kv.list(options),
    put: (key, value) => {
      meter.tally("rowsWritten", feature, 1);
      kv.put(key, value);
    },
    delete: (key) => {
      meter.tally("rowsWritten", feature, 1);
      return kv.delete(key);
    },
  };
}

type Row = Record<string, SqlStorageValue>;

function countsOf(metered: Partial<Metered>): Counts {
  const { calls, rowsWritten, rowsRead, refusals, latency, ...numbers } = { ...NOTHING_METERED, ...metered };
  return {
    ...numbers,
    calls: { ...calls },
    rowsWritten: { ...rowsWritten },
    rowsRead: { ...rowsRead },
    refusals: { ...refusals },
    latency: [...latency],
  };
}

function sumOf(one: Counts, other: Counts): Counts {
  const sum = countsOf(one);
  for (const name of Object.keys(NOTHING_METERED) as (keyof Metered)[]) {
    if (name === "latency") {
      for (const [index, times] of other.latency.entries())
        sum.latency[index] = (sum.latency[index] ?? 0) + times;
    } else if (name === "calls" || name === "rowsWritten" || name === "rowsRead" || name === "refusals") {
      const tally: Record<string, number> = sum[name];
      for (const [of, times] of Object.entries(other[name])) tally[of] = (tally[of] ?? 0) + times;
    } else sum[name] += other[name];
  }
  return sum;
}

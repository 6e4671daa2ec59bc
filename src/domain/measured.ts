/**
 * What was counted of a session's audience, as its journal has it: now and then a total, so that whoever reads the
 * journal knows how many came and how many tapped. It moves nothing. The counting is the relays' work. Pure.
 */
import type { EventBody } from "./events.ts";
import { LIMITS } from "./limits.ts";
import type { SessionState } from "./session.ts";

/** Totals since the session was created: they only grow. */
export interface Measured {
  /** Viewers who came, each once at a relay while that is awake. */
  readonly views: number;
  /** The most who watched at once. */
  readonly viewersPeak: number;
  /** Taps for something to buy that were answered, yes or no; a repeat is none. */
  readonly taps: number;
  /** Of them those that were refused. */
  readonly refused: number;
}

/** The latest, as the session's state keeps it. */
export type MeasuredRecord = Measured & { readonly measuredAtMs: number };

const NOTHING_MEASURED: Measured = { views: 0, viewersPeak: 0, taps: 0, refused: 0 };

const NAMES = Object.keys(NOTHING_MEASURED) as (keyof Measured)[];

/** The larger of each: what is counted in memory may have been lost, what is written down was there. */
export function mostOf(one: Measured, other: Measured): Measured {
  return {
    views: Math.max(one.views, other.views),
    viewersPeak: Math.max(one.viewersPeak, other.viewersPeak),
    taps: Math.max(one.taps, other.taps),
    refused: Math.max(one.refused, other.refused),
  };
}

/**
 * Whether totals may be written down at this time: once a minute while the session is on, at its end, and once more
 * shortly after it, for what relays had not told by then. Never later, so that what is over stays as it is.
 */
export function isMeasureDue({ measured, startedAtMs, endedAtMs }: SessionState, atMs: number): boolean {
  const lastAtMs = measured?.measuredAtMs ?? Number.NEGATIVE_INFINITY;
  if (endedAtMs !== undefined) {
    if (atMs - endedAtMs > LIMITS.measureEveryMs) return false;
    const lateAtMs = endedAtMs + LIMITS.measureLateMs;
    return atMs < lateAtMs ? lastAtMs < endedAtMs : lastAtMs < lateAtMs;
  }
  return startedAtMs !== undefined && atMs - Math.max(lastAtMs, startedAtMs) >= LIMITS.measureEveryMs;
}

/** The event of it, where something has grown. */
export function measuring(state: SessionState, counted: Measured): EventBody[] {
  const before: Measured = state.measured ?? NOTHING_MEASURED;
  const measured = mostOf(before, counted);
  if (NAMES.every((name) => measured[name] === before[name])) return [];
  return [{ type: "session.measured", v: 1, ...measured }];
}

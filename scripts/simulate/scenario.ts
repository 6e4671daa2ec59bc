// What one run of the simulation is given, and what it gives. Types and the shape of a burst; nothing else.
import type { Latencies } from "./engine.ts";
import type { Region } from "./platform.ts";

/** Milliseconds that pieces of work take an object's thread; measured, see `measured.ts`. */
export interface Costs {
  /** The session: a turn, and each command of it. */
  readonly turnMs: number;
  readonly commandMs: number;
  /** A call to another object, on the side that makes it. */
  readonly callMs: number;
  /** A relay: a tap read, its token verified, answered. */
  readonly tapMs: number;
  /** A relay: a frame to one socket. */
  readonly sendMs: number;
}

export interface Scenario {
  readonly viewers: number;
  readonly regions: readonly Region[];
  /** Taps a second before the drop opens and after the rush. */
  readonly tapsPerSecond: number;
  /** At its height the rush has so many times as many. */
  readonly spike: number;
  readonly rushSeconds: number;
  readonly stock: number;
  /** Share of taps that come by HTTP: the edge refuses them once its picture says sold out. */
  readonly httpShare: number;
  readonly costs: Costs;
  readonly seed: number;
}

/** Answers to taps; an overloaded one is followed by another tap of the same viewer, or by none when they give up. */
export interface Answers {
  sold: number;
  soldOutBySession: number;
  soldOutByRelay: number;
  soldOutByEdge: number;
  overloaded: number;
}

/** How much of what one part can do was used, at most. */
export interface Use {
  readonly part: string;
  readonly used: number;
  readonly most: number;
  readonly share: number;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly relays: number;
  readonly hubs: number;
  /** Taps that came in, repeats of overloaded ones included. */
  readonly taps: number;
  /** Of them, first taps. */
  readonly viewersTaps: number;
  readonly peakTapsPerSecond: number;
  readonly answers: Answers;
  readonly gaveUp: number;
  readonly tapLatency: Latencies;
  /** Of taps that were answered by the session itself. */
  readonly soldLatency: Latencies;
  /** From a change to the last screen of each relay. */
  readonly frameLatency: Latencies;
  readonly soldOutAtMs: number | undefined;
  /** Most used first. */
  readonly uses: readonly Use[];
}

/** Taps a second at a time: nothing special until the drop opens, a steep rise, then a decay. */
export function tapsAt(atMs: number, { tapsPerSecond, spike, rushSeconds }: Scenario): number {
  const openMs = atMs - OPENS_AT_MS;
  if (openMs < 0) return tapsPerSecond;
  const rise = Math.min(1, openMs / RISE_MS);
  const decay = Math.exp(-openMs / ((rushSeconds * 1_000) / DECAYS_IN_RUSH));
  return tapsPerSecond * (1 + (spike - 1) * rise * decay);
}

/** The drop opens this far into a run. */
export const OPENS_AT_MS = 1_000;
/** People need this long from the opening to the height of the rush. */
const RISE_MS = 500;
/** By the end of the rush it has fallen to e⁻³, a twentieth. */
const DECAYS_IN_RUSH = 3;

// What the load is asked to do and what it tells: plain data that goes between processes.
import type { SessionId } from "../../../src/domain/ids.ts";

/** Who taps, how often, with whose tokens; the same for every side. */
export interface Taps {
  readonly session: SessionId;
  readonly tokenKeys: string;
  readonly viewers: number;
  /** Each with a token of its own. */
  readonly tapsEach: number;
  /** Taps of one viewer under way at a time. */
  readonly inFlight: number;
}

/** Taps over one socket a viewer, or one connection a viewer. */
export interface TapJob {
  readonly kind: "tap-sockets" | "tap-http";
  readonly url: string;
  /** What the path after the URL is: Dropcast's own, or the session alone. */
  readonly path: "dropcast" | "session";
  /** Whether the viewer is who a token says, or who a header names to a bare thing that does not ask. */
  readonly viewerBy: "token" | "header";
  readonly taps: Taps;
  /** One tap more, when all are answered: whether it is refused for want of stock. */
  readonly extra: boolean;
  /** Processes whose CPU is the servers'. */
  readonly servers: readonly number[];
  /** So many acknowledgements after which the servers are killed; the rest is never answered. */
  readonly killAfter?: number;
}

export interface TapsDone {
  readonly ms: number;
  /** The servers' CPU while the clock ran. */
  readonly cpuMs?: number | undefined;
  readonly acknowledged: number;
  readonly refused: number;
  /** Answers to one tap more than there is stock for. */
  readonly extraRefused: boolean;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** The first answer that was not an acknowledgement. */
  readonly complaint?: string;
  /** Of a job that kills: ids of the reservations that were acknowledged, later ones included. */
  readonly reservations?: readonly string[];
}

/** GETs of some paths, one after another on each connection. */
export interface GetJob {
  readonly kind: "get";
  readonly urls: readonly string[];
  readonly connections: number;
  readonly requests: number;
  readonly servers: readonly number[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface GetsDone {
  readonly ms: number;
  readonly cpuMs?: number | undefined;
  readonly answered: number;
  readonly complaint?: string;
}

/** Screens to open, unless they are. Numbers of units from `base + 1` to `base + changes` will be shown. */
export interface WatchJob {
  readonly kind: "watch";
  readonly url: string;
  readonly sockets: number;
  readonly base: number;
  readonly changes: number;
}

/** Wait until every screen of this URL shows the last change. */
export interface ShownJob {
  readonly kind: "shown";
  readonly url: string;
  /** Whether they stay open for another time. */
  readonly keep: boolean;
  readonly withinMs: number;
  /** Whether the last frame's text is wanted. */
  readonly sample: boolean;
}

export interface ShownDone {
  /** By change: when the last screen showed it or a later one, by the machine's clock. */
  readonly allAtMs: readonly number[];
  readonly framesEach: number;
  readonly bytes: number;
  /** Pictures that screens ended on: one, when all is well. */
  readonly pictures: number;
  readonly text?: string;
}

export type Job = TapJob | GetJob | WatchJob | ShownJob;

// A spike's plan: who taps when, and what the processes of the rehearsal tell each other. Plain data, pure functions.
import type { SessionId } from "../../src/domain/ids.ts";
import type { OfferClaims } from "../../src/token/offer-token.ts";

export type Phase = "calm" | "spike" | "after";

/** A time of one pace. */
export interface Stretch {
  readonly phase: Phase;
  readonly ms: number;
  readonly perSecond: number;
  /** Of the taps, how many are for the drop. */
  readonly dropShare: number;
}

/** What a token says of an offer, whoever it is for. */
export type OfferFacts = Pick<OfferClaims, "offer" | "priceVersion" | "price">;

/** One process's crowd in one session. */
export interface CrowdJob {
  readonly url: string;
  readonly tokenKeys: string;
  readonly session: SessionId;
  readonly viewers: number;
  /** Every so many viewers one has no socket and taps over HTTP. */
  readonly httpEvery: number;
  /** Of so many taps for what is not the drop one is an order; the others reserve. */
  readonly orderEvery: number;
  readonly open: OfferFacts;
  readonly drop: OfferFacts;
  readonly stretches: readonly Stretch[];
  /** Whether some of the viewers lose their sockets. */
  readonly isCut: boolean;
}

/** A tap that is to leave at its time. */
export interface PlannedTap {
  readonly number: number;
  /** From the start of the first stretch. */
  readonly dueMs: number;
  readonly viewer: number;
  readonly isDrop: boolean;
  readonly isOrder: boolean;
}

export type Way = "socket" | "http";

/** One answer, timed from when its tap was due. */
export interface Row {
  readonly dueMs: number;
  readonly tookMs: number;
  /** What was acknowledged, or the code of the refusal. */
  readonly kind: string;
  readonly way: Way;
}

/** What became of a crowd's taps. */
export interface CrowdTold {
  readonly taps: number;
  /** Taps of viewers whose socket was cut under them are not among them: their times are the viewers' own. */
  readonly rows: readonly Row[];
  /** Ids of reservations and orders that clients were told of. */
  readonly acknowledged: readonly string[];
  /** Of these, reservations of the drop. */
  readonly drops: number;
  readonly unanswered: number;
  readonly cuts: number;
  /** Taps sent again under the same id though, or because, they may have been answered. */
  readonly repeated: number;
  /** How late the taps left, at the 99th percentile: above a few milliseconds the crowd's own core is too slow. */
  readonly lateMs: number;
  /** What must not be, in words; the first of each kind. */
  readonly faults: readonly string[];
  /** Why lines went away that were not cut here; their viewers came back. */
  readonly lost: readonly string[];
}

/** From the rehearsal to its crowds. */
export type Order = { readonly job: CrowdJob } | { readonly go: true };
/** And back. */
export type News =
  | { readonly signed: number }
  | { readonly ready: true }
  | { readonly told: CrowdTold }
  | { readonly failed: string };

/** The phase at a time from the start; what comes back later still belongs to the last. */
export function phaseAt(stretches: readonly Stretch[], dueMs: number): Phase {
  let endsMs = 0;
  for (const { phase, ms } of stretches) {
    endsMs += ms;
    if (dueMs < endsMs) return phase;
  }
  return stretches.at(-1)?.phase ?? "after";
}

/** When the phase begins. */
export function startOf(stretches: readonly Stretch[], wanted: Phase): number {
  let startsMs = 0;
  for (const { phase, ms } of stretches) {
    if (phase === wanted) break;
    startsMs += ms;
  }
  return startsMs;
}

/** All taps in the order of their times, evenly spread: the same plan gives the same taps. */
export function tapsOf({ stretches, viewers, orderEvery }: CrowdJob): PlannedTap[] {
  const chance = chances(viewers);
  const taps: PlannedTap[] = [];
  let startsMs = 0;
  for (const { ms, perSecond, dropShare } of stretches) {
    const count = Math.round((ms / 1_000) * perSecond);
    for (let index = 0; index < count; index++) {
      const number = taps.length;
      const isDrop = chance() < dropShare;
      const isOrder = !isDrop && chance() < 1 / orderEvery;
      taps.push({
        number,
        dueMs: startsMs + (index * ms) / count,
        viewer: number % viewers,
        isDrop,
        isOrder,
      });
    }
    startsMs += ms;
  }
  return taps;
}

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The nearest-rank percentile; not a number when there is nothing. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** A recovery is looked for by seconds, each beginning a tenth of one after the other. */
const LOOK_MS = 1_000;
const STEP_MS = 100;

/** From `fromMs` on, how long until the first second whose 99th percentile is within `boundMs`; infinite when none is. */
export function recoveryMs(rows: readonly Row[], fromMs: number, untilMs: number, boundMs: number): number {
  for (let atMs = fromMs; atMs + LOOK_MS <= untilMs; atMs += STEP_MS) {
    const second = rows.filter(({ dueMs }) => dueMs >= atMs && dueMs < atMs + LOOK_MS);
    if (
      second.length > 0 &&
      percentile(
        second.map(({ tookMs }) => tookMs),
        99,
      ) <= boundMs
    )
      return atMs - fromMs;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Turns taps into batches: one call to the session is under way at a time, and whatever comes in meanwhile is the next
 * batch. So none waits when it is quiet, and batches grow with load. A tap takes its place when it comes in and is
 * filled in when its tokens are verified, so that none overtakes another. Knows no sockets.
 */
import type { Envelope } from "../domain/commands.ts";
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { TapOutcome } from "./client.ts";

/** Sends a batch to the session; may be called again with the same batch, since every command has an id. */
export type SendBatch = (envelopes: readonly Envelope[]) => Promise<readonly TapOutcome[]>;

/** A tap's place in the queue. It must be filled or left: those behind it wait for that. */
export class Place {
  readonly #settled: () => void;
  #envelope: Envelope | undefined;
  #isLeft = false;
  resolve: (outcome: TapOutcome) => void = () => undefined;

  constructor(settled: () => void) {
    this.#settled = settled;
  }

  get envelope(): Envelope | undefined {
    return this.#envelope;
  }

  get isLeft(): boolean {
    return this.#isLeft;
  }

  fill(envelope: Envelope): Promise<TapOutcome> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.#envelope = envelope;
      this.#settled();
    });
  }

  /** Nothing comes of the tap. Does nothing to a place that is filled. */
  leave(): void {
    if (this.#envelope || this.#isLeft) return;
    this.#isLeft = true;
    this.#settled();
  }
}

/** How much the last batch counts for what the next will take. */
const LATEST_SHARE = 0.3;

export class TapBatcher {
  readonly #send: SendBatch;
  #queue: Place[] = [];
  #sentAtMs: number | undefined;
  /** What a batch takes, lately. */
  #batchMs = 0;

  constructor(send: SendBatch) {
    this.#send = send;
  }

  /** The next place, first come, first served. */
  place(): Place {
    const place = new Place(() => void this.#pump());
    this.#queue.push(place);
    return place;
  }

  /** A whole batch from another relay, in its order; what fits leaves together. */
  pass(envelopes: readonly Envelope[]): Promise<TapOutcome[]> {
    const places = envelopes.map((envelope) => ({ envelope, place: this.place() }));
    // The first is filled last: until then none of them leaves.
    const outcomes = places.toReversed().map(({ envelope, place }) => place.fill(envelope));
    return Promise.all(outcomes.toReversed());
  }

  /** How long a tap that came in now would wait for its answer, from what the last batches took and the one under way takes. */
  waitMs(nowMs: number): number {
    // Whatever the last batch took: the next to come finds out what this one takes.
    if (this.#queue.length === 0 && this.#sentAtMs === undefined) return 0;
    if (this.#queue.length >= LIMITS.tapsWaiting) return Number.POSITIVE_INFINITY;
    const underWayMs = this.#sentAtMs === undefined ? 0 : nowMs - this.#sentAtMs;
    const batchMs = Math.max(this.#batchMs, underWayMs);
    const batchesAhead = Math.floor(this.#queue.length / LIMITS.commandsPerBatch);
    return Math.max(0, this.#batchMs - underWayMs) + (batchesAhead + 1) * batchMs;
  }

  async #pump(): Promise<void> {
    if (this.#sentAtMs !== undefined) return;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      const sentAtMs = Date.now();
      this.#sentAtMs = sentAtMs;
      await this.#carryOut(batch);
      // However long one took: it must not keep taps out for long after it.
      const tookMs = Math.min(LIMITS.tapWaitMs, Date.now() - sentAtMs);
      this.#batchMs += (tookMs - this.#batchMs) * LATEST_SHARE;
      this.#sentAtMs = undefined;
    }
  }

  /** The filled places at the head of the queue, as many as a batch may have: up to the first that is still open. */
  #next(): Filled[] {
    const batch: Filled[] = [];
    let taken = 0;
    for (const place of this.#queue) {
      if (!place.isLeft) {
        if (!place.envelope || batch.length >= LIMITS.commandsPerBatch) break;
        batch.push({ envelope: place.envelope, resolve: place.resolve });
      }
      taken += 1;
    }
    this.#queue = this.#queue.slice(taken);
    return batch;
  }

  async #carryOut(batch: readonly Filled[]): Promise<void> {
    try {
      const executed = await this.#send(batch.map(({ envelope }) => envelope));
      batch.forEach(({ resolve }, index) => resolve(executed[index] ?? fateUnknown()));
    } catch (error) {
      logLine({ event: "batch_failed", taps: batch.length, ...errorFacts(error) });
      for (const { resolve } of batch) resolve(fateUnknown());
    }
  }
}

interface Filled {
  readonly envelope: Envelope;
  readonly resolve: (outcome: TapOutcome) => void;
}

/** The client repeats the tap under the same id and gets its one answer. */
function fateUnknown(): TapOutcome {
  return { overloaded: true, retryAfterMs: Math.ceil(LIMITS.overloadRetryMs * (1 + Math.random())) };
}

/**
 * Turns taps into batches: one call to the session is under way at a time, and whatever comes in meanwhile is the next
 * batch. So none waits when it is quiet, and batches grow with load. Knows no sockets.
 */
import type { Envelope } from "../domain/commands.ts";
import type { Executed } from "../domain/block.ts";
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { TapOutcome } from "./client.ts";

interface Tap {
  readonly envelope: Envelope;
  readonly resolve: (outcome: TapOutcome) => void;
}

/** Sends a batch to the session; may be called again with the same batch, since every command has an id. */
export type SendBatch = (envelopes: readonly Envelope[]) => Promise<Executed[]>;

export class TapBatcher {
  readonly #send: SendBatch;
  #waiting: Tap[] = [];
  #sending = false;

  constructor(send: SendBatch) {
    this.#send = send;
  }

  tap(envelope: Envelope): Promise<TapOutcome> {
    if (this.#waiting.length >= LIMITS.tapsWaiting) return Promise.resolve(overloaded());
    return new Promise((resolve) => {
      this.#waiting.push({ envelope, resolve });
      void this.#pump();
    });
  }

  /** First come, first served: batches leave in the order the taps arrived. */
  async #pump(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, LIMITS.commandsPerBatch);
      this.#waiting = this.#waiting.slice(LIMITS.commandsPerBatch);
      try {
        const executed = await this.#send(batch.map(({ envelope }) => envelope));
        batch.forEach(({ resolve }, index) => resolve(executed[index] ?? overloaded()));
      } catch (error) {
        logLine({ event: "batch_failed", taps: batch.length, ...errorFacts(error) });
        for (const { resolve } of batch) resolve(overloaded());
      }
    }
    this.#sending = false;
  }
}

/** Nothing is known of the tap's fate; the client repeats it under the same id and gets its one answer. */
function overloaded(): TapOutcome {
  return { overloaded: true, retryAfterMs: LIMITS.overloadRetryMs };
}

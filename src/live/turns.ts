/**
 * When a session takes its turns: at once while nothing is on its way to the disk; what comes meanwhile is the next turn,
 * all of it together. So a rush makes blocks larger and not more. No I/O of its own.
 */
import type { Executed } from "../domain/block.ts";
import type { Envelope } from "../domain/commands.ts";
import { LIMITS } from "../domain/limits.ts";

/** A batch that waits for its turn. */
export interface Waiting {
  readonly envelopes: readonly Envelope[];
  readonly resolve: (executed: Executed[]) => void;
}

export interface TurnsPorts {
  /** Carries out what `take` gives. */
  readonly turn: () => void;
  /** Resolves when all that was written so far is on the disk. */
  readonly durable: () => Promise<void>;
}

export class Turns {
  readonly #ports: TurnsPorts;
  #waiting: Waiting[] = [];
  #commands = 0;
  #isCommitting = false;

  constructor(ports: TurnsPorts) {
    this.#ports = ports;
  }

  /** Rejects when too much waits already. */
  wait(envelopes: readonly Envelope[]): Promise<Executed[]> {
    if (this.#commands + envelopes.length > LIMITS.commandsWaiting) return Promise.reject(overloaded());
    this.#commands += envelopes.length;
    return new Promise((resolve) => {
      this.#waiting.push({ envelopes, resolve });
      if (!this.#isCommitting) this.#ports.turn();
    });
  }

  /** All that waits, in the order in which it came; for a turn that is taken now. */
  take(): readonly Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#commands = 0;
    return waiting;
  }

  /** A block was written: until it is on the disk there is time to gather. */
  async written(): Promise<void> {
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    await this.#ports.durable();
    this.#isCommitting = false;
    if (this.#waiting.length > 0) this.#ports.turn();
  }
}

/** As the platform says it of an object that has too much to do: the caller answers so at once, and nobody asks again soon. */
function overloaded(): Error {
  return Object.assign(new Error("too many commands wait"), { overloaded: true });
}

/**
 * From the journal to the queues: the journal is the outbox. Two cursors per queue: how far it was sent, and how far
 * its reader has applied it. Events are sent, then the first cursor moves, so that a crash between the two sends them
 * again; what is sent and not confirmed in time, because a queue lost it or gave up on it, is sent again too. Consumers
 * drop what they have. May call queues.
 */
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { Journal } from "./journal.ts";
import { messagesOf } from "./messages.ts";

/** Who reads a session's journal by queue. */
export type OutletName = "settlement" | "reporting";

/** A queue and the name its cursors have in the journal. */
export interface Outlet {
  readonly name: OutletName;
  readonly queue: Pick<Queue<string>, "sendBatch">;
}

export class Publisher {
  readonly #session: SessionId;
  readonly #journal: Journal;
  readonly #outlets: readonly Outlet[];
  readonly #publishing = new Set<string>();
  #failures = 0;

  constructor(session: SessionId, journal: Journal, outlets: readonly Outlet[]) {
    this.#session = session;
    this.#journal = journal;
    this.#outlets = outlets;
  }

  /** Whether any queue has not been sent everything. */
  get behind(): boolean {
    return this.#outlets.some(({ name }) => this.#journal.cursor(name) < this.#journal.head.lastSeq);
  }

  /** How long to wait before trying again after a failure: doubled each time, up to a minute. */
  get retryMs(): number {
    return Math.min(LIMITS.publishRetryMaxMs, LIMITS.publishRetryMs * 2 ** this.#failures);
  }

  /** Whether something was sent that nobody has confirmed. */
  get unconfirmed(): boolean {
    return this.#outlets.some(
      ({ name }) => this.#journal.cursor(appliedCursor(name)) < this.#journal.cursor(name),
    );
  }

  /** Whether every event has reached all its readers, and they have said so. */
  get isDone(): boolean {
    return !this.behind && !this.unconfirmed;
  }

  confirm(name: OutletName, appliedSeq: number): void {
    if (appliedSeq <= this.#journal.cursor(appliedCursor(name))) return;
    this.#journal.moveCursor(appliedCursor(name), Math.min(appliedSeq, this.#journal.head.lastSeq));
    // In a lull there is no next block to save the cursors with.
    if (!this.behind && !this.unconfirmed) this.#journal.saveCursors();
  }

  /** Goes back to what was confirmed, so that the next `publish` sends the rest again. */
  resend(): void {
    for (const { name } of this.#outlets) {
      const appliedSeq = this.#journal.cursor(appliedCursor(name));
      if (appliedSeq < this.#journal.cursor(name)) this.#journal.moveCursor(name, appliedSeq);
    }
  }

  /** How far each queue has been sent. */
  cursors(): Record<string, number> {
    return Object.fromEntries(this.#outlets.map(({ name }) => [name, this.#journal.cursor(name)]));
  }

  /** Sends every queue what it lacks. Never throws: what failed stays behind, and the alarm tries again. */
  async publish(): Promise<void> {
    await Promise.all(this.#outlets.map((outlet) => this.#publishTo(outlet)));
  }

  async #publishTo({ name, queue }: Outlet): Promise<void> {
    if (this.#publishing.has(name)) return;
    this.#publishing.add(name);
    try {
      for (;;) {
        const stretches = this.#journal.stretches(this.#journal.cursor(name));
        const { bodies, lastSeq, operations } = messagesOf(this.#session, stretches);
        if (bodies.length === 0) break;
        await queue.sendBatch(bodies.map((body) => ({ body, contentType: "text" as const })));
        this.#journal.moveCursor(name, lastSeq);
        this.#journal.meter.add("queueMessages", bodies.length);
        this.#journal.meter.add("queueOperations", operations);
        this.#failures = 0;
      }
    } catch (error) {
      this.#failures += 1;
      logLine({ event: "publish_failed", session: this.#session, queue: name, ...errorFacts(error) });
    } finally {
      this.#publishing.delete(name);
    }
  }
}

/** Name of the cursor that says how far an outlet's reader has come. */
function appliedCursor(name: OutletName): string {
  return `${name}:applied`;
}

/**
 * From the journal to the queues: the journal is the outbox. One cursor per queue; events are sent, then the cursor
 * moves, so that a crash between the two sends them again and consumers drop what they have. May call queues.
 */
import type { Event } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { PublishedEvents } from "../wire/publishing.ts";
import type { Journal } from "./journal.ts";

/** A queue and the name its cursor has in the journal. */
export interface Outlet {
  readonly name: string;
  readonly queue: Pick<Queue<PublishedEvents>, "sendBatch">;
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
        const messages = this.#messagesAfter(this.#journal.cursor(name));
        const last = messages.at(-1);
        if (!last) break;
        await queue.sendBatch(messages.map((body) => ({ body, contentType: "json" as const })));
        this.#journal.moveCursor(name, last.lastSeq);
        this.#failures = 0;
      }
    } catch (error) {
      this.#failures += 1;
      logLine({ event: "publish_failed", session: this.#session, queue: name, ...errorFacts(error) });
    } finally {
      this.#publishing.delete(name);
    }
  }

  /** The next messages of one send, each within a message's size, all within a send's. */
  #messagesAfter(cursor: number): PublishedEvents[] {
    const messages: PublishedEvents[] = [];
    let pending: Event[] = [];
    let pendingBytes = 0;
    let sendBytes = 0;
    const flush = (): void => {
      const [first] = pending;
      const last = pending.at(-1);
      if (first && last)
        messages.push({ session: this.#session, firstSeq: first.seq, lastSeq: last.seq, events: pending });
      pending = [];
      pendingBytes = 0;
    };
    for (const event of this.#journal.events(cursor, LIMITS.eventsPerPublish)) {
      const bytes = byteLength(event);
      if (pendingBytes + bytes > LIMITS.queueMessageBytes) flush();
      if (sendBytes + bytes > LIMITS.queueSendBytes || messages.length === LIMITS.queueSendMessages) break;
      if (bytes > LIMITS.queueMessageBytes) {
        messages.push({ session: this.#session, firstSeq: event.seq, lastSeq: event.seq, events: [] });
        continue;
      }
      pending.push(event);
      pendingBytes += bytes;
      sendBytes += bytes;
    }
    flush();
    return messages;
  }
}

const encoder = new TextEncoder();

function byteLength(event: Event): number {
  return encoder.encode(JSON.stringify(event)).length;
}

/**
 * From the journal to the queues: the journal is the outbox. Two cursors per queue: how far it was sent, and how far
 * its reader has applied it. Events are sent, then the first cursor moves, so that a crash between the two sends them
 * again; what is sent and not confirmed in time, because a queue lost it or gave up on it, is sent again too. Consumers
 * drop what they have. May call queues.
 */
import { Buffer } from "node:buffer";
import type { Event } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { PublishedEvents } from "../wire/publishing.ts";
import type { Journal, Stretch } from "./journal.ts";

/** Who reads a session's journal by queue. */
export type OutletName = "settlement" | "reporting";

/** A queue and the name its cursors have in the journal. */
export interface Outlet {
  readonly name: OutletName;
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

  /** Whether something was sent that nobody has confirmed. */
  get unconfirmed(): boolean {
    return this.#outlets.some(
      ({ name }) => this.#journal.cursor(appliedCursor(name)) < this.#journal.cursor(name),
    );
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

  /** The next messages of one send: whole blocks as long as they fit, else event by event. */
  #messagesAfter(cursor: number): PublishedEvents[] {
    const messages = new Messages(this.#session);
    for (const { events, bytes } of this.#journal.stretches(cursor)) {
      const parts = bytes <= LIMITS.queueMessageBytes ? [{ events, bytes }] : events.map(alone);
      for (const part of parts) if (!messages.add(part)) return messages.take();
    }
    return messages.take();
  }
}

/** Fills the messages of one send, each within a message's size, all within a send's. */
class Messages {
  readonly #session: SessionId;
  readonly #messages: PublishedEvents[] = [];
  #events: Event[] = [];
  #bytes = 0;
  #sendBytes = 0;

  constructor(session: SessionId) {
    this.#session = session;
  }

  /** False when the send is full. An event too large for a message is named, and fetched by whoever reads that. */
  add({ events, bytes }: Stretch): boolean {
    const fits = bytes <= LIMITS.queueMessageBytes;
    const size = fits ? bytes : 0;
    const isFull =
      (this.#sendBytes > 0 && this.#sendBytes + size > LIMITS.queueSendBytes) ||
      this.#messages.length + 1 >= LIMITS.queueSendMessages;
    if (isFull) return false;
    if (!fits || this.#bytes + bytes > LIMITS.queueMessageBytes) this.#finish();
    if (!fits) this.#push(events, []);
    else this.#events.push(...events);
    this.#bytes += size;
    this.#sendBytes += size;
    return true;
  }

  take(): PublishedEvents[] {
    this.#finish();
    return this.#messages;
  }

  #finish(): void {
    this.#push(this.#events, this.#events);
    this.#events = [];
    this.#bytes = 0;
  }

  #push(of: readonly Event[], events: readonly Event[]): void {
    const [first] = of;
    const last = of.at(-1);
    if (first && last)
      this.#messages.push({ session: this.#session, firstSeq: first.seq, lastSeq: last.seq, events });
  }
}

function alone(event: Event): Stretch {
  return { events: [event], bytes: Buffer.byteLength(JSON.stringify(event)) };
}

/** Name of the cursor that says how far an outlet's reader has come. */
function appliedCursor(name: OutletName): string {
  return `${name}:applied`;
}

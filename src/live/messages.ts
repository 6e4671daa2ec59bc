/** From a journal to the messages of one send to a queue: as large as may be, and none larger. Pure. */
import { Buffer } from "node:buffer";
import { BILLING } from "../domain/cost/prices.ts";
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { publishedText } from "../wire/publishing.ts";
import { Stretch } from "./journal.ts";

/** What one `sendBatch` takes. */
export interface Send {
  /** JSON of `PublishedEvents` each. */
  readonly bodies: readonly string[];
  /** Sequence number of the last event in them; 0 for none. */
  readonly lastSeq: number;
  /** What it is billed as, when each message is delivered once. */
  readonly operations: number;
}

/** The first messages of a journal's stretches: whole blocks as long as they fit, else event by event. */
export function messagesOf(session: SessionId, stretches: Iterable<Stretch>): Send {
  const messages = new Messages(session);
  for (const stretch of stretches) {
    for (const part of fitting(stretch)) if (!messages.add(part)) return messages.take();
  }
  return messages.take();
}

/** Part of a message, with its size. */
interface Part {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** JSON of the events without the brackets; none where an event is too large for any message. */
  readonly text: string | undefined;
  readonly bytes: number;
}

function* fitting(stretch: Stretch): Generator<Part> {
  const whole = partOf(stretch);
  if (whole.text !== undefined) yield whole;
  else for (const event of stretch.events) yield partOf(new Stretch([event]));
}

function partOf({ events, text }: Stretch): Part {
  const bytes = Buffer.byteLength(text);
  const fits = bytes <= LIMITS.queueMessageBytes;
  return {
    firstSeq: events[0]?.seq ?? 0,
    lastSeq: events.at(-1)?.seq ?? 0,
    text: fits ? text.slice(1, -1) : undefined,
    bytes: fits ? bytes : 0,
  };
}

/** Fills the messages of one send, each within a message's size, all within a send's. */
class Messages {
  readonly #session: SessionId;
  readonly #bodies: string[] = [];
  #parts: Part[] = [];
  #bytes = 0;
  #sendBytes = 0;
  #lastSeq = 0;
  #operations = 0;

  constructor(session: SessionId) {
    this.#session = session;
  }

  /** False when the send is full. An event too large for a message is named, and fetched by whoever reads that. */
  add(part: Part): boolean {
    const { text, bytes } = part;
    const isFull =
      (this.#sendBytes > 0 && this.#sendBytes + bytes > LIMITS.queueSendBytes) ||
      this.#bodies.length + 1 >= LIMITS.queueSendMessages;
    if (isFull) return false;
    if (text === undefined || this.#bytes + bytes > LIMITS.queueMessageBytes) this.#finish();
    this.#parts.push(part);
    this.#bytes += bytes;
    this.#sendBytes += bytes;
    if (text === undefined) this.#finish();
    return true;
  }

  take(): Send {
    this.#finish();
    return { bodies: this.#bodies, lastSeq: this.#lastSeq, operations: this.#operations };
  }

  #finish(): void {
    const [first] = this.#parts;
    const last = this.#parts.at(-1);
    if (!first || !last) return;
    const events = this.#parts.flatMap(({ text }) => text ?? []).join(",");
    this.#bodies.push(publishedText(this.#session, first.firstSeq, last.lastSeq, events));
    this.#lastSeq = last.lastSeq;
    const size = Math.max(1, Math.ceil(this.#bytes / BILLING.bytesPerOperation));
    this.#operations += BILLING.operationsPerMessage * size;
    this.#parts = [];
    this.#bytes = 0;
  }
}

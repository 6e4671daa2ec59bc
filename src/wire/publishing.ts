/** What a session's journal sends to queues: blocks' events after a cursor. Messages between our own rooms, never public. */
import { z } from "zod";
import type { Event } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";

/**
 * Events of one session in order, `firstSeq` to `lastSeq`. `events` is empty when they would not fit a message: whoever
 * reads it fetches them from the journal.
 */
export interface PublishedEvents {
  readonly session: SessionId;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly Event[];
}

/** The message as it is sent: the events are JSON already, and each queue would write them once more. */
export function publishedText(session: SessionId, firstSeq: number, lastSeq: number, events: string): string {
  return `{"session":${JSON.stringify(session)},"firstSeq":${firstSeq},"lastSeq":${lastSeq},"events":[${events}]}`;
}

/** A message of a queue, whether it was sent as text or as a value; undefined for what is none of ours. */
export function readPublished(body: unknown): PublishedEvents | undefined {
  const value = valueOf(body);
  return isPublished(value) ? value : undefined;
}

/** What a message says: a text is JSON. */
export function valueOf(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function isPublished(value: unknown): value is PublishedEvents {
  return publishedEvents.safeParse(value).success;
}

/** Checks the frame only: the events were written by our own journal, maybe by a version before or after this one. */
const publishedEvents = z.object({
  session: z.string().startsWith("ses_"),
  firstSeq: z.int().min(1),
  lastSeq: z.int().min(1),
  events: z.array(z.looseObject({ type: z.string(), v: z.int(), seq: z.int(), atMs: z.int() })),
});

/** Reads a session's journal after a sequence number: how a projection fills a gap, or is rebuilt. */
export type JournalReader = (session: SessionId, afterSeq: number) => Promise<readonly Event[]>;

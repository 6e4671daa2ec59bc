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

/** Checks the frame only: the events were written by our own journal, maybe by a version before or after this one. */
export const publishedEvents = z.object({
  session: z.string().startsWith("ses_"),
  firstSeq: z.int().min(1),
  lastSeq: z.int().min(1),
  events: z.array(z.looseObject({ type: z.string(), v: z.int(), seq: z.int(), atMs: z.int() })),
});

/** Reads a session's journal after a sequence number: how a projection fills a gap, or is rebuilt. */
export type JournalReader = (session: SessionId, afterSeq: number) => Promise<readonly Event[]>;

/** The reporting queue: journal events in, read models out. */
import { consume } from "../domain/projection.ts";
import type { SessionId } from "../domain/ids.ts";
import { readPublished, type JournalReader } from "../wire/publishing.ts";
import { SUMMARIES, summaryStore } from "./projection.ts";

export interface ReportingPorts {
  readonly db: D1Database;
  /** For gaps and for events too large to send; may answer with the first part of what is there. */
  readonly journal: JournalReader;
  /** Tells a session how far this projection of it is. */
  readonly confirm: (session: SessionId, appliedSeq: number) => Promise<void>;
  /** Gets one structured line about a message that was not applied. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Applies what it can; each message is acknowledged, or retried, by itself. Does not throw. */
export function consumeReporting(batch: MessageBatch, { db, ...ports }: ReportingPorts): Promise<void> {
  const store = summaryStore.bind(undefined, db);
  return consume(batch.messages, { name: SUMMARIES, read: readPublished, store, ...ports });
}

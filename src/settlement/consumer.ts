/** The settlement queue: journal events in, order rows and ledger transactions out. */
import { consume, inTurn } from "../domain/projection.ts";
import type { SessionId } from "../domain/ids.ts";
import { readPublished, type JournalReader } from "../wire/publishing.ts";
import { ledgerStore } from "./ledger/projection.ts";
import { orderStore } from "./projection.ts";

export interface SettlementPorts {
  readonly db: D1Database;
  /** For gaps and for events too large to send; may answer with the first part of what is there. */
  readonly journal: JournalReader;
  /** Tells a session how far this projection of it is. */
  readonly confirm: (session: SessionId, appliedSeq: number) => Promise<void>;
  /** Gets one structured line about a message that was not applied. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** Applies what it can; each message is acknowledged, or retried, by itself. Does not throw. */
export function consumeSettlement(batch: MessageBatch, { db, ...ports }: SettlementPorts): Promise<void> {
  const store = (session: SessionId) => inTurn([orderStore(db, session), ledgerStore(db, session)]);
  return consume(batch.messages, { name: "settlement", read: readPublished, store, ...ports });
}

/** A replay of a whole journal beside the state in memory: does the chain hold, is the state what the journal says? Reads only. */
import { replayBlock, type Block } from "../domain/block.ts";
import type { SessionState } from "../domain/session.ts";
import { emptyState, serialize } from "../domain/state.ts";
import type { Pool } from "../domain/stock.ts";
import { GENESIS, hashBlock, type Head, type Journal } from "./journal.ts";

/** What a replay of the whole journal found. */
export interface JournalCheck {
  readonly head: Head;
  /** Every block's hash follows from the one before and its payload. */
  readonly chainWhole: boolean;
  /** The state rebuilt from the journal equals the one in memory, byte for byte. */
  readonly replayEqual: boolean;
  readonly blocks: number;
  readonly events: number;
  readonly pools: readonly Pool[];
  /** Last sequence number sent, by queue. */
  readonly published: Readonly<Record<string, number>>;
}

/** Rebuilds the state from the first block on, checking the chain as it goes. */
export function checkJournal(journal: Journal, state: SessionState): Omit<JournalCheck, "published"> {
  const rebuilt = emptyState();
  let previous: Head = GENESIS;
  let chainWhole = true;
  for (const block of journal.read(0)) {
    const follows = block.number === previous.number + 1 && block.prevHash === previous.hash;
    chainWhole &&= follows && block.hash === hashBlock(block.prevHash, block.payload);
    replayBlock(rebuilt, JSON.parse(block.payload) as Block);
    previous = block;
  }
  return {
    head: { number: previous.number, lastSeq: previous.lastSeq, hash: previous.hash },
    chainWhole: chainWhole && previous.hash === journal.head.hash,
    replayEqual: serialize(rebuilt) === serialize(state),
    blocks: previous.number,
    events: previous.lastSeq,
    pools: [...state.pools.values()].map((pool) => ({ ...pool })),
  };
}

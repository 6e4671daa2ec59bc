/** Reads a journal back from its archive: parts as they were written, a whole chain, the state at its end. Pure but for `read`. */
import { replayBlock, type Block } from "../domain/block.ts";
import type { SessionState } from "../domain/session.ts";
import { emptyState } from "../domain/state.ts";
import { GENESIS, type Head } from "../live/journal.ts";
import { archivedBlock, type ArchiveManifest, type ArchivePart } from "../wire/lake.ts";
import { follows, sha256Of } from "./archive.ts";

/** What is wrong with an archive, and where. */
export interface ArchiveFault {
  readonly fault: "part_missing" | "part_changed" | "chain_broken" | "head_differs";
  readonly part?: string;
  readonly block?: number;
}

export type Verified =
  | { readonly ok: true; readonly state: SessionState; readonly blocks: number; readonly events: number }
  | ({ readonly ok: false } & ArchiveFault);

/** One part at a time is in memory. `read` gives a part by its key. */
export async function verifyArchive(
  { parts, head }: ArchiveManifest,
  read: (key: string) => Promise<Uint8Array | undefined>,
): Promise<Verified> {
  const state = emptyState();
  let previous: Head = GENESIS;
  for (const part of parts) {
    const bytes = await read(part.key);
    if (!bytes) return { ok: false, fault: "part_missing", part: part.key };
    const end = replayPart(state, part, bytes, previous);
    if ("fault" in end) return { ok: false, part: part.key, ...end };
    previous = end;
  }
  const { number, lastSeq, hash } = previous;
  if (hash !== head.hash || number !== head.number || lastSeq !== head.lastSeq)
    return { ok: false, fault: "head_differs" };
  return { ok: true, state, blocks: number, events: lastSeq };
}

function replayPart(
  state: SessionState,
  { sha256 }: ArchivePart,
  bytes: Uint8Array,
  before: Head,
): Head | ArchiveFault {
  if (sha256Of(bytes) !== sha256) return { fault: "part_changed" };
  let previous = before;
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line === "") continue;
    const block = archivedBlock.parse(JSON.parse(line));
    if (!follows(previous, block)) return { fault: "chain_broken", block: block.number };
    replayBlock(state, JSON.parse(block.payload) as Block);
    // The hash is of the payload: what stands beside it is to say the same.
    if (block.lastSeq !== state.seq) return { fault: "chain_broken", block: block.number };
    previous = block;
  }
  return previous;
}

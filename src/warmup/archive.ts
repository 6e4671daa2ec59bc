/**
 * A session's journal into the lake: parts of a bounded size, then the manifest. Whoever is cut off in between writes
 * the same parts again; whoever finds a manifest goes on after its last block. Reads the session, writes to the bucket.
 */
import { createHash } from "node:crypto";
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { ArchivedJournal } from "../domain/warmup.ts";
import type { LiveClient } from "../live/client.ts";
import { GENESIS, hashBlock, type Head, type StoredBlock } from "../live/journal.ts";
import { isoOf } from "../wire/instants.ts";
import { archiveManifest, type ArchivedBlock, type ArchiveManifest, type ArchivePart } from "../wire/lake.ts";

export interface ArchivePorts {
  readonly live: LiveClient;
  readonly lake: R2Bucket;
  /** The head of a journal, signed. */
  readonly seal: (session: SessionId, head: Head) => Promise<string>;
}

/** The manifest's key; parts lie beside it. */
export function manifestKey(session: SessionId): string {
  return `journals/${session}/manifest.json`;
}

/**
 * Everything up to the journal's end as it is now. The manifest is written after each part, so that a run that is cut
 * off in a long journal need not begin anew. Throws when the journal's own chain is broken, or a write fails.
 */
export async function archiveJournal(
  { live, lake, seal }: ArchivePorts,
  session: SessionId,
): Promise<ArchivedJournal> {
  const key = manifestKey(session);
  const found = await lake.get(key);
  let etag = found?.etag;
  const before = found ? archiveManifest.parse(await found.json()) : undefined;
  const parts = [...(before?.parts ?? [])];
  let head: Head = before?.head ?? GENESIS;
  const end = await live.head(session);
  for await (const blocks of partsOf(live, session, head, end)) {
    parts.push(await writePart(lake, session, blocks));
    head = headOf(blocks.at(-1) ?? head);
    const manifest = { version: 1, session, parts, head, signedHead: await seal(session, head) } as const;
    etag = await writeManifest(lake, manifest, etag);
  }
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { key, head, parts: parts.length, bytes };
}

function headOf({ number, lastSeq, hash }: Head): Head {
  return { number, lastSeq, hash };
}

/** Over the one that was read, or as the first: two runs at once would each leave out what the other has added. */
async function writeManifest(
  lake: R2Bucket,
  manifest: ArchiveManifest,
  etag: string | undefined,
): Promise<string> {
  const written = await lake.put(manifestKey(manifest.session), JSON.stringify(manifest), {
    onlyIf: etag === undefined ? new Headers({ "If-None-Match": "*" }) : { etagMatches: etag },
    httpMetadata: { contentType: "application/json" },
  });
  if (!written) throw new Error("somebody else has written the manifest meanwhile");
  return written.etag;
}

/** The blocks after `from` up to `end`, in runs of a bounded size; each is seen to follow from the one before. */
async function* partsOf(
  live: LiveClient,
  session: SessionId,
  from: Head,
  end: Head,
): AsyncGenerator<StoredBlock[]> {
  let previous = from;
  let run: StoredBlock[] = [];
  let chars = 0;
  while (previous.number < end.number) {
    const limit = Math.min(LIMITS.pageMax, end.number - previous.number);
    const blocks = (await live.blocks(session, previous.number, limit, true)) as StoredBlock[];
    if (blocks.length === 0) throw new Error(`the journal has nothing after block ${previous.number}`);
    for (const block of blocks) {
      if (!follows(previous, block)) throw new Error(`block ${block.number} does not follow`);
      if (chars > 0 && chars + block.payload.length > LIMITS.archivePartChars) {
        yield run;
        run = [];
        chars = 0;
      }
      run.push(block);
      chars += block.payload.length;
      previous = block;
    }
  }
  if (run.length > 0) yield run;
}

/** Whether a block is the next one and its hash is of it. */
export function follows(
  previous: Pick<Head, "number" | "hash">,
  block: Pick<StoredBlock, "number" | "prevHash" | "payload" | "hash">,
): boolean {
  return (
    block.number === previous.number + 1 &&
    block.prevHash === previous.hash &&
    block.hash === hashBlock(block.prevHash, block.payload)
  );
}

/** The key says which blocks are in it, so that the same key always has the same content. */
async function writePart(
  lake: R2Bucket,
  session: SessionId,
  blocks: readonly StoredBlock[],
): Promise<ArchivePart> {
  const firstBlock = blocks[0]?.number ?? 0;
  const lastBlock = blocks.at(-1)?.number ?? 0;
  const bytes = new TextEncoder().encode(
    blocks.map((block) => `${JSON.stringify(lineOf(block))}\n`).join(""),
  );
  const key = `journals/${session}/${padded(firstBlock)}-${padded(lastBlock)}.ndjson`;
  const sha256 = sha256Of(bytes);
  await lake.put(key, bytes, { sha256, httpMetadata: { contentType: "application/x-ndjson" } });
  return { key, firstBlock, lastBlock, bytes: bytes.byteLength, sha256 };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** As `GET …/audit?payload=true` shows a block. */
function lineOf({ atMs, ...block }: StoredBlock): ArchivedBlock {
  return { ...block, at: isoOf(atMs) };
}

/** So that the bucket lists parts in their order. */
function padded(block: number): string {
  return String(block).padStart(12, "0");
}

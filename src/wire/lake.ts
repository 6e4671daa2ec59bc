/** A session's journal in the lake: blocks as NDJSON in parts, and the manifest that names them. */
import { z } from "zod";
import { auditBlock, head } from "./audit.ts";
import { sessionId } from "./primitives.ts";

const count = z.int().min(0);

/** One line of a part. */
export const archivedBlock = auditBlock.required({ payload: true });
export type ArchivedBlock = z.infer<typeof archivedBlock>;

export const archivePart = z.object({
  key: z.string(),
  firstBlock: z.int().min(1),
  lastBlock: z.int().min(1),
  bytes: count,
  /** In hex. */
  sha256: z.string(),
});
export type ArchivePart = z.infer<typeof archivePart>;

/** Written after its parts: what it names is whole. */
export const archiveManifest = z.object({
  version: z.literal(1),
  session: sessionId,
  parts: z.array(archivePart),
  /** The last block in the parts. */
  head,
  /** The same as a JWS, as `GET …/audit` has it. */
  signedHead: z.string(),
});
export type ArchiveManifest = z.infer<typeof archiveManifest>;

/** A session's journal as auditors read it: blocks chained by hash, a signed head, and what a replay of all of it found. */
import { z } from "zod";
import { pool } from "./sessions.ts";
import { instant, sessionId } from "./primitives.ts";

const sequence = z.int().min(0);
const hash = z.string().meta({
  description: "SHA-256 in base64url of the previous block's hash, a newline and the block's payload",
});

export const auditBlock = z
  .object({
    number: z.int().min(1),
    firstSeq: sequence,
    lastSeq: sequence,
    at: instant,
    prevHash: z.string(),
    hash,
    /** The block's JSON, byte for byte as it was hashed; only when asked for. */
    payload: z
      .string()
      .exactOptional()
      .meta({
        description:
          "The block's JSON, as it was hashed: its events, and its answers. A tap's answer has its `arrival`: the " +
          "relay, the time there, and a number that counts up while that relay lives",
      }),
  })
  .meta({ id: "AuditBlock" });

/** The last block of the journal: it stands for every block before it. */
export const head = z
  .object({ number: z.int().min(0), lastSeq: sequence, hash: z.string() })
  .meta({ id: "Head" });

export const journalCheck = z
  .object({
    head,
    chainWhole: z.boolean(),
    replayEqual: z.boolean(),
    blocks: z.int(),
    events: z.int(),
    pools: z.array(pool),
    published: z.record(z.string(), z.int()),
  })
  .meta({ id: "JournalCheck", description: "What a replay of the whole journal found" });

export const auditPage = z
  .object({
    session: sessionId,
    data: z.array(auditBlock),
    nextCursor: z.string().nullable(),
    head,
    signedHead: z.string().meta({
      description:
        "`head` as a JWS (`typ: head+jwt`) by a key of /.well-known/jwks.json; `sub` is the session",
    }),
    check: journalCheck.exactOptional(),
  })
  .meta({ id: "AuditPage" });

const flag = z.enum(["true", "false"]).default("false");

export const auditQuery = z.object({
  /** Blocks after this number. */
  after: z.coerce.number().int().min(0).default(0),
  cursor: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .meta({ description: "The same, as `nextCursor` gave it" }),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  payload: flag.meta({ description: "Give each block's payload too" }),
  check: flag.meta({ description: "Replay the whole journal and say what was found" }),
});

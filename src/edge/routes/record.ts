/** A session's record: its journal as CloudEvents, and what auditors need. For hosts; read from the session itself. */
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import type { SessionId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { LiveClient } from "../../live/client.ts";
import type { BlockHash, StoredBlock } from "../../live/journal.ts";
import type { JournalCheck } from "../../live/journal-check.ts";
import { availableIn } from "../../domain/stock.ts";
import { auditPage, auditQuery } from "../../wire/audit.ts";
import { cloudEvent, toCloudEvent } from "../../wire/events.ts";
import { isoOf } from "../../wire/instants.ts";
import { page } from "../../wire/primitives.ts";
import { keysOf, liveOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession, query } from "../input.ts";
import { problem } from "../problem.ts";
import { CHECKS, limited, READS } from "../rate-limit.ts";
import { signHead } from "../signed-documents.ts";

export const record = new Hono<AppEnv>();

const NDJSON = "application/x-ndjson";

const sequence = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A string, as `nextCursor` is. */
const sequenceCursor = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const eventsQuery = z.object({
  after: sequence.default(0).meta({ description: "Events after this sequence number" }),
  cursor: sequenceCursor.optional().meta({ description: "The same, as `nextCursor` gave it" }),
  limit: z.coerce.number().int().min(1).max(LIMITS.pageMax).default(LIMITS.pageDefault),
});

record.get(
  "/v1/sessions/:session/events",
  endpoint({
    id: "listEvents",
    tag: "record",
    summary: "The journal",
    description:
      `A page of CloudEvents; or with \`Accept: ${NDJSON}\` all of them after \`after\`, one a line, to the journal's ` +
      "end. Go on from the last event's `sequence`. It is the same for all of its hosts: an order's event names the clicks " +
      "that came with it, whoever's links they were of, since the hashes of `audit` prove no less than all of it.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    rate: READS,
    answers: {
      200: { description: "Events, oldest first", schema: page(cloudEvent), also: { [NDJSON]: cloudEvent } },
    },
    problems: ["bad_request", "not_acceptable"],
  }),
  ofSession,
  query(eventsQuery),
  async (c) => {
    const { session } = c.req.valid("param");
    const { cursor, after, limit } = c.req.valid("query");
    const from = cursor ?? after;
    const type = accepts(c, { header: "Accept", supports: ["application/json", NDJSON], default: "none" });
    if (type === NDJSON) {
      return c.body(journalLines(liveOf(c), session, from), 200, { "Content-Type": NDJSON });
    }
    const wanted = c.req.header("Accept");
    if (type === "none" && wanted !== undefined && !ANYTHING.test(wanted))
      return problem(c, "not_acceptable");
    const events = await liveOf(c).events(session, from, limit);
    const last = events.at(-1);
    const nextCursor = last && events.length === limit ? String(last.seq) : null;
    return c.json({ data: events.map((event) => toCloudEvent(session, event)), nextCursor });
  },
);

const ANYTHING = /(?:^|,)\s*(?:\*|application)\/\*/;

/** The journal from a sequence number to its end, read as fast as it is taken. */
function journalLines(live: LiveClient, session: SessionId, from: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const events = await live.events(session, after, LIMITS.pageMax);
        after = events.at(-1)?.seq ?? after;
        const lines = events.map((event) => `${JSON.stringify(toCloudEvent(session, event))}\n`);
        if (lines.length > 0) controller.enqueue(encoder.encode(lines.join("")));
        if (events.length < LIMITS.pageMax) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

record.get(
  "/v1/sessions/:session/audit",
  endpoint({
    id: "audit",
    tag: "record",
    summary: "Blocks, their hashes, a signed head",
    description:
      "The head is the journal's last block; its hash stands for every block before it. With `check=true` the whole " +
      "journal is replayed, which costs as much as it is long.",
    who: ["platform", "seller", "creator"],
    host: ["platform", "seller", "creator"],
    rate: READS,
    answers: { 200: { description: "A page of blocks", schema: auditPage } },
    problems: ["bad_request"],
  }),
  ofSession,
  query(auditQuery),
  async (c) => {
    const { session } = c.req.valid("param");
    const { after, cursor, limit, payload, check } = c.req.valid("query");
    const tooMany = check === "true" ? limited(c, CHECKS, Date.now()) : undefined;
    if (tooMany) return tooMany;
    const withPayload = payload === "true";
    const from = cursor ?? after;
    const blocks = await liveOf(c).blocks(session, from, limit, withPayload);
    const last = blocks.at(-1);
    const head = await liveOf(c).head(session);
    return c.json({
      session,
      data: blocks.map(shownBlock),
      nextCursor: last && last.number < head.number ? String(last.number) : null,
      head,
      signedHead: await signHead(await keysOf(c), session, head, Date.now()),
      ...(check === "true" ? { check: shownCheck(await liveOf(c).check(session)) } : {}),
    });
  },
);

function shownBlock({ atMs, ...block }: StoredBlock | BlockHash): object {
  return { ...block, at: isoOf(atMs) };
}

function shownCheck(check: JournalCheck): object {
  return { ...check, pools: check.pools.map((pool) => ({ ...pool, available: availableIn(pool) })) };
}

/**
 * Keeps the messages that a queue gave up on, until somebody has mended what stopped them and replays them, or their time
 * is over. May touch the dead letters' table.
 */
import { typeid } from "typeid-js";
import { LIMITS } from "../../domain/limits.ts";
import { valueOf } from "../../wire/publishing.ts";
import { jsonPieces } from "../d1.ts";
import { DEAD_LETTER_QUEUES, type DeadLetterId, type DeadLetterQueue } from "./tables.ts";

/** `dropcast-payments-dead` keeps what `dropcast-payments` gave up on. */
const DEAD = /^dropcast-(.+)-dead$/;

/** The queue whose dead letters another one of this name brings; undefined for every other name. */
export function deadLetterQueueOf(name: string): DeadLetterQueue | undefined {
  const given = DEAD.exec(name)?.[1];
  return DEAD_LETTER_QUEUES.find((queue) => queue === given);
}

const KEEP = `
INSERT INTO dead_letters (id, queue, message, body, about, received_at_ms, replays)
SELECT value ->> 'id', ?2, value ->> 'message', value ->> 'body', value ->> 'about', ?3, 0 FROM json_each(?1) WHERE true
ON CONFLICT (queue, message) DO NOTHING`;

/** Keeps a batch, whatever its messages are. Throws only when the database cannot be reached: then it comes again. */
export async function keepDeadLetters(
  { messages }: Pick<MessageBatch, "messages">,
  queue: DeadLetterQueue,
  { db, nowMs }: { readonly db: D1Database; readonly nowMs: number },
): Promise<void> {
  const rows = messages.map(({ id: message, body }) => ({
    id: `dlt_${typeid().getSuffix()}` satisfies DeadLetterId,
    message,
    ...letterOf(valueOf(body)),
  }));
  for (const piece of jsonPieces(rows)) await db.prepare(KEEP).bind(piece, queue, nowMs).run();
}

interface Letter {
  /** Absent where there is nothing to be replayed. */
  readonly body?: string;
  readonly about: string;
}

/** A message's body as it is kept, and a line on what it is about. */
export function letterOf(body: unknown): Letter {
  const whole = jsonOf(body);
  if (whole === undefined) return { about: "not JSON" };
  const about = aboutOf(body, whole);
  if (fits(whole)) return { body: whole, about };
  // A projection fetches the events of a message that has none from the journal.
  const lean = isRecord(body) && Array.isArray(body["events"]) ? jsonOf({ ...body, events: [] }) : undefined;
  return lean !== undefined && fits(lean) ? { body: lean, about } : { about };
}

function fits(json: string): boolean {
  return new TextEncoder().encode(json).byteLength <= LIMITS.deadLetterBytes;
}

/** Queues carry more than JSON can say: maps, cycles, big integers. */
function jsonOf(body: unknown): string | undefined {
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

/** Its session and events, or the thing that it is news of, or its beginning. */
function aboutOf(body: unknown, json: string): string {
  const told = isRecord(body) ? wordsOf(body) : "";
  return (told || json).slice(0, LIMITS.deadLetterAboutChars);
}

function wordsOf(body: Readonly<Record<string, unknown>>): string {
  const { session, firstSeq, lastSeq, events, ...rest } = body;
  if (typeof session === "string") {
    const [first]: unknown[] = Array.isArray(events) ? events : [];
    const type = isRecord(first) && typeof first["type"] === "string" ? first["type"] : "";
    return [session, `events ${String(firstSeq)} to ${String(lastSeq)}`, type].filter(Boolean).join(", ");
  }
  const named = Object.entries(rest).filter(([, value]) => typeof value === "string");
  return named.map(([key, value]) => `${key} ${String(value)}`).join(", ");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const MARK = "UPDATE dead_letters SET replayed_at_ms = ?2, replays = replays + 1 WHERE id = ?1";

/** Notes that a letter was sent to its queue again. */
export async function noteReplay(db: D1Database, id: DeadLetterId, nowMs: number): Promise<void> {
  await db.prepare(MARK).bind(id, nowMs).run();
}

const SWEEP = `
DELETE FROM dead_letters WHERE id IN (
  SELECT id FROM dead_letters WHERE received_at_ms < ?1 ORDER BY received_at_ms LIMIT ?2)`;

/** Removes letters past their time, so many at once; answers how many. */
export async function sweepDeadLetters(db: D1Database, nowMs: number): Promise<number> {
  const { meta } = await db
    .prepare(SWEEP)
    .bind(nowMs - LIMITS.deadLetterKeptMs, LIMITS.deadLetterSweepRows)
    .run();
  return meta.changes;
}

/**
 * Carries a request out once by its `Idempotency-Key`, for what no live session decides: sellers, creators, keys,
 * contracts, imports, and which session a request creates. A row in D1 is claimed before the work and completed with
 * the answer after it.
 */
import { createHash } from "node:crypto";
import { and, eq, inArray, isNull, lt, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import { fingerprintOf } from "../live/taps.ts";
import type { AppContext } from "./context.ts";
import { problem, refusal } from "./problem.ts";
import { seal, unseal, type Seal } from "./sealed.ts";
import { idempotencyKeys } from "./tables.ts";

/** A request by its content, and the id for what it may create. */
export interface Asked {
  readonly body: unknown;
  readonly subject: string;
}

/** An answer as it is kept. */
const kept = z.object({
  status: z.int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
});

interface Claim {
  readonly keyHash: string;
  readonly fingerprint: string;
  readonly atMs: number;
}

/** Headers that belong to the answer rather than to this exchange. */
const KEPT_HEADERS = ["Content-Type", "Location"];

/**
 * Runs `work` unless this key's answer is known. `work` gets the subject of the first attempt: should a crash have
 * come in the middle of it, the next attempt goes on with the same. Without a key it just runs.
 */
export async function once(
  c: AppContext,
  asked: Asked,
  work: (subject: string) => Promise<Response>,
): Promise<Response> {
  const key = c.get("idempotencyKey");
  if (key === undefined) return work(asked.subject);
  const { name: principal } = c.get("principal");
  const claim: Claim = {
    keyHash: createHash("sha256").update(`${principal}\n${key}`).digest("base64url"),
    fingerprint: fingerprintOf(`${c.req.method} ${c.req.path}`, asked.body),
    atMs: Date.now(),
  };
  const by: Seal = { secret: c.env.PLATFORM_KEY, principal, idempotencyKey: key };
  const subject = await claimed(c.env.DB, claim, asked.subject);
  if (subject === undefined) return known(c, claim, by);
  try {
    const answer = await work(subject);
    if (answer.status < 500) await complete(c.env.DB, claim, await seal(by, await written(answer)));
    else await giveUp(c.env.DB, claim);
    return answer;
  } catch (error) {
    await giveUp(c.env.DB, claim);
    throw error;
  }
}

/** The subject to work with when the key is ours to use: new, or left behind by somebody who is gone. */
async function claimed(db: D1Database, claim: Claim, subject: string): Promise<string | undefined> {
  const { keyHash, fingerprint, atMs } = claim;
  const abandoned = and(
    isNull(idempotencyKeys.answer),
    eq(idempotencyKeys.fingerprint, fingerprint),
    lt(idempotencyKeys.claimedAtMs, atMs - LIMITS.idempotencyInFlightMs),
  );
  const [row] = await drizzle(db)
    .insert(idempotencyKeys)
    .values({ keyHash, fingerprint, subject, claimedAtMs: atMs })
    .onConflictDoUpdate({
      target: idempotencyKeys.keyHash,
      set: { claimedAtMs: atMs },
      ...(abandoned ? { setWhere: abandoned } : {}),
    })
    .returning({ subject: idempotencyKeys.subject });
  return row?.subject;
}

async function complete(db: D1Database, claim: Claim, answer: string): Promise<void> {
  await drizzle(db).update(idempotencyKeys).set({ answer }).where(isOpen(claim));
}

/** The work failed on our side: the next attempt need not wait. */
async function giveUp(db: D1Database, claim: Claim): Promise<void> {
  const claimedAtMs = claim.atMs - LIMITS.idempotencyInFlightMs - 1;
  await drizzle(db).update(idempotencyKeys).set({ claimedAtMs }).where(isOpen(claim));
}

/** Nobody has answered, and nobody has taken the claim over from whoever was too slow. */
function isOpen({ keyHash, atMs }: Claim): SQL | undefined {
  return and(
    eq(idempotencyKeys.keyHash, keyHash),
    eq(idempotencyKeys.claimedAtMs, atMs),
    isNull(idempotencyKeys.answer),
  );
}

/** What to say to a key that somebody has used. */
async function known(c: AppContext, { keyHash, fingerprint }: Claim, by: Seal): Promise<Response> {
  const row = await drizzle(c.env.DB)
    .select()
    .from(idempotencyKeys)
    .where(eq(idempotencyKeys.keyHash, keyHash))
    .get();
  if (row && row.fingerprint !== fingerprint) return refusal(c, { code: "idempotency_key_reused" });
  if (!row || row.answer === null) return inFlight(c);
  const text = await unseal(by, row.answer);
  if (text === undefined) {
    return problem(c, "conflict", { detail: "It was done, but the answer can no longer be read." });
  }
  const { status, headers, body } = kept.parse(JSON.parse(text));
  c.header("Idempotency-Replayed", "true");
  return c.body(body, status as ContentfulStatusCode, Object.fromEntries(headers));
}

export function inFlight(c: AppContext): Response {
  c.header("Retry-After", "1");
  return problem(c, "idempotency_in_flight");
}

async function written(answer: Response): Promise<string> {
  const headers = KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const { status } = answer;
  return JSON.stringify({ status, headers, body: await answer.clone().text() } satisfies z.input<
    typeof kept
  >);
}

/** Removes keys past their time, so many at once; answers how many. */
export async function sweepIdempotencyKeys(db: D1Database, nowMs: number): Promise<number> {
  const database = drizzle(db);
  const old = database
    .select({ keyHash: idempotencyKeys.keyHash })
    .from(idempotencyKeys)
    .where(lt(idempotencyKeys.claimedAtMs, nowMs - LIMITS.idempotencyKeptMs))
    .limit(LIMITS.idempotencySweepRows);
  const swept = await database
    .delete(idempotencyKeys)
    .where(inArray(idempotencyKeys.keyHash, old))
    .returning({ one: sql<number>`1` });
  return swept.length;
}

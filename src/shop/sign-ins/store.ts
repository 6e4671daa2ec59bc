/** Sign-ins: made from an API key, redeemed once, found by a browser's token, ended. Reads and writes D1. */
import { and, asc, count, eq, gt, isNotNull, isNull, or, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { KeyId, SessionId, SignInId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { getKey, hashOf, isOwners, principalOf, type KeyOwner, type Principal } from "../keys.ts";
import { done, refused, type Outcome } from "../outcome.ts";
import { newId, pageOf, present, startOf, type Page, type PageQuery } from "../rows.ts";
import { apiKeys, creators, sellers } from "../tables.ts";
import { newCode, readCode, shownCode } from "./code.ts";
import { signIns } from "./tables.ts";

/** What a sign-in is made from. */
export interface NewSignIn {
  readonly keyId: KeyId;
  readonly session?: SessionId;
  /** It ends by then at the latest. */
  readonly untilAtMs?: number | undefined;
}

/** The only answer that has the code. */
export interface CreatedSignIn {
  readonly id: SignInId;
  readonly code: string;
  /** Of the code. */
  readonly expiresAtMs: number;
  readonly session?: SessionId;
}

/** Somebody who is signed in. */
export interface SignedIn {
  readonly id: SignInId;
  readonly principal: Principal;
  readonly session?: SessionId;
  readonly expiresAtMs: number;
}

/** As it is listed. */
export interface OpenSignIn {
  readonly id: SignInId;
  readonly session?: SessionId;
  readonly createdAtMs: number;
  readonly redeemedAtMs?: number;
  readonly expiresAtMs: number;
}

type CodeFault = "sign_in_code_unknown" | "sign_in_code_used" | "sign_in_code_expired";

/** 256 bits, as an API key has. */
const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Made anew each time: a code that nobody has seen is nobody's, and runs out. */
export async function createSignIn(
  db: D1Database,
  { keyId, session, untilAtMs }: NewSignIn,
  nowMs: number,
): Promise<Outcome<CreatedSignIn, "limit_reached">> {
  if (await isFull(db, keyId, nowMs)) {
    return refused("limit_reached", `A key has at most ${LIMITS.signInsPerKey} sign-ins.`);
  }
  const code = newCode();
  const id = newId("sgn");
  const key = await getKey(db, keyId);
  const ends = [nowMs + LIMITS.signInMs, key?.expiresAtMs, untilAtMs].filter((atMs) => atMs !== undefined);
  const expiresAtMs = Math.min(...ends);
  const codeExpiresAtMs = Math.min(nowMs + LIMITS.signInCodeMs, expiresAtMs);
  await drizzle(db)
    .insert(signIns)
    .values({
      id,
      keyId,
      session: session ?? null,
      codeHash: await hashOf(code),
      codeExpiresAtMs,
      expiresAtMs,
      createdAtMs: nowMs,
    });
  const limit = session === undefined ? {} : { session };
  return done({ id, code: shownCode(code), expiresAtMs: codeExpiresAtMs, ...limit });
}

async function isFull(db: D1Database, keyId: KeyId, nowMs: number): Promise<boolean> {
  const row = await drizzle(db)
    .select({ open: count() })
    .from(signIns)
    .where(and(eq(signIns.keyId, keyId), isOpen(nowMs)))
    .get();
  return (row?.open ?? 0) >= LIMITS.signInsPerKey;
}

/** Somebody is signed in by it, or may still sign in. */
function isOpen(nowMs: number): SQL | undefined {
  return and(
    isNull(signIns.endedAtMs),
    gt(signIns.expiresAtMs, nowMs),
    or(isNotNull(signIns.redeemedAtMs), gt(signIns.codeExpiresAtMs, nowMs)),
  );
}

/** Exchanges a code for a browser's token, once: of two at the same time one comes too late. */
export async function redeemSignIn(
  db: D1Database,
  typed: string,
  nowMs: number,
): Promise<Outcome<{ readonly token: string; readonly signedIn: SignedIn }, CodeFault>> {
  const code = readCode(typed);
  if (code === undefined) return refused("sign_in_code_unknown", "A code is twelve letters and digits.");
  const codeHash = await hashOf(code);
  const token = newToken();
  const [redeemed] = await drizzle(db)
    .update(signIns)
    .set({ redeemedAtMs: nowMs, tokenHash: await hashOf(token) })
    .where(
      and(
        eq(signIns.codeHash, codeHash),
        isNull(signIns.redeemedAtMs),
        isNull(signIns.endedAtMs),
        gt(signIns.codeExpiresAtMs, nowMs),
      ),
    )
    .returning({ id: signIns.id });
  if (!redeemed) return notRedeemed(db, codeHash);
  const signedIn = await findSignIn(db, token, nowMs);
  return signedIn
    ? done({ token, signedIn })
    : refused("sign_in_code_expired", "The API key that the code is from no longer holds.");
}

async function notRedeemed(db: D1Database, codeHash: string): Promise<Outcome<never, CodeFault>> {
  const row = await drizzle(db)
    .select({ redeemedAtMs: signIns.redeemedAtMs })
    .from(signIns)
    .where(eq(signIns.codeHash, codeHash))
    .get();
  if (!row) return refused("sign_in_code_unknown", "It was never given out, or long ago.");
  return row.redeemedAtMs === null
    ? refused("sign_in_code_expired", "A code holds for ten minutes, unless it is withdrawn.")
    : refused("sign_in_code_used", "A code works once.");
}

function newToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))).toString("base64url");
}

/**
 * Who is signed in by a browser's token; undefined when it is nobody's, has expired, was signed out, or its key no longer
 * holds. One query, by the token's hash.
 */
export async function findSignIn(
  db: D1Database,
  token: string,
  nowMs: number,
): Promise<SignedIn | undefined> {
  if (!TOKEN.test(token)) return undefined;
  const row = await drizzle(db)
    .select({ signIn: signIns, key: apiKeys, seller: sellers, creator: creators })
    .from(signIns)
    .innerJoin(apiKeys, eq(apiKeys.id, signIns.keyId))
    .leftJoin(sellers, eq(sellers.id, apiKeys.sellerId))
    .leftJoin(creators, eq(creators.id, apiKeys.creatorId))
    .where(and(eq(signIns.tokenHash, await hashOf(token)), isOpen(nowMs)))
    .get();
  const principal = row && principalOf(row, nowMs);
  if (!row || !principal) return undefined;
  const { id, session, expiresAtMs } = row.signIn;
  return { id, principal, expiresAtMs, ...(session === null ? {} : { session }) };
}

/** Those that hold or can still be redeemed, in the order they were made. `bad_request` for a cursor that is none. */
export async function listSignIns(
  db: D1Database,
  owner: KeyOwner,
  query: PageQuery,
  nowMs: number,
): Promise<Outcome<Page<OpenSignIn>, "bad_request">> {
  const start = startOf("sgn", query);
  if (!start.ok) return start;
  const rows = await drizzle(db)
    .select({ row: signIns })
    .from(signIns)
    .innerJoin(apiKeys, eq(apiKeys.id, signIns.keyId))
    .where(
      and(
        isOwners(owner),
        isNull(apiKeys.revokedAtMs),
        isOpen(nowMs),
        start.value && gt(signIns.id, start.value),
      ),
    )
    .orderBy(asc(signIns.id))
    .limit(query.limit + 1);
  return done(
    pageOf(
      rows.map(({ row }) => row),
      query.limit,
      listed,
    ),
  );
}

function listed({ id, session, createdAtMs, redeemedAtMs, ...row }: typeof signIns.$inferSelect): OpenSignIn {
  const expiresAtMs = redeemedAtMs === null ? row.codeExpiresAtMs : row.expiresAtMs;
  return present({ id, session, createdAtMs, redeemedAtMs, expiresAtMs });
}

/** It lets nobody in any more, nor does its code. Ending it again changes nothing. `not_found` for other people's. */
export async function endSignIn(
  db: D1Database,
  id: SignInId,
  owner: KeyOwner,
  nowMs: number,
): Promise<Outcome<{ readonly id: SignInId }, "not_found">> {
  const row = await drizzle(db)
    .select({ id: signIns.id })
    .from(signIns)
    .innerJoin(apiKeys, eq(apiKeys.id, signIns.keyId))
    .where(and(eq(signIns.id, id), isOwners(owner)))
    .get();
  if (!row) return refused("not_found", `There is no sign-in ${id}.`);
  await drizzle(db)
    .update(signIns)
    .set({ endedAtMs: nowMs })
    .where(and(eq(signIns.id, id), isNull(signIns.endedAtMs)));
  return done(row);
}

const SWEEP = `
DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms LIMIT ?2)`;

/** Removes sign-ins past their time, so many at once; answers how many. */
export async function sweepSignIns(db: D1Database, nowMs: number): Promise<number> {
  const { meta } = await db.prepare(SWEEP).bind(nowMs, LIMITS.signInSweepRows).run();
  return meta.changes;
}

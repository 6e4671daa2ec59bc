/**
 * Who sent a request: the platform's key, an API key (looked up by its hash in D1), a viewer token, or nobody; and who is
 * signed in, for routes that need somebody. Credentials that are there but do not hold are refused even where none are
 * needed; a sign-in that does not hold is as none.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { LIMITS } from "../domain/limits.ts";
import { findKey, type Principal as KeyHolder } from "../shop/keys.ts";
import { findSignIn } from "../shop/sign-ins/store.ts";
import type { KeyRing } from "../token/keys.ts";
import { verifyViewerToken, type VerifiedViewer } from "../token/viewer-token.ts";
import { keysOf, type AppContext, type Middleware } from "./context.ts";
import { isOwnPages, signInCookie } from "./sign-in-cookie.ts";
import { problem } from "./problem.ts";
import type { Principal, PrincipalOf } from "./principal.ts";

/** What credentials are checked against. */
export interface Authority {
  readonly PLATFORM_KEY: string;
  readonly DB: D1Database;
  readonly ring: KeyRing;
}

export type Authenticated =
  | { readonly ok: true; readonly principal: Principal }
  /** `reason` is for the developer at the other end; a token's fault code where it is one. */
  | { readonly ok: false; readonly reason: string };

/** RFC 6750 §2.1; the scheme's name is case-insensitive. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;
const API_KEY = /^[sc]k_/;
const JWT = /^[^.]+\.[^.]+\.[^.]+$/;

/** Sets `principal` for what follows. */
export const authenticate: Middleware = async (c, next) => {
  const header = c.req.header("Authorization");
  if (header === undefined) {
    c.set("principal", { kind: "anonymous", name: "anonymous" });
  } else {
    const { PLATFORM_KEY, DB } = c.env;
    const found = await authenticated(header, { PLATFORM_KEY, DB, ring: await keysOf(c) }, Date.now());
    if (!found.ok) return problem(c, "unauthenticated", { reason: found.reason });
    c.set("principal", found.principal);
  }
  await next();
  return undefined;
};

/** The principal behind an `Authorization` header's value. */
export async function authenticated(header: string, by: Authority, nowMs: number): Promise<Authenticated> {
  const credential = BEARER.exec(header)?.[1];
  if (credential === undefined) return { ok: false, reason: "not_bearer" };
  const known = verified.get(credential);
  if (known && nowMs < known.expiresAtMs) return viewer(known);
  if (sameSecret(credential, by.PLATFORM_KEY)) {
    return { ok: true, principal: { kind: "platform", name: "platform" } };
  }
  if (API_KEY.test(credential)) return byApiKey(credential, by.DB, nowMs);
  if (!JWT.test(credential)) return { ok: false, reason: "key_unknown" };
  const found = await verifyViewerToken(by.ring, credential, nowMs);
  if (!found.ok) return { ok: false, reason: found.fault };
  remember(credential, found.claims);
  return viewer(found.claims);
}

/**
 * Viewer tokens that were verified here, by the whole token: a viewer looks at a price and taps within seconds, and the
 * signature is most of what that costs.
 */
const verified = new Map<string, VerifiedViewer>();

function remember(token: string, claims: VerifiedViewer): void {
  const [oldest] = verified.keys();
  if (oldest !== undefined && verified.size >= LIMITS.viewersRemembered) verified.delete(oldest);
  verified.set(token, claims);
}

function viewer(claims: VerifiedViewer): Authenticated {
  return { ok: true, principal: { kind: "viewer", name: claims.viewer, claims } };
}

async function byApiKey(secret: string, db: D1Database, nowMs: number): Promise<Authenticated> {
  const found = await findKey(db, secret, nowMs);
  if (!found) return { ok: false, reason: "key_unknown" };
  return { ok: true, principal: partyOf(found) };
}

type Party = PrincipalOf<"seller" | "creator">;

function partyOf(holder: KeyHolder): Party {
  const { keyId } = holder;
  return holder.kind === "seller"
    ? { kind: "seller", name: holder.seller.id, keyId }
    : { kind: "creator", name: holder.creator.id, keyId };
}

/**
 * The principal behind the browser's cookie, where a page of ours asks: a foreign one must not act with it. Undefined
 * without a cookie.
 */
export async function signedIn(c: AppContext, nowMs: number): Promise<Authenticated | undefined> {
  const token = signInCookie(c);
  if (token === undefined) return undefined;
  if (!isOwnPages(c)) return { ok: false, reason: "cross_site" };
  const found = await findSignIn(c.env.DB, token, nowMs);
  if (!found) return { ok: false, reason: "sign_in_over" };
  const { principal, ...signIn } = found;
  return { ok: true, principal: { ...partyOf(principal), signIn } };
}

/** In a time that does not depend on where they differ, nor on how long they are. */
function sameSecret(given: string, wanted: string): boolean {
  if (wanted !== platform.key) platform = { key: wanted, digest: digest(wanted) };
  return wanted.length > 0 && timingSafeEqual(digest(given), platform.digest);
}

/** The platform's key with its digest: it is compared with every other credential. */
let platform = { key: "", digest: digest("") };

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The cookie of a sign-in: set, read, cleared, and whether it may count for a request. Touches headers alone. */
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SIGN_IN_COOKIE } from "../wire/sign-ins.ts";
import type { AppContext } from "./context.ts";

/** The browser's token as it was sent, from nobody checked yet. */
export function signInCookie(c: AppContext): string | undefined {
  return getCookie(c, nameOf(c));
}

/** Not for scripts, not for other sites' requests, and gone when the sign-in is over. */
export function setSignInCookie(c: AppContext, token: string, maxAgeMs: number): void {
  setCookie(c, nameOf(c), token, { ...attributesOf(c), maxAge: Math.floor(maxAgeMs / 1000) });
}

export function clearSignInCookie(c: AppContext): void {
  deleteCookie(c, nameOf(c), attributesOf(c));
}

function nameOf(c: AppContext): string {
  return isSecure(c) ? SIGN_IN_COOKIE.https : SIGN_IN_COOKIE.http;
}

function attributesOf(c: AppContext) {
  return { path: "/", httpOnly: true, sameSite: "Strict", secure: isSecure(c) } as const;
}

/** Only a developer's own machine is served without TLS. */
function isSecure(c: AppContext): boolean {
  return new URL(c.req.url).protocol === "https:";
}

/**
 * Whether the browser says that one of our own pages asks: `SameSite` alone would let through what comes from other hosts
 * and ports of the same site. Where it does not say, as over plain http, an origin that is named must be ours, and what
 * changes something must name it.
 * @see https://web.dev/articles/fetch-metadata
 */
export function isOwnPages(c: AppContext): boolean {
  const isRead = c.req.raw.method === "GET" || c.req.raw.method === "HEAD";
  const site = c.req.header("Sec-Fetch-Site");
  if (site !== undefined) return site === "same-origin" || (isRead && site === "none");
  const origin = c.req.header("Origin");
  return origin === undefined ? isRead : origin === new URL(c.req.url).origin;
}

/** Whether a page of somebody else's asks; programs that are no browsers say nothing of it. */
export function isForeignPages(c: AppContext): boolean {
  const isSilent = c.req.header("Sec-Fetch-Site") === undefined && c.req.header("Origin") === undefined;
  return !isSilent && !isOwnPages(c);
}

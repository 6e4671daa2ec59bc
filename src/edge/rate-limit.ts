/**
 * Rate limits: fixed windows counted in this isolate's memory. They keep one client from crowding out others; what may
 * be sold to whom is counted exactly, elsewhere. Holds numbers only, a bounded lot of them.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
import { serializeList } from "structured-headers";
import { LIMITS } from "../domain/limits.ts";
import type { AppContext } from "./context.ts";
import { limitOf } from "./principal.ts";
import { problem } from "./problem.ts";

/** `keyOf` names whom a request counts for; undefined: for nobody. */
export interface RateLimit {
  readonly name: string;
  readonly quota: number;
  keyOf(c: AppContext): string | undefined;
}

/** Taps: what a viewer sends to buy. */
export const TAPS: RateLimit = { name: "taps", quota: LIMITS.tapsPerWindow, keyOf: viewerOf };
export const TOKENS: RateLimit = { name: "tokens", quota: LIMITS.tokensPerWindow, keyOf: viewerOf };
/** What a viewer has: asked for after a tap that nobody answered, by each card of a page. */
export const PURCHASES: RateLimit = {
  name: "purchases",
  quota: LIMITS.purchaseReadsPerWindow,
  keyOf: viewerOf,
};
/** New viewers, by address: the platform's servers are exempt. */
export const VIEWERS: RateLimit = { name: "viewers", quota: LIMITS.viewersPerWindow, keyOf: addressOf };

/** What only the session itself can answer; and what costs a signature, a calculation or a call to the provider. */
export const READS: RateLimit = { name: "reads", quota: LIMITS.readsPerWindow, keyOf: clientOf };
/** Replays of a session's journal, whoever asks. */
export const CHECKS: RateLimit = {
  name: "checks",
  quota: LIMITS.checksPerWindow,
  keyOf: (c) => c.req.param("session"),
};

/** Lists of money that look through more than they show. */
export const SEARCHES: RateLimit = {
  name: "searches",
  quota: LIMITS.searchesPerWindow,
  keyOf: clientOf,
};
export const TRACES: RateLimit = { name: "traces", quota: LIMITS.tracesPerWindow, keyOf: clientOf };
export const STATEMENTS: RateLimit = {
  name: "statements",
  quota: LIMITS.statementsPerWindow,
  keyOf: clientOf,
};
export const REPORTS: RateLimit = { name: "reports", quota: LIMITS.reportsPerWindow, keyOf: clientOf };
export const PAYOUTS: RateLimit = { name: "payouts", quota: LIMITS.payoutsPerWindow, keyOf: clientOf };
export const SIGN_INS: RateLimit = { name: "sign-ins", quota: LIMITS.signInsPerWindow, keyOf: clientOf };
/** Codes that somebody tries, by address. */
export const REDEMPTIONS: RateLimit = {
  name: "redemptions",
  quota: LIMITS.redemptionsPerWindow,
  keyOf: addressOf,
};
/** Checks of the whole ledger, whoever asks. */
export const BOOKS: RateLimit = { name: "books", quota: LIMITS.booksChecksPerWindow, keyOf: () => "all" };

/** Sockets: of one viewer; of those who only watch, by address. An upgrade comes before anybody is known. */
export function socketsOf(viewer: string | undefined): RateLimit {
  return viewer === undefined
    ? { name: "watchers", quota: LIMITS.viewersPerWindow, keyOf: distantAddressOf }
    : { name: "sockets", quota: LIMITS.socketsPerWindow, keyOf: () => viewer };
}

interface Window {
  startsAtMs: number;
  readonly counts: Map<string, number>;
}

const windows = new Map<string, Window>();

/** How a request stands to its limit. */
export interface Counted {
  readonly limit: RateLimit;
  readonly used: number;
  /** Until the window is over. */
  readonly resetS: number;
}

/** Counts the request; undefined for one that nobody counts. */
export function counted(c: AppContext, limit: RateLimit, nowMs: number): Counted | undefined {
  const key = limit.keyOf(c);
  if (key === undefined) return undefined;
  const window = windowOf(limit.name, nowMs);
  const used = (window.counts.get(key) ?? 0) + 1;
  if (used === 1 && window.counts.size >= LIMITS.rateKeys) forgetOldest(window.counts);
  window.counts.set(key, used);
  return { limit, used, resetS: resetOf(window, nowMs) };
}

function resetOf({ startsAtMs }: Window, nowMs: number): number {
  return Math.ceil((startsAtMs + LIMITS.rateWindowMs - nowMs) / 1000);
}

/** The answer to a request of whoever has had too many already; it is not counted itself. */
export function exhausted(c: AppContext, limit: RateLimit, nowMs: number): Response | undefined {
  const key = limit.keyOf(c);
  const window = windowOf(limit.name, nowMs);
  const used = key === undefined ? 0 : (window.counts.get(key) ?? 0);
  if (used < limit.quota) return undefined;
  return told(c, { limit, used: used + 1, resetS: resetOf(window, nowMs) });
}

/** Counts the request and says so in its headers; the answer to give when it is one too many. */
export function limited(c: AppContext, limit: RateLimit, nowMs: number): Response | undefined {
  const count = counted(c, limit, nowMs);
  return count && told(c, count);
}

/** Says in headers how a counted request stands to its limit; the answer to give when it is one too many. */
export function told(c: AppContext, { limit, used, resetS }: Counted): Response | undefined {
  const policy = new Map([
    ["q", limit.quota],
    ["w", LIMITS.rateWindowMs / 1000],
  ]);
  const state = new Map([
    ["r", Math.max(0, limit.quota - used)],
    ["t", resetS],
  ]);
  c.header("RateLimit-Policy", serializeList([[limit.name, policy]]));
  c.header("RateLimit", serializeList([[limit.name, state]]));
  if (used <= limit.quota) return undefined;
  c.header("Retry-After", String(resetS));
  return problem(c, "rate_limited", { retryAfterMs: resetS * 1000 });
}

function windowOf(name: string, nowMs: number): Window {
  const startsAtMs = nowMs - (nowMs % LIMITS.rateWindowMs);
  let window = windows.get(name);
  if (window?.startsAtMs !== startsAtMs) {
    window = { startsAtMs, counts: new Map() };
    windows.set(name, window);
  }
  return window;
}

function forgetOldest(counts: Map<string, number>): void {
  const [oldest] = counts.keys();
  if (oldest !== undefined) counts.delete(oldest);
}

function viewerOf(c: AppContext): string | undefined {
  const principal = c.get("principal");
  return principal.kind === "viewer" ? principal.name : undefined;
}

/**
 * Viewers and hosts by name; the platform's own servers are exempt. A sign-in for one session is counted by itself: a
 * moderator must not use up what the host has for all sessions.
 */
function clientOf(c: AppContext): string | undefined {
  const principal = c.get("principal");
  if (principal.kind === "platform") return undefined;
  const isModerator = limitOf(principal) !== undefined;
  return isModerator && "signIn" in principal ? principal.signIn?.id : principal.name;
}

function addressOf(c: AppContext): string | undefined {
  return c.get("principal").kind === "platform" ? undefined : distantAddressOf(c);
}

/** Cloudflare sets the header, whatever a client sends. A loopback address is a developer's own machine. */
function distantAddressOf(c: AppContext): string | undefined {
  const address = c.req.header("CF-Connecting-IP");
  return address === undefined || LOOPBACK.test(address) ? undefined : networkOf(address);
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const IPV6_GROUPS = 8;
/** Of 16 bits each: a /64 is the least that one client has (RFC 6177), with an address for every request. */
const NETWORK_GROUPS = 4;

/** An IPv4 address itself; of an IPv6 address its network. */
function networkOf(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [before = [], after = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const left = Array.from({ length: IPV6_GROUPS - before.length - after.length }, () => "0");
  return [...before, ...left, ...after].slice(0, NETWORK_GROUPS).join(":");
}

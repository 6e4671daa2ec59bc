/** What every answer but a socket's carries: request id, timing, CORS, security headers. Touches answers' headers. */
import { Hono } from "hono";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { timing } from "hono/timing";
import { LIMITS } from "../domain/limits.ts";
import type { Middleware } from "./context.ts";
import { newRequestId } from "./ids.ts";

const REQUEST_ID = "X-Request-Id";
const SANE_ID = new RegExp(`^[\\w=-]{1,${LIMITS.requestIdChars}}$`);

/** A client's own id when it is sane, otherwise a new one; `common` echoes it either way. */
export const requestIds = requestId({
  headerName: "",
  generator: (c) => {
    const own = c.req.header(REQUEST_ID);
    return own !== undefined && SANE_ID.test(own) ? own : newRequestId();
  },
});

/** Cards on other origins may read it too. */
export const timings = timing({ crossOrigin: true });

/**
 * Any site may call: what a caller may do is in the bearer token that it sends itself. Without credentials in CORS's
 * sense no cookie goes along, so there is nothing for a foreign page to ride on.
 */
export const crossOrigin = cors({
  origin: "*",
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-Id",
  ],
  exposeHeaders: [
    "Allow",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Timing",
    "WWW-Authenticate",
    "X-Request-Id",
  ],
  maxAge: 86_400,
});

/** What a browser asks before it sends a request with credentials or a body. */
export const preflights: Middleware = (c, next) =>
  c.req.method === "OPTIONS" ? crossOrigin(c, next) : next();

/**
 * Answers are data: nothing in them is to be run, framed or guessed at. Pages say themselves what they need. What only
 * browsers of the past ask for is left out.
 */
const secure = secureHeaders({
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  crossOriginResourcePolicy: "cross-origin",
  // `frame-ancestors` says it.
  xFrameOptions: false,
});

/** What the two say of any answer: it does not depend on the request, so they are asked once. */
const sample = await new Hono()
  .use(crossOrigin, secure)
  .all((c) => c.body(null))
  .request("/");

/** Unless a route says otherwise nobody keeps an answer: most are for one caller. */
const COMMON: readonly (readonly [name: string, value: string])[] = [
  ...sample.headers,
  ["Cache-Control", "no-store"],
];

/**
 * Sets them on the answer as it is. Setting one by `c.header`, or before there is an answer, makes a new answer of it each
 * time, and that is most of what a small answer costs.
 */
export const common: Middleware = async (c, next) => {
  await next();
  const { headers } = c.res;
  headers.set(REQUEST_ID, c.get("requestId"));
  for (const [name, value] of COMMON) if (!headers.has(name)) headers.set(name, value);
};

/** What every answer but a socket's carries: request id, timing, CORS, security headers. Touches answers' headers. */
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { timing } from "hono/timing";
import { LIMITS } from "../domain/limits.ts";
import type { Middleware } from "./context.ts";
import { newId } from "./ids.ts";

/** A client's own id when it is sane, otherwise a new one; echoed either way. */
export const requestIds = requestId({ generator: () => newId("req"), limitLength: LIMITS.requestIdChars });

/** Cards on other origins may read it too. */
export const timings = timing({ crossOrigin: true });

/**
 * Any site may call: what a caller may do is in the bearer token that it sends itself. Without credentials in CORS's
 * sense no cookie goes along, so there is nothing for a foreign page to ride on.
 */
export const crossOrigin = cors({
  origin: "*",
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-Request-Id"],
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

/** Answers are data: nothing in them is to be run, framed or guessed at. Pages say themselves what they need. */
export const secure = secureHeaders({
  overwrite: false,
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  crossOriginResourcePolicy: "cross-origin",
  xFrameOptions: "DENY",
});

/** Unless a route says otherwise nobody keeps an answer: most are for one caller. */
export const uncached: Middleware = async (c, next) => {
  await next();
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
};

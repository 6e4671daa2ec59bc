/**
 * The socket and the event stream: checks who comes, hands the request to the viewer's relay. What is said on them is in
 * /asyncapi.json.
 */
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import type { SessionId } from "../../domain/ids.ts";
import type { Audience } from "../../live/client.ts";
import type { Hydrated } from "../../live/session.ts";
import { sessionId } from "../../wire/primitives.ts";
import { BEARER_SUBPROTOCOL, MONITOR } from "../../wire/live.ts";
import { authenticated } from "../auth.ts";
import {
  keysOf,
  liveOf,
  type AppContext,
  type AppEnv,
  type Middleware,
  type UpgradeRefused,
} from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession } from "../input.ts";
import { isOver, pictureOf } from "../picture-cache.ts";
import type { Principal } from "../principal.ts";
import { problem } from "../problem.ts";
import { counted, limited, socketsOf, told } from "../rate-limit.ts";
import { audienceOf } from "../taps.ts";

export const live = new Hono<AppEnv>();

export const LIVE_PATH = "/v1/sessions/:session/live";

/**
 * Makes the upgrade. It stands before every other middleware, since a 101's headers cannot be changed; what it refuses
 * is left for the route below to answer, with all that other answers have.
 */
export const upgrade: Middleware = async (c, next) => {
  if (c.req.header("Upgrade")?.toLowerCase() === "websocket") {
    const reached = await connected(c);
    if (reached instanceof Response) return reached;
    c.set("upgradeRefused", reached);
  }
  await next();
  return undefined;
};

async function connected(c: AppContext): Promise<Response | UpgradeRefused> {
  const session = sessionId.safeParse(c.req.param("session"));
  if (!session.success) return { code: "session_not_found" };
  const { credential, protocols } = offered(c);
  const { PLATFORM_KEY, DB } = c.env;
  const caller =
    credential === undefined
      ? undefined
      : await authenticated(credential, { PLATFORM_KEY, DB, ring: await keysOf(c) }, Date.now());
  if (caller && !caller.ok) return { code: "unauthenticated", reason: caller.reason };
  const viewer = caller?.principal.kind === "viewer" ? caller.principal.claims : undefined;
  const count = counted(c, socketsOf(viewer?.viewer), Date.now());
  if (count && count.used > count.limit.quota) return { code: "rate_limited", count };
  const hydrated = await pictureOf(c, session.data);
  if (!hydrated) return { code: "session_not_found" };
  const headers = withoutCredential(c);
  if (protocols.length > 0) headers.set("Sec-WebSocket-Protocol", protocols.join(", "));
  else headers.delete("Sec-WebSocket-Protocol");
  const request = new Request(c.req.raw, { headers });
  return liveOf(c).connect(session.data, watching(c, caller?.principal, hydrated), request);
}

/** The relay is told who it is; the credential need not go further. */
function withoutCredential(c: AppContext): Headers {
  const headers = new Headers(c.req.raw.headers);
  headers.delete("Authorization");
  return headers;
}

/**
 * A key holder's programs are no viewers, nor is a screen of the show that says so itself: the overlay is public, and who
 * says it without being one hides nobody but themselves.
 */
function watching(c: AppContext, principal: Principal | undefined, hydrated: Hydrated): Audience {
  const kind = principal?.kind ?? "anonymous";
  const isMonitor = (kind !== "anonymous" && kind !== "viewer") || c.req.query("as") === MONITOR;
  const viewer = principal?.kind === "viewer" ? principal.claims : undefined;
  return { ...audienceOf(c, viewer?.viewer, hydrated), expiresAtMs: viewer?.expiresAtMs, isMonitor };
}

/** A token among the subprotocols, since browsers cannot set headers on a socket; otherwise the header's. */
function offered(c: AppContext): { credential: string | undefined; protocols: string[] } {
  const all = (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((name) => name.trim());
  const bearer = all.find((name) => name.startsWith(BEARER_SUBPROTOCOL));
  const credential =
    bearer === undefined
      ? c.req.header("Authorization")
      : `Bearer ${bearer.slice(BEARER_SUBPROTOCOL.length)}`;
  const protocols = all.filter((name) => name !== "" && !name.startsWith(BEARER_SUBPROTOCOL));
  return { credential, protocols };
}

const STREAM = "text/event-stream";

live.get(
  LIVE_PATH,
  endpoint({
    id: "connect",
    tag: "sessions",
    summary: "The session's socket, or event stream",
    description:
      "A WebSocket with the subprotocol `dropcast.v1`, described in /asyncapi.json. A viewer who taps offers " +
      "`dropcast.bearer.{viewer token}` beside it, or sends an `Authorization` header; without either one watches. " +
      "`?after={cursor}` resumes. Who connects with an API key, or with `?as=monitor` as an overlay does, is shown all that " +
      "viewers are and counted as none.\n\nWhere there can be no socket, `Accept: text/event-stream` gets the same messages " +
      "one way: each event is named as its message's `type`, and its id is the cursor, so that a browser resumes by " +
      "itself. 204 once the session is over: a browser then stops asking.",
    who: "anybody",
    better: ["viewer"],
    answers: {
      101: { description: "The socket is open" },
      200: {
        description: "The stream is open",
        schema: z.string(),
        type: STREAM,
        headers: ["RateLimit", "RateLimit-Policy"],
      },
      204: { description: "The session is over, and nobody is named who could be told more" },
    },
    problems: ["upgrade_required", "session_not_found", "rate_limited"],
  }),
  ofSession,
  (c) => {
    const refused = c.get("upgradeRefused");
    if (refused?.code === "rate_limited") return told(c, refused.count) ?? problem(c, refused.code);
    if (refused) {
      const { code, ...facts } = refused;
      return problem(c, code, facts);
    }
    const isStream = accepts(c, { header: "Accept", supports: [STREAM], default: "" }) === STREAM;
    if (isStream && c.req.raw.method === "GET") return streamed(c, c.req.valid("param").session);
    c.header("Upgrade", "websocket");
    return problem(c, "upgrade_required");
  },
);

async function streamed(c: AppContext, session: SessionId): Promise<Response> {
  const principal = c.get("principal");
  const viewer = principal.kind === "viewer" ? principal.claims : undefined;
  const tooMany = limited(c, socketsOf(viewer?.viewer), Date.now());
  if (tooMany) return tooMany;
  const hydrated = await pictureOf(c, session);
  if (!hydrated) return problem(c, "session_not_found");
  // HTML, server-sent events: 204 is the word for "do not connect again". A viewer may still wait for a payment's outcome.
  if (isOver(hydrated) && !viewer) return c.body(null, 204);
  const request = new Request(c.req.raw, { headers: withoutCredential(c) });
  const answer = await liveOf(c).stream(session, watching(c, principal, hydrated), request);
  if (answer.status === 404) return problem(c, "session_not_found");
  if (answer.status !== 200 || !answer.body) {
    c.header("Retry-After", answer.headers.get("Retry-After") ?? "1");
    return problem(c, answer.status === 429 ? "rate_limited" : "overloaded");
  }
  // Proxies of nginx's kind would hold the stream back until a buffer is full.
  return c.body(answer.body, 200, { "Content-Type": STREAM, "X-Accel-Buffering": "no" });
}

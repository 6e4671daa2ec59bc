/** The socket: checks who comes, hands the upgrade to the viewer's relay. What is said on it is in /asyncapi.json. */
import { Hono } from "hono";
import { sessionId } from "../../wire/primitives.ts";
import { BEARER_SUBPROTOCOL } from "../../wire/live.ts";
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
import { pictureOf } from "../picture-cache.ts";
import { problem } from "../problem.ts";
import { counted, socketsOf, told } from "../rate-limit.ts";
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
  const viewer = caller?.principal.kind === "viewer" ? caller.principal.name : undefined;
  const count = counted(c, socketsOf(viewer), Date.now());
  if (count && count.used > count.limit.quota) return { code: "rate_limited", count };
  const hydrated = await pictureOf(c, session.data);
  if (!hydrated) return { code: "session_not_found" };
  const headers = new Headers(c.req.raw.headers);
  // The relay is told who it is; the credential need not go further.
  headers.delete("Authorization");
  if (protocols.length > 0) headers.set("Sec-WebSocket-Protocol", protocols.join(", "));
  else headers.delete("Sec-WebSocket-Protocol");
  const request = new Request(c.req.raw, { headers });
  return liveOf(c).connect(session.data, audienceOf(c, viewer, hydrated), request);
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

live.get(
  LIVE_PATH,
  endpoint({
    id: "connect",
    tag: "sessions",
    summary: "The session's socket",
    description:
      "A WebSocket with the subprotocol `dropcast.v1`, described in /asyncapi.json. A viewer who taps offers " +
      "`dropcast.bearer.{viewer token}` beside it, or sends an `Authorization` header; without either one watches. " +
      "`?after={cursor}` resumes.",
    who: "anybody",
    better: ["viewer"],
    answers: { 101: { description: "The socket is open" } },
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
    c.header("Upgrade", "websocket");
    return problem(c, "upgrade_required");
  },
);

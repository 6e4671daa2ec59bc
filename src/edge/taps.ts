/** Viewers' taps over HTTP: sent by the viewer's relay, answered like everything else. Touches sessions and relays. */
import { wrapTime } from "hono/timing";
import type { Executed } from "../domain/block.ts";
import type { SessionId } from "../domain/ids.ts";
import type { Envelope } from "../domain/commands.ts";
import type { Refused } from "../domain/reply.ts";
import type { Audience, TurnedAway } from "../live/client.ts";
import type { Hydrated } from "../live/session.ts";
import { askedIn, knownFrom, soldOutRefusal } from "../live/sold-out.ts";
import type { Tapped, Tapper } from "../live/taps.ts";
import type { ProblemCode } from "../wire/problem.ts";
import { liveOf, type AppContext } from "./context.ts";
import { isBeforeTaps, noteTap, pictureOf } from "./picture-cache.ts";
import type { PrincipalOf } from "./principal.ts";
import { problem } from "./problem.ts";

/** What a tap with offer tokens may be refused for. */
export const TAP_PROBLEMS = [
  "session_not_found",
  "session_not_live",
  "offer_not_found",
  "offer_not_open",
  "out_of_stock",
  "quantity_exceeded",
  "credit_exceeded",
  "limit_reached",
  "price_version_void",
  "token_malformed",
  "token_key_unknown",
  "token_signature_invalid",
  "token_session_mismatch",
  "token_viewer_mismatch",
  "token_expired",
  "token_used",
] as const satisfies readonly ProblemCode[];

/** The session of a route, or the answer that there is none. */
export async function sessionFor(c: AppContext, session: SessionId): Promise<Hydrated | Response> {
  const hydrated = await pictureOf(c, session);
  return hydrated ?? problem(c, "session_not_found");
}

/** The viewer of a route that lets only viewers in. */
export function viewerOf(c: AppContext): PrincipalOf<"viewer"> {
  const principal = c.get("principal");
  if (principal.kind !== "viewer") throw new Error("the route lets others in than viewers");
  return principal;
}

/** Who taps; without an `Idempotency-Key` the tap is one of a kind. */
export function tapperOf(c: AppContext, session: SessionId): Tapper {
  return { session, viewer: viewerOf(c).name, commandId: c.get("idempotencyKey") ?? crypto.randomUUID() };
}

export function audienceOf(
  c: AppContext,
  viewer: Audience["viewer"],
  { pricing, placement }: Hydrated,
): Audience {
  const continent = c.req.raw.cf?.continent;
  return {
    viewer,
    region: typeof continent === "string" ? continent : "XX",
    expectedViewers: pricing.expectedViewers,
    placement,
  };
}

/** The session's answer to a tap, or why there is none. */
export async function tapped(c: AppContext, session: SessionId, tap: Tapped): Promise<Executed | Response> {
  if (!tap.ok) return problem(c, tap.fault);
  const hydrated = await sessionFor(c, session);
  if (hydrated instanceof Response) return hydrated;
  const refused = soldOutIn(hydrated, tap.envelope, Date.now());
  if (refused && !isBeforeTaps(session)) return { reply: refused, replayed: false };
  const audience = audienceOf(c, viewerOf(c).name, hydrated);
  const outcome = await wrapTime(c, "session", liveOf(c).tap(session, audience, tap.envelope));
  if ("overloaded" in outcome) return turnedAway(c, outcome);
  if (outcome.reply.ok && !outcome.replayed) noteTap(session);
  return outcome;
}

/** What needs neither relay nor session: the picture says that it is sold out, and that this tap has not bought. */
function soldOutIn({ picture, scarcity }: Hydrated, tap: Envelope, nowMs: number): Refused | undefined {
  const asked = askedIn(tap)?.asked;
  return asked && scarcity && soldOutRefusal(asked, scarcity, knownFrom(picture), nowMs);
}

function turnedAway(c: AppContext, { because, retryAfterMs }: TurnedAway): Response {
  c.header("Retry-After", String(Math.ceil(retryAfterMs / 1000)));
  return problem(c, because === "viewer" ? "rate_limited" : "overloaded", { retryAfterMs });
}

/** A session as everybody may see it: the request that a million followers send at once. Touches the picture cache. */
import { Hono } from "hono";
import type { Hydrated } from "../../live/session.ts";
import { toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/sessions.ts";
import type { AppEnv, Asker, Middleware } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newRequestId } from "../ids.ts";
import { ofSession } from "../input.ts";
import { pictureAfterTaps, pictureAtHand } from "../picture-cache.ts";
import { problem } from "../problem.ts";
import { matches, show, shownAs, type Shown } from "../shown.ts";

export const hydrate = new Hono<AppEnv>();

export const HYDRATE_PATH = "/v1/sessions/:session";

/** What was answered from one picture: the same to everybody, but for the request's own id and time. */
interface Given extends Shown {
  /** Writing a text out anew would be a tenth of such an answer's cost, and more of a large one's. */
  readonly bytes: Uint8Array;
  /** Headers of a whole answer, and of a 304, once one was given the long way. */
  whole?: Headers;
  unchanged?: Headers;
}

/** By picture, so that they go when it goes. */
const given = new WeakMap<Hydrated, Given>();

hydrate.get(
  HYDRATE_PATH,
  endpoint({
    id: "getSession",
    tag: "sessions",
    summary: "A session as everybody may see it",
    description:
      "Less than a second old. Follow it from its `cursor` on over `…/live?after={cursor}`; where there are neither " +
      "sockets nor event streams, ask again with `If-None-Match` after as many seconds as `Retry-After` says. Without " +
      "that header nothing more will happen.",
    who: "anybody",
    answers: {
      200: {
        description: "The session with its offers",
        schema: wire.picture,
        headers: ["ETag", "Retry-After"],
      },
      304: { description: "It is as it was", headers: ["ETag", "Retry-After"] },
    },
    problems: ["session_not_found"],
  }),
  ofSession,
  async (c) => {
    const hydrated = await pictureAfterTaps(c, c.req.valid("param").session);
    if (!hydrated) return problem(c, "session_not_found");
    c.set("hydrated", hydrated);
    return show(c, hydrated, givenOf(hydrated));
  },
);

function givenOf(hydrated: Hydrated): Given {
  const known = given.get(hydrated);
  if (known) return known;
  const shown = shownAs(JSON.stringify(toWire(hydrated.picture)));
  const made: Given = { ...shown, bytes: new TextEncoder().encode(shown.text) };
  given.set(hydrated, made);
  return made;
}

/**
 * The app, with what it has answered from a picture given again before router and middleware, which would cost as much as
 * all the rest. It has the very headers that the long way gave it then. Whoever sends credentials or an id of their own
 * goes the long way.
 */
export function givingAgain(app: Hono<AppEnv>): Hono<AppEnv> {
  const { fetch } = app;
  app.fetch = (request, env, executionCtx) =>
    (executionCtx && again(request, { env: env as Env, executionCtx })) ?? fetch(request, env, executionCtx);
  return app;
}

function again(request: Request, asker: Asker): Response | undefined {
  if (request.method !== "GET") return undefined;
  const session = sessionIn(request.url);
  const hydrated = session === undefined ? undefined : pictureAtHand(asker, session);
  const of = hydrated && given.get(hydrated);
  if (!of) return undefined;
  const { headers } = request;
  if (headers.has("Authorization") || headers.has("X-Request-Id")) return undefined;
  const tags = headers.get("If-None-Match");
  const isUnchanged = tags !== null && matches(tags, of.tag);
  const finished = isUnchanged ? of.unchanged : of.whole;
  if (!finished) return undefined;
  const response = isUnchanged
    ? new Response(null, { status: 304, headers: finished })
    : new Response(of.bytes, { headers: finished });
  response.headers.set("X-Request-Id", newRequestId());
  return response;
}

const BEFORE_ID = HYDRATE_PATH.slice(0, HYDRATE_PATH.indexOf(":"));
const AFTER_SCHEME = "https://".length;

/** What stands in a URL in the session's place: some text, without a look at what it is. */
function sessionIn(url: string): string | undefined {
  const pathAt = url.indexOf("/", AFTER_SCHEME);
  if (!url.startsWith(BEFORE_ID, pathAt)) return undefined;
  const queryAt = url.indexOf("?", pathAt);
  return url.slice(pathAt + BEFORE_ID.length, queryAt === -1 ? undefined : queryAt);
}

/** Stands before every other middleware, to keep the headers of a finished answer. */
export const keepingHeaders: Middleware = async (c, next) => {
  await next();
  const hydrated = c.get("hydrated");
  const of = hydrated && given.get(hydrated);
  if (of && c.res.status === 200) of.whole ??= kept(c.res.headers);
  if (of && c.res.status === 304) of.unchanged ??= kept(c.res.headers);
};

/** What an answer from memory says of its time: a Worker's clock stands still while it computes. */
function kept(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.set("Server-Timing", 'total;dur=0.0;desc="Total Response Time"');
  return copy;
}

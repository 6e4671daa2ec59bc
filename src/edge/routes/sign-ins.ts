/**
 * Sign-ins without a password: a code from an API key, exchanged once for a cookie. Reads and writes D1 through the shop;
 * sets and clears the cookie.
 */
import { Hono } from "hono";
import type { KeyOwner } from "../../shop/keys.ts";
import {
  createSignIn,
  endSignIn,
  listSignIns,
  redeemSignIn,
  type SignedIn,
} from "../../shop/sign-ins/store.ts";
import { getCreator } from "../../shop/creators.ts";
import { getSeller } from "../../shop/sellers.ts";
import { toWire } from "../../wire/instants.ts";
import { page } from "../../wire/primitives.ts";
import * as wire from "../../wire/sign-ins.ts";
import { body } from "../body.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId } from "../ids.ts";
import { params, query } from "../input.ts";
import { once } from "../once.ts";
import { shown } from "../outcomes.ts";
import { pictureOf } from "../picture-cache.ts";
import { roleIn, type PrincipalOf } from "../principal.ts";
import { problem } from "../problem.ts";
import { REDEMPTIONS, SIGN_INS } from "../rate-limit.ts";
import { clearSignInCookie, isForeignPages, setSignInCookie } from "../sign-in-cookie.ts";

export const signIns = new Hono<AppEnv>();

const HOSTS = ["seller", "creator"] as const;

signIns.post(
  "/v1/sign-ins",
  endpoint({
    id: "createSignIn",
    tag: "sign-ins",
    summary: "Make a code to sign in with",
    description:
      "For a browser of the seller's or the creator's: the code holds for ten minutes and works once, the sign-in for twelve " +
      "hours and no longer than the API key it comes from. With a `session` it is limited to that one: for a moderator, who " +
      "may do there what the host may, and nothing else. A sign-in may make others in turn, unless it is limited; those " +
      "without a limit end when it would. The answer is the only one with the code; a repeat shows it again.",
    who: HOSTS,
    rate: SIGN_INS,
    key: "required",
    takes: "body",
    answers: { 201: { description: "The code, and a link with it", schema: wire.createdSignIn } },
    problems: ["session_not_found", "limit_reached", "idempotency_in_flight"],
  }),
  body(wire.createSignIn),
  (c) => {
    const asked = c.req.valid("json");
    return once(c, { body: asked, subject: newId("sgn") }, async () => {
      const { session } = asked;
      const { keyId, signIn } = hostOf(c);
      if (session !== undefined) {
        const hydrated = await pictureOf(c, session);
        if (!hydrated || !roleIn(c.get("principal"), hydrated.picture))
          return problem(c, "session_not_found");
      }
      const limit = session === undefined ? { untilAtMs: signIn?.expiresAtMs } : { session };
      const made = await createSignIn(c.env.DB, { keyId, ...limit }, Date.now());
      if (!made.ok) return problem(c, made.code, { detail: made.detail });
      return c.json(toWire({ ...made.value, url: linkOf(c, made.value.code, session) }), 201);
    });
  },
);

/** The code stands in the fragment, which no server is sent and no log has. */
function linkOf(c: AppContext, code: string, session: string | undefined): string {
  const to = session === undefined ? "/dashboard" : `/console/${session}`;
  return `${new URL(c.env.PUBLIC_URL).origin}/sign-in#code=${code}&to=${to}`;
}

/** Whom the route lets in. */
function hostOf(c: AppContext): PrincipalOf<"seller" | "creator"> {
  const principal = c.get("principal");
  if (principal.kind === "seller" || principal.kind === "creator") return principal;
  throw new Error("the route lets others in than sellers and creators");
}

function ownerOf(c: AppContext): KeyOwner {
  const host = hostOf(c);
  return host.kind === "seller" ? { seller: host.name } : { creator: host.name };
}

signIns.post(
  "/v1/sign-ins/redeem",
  endpoint({
    id: "redeemSignIn",
    tag: "sign-ins",
    summary: "Sign in with a code",
    description:
      "Sets an HttpOnly cookie for pages of this origin; with it they may do what the code's API key may. It counts where no " +
      "`Authorization` header is sent and the browser says that a page of this origin asks (`Sec-Fetch-Site`, or `Origin`).",
    who: "anybody",
    rate: REDEMPTIONS,
    takes: "body",
    answers: { 200: { description: "Who is signed in", schema: wire.signIn, headers: ["Set-Cookie"] } },
    problems: ["forbidden", "sign_in_code_unknown", "sign_in_code_used", "sign_in_code_expired"],
  }),
  body(wire.redeemSignIn),
  async (c) => {
    // Nobody is signed in, unawares, as somebody else.
    if (isForeignPages(c)) return problem(c, "forbidden", { reason: "cross_site" });
    const nowMs = Date.now();
    const redeemed = await redeemSignIn(c.env.DB, c.req.valid("json").code, nowMs);
    if (!redeemed.ok) return problem(c, redeemed.code, { detail: redeemed.detail });
    const { token, signedIn } = redeemed.value;
    setSignInCookie(c, token, signedIn.expiresAtMs - nowMs);
    return c.json(toWire(whoIs(signedIn)));
  },
);

function whoIs({ principal, ...signIn }: SignedIn) {
  const { name, id } = principal.kind === "seller" ? principal.seller : principal.creator;
  return { ...signIn, [principal.kind]: id, name };
}

signIns.get(
  "/v1/sign-ins/current",
  endpoint({
    id: "getCurrentSignIn",
    tag: "sign-ins",
    summary: "Who is signed in",
    description: "By the cookie; 404 for whoever comes with an API key.",
    who: HOSTS,
    limited: true,
    answers: { 200: { description: "Who is signed in, and until when", schema: wire.signIn } },
    problems: ["not_found"],
  }),
  async (c) => {
    const host = hostOf(c);
    if (!host.signIn) return problem(c, "not_found", { detail: "An API key is no sign-in." });
    const { DB } = c.env;
    const found = host.kind === "seller" ? await getSeller(DB, host.name) : await getCreator(DB, host.name);
    return found
      ? c.json(toWire({ ...host.signIn, [host.kind]: host.name, name: found.name }))
      : problem(c, "not_found");
  },
);

signIns.delete(
  "/v1/sign-ins/current",
  endpoint({
    id: "signOut",
    tag: "sign-ins",
    summary: "Sign out",
    description: "The cookie is cleared, and opens nothing any more wherever it was copied to.",
    who: HOSTS,
    limited: true,
    answers: { 204: { description: "Nobody is signed in", headers: ["Set-Cookie"] } },
    problems: ["not_found"],
  }),
  async (c) => {
    const { signIn } = hostOf(c);
    if (!signIn) return problem(c, "not_found", { detail: "An API key is no sign-in." });
    await endSignIn(c.env.DB, signIn.id, ownerOf(c), Date.now());
    clearSignInCookie(c);
    return c.body(null, 204);
  },
);

signIns.get(
  "/v1/sign-ins",
  endpoint({
    id: "listSignIns",
    tag: "sign-ins",
    summary: "Who is signed in by one's keys, or may yet be",
    description: "Those that hold, and codes that can still be used; never the codes themselves.",
    who: HOSTS,
    answers: { 200: { description: "A page of sign-ins", schema: page(wire.openSignIn) } },
    problems: ["bad_request"],
  }),
  query(wire.signInsPage),
  async (c) => shown(c, await listSignIns(c.env.DB, ownerOf(c), c.req.valid("query"), Date.now())),
);

signIns.delete(
  "/v1/sign-ins/:signIn",
  endpoint({
    id: "endSignIn",
    tag: "sign-ins",
    summary: "End a sign-in",
    description: "A moderator's, or one's own on a device that is lost. Ending it again changes nothing.",
    who: HOSTS,
    answers: { 204: { description: "It lets nobody in any more, nor does its code" } },
    problems: ["not_found"],
  }),
  params({ signIn: wire.signInId }),
  async (c) => {
    const ended = await endSignIn(c.env.DB, c.req.valid("param").signIn, ownerOf(c), Date.now());
    return ended.ok ? c.body(null, 204) : problem(c, ended.code, { detail: ended.detail });
  },
);

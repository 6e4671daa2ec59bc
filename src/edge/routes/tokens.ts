/** Offer tokens: a price, signed for one viewer. Made from the session's picture; wakes no object while that is fresh. */
import { Hono } from "hono";
import { isoOf } from "../../wire/instants.ts";
import { issueToken, offerToken } from "../../wire/reservations.ts";
import { fingerprintOf } from "../../live/taps.ts";
import { issueOfferToken } from "../../token/offer-token.ts";
import { body } from "../body.ts";
import { keysOf, type AppContext, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { newId, tokenIdOf } from "../ids.ts";
import { ofOffer } from "../input.ts";
import { promiseOf, type Unpromised, type Wish } from "../offer-tokens.ts";
import { pictureNow } from "../picture-cache.ts";
import { problem, refusal } from "../problem.ts";
import { TOKENS } from "../rate-limit.ts";
import { sessionFor, viewerOf } from "../taps.ts";

export const tokens = new Hono<AppEnv>();

tokens.post(
  "/v1/sessions/:session/offers/:offer/tokens",
  endpoint({
    id: "issueToken",
    tag: "buying",
    summary: "Get a price, signed",
    description:
      "The token buys at its price or not at all. With an `Idempotency-Key` repeats of a request get tokens of which " +
      "only one can be used; with another body the same key is another request.",
    who: ["viewer"],
    rate: TOKENS,
    key: "optional",
    takes: "body",
    answers: { 201: { description: "The token and its price", schema: offerToken } },
    problems: [
      "session_not_found",
      "session_not_live",
      "offer_not_found",
      "offer_not_open",
      "out_of_stock",
      "quantity_exceeded",
      "creator_code_unknown",
      "credit_not_granted",
      "credit_exceeded",
    ],
  }),
  ofOffer,
  body(issueToken),
  async (c) => {
    const { session, offer } = c.req.valid("param");
    const { claims: viewer } = viewerOf(c);
    const asked = c.req.valid("json");
    const wish: Wish = { offer, ...asked };
    const hydrated = await sessionFor(c, session);
    if (hydrated instanceof Response) return hydrated;
    let promised = promiseOf(hydrated, viewer, wish);
    if ("code" in promised) {
      const now = await pictureNow(c, session);
      if (now) promised = promiseOf(now, viewer, wish);
    }
    if ("code" in promised) return refused(c, promised);
    const key = c.get("idempotencyKey");
    const promise = {
      token:
        key === undefined
          ? newId("tok")
          : tokenIdOf({
              viewer: viewer.viewer,
              session,
              offer,
              key,
              fingerprint: fingerprintOf("token", asked),
            }),
      session,
      offer,
      viewer: viewer.viewer,
      quantity: wish.quantity,
      priority: viewer.priority,
      ...promised,
    };
    const { token, expiresAtMs } = await issueOfferToken(await keysOf(c), promise, Date.now());
    const { quantity, price } = promise;
    return c.json({ token, expiresAt: isoOf(expiresAtMs), quantity, price }, 201);
  },
);

function refused(c: AppContext, why: Unpromised): Response {
  return why.code === "creator_code_unknown" || why.code === "credit_not_granted"
    ? problem(c, why.code)
    : refusal(c, why);
}

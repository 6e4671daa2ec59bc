/** What a viewer has in a session, read from the session itself: for a page that lost sight of a tap. */
import { Hono } from "hono";
import { LIMITS } from "../../domain/limits.ts";
import { toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/orders.ts";
import { liveOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession } from "../input.ts";
import { PURCHASES } from "../rate-limit.ts";
import { sessionFor, viewerOf } from "../taps.ts";

export const purchases = new Hono<AppEnv>();

purchases.get(
  "/v1/sessions/:session/purchases",
  endpoint({
    id: "listPurchases",
    tag: "buying",
    summary: "What the viewer holds and has ordered",
    description:
      "The viewer's own open reservations in the session, and orders but for those turned down or wholly refunded; as they are " +
      `now, oldest first, the newest ${LIMITS.purchasesShown} of each. For after a tap that nobody answered, and for a page that was loaded anew: an ` +
      "offer token that has run out and is in none of the `lines` has neither held nor bought anything that stands.",
    who: ["viewer"],
    rate: PURCHASES,
    answers: { 200: { description: "Reservations and orders", schema: wire.purchases } },
    problems: ["session_not_found"],
  }),
  ofSession,
  async (c) => {
    const { session } = c.req.valid("param");
    const hydrated = await sessionFor(c, session);
    if (hydrated instanceof Response) return hydrated;
    return c.json(toWire(await liveOf(c).purchases(session, viewerOf(c).name)));
  },
);

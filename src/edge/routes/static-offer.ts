/** One offer as everybody may see it: data, or a page for whoever can run nothing. Touches the picture cache. */
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import type { OfferPicture } from "../../domain/picture.ts";
import type { Hydrated } from "../../live/session.ts";
import { toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/sessions.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofOffer, query } from "../input.ts";
import { OFFER_PAGE_POLICY, offerPage } from "../offer-page.ts";
import { pictureAfterTaps } from "../picture-cache.ts";
import { problem } from "../problem.ts";
import { againSOf, show, shownAs, type Shown } from "../shown.ts";

export const staticOffer = new Hono<AppEnv>();

const JSON_TYPE = "application/json";
const PAGE_TYPE = "text/html";
type Form = "data" | "page" | "renewing";

const HEADERS = ["ETag", "Retry-After", "Vary"];

staticOffer.get(
  "/v1/sessions/:session/offers/:offer",
  endpoint({
    id: "getOffer",
    tag: "offers",
    summary: "An offer as everybody may see it",
    description:
      "Less than a second old, to be asked for again after `Retry-After`. `Accept: text/html` gets a page without " +
      "scripts, for late joiners and for `<noscript><iframe src=…>`: any site may frame it. With `renew=auto` it loads " +
      "itself again.",
    who: "anybody",
    answers: {
      200: {
        description: "The offer, with its session",
        schema: wire.staticOffer,
        also: { [PAGE_TYPE]: z.string() },
        headers: HEADERS,
      },
      304: { description: "It is as it was", headers: HEADERS },
    },
    problems: ["session_not_found", "offer_not_found"],
  }),
  ofOffer,
  query(z.object({ renew: z.enum(["auto"]).optional() })),
  async (c) => {
    const { session, offer: id } = c.req.valid("param");
    const hydrated = await pictureAfterTaps(c, session);
    if (!hydrated) return problem(c, "session_not_found");
    const offer = hydrated.picture.offers[id];
    if (!offer) return problem(c, "offer_not_found");
    const type = accepts(c, { header: "Accept", supports: [JSON_TYPE, PAGE_TYPE], default: JSON_TYPE });
    c.header("Vary", "Accept");
    // With a 304 too: what a browser has kept takes on the headers of the answer that says it is still good.
    if (type === PAGE_TYPE) c.header("Content-Security-Policy", OFFER_PAGE_POLICY);
    const isByItself = c.req.valid("query").renew === "auto";
    const form = type !== PAGE_TYPE ? "data" : isByItself ? "renewing" : "page";
    return show(c, hydrated, await shownOf(hydrated, offer, form));
  },
);

/** By picture, so that they go when it goes; then by form and offer. */
const shown = new WeakMap<Hydrated, Map<string, Shown>>();

async function shownOf(hydrated: Hydrated, offer: OfferPicture, form: Form): Promise<Shown> {
  const all = shown.get(hydrated) ?? new Map<string, Shown>();
  shown.set(hydrated, all);
  const key = `${form} ${offer.id}`;
  const known = all.get(key);
  if (known) return known;
  const made = form === "data" ? dataOf(hydrated, offer) : await pageOf(hydrated, offer, form === "renewing");
  all.set(key, made);
  return made;
}

function dataOf({ picture: { id, cursor, session } }: Hydrated, offer: OfferPicture): Shown {
  return shownAs(JSON.stringify(toWire({ id, cursor, session, offer })), JSON_TYPE);
}

async function pageOf(hydrated: Hydrated, offer: OfferPicture, isByItself: boolean): Promise<Shown> {
  const page = await offerPage(hydrated.picture, offer, { againS: againSOf(hydrated), isByItself });
  return shownAs(page, `${PAGE_TYPE}; charset=utf-8`);
}

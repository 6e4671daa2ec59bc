/** Offers' images, from the cache of the data centre that is asked; see `live/media` for what is fetched and what is not. */
import { Hono } from "hono";
import { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { imageAt, MEDIA_AGENT, tagOf, type ImageFault } from "../../live/media.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofOffer } from "../input.ts";
import { pictureOf } from "../picture-cache.ts";
import { problem } from "../problem.ts";
import { matches } from "../shown.ts";

export const media = new Hono<AppEnv>();

media.get(
  "/v1/sessions/:session/offers/:offer/image",
  endpoint({
    id: "getOfferImage",
    tag: "offers",
    summary: "An offer's image",
    description:
      "The image at the offer's own address, from a cache near the viewer: AVIF, GIF, JPEG, PNG or WebP of " +
      `${LIMITS.imageBytes / 1e6} MB at most, by https from a public name. Images of offers about to open are there ` +
      "before anybody asks.",
    who: "anybody",
    answers: {
      200: { description: "The image", schema: z.string(), type: "image/*", headers: ["ETag"] },
      304: { description: "It is as it was" },
    },
    problems: ["session_not_found", "offer_not_found", "image_unavailable"],
  }),
  ofOffer,
  async (c) => {
    const { session, offer } = c.req.valid("param");
    const hydrated = await pictureOf(c, session);
    if (!hydrated) return problem(c, "session_not_found");
    const shown = hydrated.picture.offers[offer];
    if (!shown) return problem(c, "offer_not_found");
    const { image: address } = shown;
    if (address === undefined) return problem(c, "image_unavailable", { detail: "The offer has no image." });
    // A seller who names this very address would have us ask ourselves without end.
    // Nobody else may be given that answer, from whatever cache.
    if (c.req.header("User-Agent") === MEDIA_AGENT) {
      return problem(c, "image_unavailable", { detail: DETAILS.address_refused });
    }
    const tag = `"${tagOf(address)}"`;
    const kept = { ETag: tag, "Cache-Control": `public, max-age=${LIMITS.imageShownMs / 1_000}` };
    if (matches(c.req.header("If-None-Match"), tag)) return c.body(null, 304, kept);
    const image = await imageAt(address, (work) => c.executionCtx.waitUntil(work));
    if (!image.ok) return unavailable(c, image.fault);
    return c.body(image.body, 200, { ...kept, "Content-Type": image.type });
  },
);

const DETAILS: Readonly<Record<ImageFault, string>> = {
  address_refused: "The image's address is not https with a public name.",
  not_found: "There is nothing at the image's address.",
  not_an_image: "What is at the image's address is not an AVIF, GIF, JPEG, PNG or WebP.",
  too_large: `The image is larger than ${LIMITS.imageBytes / 1e6} MB.`,
  no_answer: "The image's server did not give it in time.",
};

function unavailable(c: AppContext, fault: ImageFault): Response {
  c.header("Cache-Control", `public, max-age=${LIMITS.imageRetryMs / 1_000}`);
  return problem(c, "image_unavailable", { detail: DETAILS[fault] });
}

/** Offers on the wire: what a host sends, what everybody reads. */
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import type { Layer, Price, PriceTerms } from "../domain/pricing.ts";
import type { Offer } from "../domain/offer.ts";
import type { OfferPicture } from "../domain/picture.ts";
import type { Agrees } from "./agreement.ts";
import {
  creatorId,
  durationMs,
  httpsUrl,
  instant,
  money,
  offerId,
  quantity,
  signedMoney,
  sku,
  title,
  units,
  zone,
} from "./primitives.ts";

export const funder = z.enum(["platform", "seller", "creator"]);

export const priceTerms = z
  .object({
    headline: money,
    drop: z.object({ price: money, funder }).strict().exactOptional(),
    floor: money.exactOptional(),
  })
  .strict()
  .meta({ id: "PriceTerms", description: "What a price is made from; no layer takes it below the floor" });

export const layer = z.object({
  kind: z.enum(["headline", "drop_price", "creator_code", "loyalty_credit"]),
  amount: signedMoney,
  funder: funder.exactOptional(),
  code: z.string().exactOptional(),
  creator: creatorId
    .meta({ description: "Whose code it is, where that is not the session's creator" })
    .exactOptional(),
  clipped: z.object({ wanted: signedMoney, floor: money }).exactOptional(),
});

export const price = z.object({ total: money, due: money, layers: z.array(layer) }).meta({
  id: "Price",
  description: "A price of one unit with its layers; `due` is `total` less loyalty credit",
});

export const offerLine = z.object({ sku, quantity }).strict();
export const offerLimits = z
  .object({ perViewer: quantity.exactOptional(), perOrder: quantity.exactOptional() })
  .strict();
const holdMs = durationMs.min(LIMITS.holdMinMs).max(LIMITS.holdMaxMs);
export const offerStatus = z.enum(["scheduled", "open", "closed", "withdrawn"]);
const priceStep = z.object({ at: instant, price: priceTerms }).strict();

export const createOffer = z
  .object({
    title,
    image: httpsUrl.exactOptional(),
    lines: z.array(offerLine).min(1).max(LIMITS.linesPerOffer),
    price: priceTerms,
    opensAt: instant.exactOptional(),
    closesAt: instant.exactOptional(),
    limits: offerLimits.default({}),
    holdMs: holdMs.default(LIMITS.holdDefaultMs),
    priceSteps: z.array(priceStep).max(LIMITS.priceStepsPerOffer).default([]),
    /** The seller agrees that the offer is sold beyond its stock. */
    backorder: z.boolean().default(false),
  })
  .strict()
  .meta({ id: "CreateOffer" });

export const updateOffer = z
  .object({
    title: title.exactOptional(),
    image: httpsUrl.exactOptional(),
    opensAt: instant.exactOptional(),
    closesAt: instant.exactOptional(),
    limits: offerLimits.exactOptional(),
    holdMs: holdMs.exactOptional(),
    price: priceTerms.exactOptional(),
    /** What a new price does to tokens already out: honoured until they expire, or void at once. */
    olderTokens: z.enum(["honour", "void"]).default("honour"),
  })
  .strict()
  .meta({ id: "UpdateOffer" });

/** Who agreed that the offer is sold beyond its stock, and when. */
export const backorderConsent = z.object({ by: z.string(), givenAt: instant });

/** What an offer was created with. */
export const offerTerms = z.object({
  id: offerId,
  title: z.string(),
  image: z.string().exactOptional(),
  lines: z.array(offerLine),
  price: priceTerms,
  opensAt: instant.exactOptional(),
  closesAt: instant.exactOptional(),
  limits: offerLimits,
  holdMs: durationMs,
  priceSteps: z.array(priceStep),
  backorder: backorderConsent.exactOptional(),
});

/** An offer as its host reads it. */
export const offer = offerTerms
  .extend({
    status: offerStatus,
    priceVersion: z.int(),
    honoured: z.array(z.object({ priceVersion: z.int(), untilAt: instant })),
  })
  .meta({ id: "Offer" });

/** An offer as everybody reads it. */
export const offerPicture = z
  .object({
    id: offerId,
    title: z.string(),
    image: z.string().exactOptional(),
    lines: z.array(offerLine),
    status: offerStatus,
    price,
    priceVersion: z.int(),
    opensAt: instant.exactOptional(),
    closesAt: instant.exactOptional(),
    limits: offerLimits,
    holdMs: durationMs,
    available: z.record(zone, units),
    soldOut: z.boolean(),
    waitlist: z.boolean(),
  })
  .meta({ id: "OfferPicture" });

true satisfies Agrees<typeof price, Price>;
true satisfies Agrees<typeof layer, Layer>;
true satisfies Agrees<typeof priceTerms, PriceTerms>;
true satisfies Agrees<typeof offer, Omit<Offer, "changedSeq">>;
true satisfies Agrees<typeof offerPicture, OfferPicture>;

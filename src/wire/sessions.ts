/** Sessions and their stock on the wire. */
import { z } from "zod";
import type { Picture, PictureChange } from "../domain/picture.ts";
import { LIMITS } from "../domain/limits.ts";
import type { SessionTerms } from "../domain/session.ts";
import { REGIONS } from "../domain/warmup.ts";
import type { Pool } from "../domain/stock.ts";
import type { Agrees } from "./agreement.ts";
import { agreement, permission } from "./contracts.ts";
import { funder, offerPicture } from "./offers.ts";
import {
  amount,
  contractId,
  creatorId,
  currency,
  instant,
  money,
  offerId,
  sellerId,
  sessionId,
  sku,
  title,
  units,
  zone,
} from "./primitives.ts";

export const sessionStatus = z.enum(["draft", "scheduled", "live", "paused", "ended", "cancelled"]);
export const sessionAction = z.enum(["start", "pause", "resume", "end", "cancel"]);

export const creatorCode = z
  .object({
    code: z.string().regex(/^[A-Z0-9][A-Z0-9_-]{1,31}$/, "must be 2 to 32 of A-Z, 0-9, _ and -"),
    off: z.union([
      z.object({ basisPoints: z.int().min(1).max(10_000) }).strict(),
      z.object({ amount: money }).strict(),
    ]),
    funder,
    creator: creatorId
      .meta({
        description:
          "Whose code it is: what is bought with it is attributed to them. The session's creator's without it; they pay " +
          "(`funder`) for their own codes only.",
      })
      .exactOptional(),
  })
  .strict()
  .meta({ id: "CreatorCode", description: "What a creator's code takes off the price, and who pays for it" });

const creatorCodes = z
  .array(creatorCode)
  .max(LIMITS.creatorCodesPerSession)
  .refine((list) => new Set(list.map(({ code }) => code)).size === list.length, "codes must differ");

export const showBuys = z.enum(["named", "unnamed", "none"]).meta({
  description:
    "What the session's screens may say of recent buys: with the first names that buyers gave (so it is where it is left " +
    "out), without names, or nothing at all. What may not be shown any more is gone at once, for good: `unnamed` and then " +
    "`named` takes the names off that are there. `…/orders/{order}/hide-name` does so for one buyer.",
});

/** Viewers by continent. */
const expectedRegions = z.partialRecord(z.enum(REGIONS), z.int().min(1)).meta({
  description:
    "Of the expected viewers those whose continent is known, as Cloudflare names it; `XX` where it has no name for it. " +
    "Relays are made ready there before a drop opens.",
});

export const createSession = z
  .object({
    seller: sellerId,
    creator: creatorId.exactOptional(),
    contract: contractId.exactOptional(),
    title,
    currency,
    defaultZone: zone.default("main"),
    scheduledAt: instant.exactOptional(),
    expectedViewers: z.int().min(0).max(100_000_000).default(1_000),
    expectedRegions: expectedRegions.exactOptional(),
    creatorCodes: creatorCodes.default([]),
    showBuys: showBuys.exactOptional(),
  })
  .strict()
  .refine(({ expectedViewers, expectedRegions: regions = {} }) => sumOf(regions) <= expectedViewers, {
    path: ["expectedRegions"],
    message: "must not be more than expectedViewers",
  })
  .meta({ id: "CreateSession" });

function sumOf(regions: z.output<typeof expectedRegions>): number {
  return Object.values(regions).reduce((sum, viewers) => sum + viewers, 0);
}

export const updateSession = z
  .object({
    title: title.exactOptional(),
    scheduledAt: instant.exactOptional(),
    creatorCodes: creatorCodes.exactOptional(),
    showBuys: showBuys.exactOptional(),
  })
  .strict()
  .refine((changes) => Object.keys(changes).length > 0, "nothing to change")
  .meta({ id: "UpdateSession" });

/** What a session was created with, as its creation event and its host read it. */
export const sessionTerms = z.object({
  id: sessionId,
  seller: sellerId,
  creator: creatorId.exactOptional(),
  contract: contractId.exactOptional(),
  agreement: agreement.exactOptional(),
  title: z.string(),
  currency: z.string(),
  defaultZone: z.string(),
  scheduledAt: instant.exactOptional(),
  expectedViewers: z.int(),
  expectedRegions: expectedRegions.exactOptional(),
  creatorCodes: z.array(creatorCode),
  showBuys: showBuys.exactOptional(),
});

/** A session as its host reads it. */
export const session = sessionTerms.extend({ status: sessionStatus }).meta({ id: "Session" });

const sessionFace = z
  .object({
    status: sessionStatus,
    title: z.string(),
    currency: z.string(),
    seller: z.string(),
    creator: z.string().exactOptional(),
    creatorMay: z.array(permission).exactOptional(),
    defaultZone: z.string(),
    scheduledAt: instant.exactOptional(),
    startedAt: instant.exactOptional(),
    endedAt: instant.exactOptional(),
    pinned: offerId.exactOptional(),
    showBuys: showBuys.exactOptional(),
  })
  .meta({ id: "SessionFace" });

const cursor = z
  .int()
  .min(0)
  .meta({ description: "Sequence number of the last event the picture has in it" });
const offers = z.record(offerId, offerPicture);

const recentBuys = z
  .array(
    z
      .object({
        offer: offerId,
        quantity: z.int(),
        bought: z.int().meta({
          description:
            "Units of the offer that were bought up to here, with these: it grows with every buy, so that who saw fewer " +
            "knows how many were bought meanwhile",
        }),
        shownAs: z
          .string()
          .exactOptional()
          .meta({ description: "A first name, where the buyer agreed to be shown" }),
        at: instant,
      })
      .meta({ id: "RecentBuy", description: "Units of one offer that an order has paid for" }),
  )
  .max(LIMITS.recentBuys)
  .meta({ description: "The last ones, oldest first; a change that has them has all of them" });

export const picture = z
  .object({ id: sessionId, cursor, session: sessionFace, offers, recentBuys: recentBuys.exactOptional() })
  .meta({ id: "Picture", description: "A session as everybody may see it" });

export const staticOffer = z
  .object({ id: sessionId, cursor, session: sessionFace, offer: offerPicture })
  .meta({ id: "StaticOffer", description: "One offer of a picture; `id` is the session's" });

export const pictureChange = z
  .object({
    after: cursor,
    cursor,
    session: sessionFace.exactOptional(),
    offers,
    recentBuys: recentBuys.exactOptional(),
  })
  .meta({
    id: "PictureChange",
    description: "What changed after one cursor up to another, each thing in whole",
  });

export const allocateStock = z
  .object({
    sku,
    zone: zone.exactOptional(),
    allocated: units,
    /** Compare-and-set: what is allocated now; with anything else the answer is 409 `stock_conflict`. */
    expected: units.exactOptional(),
  })
  .strict()
  .meta({ id: "AllocateStock" });

export const pool = z
  .object({
    sku: z.string(),
    zone: z.string(),
    allocated: amount,
    held: amount,
    committed: amount,
    available: amount,
  })
  .meta({ id: "Pool", description: "available + held + committed = allocated, always" });

true satisfies Agrees<typeof sessionTerms, SessionTerms>;
true satisfies Agrees<typeof pictureChange, PictureChange>;
true satisfies Agrees<typeof picture, Picture>;
true satisfies Agrees<typeof pool, Pool & { available: number }>;

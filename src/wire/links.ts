/** Creators' short links on the wire, and the message that counts a click. */
import { z } from "zod";
import { MINUTE_MS, type Click, type ClickId, type LinkId } from "../domain/attribution.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Agrees } from "./agreement.ts";
import { creatorId, format, httpsUrl, instant, pageQuery, sellerId, sessionId, text } from "./primitives.ts";
import { ofPeriod } from "./periods.ts";
import { creatorCode } from "./sessions.ts";

export const linkId = z
  .string()
  .regex(/^lnk_[0-9a-z]{26}$/, "must be the id of a link, lnk_…")
  .transform((id) => id as LinkId)
  .meta({ description: "Id of a link", example: "lnk_01jd3m5n8yfx0t2qv4w6z9r1ab" });

export const clickId = z
  .string()
  .regex(/^clk_[0-9a-z]{26}$/, "must be the id of a click, clk_…")
  .transform((id) => id as ClickId);

export const linkCode = z
  .string()
  .regex(/^[a-z0-9-]{3,32}$/, "must be 3 to 32 of a-z, 0-9 and -")
  .meta({ description: "What follows `/l/`: it is the link's for good, also when it is archived" });

/** Phones begin a word with a capital, and who is told a code by word of mouth writes it in any. */
export const followedCode = z
  .string()
  .toLowerCase()
  .pipe(linkCode)
  .meta({ description: "A link's code, in capitals or small letters" });

/** Names of the machine itself: pages under development have no certificate. */
const LOOPBACK = /^(?:localhost|[a-z0-9.-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Where a link may lead: anywhere its maker says, by https and without somebody's credentials in the address. */
const targetUrl = httpsUrl.superRefine((address, check) => {
  // What is no address at all was told before.
  const url = URL.parse(address);
  if (url?.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    check.addIssue("must be https; http is for loopback names only");
  }
  if (url?.username || url?.password) check.addIssue("must not have a user name or password");
});

const target = z.union([
  z.object({ url: targetUrl }).strict(),
  z.object({ session: sessionId }).strict().meta({ description: "The session's page of this deployment" }),
]);

const utmField = text(LIMITS.utmChars).trim().min(1);

export const utm = z
  .object({
    source: utmField.exactOptional(),
    medium: utmField.exactOptional(),
    campaign: utmField.exactOptional(),
    term: utmField.exactOptional(),
    content: utmField.exactOptional(),
  })
  .strict()
  .meta({
    id: "Utm",
    description: "Added to the address as `utm_source` and so on, for the target's analytics",
  });

const coupon = creatorCode.shape.code.meta({
  description:
    "A creator's code, handed to the target as `dropcast_code`; on a session's page it is applied. An order that is bought " +
    "with it is attributed to the creator whose code it is by the session, whoever's link it is on.",
});

const windowMinutes = z
  .int()
  .min(LIMITS.attributionWindowMinMs / MINUTE_MS)
  .max(LIMITS.attributionWindowMaxMs / MINUTE_MS)
  .meta({
    description:
      "How long before an order a click of the link may lie to count for it; for good. Its `coupon` counts whenever it is used.",
  });

export const createLink = z
  .object({
    creator: creatorId.exactOptional().meta({ description: "Whose link; a creator's own without it" }),
    seller: sellerId.exactOptional().meta({
      description: "Counts for this seller's sales only; a seller's own, or the session's, without it",
    }),
    code: linkCode.exactOptional(),
    target,
    utm: utm.exactOptional(),
    coupon: coupon.exactOptional(),
    windowMinutes: windowMinutes.default(LIMITS.attributionWindowMaxMs / MINUTE_MS),
  })
  .strict()
  .meta({ id: "CreateLink" });

export const link = z
  .object({
    id: linkId,
    code: z.string(),
    url: z.string().meta({ description: "The short address, to be shown and shared" }),
    creator: creatorId,
    seller: sellerId.exactOptional(),
    target: z.union([z.object({ url: z.string() }), z.object({ session: sessionId })]),
    utm,
    coupon: z.string().exactOptional(),
    windowMinutes,
    createdAt: instant,
    archivedAt: instant.exactOptional().meta({ description: "It leads nowhere since then" }),
  })
  .meta({ id: "Link", description: "A creator's short link" });

export const linksPage = pageQuery.extend({
  seller: sellerId.optional(),
  creator: creatorId.optional(),
  format,
});

export const clicksPage = ofPeriod(pageQuery.shape);

export const linkClicks = z
  .object({
    clicks: z.int().min(0).meta({ description: "Of the whole period" }),
    data: z.array(
      z.object({ at: instant.meta({ description: "When the hour begins" }), clicks: z.int().min(1) }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "LinkClicks", description: "Clicks by hour, hours without any left out" });

/** A click that came with an order. */
export const click = z.object({ click: clickId, link: linkId, creator: creatorId, at: instant });

true satisfies Agrees<typeof click, Click>;

/** One click on its way from the redirect to the count. */
export const clicked = z.object({
  click: clickId,
  link: linkId,
  atMs: z.int().min(0).max(8_640_000_000_000_000),
});
export type Clicked = z.output<typeof clicked>;

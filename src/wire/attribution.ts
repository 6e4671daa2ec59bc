/** On the wire: to which creator an order is attributed and why, and what a link has sold. */
import { z } from "zod";
import { CANDIDATE_KINDS, type Verdict } from "../domain/attribution.ts";
import { linkId } from "./links.ts";
import { ofPeriod } from "./periods.ts";
import { creatorId, durationMs, instant, money, orderId, sellerId } from "./primitives.ts";

const candidateShape = {
  kind: z.enum(CANDIDATE_KINDS).meta({
    description:
      "`coupon`: a creator code that the order was bought with. `token`: a click token that came with the order. " +
      "`click`: one that is known of the viewer otherwise; there are none yet.",
  }),
  id: z.string().meta({ description: "The coupon's code, or the click's id" }),
  creator: creatorId,
  link: linkId.exactOptional(),
  seller: sellerId.exactOptional().meta({ description: "The link counts for this seller's sales only" }),
  at: instant.meta({ description: "When the viewer touched it" }),
};

const VERDICTS = [
  "won",
  "outranked",
  "older_touch",
  "tie_lost",
  "after_order",
  "outside_window",
  "other_seller",
  "self_purchase",
] as const satisfies readonly Verdict[];

const verdict = z.enum(VERDICTS).meta({
  description:
    "Eligible but beaten: by a stronger kind (`outranked`), a later touch (`older_touch`), or one of the same time " +
    "whose id goes first (`tie_lost`). The rest could not win at all.",
});

true satisfies [Verdict] extends [(typeof VERDICTS)[number]] ? true : never;

const sale = z
  .object({
    captured: money,
    refunded: money,
    attributed: money.meta({ description: "What is left of the captured amount after refunds" }),
  })
  .meta({ description: "What the winner has sold; once the order is captured" });

export const attribution = z
  .object({
    order: orderId,
    placedAt: instant,
    rules: z.int().meta({ description: "Version of the rules by which it was decided" }),
    windowMs: z
      .object({ coupon: durationMs, token: durationMs, click: durationMs })
      .meta({ description: "How long before the order a touch of each kind may lie" }),
    candidates: z.array(z.object({ ...candidateShape, verdict })).meta({
      description: "All that was considered, the strongest first; a creator's own for a creator",
    }),
    attributedTo: z.enum(["nobody", "host", "guest"]).meta({
      description:
        "`host`: the session's creator. `guest`: another one, whom the session's contract gives no share of it. " +
        "`nobody`: no candidate was eligible, and the order is the session's own.",
    }),
    winner: z
      .object({
        ...candidateShape,
        windowMs: durationMs.meta({ description: "The window that it was within" }),
      })
      .exactOptional()
      .meta({ description: "For a creator who is not the winner left out, and the sale with it" }),
    sale: sale.exactOptional(),
  })
  .meta({
    id: "Attribution",
    description: "The record of a decision, made when the order was placed; it stays",
  });

export const linkStatsQuery = ofPeriod({});

export const linkStats = z
  .object({
    clicks: z.int().min(0).meta({ description: "In hours that begin in the period" }),
    sales: z
      .array(
        z.object({
          orders: z.int().min(1),
          guestOrders: z.int().min(0).meta({
            description:
              "Of these, in sessions that are not the creator's own: their contract gives the creator no share",
          }),
          captured: money,
          refunded: money,
          attributed: money.meta({ description: "What is left of it after refunds" }),
        }),
      )
      .meta({ description: "Captured orders attributed by the link and placed in the period, by currency" }),
  })
  .meta({ id: "LinkStats", description: "What came of a link" });

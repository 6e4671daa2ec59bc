/** On the wire: to which creator an order is attributed and why, and what a link has sold. */
import { z } from "zod";
import { CANDIDATE_KINDS, type Verdict } from "../domain/attribution.ts";
import { NO_REFERRAL } from "../domain/referral.ts";
import { basisPoints } from "./contracts.ts";
import { linkId } from "./links.ts";
import { ofPeriod } from "./periods.ts";
import { contractId, creatorId, durationMs, instant, money, orderId, sellerId } from "./primitives.ts";

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
  at: instant.meta({ description: "When the viewer touched it; a coupon is when it is used" }),
  line: z
    .int()
    .min(0)
    .exactOptional()
    .meta({
      description:
        "Of a coupon: the last of the order's `lines` that was bought with it, from 0. The later line is the later touch. Not in " +
        "records by rules before version 3.",
    }),
  windowMs: durationMs.exactOptional().meta({
    description:
      "The window that it had: its kind's, or its link's where that is shorter. Only the winner has it in records by rules " +
      "before version 4.",
  }),
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

const referral = z
  .union([
    z.object({ contract: contractId, version: z.int(), basisPoints }),
    z.object({
      none: z.enum(NO_REFERRAL).meta({
        description:
          "`is_host`: the session is the winner's, whose part its own contract says. `no_contract`: none with the seller " +
          "was in force in the order's currency. `no_rate`: none of those agrees on one. `not_covered`: those that do " +
          "are of other SKUs or zones.",
      }),
    }),
  ])
  .meta({
    description:
      "What the winner has of the order, by a contract with the seller that was in force when it was placed: of what the " +
      "seller asked for, tax taken off, paid by the seller, and never more than is left to the seller (the order's trace " +
      "has the amounts). Not in records by rules before version 2.",
  });

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
      .meta({ description: "How long before the order a touch of each kind may lie at the most" }),
    candidates: z.array(z.object({ ...candidateShape, verdict })).meta({
      description: "All that was considered, the strongest first; a creator's own for a creator",
    }),
    attributedTo: z.enum(["nobody", "host", "guest"]).meta({
      description:
        "`host`: the session's creator. `guest`: another one, see `referral`. " +
        "`nobody`: no candidate was eligible, and the order is the session's own.",
    }),
    winner: z
      .object({
        ...candidateShape,
        windowMs: durationMs.meta({ description: "The window that it was within, as the candidate has it" }),
      })
      .exactOptional()
      .meta({ description: "For a creator who is not the winner left out, and referral and sale with it" }),
    referral: referral.exactOptional(),
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
              "Of these, in sessions that are not the creator's own: a referral may be had for them",
          }),
          captured: money,
          refunded: money,
          attributed: money.meta({ description: "What is left of it after refunds" }),
        }),
      )
      .meta({ description: "Captured orders attributed by the link and placed in the period, by currency" }),
  })
  .meta({ id: "LinkStats", description: "What came of a link" });

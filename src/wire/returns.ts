/** What goes back to buyers, on the wire: refunds and disputes. */
import { z } from "zod";
import { eventId } from "./ledger.ts";
import { ofParty } from "./periods.ts";
import { disputeId, instant, money, orderId, refundId, signedMoney } from "./primitives.ts";

export const refund = z
  .object({
    id: refundId,
    order: orderId,
    amount: money,
    returnUnits: z.boolean(),
    status: z.enum(["requested", "pending", "sent", "failed", "refused"]).meta({
      description: "`failed` was sent and came back, `refused` never left the provider",
    }),
    provider: z.string(),
    providerId: z.string().exactOptional(),
    failure: z.string().exactOptional(),
    replacedBy: refundId
      .meta({ description: "The refund by which one that failed was made anew" })
      .exactOptional(),
    event: eventId.meta({ description: "By which the session knows of it" }).exactOptional(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Refund" });

const disputeStatus = z.enum(["open", "won", "lost"]);

/** Of each leg of the sale; a seller and a creator see their own. */
export const legs = z.object({
  platform: signedMoney.exactOptional(),
  creator: signedMoney.exactOptional(),
  referral: signedMoney
    .meta({ description: "Of a creator who brought the order to a session that is not theirs" })
    .exactOptional(),
  seller: signedMoney.exactOptional(),
  tax: signedMoney.exactOptional(),
  loyalty: signedMoney.exactOptional(),
});

export const dispute = z
  .object({
    id: disputeId,
    order: orderId,
    amount: money,
    status: disputeStatus,
    reason: z.string(),
    provider: z.string(),
    providerId: z.string(),
    atStake: legs.meta({
      description: "What each gives back if it is lost; sellers and creators see their own",
    }),
    fee: signedMoney
      .meta({ description: "What the provider has taken for it; for the platform" })
      .exactOptional(),
    openedAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Dispute", description: "A buyer's bank asks for money back" });

export const disputesQuery = ofParty({
  order: orderId.optional(),
  status: disputeStatus.optional(),
});

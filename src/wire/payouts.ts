/** Payouts on the wire: what a party has at the provider goes to its bank. */
import { z } from "zod";
import { partyId, ofParty } from "./periods.ts";
import { creatorId, currency, format, payoutId, sellerId, transferId } from "./primitives.ts";
import { movementStatus, recorded, sent } from "./transfers.ts";

export const payout = z.object({ id: payoutId, party: partyId, ...sent }).meta({ id: "Payout" });

export const tracedPayout = payout
  .extend({
    transfers: z.array(transferId).meta({
      description:
        "Transfers it took to the bank first, also if it came back; so many as a page has at most, " +
        "`GET /v1/transfers?payout=` has all",
    }),
    transactions: z.array(recorded).meta({ description: "Oldest first" }),
  })
  .meta({ id: "TracedPayout", description: "A payout with its transfers" });

export const payoutsQuery = ofParty({
  status: movementStatus.optional(),
  currency: currency.optional(),
  format,
});

export const createPayout = z
  .union([
    z.object({ seller: sellerId, currency }).strict(),
    z.object({ creator: creatorId, currency }).strict(),
  ])
  .meta({ id: "CreatePayout", description: "All that the party has at the provider in a currency, now" });

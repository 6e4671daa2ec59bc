/** The trace of an order on the wire: from the tap to the bank, each step by its id. */
import { z } from "zod";
import { basisPoints } from "./contracts.ts";
import { eventId, ledgerTransaction } from "./ledger.ts";
import { orderStatus } from "./orders.ts";
import { payout } from "./payouts.ts";
import {
  contractId,
  creatorId,
  instant,
  money,
  offerId,
  orderId,
  reservationId,
  sellerId,
  sessionId,
  signedMoney,
  tokenId,
  viewerId,
} from "./primitives.ts";
import { dispute, legs, refund } from "./returns.ts";
import { tracedTransfer } from "./transfers.ts";

const tracedOrder = z.object({
  id: orderId,
  session: sessionId,
  seller: sellerId,
  creator: creatorId.exactOptional(),
  viewer: viewerId,
  status: orderStatus,
  total: money,
  due: money,
  refunded: money,
  placedAt: instant,
});

/** The signed price at which something was bought. */
const tracedToken = z.object({
  token: tokenId,
  offer: offerId,
  priceVersion: z.int(),
  quantity: z.int(),
  price: money.meta({ description: "Of one unit" }),
});

const tracedEvent = z.object({
  id: eventId,
  type: z.string(),
  sequence: z.int(),
  at: instant,
  block: z.object({ number: z.int(), hash: z.string() }).meta({
    description: "The journal's block it stands in; `/v1/sessions/{session}/audit` proves it",
  }),
});

const tracedPayment = z.object({
  provider: z.string(),
  id: z.string().meta({ description: "The provider's own" }),
  charge: z.string().exactOptional(),
  chargedAt: instant.exactOptional(),
  fee: signedMoney.meta({ description: "What the provider kept; for the platform" }).exactOptional(),
});

const basis = z.object({
  asked: money.meta({ description: "What the seller asked for the units" }).exactOptional(),
  base: money.meta({ description: "Less tax: what fees and rates are a part of" }),
  funded: z
    .object({
      platform: money.exactOptional(),
      seller: money.exactOptional(),
      creator: money.exactOptional(),
    })
    .exactOptional(),
  platformFee: money.exactOptional(),
  isMinimumFee: z.boolean().exactOptional(),
  creatorEarns: money.exactOptional(),
  tier: z.object({ from: money, basisPoints, perUnit: money.exactOptional() }).exactOptional(),
  volume: money.meta({ description: "What the session had captured before" }).exactOptional(),
  referral: z
    .object({
      creator: creatorId,
      basisPoints,
      wanted: money.meta({
        description: "By the rate, of the base; the leg is less where less was left to the seller",
      }),
    })
    .exactOptional()
    .meta({ description: "Of a creator who brought the order to a session that is not theirs" }),
});

const tracedSplit = z.object({
  captured: money,
  legs: legs.meta({ description: "Who has what of it; creators see their own" }),
  reserved: money.meta({ description: "Of the seller's leg, still kept back" }).exactOptional(),
  basis,
});

export const trace = z
  .object({
    order: tracedOrder,
    tokens: z.array(tracedToken),
    reservation: reservationId,
    events: z.array(tracedEvent),
    payment: tracedPayment.exactOptional(),
    contract: z.object({ id: contractId, version: z.int() }).exactOptional(),
    split: tracedSplit.exactOptional(),
    transactions: z.array(ledgerTransaction),
    transfers: z.array(tracedTransfer),
    payouts: z.array(payout),
    refunds: z.array(refund),
    disputes: z.array(dispute),
    complete: z.boolean().meta({
      description:
        "Whether all of it is here: what is far apart in a long journal, or more than a page, may not be",
    }),
  })
  .meta({
    id: "Trace",
    description: "The way of an order's money, from the token to the bank, each step by its id",
  });

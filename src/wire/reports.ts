/** Reports on the wire. */
import { z } from "zod";
import { balance } from "./ledger.ts";
import { ofPeriod, partyId } from "./periods.ts";
import {
  contractId,
  creatorId,
  currency,
  format,
  instant,
  offerId,
  pageQuery,
  sellerId,
  sessionId,
  title,
} from "./primitives.ts";
import { sessionStatus } from "./sessions.ts";

const count = z.int().min(0);

/** Of many orders, so that no limit of one order holds for it. */
export const sum = z
  .object({ amount: z.int().min(0), currency })
  .meta({ id: "Sum", description: "Integer minor units of an ISO 4217 currency, added up" });

export const counts = z
  .object({
    placed: count,
    authorized: count,
    captured: count,
    failed: count,
    cancelled: count,
    refunded: count,
  })
  .meta({ id: "OrderCounts", description: "Orders by the status they have now" });

export const sessionSummary = z
  .object({
    id: sessionId,
    seller: sellerId,
    creator: creatorId.exactOptional(),
    creatorName: z.string().exactOptional(),
    contract: contractId.exactOptional(),
    title,
    status: sessionStatus,
    createdAt: instant,
    scheduledAt: instant.exactOptional(),
    startedAt: instant.exactOptional(),
    endedAt: instant.exactOptional(),
    reservations: z.object({
      held: count.meta({ description: "That got their units, at once or from the waitlist" }),
      expired: count,
    }),
    views: count.meta({
      description: "Viewers who came, as last measured, about a minute behind; 0 before",
    }),
    viewersPeak: count.meta({ description: "The most viewers at one time, as last measured" }),
    taps: count.meta({ description: "As last measured" }),
    refused: count.meta({ description: "Of the taps" }),
    orders: counts,
    unitsSold: z.int().meta({ description: "Of captured orders, less what came back with a refund" }),
    captured: sum.meta({ description: "Refunds are not taken off" }),
    refunded: sum,
    updatedAt: instant,
  })
  .meta({ id: "SessionSummary", description: "A session as the record has it, some seconds behind" });

const oneParty = {
  seller: sellerId.optional(),
  creator: creatorId.optional(),
};

function isOneParty({ seller, creator }: { seller?: unknown; creator?: unknown }): boolean {
  return (seller === undefined) !== (creator === undefined);
}

const ONE_PARTY = { message: "name a seller or a creator", path: ["seller"] };

/** Exactly one of the two. */
export const sessionsQuery = pageQuery.extend(oneParty).refine(isOneParty, ONE_PARTY);

/** What a report is asked with: a page of one party's, in a period, of one currency or of all. */
const reported = {
  ...pageQuery.shape,
  ...oneParty,
  currency: currency.optional(),
  format,
};

/** By what sales are summed. */
const salesBy = z.enum(["hour", "day", "offer", "session", "creator"]).meta({
  description: "Hours and days are UTC's; `creator` is who hosted",
});

export const salesQuery = ofPeriod({ ...reported, by: salesBy.default("day") }).refine(isOneParty, ONE_PARTY);

/** One of `hour` to `creator`, by what was asked; a `creator` is not there where nobody hosted. */
export const salesRow = z
  .object({
    hour: instant.meta({ description: "Where the hour begins" }).exactOptional(),
    day: z.iso.date().exactOptional(),
    offer: offerId.exactOptional(),
    session: sessionId.meta({ description: "Of an offer, the session it is in" }).exactOptional(),
    creator: creatorId.exactOptional(),
    title: title.meta({ description: "Of the offer or the session" }).exactOptional(),
    name: z.string().meta({ description: "Of the creator" }).exactOptional(),
    orders: count.meta({
      description: "Captured. One of several offers is one order; by offer it is counted with each of them",
    }),
    units: count.meta({ description: "Of those orders; a bundle has as many as are in it" }),
    unitsReturned: count.meta({ description: "With refunds" }),
    captured: sum.meta({ description: "Refunds are not taken off" }),
    refunded: sum.meta({ description: "By the time of the refund, not of its order" }),
  })
  .meta({ id: "SalesRow", description: "What was sold, in one currency" });

export const sales = z
  .object({
    from: instant,
    to: instant,
    by: salesBy,
    data: z.array(salesRow),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Sales" });

const earningsBy = z.enum(["session", "day"]).meta({ description: "Days are UTC's" });

export const earningsQuery = ofPeriod({ ...reported, by: earningsBy.default("session") }).refine(
  isOneParty,
  ONE_PARTY,
);

/** What a party earned in a currency, and where all that it ever earned is now. */
export const earningsTotal = z
  .object({
    currency,
    earned: balance.meta({ description: "In the period: of sales, less refunds and lost disputes" }),
    paidOut: balance.meta({ description: "In the period: what reached the bank, less what came back" }),
    accrued: balance.meta({ description: "Now: earned, and cannot be moved yet" }),
    payable: balance.meta({ description: "Now: can be moved, and is next" }),
    owedBack: balance.meta({ description: "Now: of orders given back after their money had left" }),
    reserved: balance.meta({ description: "Now: kept back for refunds and disputes" }),
    underWay: balance.meta({ description: "Now: on its way to the provider or the bank, or back" }),
    atProvider: balance.meta({ description: "Now: in the party's account at the provider" }),
  })
  .meta({
    id: "EarningsTotal",
    description:
      "Without a period earned is what is paid out, accrued, payable, reserved, under way and at the provider, " +
      "less what is owed back",
  });

/** What a party earned by one session. */
export const earningsRow = z
  .object({
    session: sessionId,
    title: title.exactOptional(),
    currency,
    earned: balance.meta({ description: "In the period: of sales, less refunds and lost disputes" }),
    owed: balance.meta({ description: "Now: not moved yet; negative where it is owed back" }),
    reserved: balance.meta({ description: "Now: kept back" }),
    underWay: balance.meta({ description: "Now: on its way to the party's account, or back" }),
    transferred: balance.meta({ description: "Now: has reached the party's account, or its bank" }),
  })
  .meta({
    id: "EarningsRow",
    description: "Without a period earned is what is owed, reserved, under way and transferred",
  });

/** What a party earned on one day. */
export const earningsDay = z
  .object({
    day: z.iso.date(),
    currency,
    fromSales: balance.meta({ description: "The party's part of what was captured" }),
    reversed: balance.meta({ description: "Taken back by refunds and lost disputes, on the day of these" }),
    earned: balance.meta({ description: "From sales, less what was reversed" }),
  })
  .meta({ id: "EarningsDay" });

const ofEarnings = {
  party: partyId,
  from: instant.exactOptional(),
  to: instant.exactOptional(),
  totals: z
    .array(earningsTotal)
    .meta({ description: "Of all sessions, by currency; on the first page" })
    .exactOptional(),
  nextCursor: z.string().nullable(),
};

/** Rows of sessions or of days, by what was asked. */
export const earnings = z.discriminatedUnion("by", [
  z
    .object({
      ...ofEarnings,
      by: z.literal("session"),
      data: z.array(earningsRow).meta({ description: "Newest first" }),
    })
    .meta({ id: "Earnings" }),
  z
    .object({
      ...ofEarnings,
      by: z.literal("day"),
      data: z
        .array(earningsDay)
        .meta({ description: "In their order, without empty ones; they sum to `totals`" }),
    })
    .meta({ id: "EarningsByDay" }),
]);

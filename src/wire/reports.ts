/** Reports on the wire. */
import { z } from "zod";
import {
  contractId,
  creatorId,
  currency,
  instant,
  pageQuery,
  sellerId,
  sessionId,
  title,
} from "./primitives.ts";
import { sessionStatus } from "./sessions.ts";

const count = z.int().min(0);

/** Of many orders, so that no limit of one order holds for it. */
const sum = z
  .object({ amount: z.int().min(0), currency })
  .meta({ id: "Sum", description: "Integer minor units of an ISO 4217 currency, added up" });

const counts = z
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
    orders: counts,
    unitsSold: z.int().meta({ description: "Of captured orders, less what came back with a refund" }),
    captured: sum.meta({ description: "Refunds are not taken off" }),
    refunded: sum,
    updatedAt: instant,
  })
  .meta({ id: "SessionSummary", description: "A session as the record has it, some seconds behind" });

/** Exactly one of the two. */
export const sessionsQuery = pageQuery
  .extend({ seller: sellerId.optional(), creator: creatorId.optional() })
  .refine(({ seller, creator }) => (seller === undefined) !== (creator === undefined), {
    message: "name a seller or a creator",
    path: ["seller"],
  });

/** Transfers to sellers and creators on the wire, and reversals of them. */
import { z } from "zod";
import { eventId, transactionId, transactionKind } from "./ledger.ts";
import { partyId, ofParty } from "./periods.ts";
import {
  format,
  instant,
  money,
  orderId,
  payoutId,
  reversalId,
  sessionId,
  transferId,
} from "./primitives.ts";

export const movementStatus = z
  .enum(["accrued", "payable", "transferring", "paid", "failed", "returned"])
  .meta({
    description:
      "`accrued` is earned and cannot be moved yet, `payable` can be; `transferring` is on its way, `paid` is there; " +
      "`failed` never left, `returned` came back, or there was nothing left of it to move",
  });

/** What everything that is sent has. */
export const sent = {
  amount: money,
  status: movementStatus,
  provider: z.string().exactOptional(),
  account: z.string().meta({ description: "The party's account at the provider" }).exactOptional(),
  providerId: z.string().meta({ description: "The provider's own id of it" }).exactOptional(),
  failure: z
    .string()
    .meta({ description: "Why it failed or came back, in the provider's words" })
    .exactOptional(),
  createdAt: instant,
  startedAt: instant.meta({ description: "When its amount was fixed" }).exactOptional(),
  updatedAt: instant,
};

export const transfer = z
  .object({
    id: transferId,
    party: partyId,
    order: orderId,
    ...sent,
    reversed: money.meta({ description: "What of it was taken back" }),
    charge: z
      .string()
      .meta({ description: "The charge it comes from, by the provider's id" })
      .exactOptional(),
    payout: payoutId.meta({ description: "The payout that took it to the bank" }).exactOptional(),
  })
  .meta({ id: "Transfer", description: "Money of one order for one party" });

/** A ledger transaction by its id alone. */
export const recorded = z
  .object({ id: transactionId, kind: transactionKind, at: instant })
  .meta({ id: "RecordedTransaction" });

export const reversal = z
  .object({ id: reversalId, transfer: transferId, order: orderId, ...sent, transactions: z.array(recorded) })
  .meta({ id: "Reversal", description: "What is taken back of a transfer" });

export const tracedTransfer = transfer
  .extend({
    session: sessionId,
    event: eventId.meta({ description: "The event that captured the order" }),
    transactions: z.array(recorded).meta({ description: "Oldest first" }),
    reversals: z.array(reversal),
  })
  .meta({ id: "TracedTransfer", description: "A transfer with all that it can be traced to" });

export const transfersQuery = ofParty({
  order: orderId.optional(),
  session: sessionId.optional(),
  status: movementStatus.optional(),
  payout: payoutId.meta({ description: "Those that it took to the bank, also if it came back" }).optional(),
  format,
});

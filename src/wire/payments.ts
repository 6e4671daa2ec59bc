/** What comes on the payments' queue: news of providers, which carry no state, and steps of moving money. */
import { z } from "zod";
import { orderId, payoutId, refundId } from "./primitives.ts";

const provider = z.string();
const theirs = z.string().max(255);

export const paymentNews = z.union([
  z.object({ provider, order: orderId }),
  z.object({ provider, refund: refundId, of: orderId }),
  z.object({ provider, dispute: theirs }),
  z.object({ provider, payout: payoutId }),
  z.object({ provider, account: theirs }),
]);

/** Which steps there are is settlement's to say. */
export function moneyStep<const Names extends readonly [string, ...string[]]>(steps: Names) {
  return z.object({ provider, step: z.enum(steps), round: z.int().min(0) });
}

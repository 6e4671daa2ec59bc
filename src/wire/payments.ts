/** News of payment providers on their queue: whose, and what moved there. It carries no state. */
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

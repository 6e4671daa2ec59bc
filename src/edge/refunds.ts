/** Whether an order can be refunded so much: asked before the provider is, as the session will decide after. Pure. */
import type { Money } from "../domain/money.ts";
import type { Order } from "../domain/order.ts";
import type { Refusal } from "../domain/refusal.ts";

/** The refusal the session would give; undefined when it would agree. */
export function refundFault({ status, due, refunded, refunds }: Order, amount: Money): Refusal | undefined {
  if (status !== "captured" && status !== "refunded") return { code: "order_state_conflict", status };
  if (amount.currency !== due.currency) return { code: "currency_mismatch", currency: due.currency };
  const refundable = due.amount - refunded.amount;
  const isComplete = refundable === 0 && refunds.length > 0;
  if (isComplete || amount.amount > refundable) return { code: "refund_exceeds_captured", refundable };
  return undefined;
}

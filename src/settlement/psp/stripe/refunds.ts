/** Refunds at Stripe, each known by our id in its metadata. Asks Stripe, and keeps it in `stripe_requests`. */
import type { Stripe } from "stripe";
import { LIMITS } from "../../../domain/limits.ts";
import type { RefundId } from "../../../domain/ids.ts";
import type { Money } from "../../../domain/money.ts";
import type { RefundState } from "../port.ts";
import { paymentStateOf } from "./payment-state.ts";
import type { Desk } from "./desk.ts";
import { isRefusal, known } from "./refusals.ts";
import type { Search } from "./requests.ts";
import { chargeUnitsOf, stripeCurrencyOf, whyNoUnits } from "./units.ts";

/** Refunds a part of a captured payment. */
export async function refund(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  id: RefundId,
  amount: Money,
): Promise<RefundState> {
  // Stripe would give up what was only authorized.
  if (intent.status !== "succeeded") return refused(`payment_${paymentStateOf(intent).status}`);
  if (intent.currency !== stripeCurrencyOf(amount)) return refused("currency_mismatch");
  const units = chargeUnitsOf(amount);
  if (units === undefined) return refused(whyNoUnits(amount));
  const order = intent.metadata.order ?? "";
  const params = { payment_intent: intent.id, amount: units, metadata: { order, refund: id } };
  const made = await desk.log.run({
    ...searchOf(desk, intent, id),
    params,
    identity: ["payment_intent", "amount"],
    send: (sent, idempotencyKey) => desk.stripe.refunds.create(sent, { idempotencyKey }),
  });
  // Stripe has no code for an amount that is more than what is left.
  if (isRefusal(made)) return refused(made.refusal === "invalid_amount" ? "exceeds_captured" : made.refusal);
  return stateOf(made);
}

export async function findRefund(
  desk: Desk,
  intent: Stripe.PaymentIntent,
  id: RefundId,
): Promise<RefundState> {
  const made = await desk.log.search(searchOf(desk, intent, id));
  return made ? stateOf(made) : { status: "unknown" };
}

function refused(reason: string): RefundState {
  return { status: "refused", reason };
}

function stateOf({ id: refundId, status }: Stripe.Refund): RefundState {
  switch (status) {
    case "succeeded":
      return { status: "sent", refund: refundId };
    case "failed":
    case "canceled":
      return { status: "failed", refund: refundId };
    default:
      return { status: "pending", refund: refundId };
  }
}

function searchOf({ stripe }: Desk, intent: Stripe.PaymentIntent, id: RefundId): Search<Stripe.Refund> {
  return {
    id,
    read: (made) => known(stripe.refunds.retrieve(made)),
    async find() {
      for await (const made of stripe.refunds.list({ payment_intent: intent.id, limit: LIMITS.stripePage })) {
        if (made.metadata?.refund === id) return made;
      }
      return undefined;
    },
  };
}

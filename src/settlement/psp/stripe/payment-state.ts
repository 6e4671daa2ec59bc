/**
 * Where a payment stands, as its payment intent tells. Pure.
 * @see https://docs.stripe.com/payments/paymentintents/lifecycle
 */
import type { Stripe } from "stripe";
import type { PaymentState } from "../port.ts";
import { expanded } from "./client.ts";

export function paymentStateOf(intent: Stripe.PaymentIntent): PaymentState {
  const { id: payment, last_payment_error: failure } = intent;
  switch (intent.status) {
    case "requires_capture":
      return { status: "authorized", payment };
    case "succeeded":
      // However many refunds it took: money that is all back is not held any more.
      return { status: expanded(intent.latest_charge)?.refunded ? "returned" : "captured", payment };
    case "requires_payment_method":
      return { status: "declined", payment, reason: reasonOf(failure) };
    case "canceled":
      return failure
        ? { status: "declined", payment, reason: reasonOf(failure) }
        : { status: "returned", payment };
    default: {
      const url = intent.next_action?.redirect_to_url?.url;
      return { status: "pending", payment, ...(url ? { action: { url } } : {}) };
    }
  }
}

function reasonOf(failure: Stripe.PaymentIntent["last_payment_error"]): string {
  return failure?.decline_code ?? failure?.code ?? "payment_method_required";
}

/** Chooses the payment provider's adapter. The sandbox is the only one so far. */
import type { PaymentBindings, PaymentMessage } from "./bindings.ts";
import type { PaymentPort } from "./port.ts";
import { sandbox } from "./sandbox.ts";

export type { PaymentBindings, PaymentMessage };

/** The payment port of this deployment. */
export function paymentPort(env: PaymentBindings, nowMs: () => number = Date.now): PaymentPort {
  return sandbox(env, nowMs);
}

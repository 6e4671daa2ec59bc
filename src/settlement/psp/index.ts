/** Chooses the payment provider's adapter: Stripe where its secrets are set, the sandbox otherwise. */
import type { PaymentBindings, PaymentMessage } from "./bindings.ts";
import type { PaymentPort } from "./port.ts";
import { sandbox } from "./sandbox/index.ts";
import { stripe } from "./stripe/index.ts";

export type { PaymentBindings, PaymentMessage };

/** The payment port of this deployment. */
export function paymentPort(env: PaymentBindings, nowMs: () => number = Date.now): PaymentPort {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = env;
  if (!secretKey || !webhookSecret) return sandbox(env, nowMs);
  const { DB: db, PUBLIC_URL: publicUrl, STRIPE_API_BASE: apiBase } = env;
  return stripe({ db, secretKey, webhookSecret, publicUrl, apiBase }, nowMs);
}

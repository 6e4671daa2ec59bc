/** What payment adapters need from the Worker, and what they send it later. Types only. */
import type { PaymentNews } from "./port.ts";

/** A message on the payments queue: something at this provider has moved; ask it where it stands. */
export type PaymentMessage = PaymentNews & { readonly provider: string };

/** The bindings, by their names in wrangler.toml. */
export interface PaymentBindings {
  readonly DB: D1Database;
  readonly PAYMENTS_QUEUE: Pick<Queue<PaymentMessage>, "send">;
  readonly PLATFORM_KEY: string;
  /** The deployment's own origin, for links that a provider sends people back to. */
  readonly PUBLIC_URL: string;
  /** Stripe is used when both are set. */
  readonly STRIPE_SECRET_KEY?: string;
  readonly STRIPE_WEBHOOK_SECRET?: string;
  /** For tests: a server that speaks Stripe's API instead of Stripe's own. */
  readonly STRIPE_API_BASE?: string;
}

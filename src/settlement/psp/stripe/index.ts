/**
 * The Stripe adapter: manual-capture payment intents, separate charges and transfers, connected accounts that are paid
 * out by us. What it has asked for is in D1, see `requests.ts`; all else is asked of Stripe each time.
 *
 * The platform's account at Stripe has to settle in every currency that is sold in: a bank account for each, see
 * https://docs.stripe.com/payments/currencies/settlement-payouts. Stripe changes other money into the account's default
 * currency, and tells of it only once it is taken: nothing is booked or moved of such an order, and reconciliation
 * shows it as a difference.
 */
import type { PaymentPort } from "../port.ts";
import { accountPort } from "./accounts.ts";
import { stripeClient, type StripeAccess } from "./client.ts";
import { entriesOf } from "./entries.ts";
import type { Desk } from "./desk.ts";
import { movementPort } from "./movements.ts";
import { chargePort } from "./payments.ts";
import { RequestLog } from "./requests.ts";
import { readStripeWebhook, secretsOf } from "./webhook.ts";

export interface StripeSettings extends StripeAccess {
  readonly db: D1Database;
  /** Signing secrets of the webhook endpoints, with spaces or commas between them. */
  readonly webhookSecret: string;
  /** The deployment's own origin. */
  readonly publicUrl: string;
}

/** The Stripe adapter. `clock` answers in epoch milliseconds. */
export function stripe(settings: StripeSettings, clock: () => number): PaymentPort {
  const client = stripeClient(settings);
  const log = new RequestLog(settings.db, clock);
  const secrets = secretsOf(settings.webhookSecret);
  const returnUrl = new URL("/payments/return", settings.publicUrl).href;
  const desk: Desk = { stripe: client, log, returnUrl };
  return {
    provider: "stripe",
    ...chargePort(desk),
    ...movementPort(desk),
    ...accountPort(desk),
    entries: (fromMs, untilMs) => entriesOf(client, fromMs, untilMs),
    readWebhook: (request) => readStripeWebhook(request, secrets, log, clock()),
  };
}

/** What the parts of the Stripe adapter share. Types only. */
import type { Stripe } from "stripe";
import type { RequestLog } from "./requests.ts";

export interface Desk {
  readonly stripe: Stripe;
  readonly log: RequestLog;
  /** Where a buyer comes back to from the bank. */
  readonly returnUrl: string;
}

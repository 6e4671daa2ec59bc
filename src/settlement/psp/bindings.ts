/** What payment adapters need from the Worker, and what they send it later. Types only. */
import type { PaymentNews } from "./port.ts";

/** A message on the payments queue: an order's payment at this provider has moved; ask `find` where it stands. */
export interface PaymentMessage extends PaymentNews {
  readonly provider: string;
}

/** The bindings, by their names in wrangler.toml. */
export interface PaymentBindings {
  readonly DB: D1Database;
  readonly PAYMENTS_QUEUE: Pick<Queue<PaymentMessage>, "send">;
  readonly PLATFORM_KEY: string;
}

/**
 * The payment port: what Dropcast asks of a payment provider. Adapters stand beside it, one a file. Every call is
 * idempotent by the order's id, so that a crash between two steps is repaired by doing the step again.
 */
import type { OrderId } from "../../domain/ids.ts";
import type { Money } from "../../domain/money.ts";

export interface Charge {
  readonly order: OrderId;
  /** What is to be paid; zero when credit pays for all, which the port is not asked for. */
  readonly amount: Money;
  readonly paymentMethod: string;
}

/** Where a payment stands at the provider. */
export type PaymentState =
  | { readonly status: "unknown" }
  | { readonly status: "pending"; readonly payment: string }
  | { readonly status: "authorized"; readonly payment: string }
  | { readonly status: "captured"; readonly payment: string }
  | { readonly status: "declined"; readonly payment: string; readonly reason: string }
  | { readonly status: "returned"; readonly payment: string };

/** What a provider tells later: the payment of an order has moved. It carries no state: ask for it. */
export interface PaymentNews {
  readonly order: OrderId;
}

export interface PaymentPort {
  /** The adapter's name, as it stands in orders and routes. */
  readonly provider: string;
  /** Whether the provider has a method of this name; checked before anything is held. */
  acceptsMethod(method: string): boolean;
  /** Asks for the money without taking it. Repeated for an order, it answers what became of the first. */
  authorize(charge: Charge, signal: AbortSignal): Promise<PaymentState>;
  /** Takes what was authorized. Repeated, it answers `captured` again. */
  capture(order: OrderId): Promise<PaymentState>;
  /** Gives back whatever was promised or taken: voids or refunds in whole. Repeated, it answers `returned` again. */
  giveBack(order: OrderId): Promise<PaymentState>;
  /** Where the order's payment stands; `unknown` when the provider never heard of it. */
  find(order: OrderId): Promise<PaymentState>;
  /** Refunds a part of what was captured, idempotent by `refund`. */
  refund(
    order: OrderId,
    refund: string,
    amount: Money,
  ): Promise<{ readonly ok: boolean; readonly reason?: string }>;
  /** Checks that a webhook is the provider's and reads it; undefined when it is not authentic. */
  readWebhook(request: Request): Promise<readonly PaymentNews[] | undefined>;
}

/** Orders: a viewer's promise to pay for a reservation, and what became of it. Pure types. */
import type { ContractId, OrderId, RefundId, ReservationId, ViewerId } from "./ids.ts";
import type { Money } from "./money.ts";
import type { ReservationLine } from "./reservation.ts";
import type { Units } from "./stock.ts";

/** `placed → authorized → captured | failed | cancelled`; a captured order is then `refunded`, in part or whole. */
export type OrderStatus = "placed" | "authorized" | "captured" | "failed" | "cancelled" | "refunded";

export type FailureReason = "declined" | "hold_lost" | "capture_failed";

/** The provider's record of the money: which adapter, and its id there. */
export interface Payment {
  readonly provider: string;
  readonly id: string;
}

export interface Order {
  readonly id: OrderId;
  readonly reservation: ReservationId;
  readonly viewer: ViewerId;
  readonly contract?: ContractId;
  readonly lines: readonly ReservationLine[];
  readonly units: readonly Units[];
  readonly paymentMethod: string;
  /** What the units sell for. */
  readonly total: Money;
  /** What is charged: the total less loyalty credit. */
  readonly due: Money;
  readonly refunded: Money;
  readonly status: OrderStatus;
  readonly placedAtMs: number;
  /** Set once the provider has been asked, even when it has not answered. */
  readonly payment?: Payment;
  readonly paymentPending: boolean;
  readonly failure?: FailureReason;
  readonly refunds: readonly { readonly id: RefundId; readonly amount: Money }[];
}

export function orderTotals(
  lines: readonly ReservationLine[],
  currency: string,
): { total: Money; due: Money } {
  let total = 0;
  let due = 0;
  for (const line of lines) {
    total += line.price.total.amount * line.quantity;
    due += line.price.due.amount * line.quantity;
  }
  return { total: { amount: total, currency }, due: { amount: due, currency } };
}

/**
 * Running counts of what a session sold, so that they can be read at any time without looking at every order. Changed
 * by `apply` alone, with the event that changes what they count. Pure.
 */
import type { OfferId } from "./ids.ts";
import type { Order, OrderStatus } from "./order.ts";
import type { ReservationLine } from "./reservation.ts";
import type { SessionState } from "./session.ts";

/** Of one offer; a bundle is one unit. */
export interface OfferSales {
  held: number;
  /** Paid for or promised to be, less what came back. */
  sold: number;
  /** What was captured for it, in minor units; refunds are not taken off. */
  captured: number;
}

/** How many orders have which status now; forgotten ones are in it. */
export type OrderCounts = { [Status in OrderStatus]: number };

export function noOrders(): OrderCounts {
  return { placed: 0, authorized: 0, captured: 0, failed: 0, cancelled: 0, refunded: 0 };
}

/** Adds the lines' units to what is held or sold of their offers, or with `sign` -1 takes them off. */
export function countUnitsOf(
  state: SessionState,
  lines: readonly ReservationLine[],
  what: "held" | "sold",
  sign: 1 | -1,
): void {
  for (const line of lines) salesOf(state, line.offer)[what] += sign * line.quantity;
}

/** An order was captured: each of its offers gets what was charged for it. */
export function countCaptured(state: SessionState, { lines }: Order): void {
  for (const line of lines) salesOf(state, line.offer).captured += line.price.due.amount * line.quantity;
}

function salesOf({ sales }: SessionState, offer: OfferId): OfferSales {
  const known = sales.get(offer);
  if (known) return known;
  const none: OfferSales = { held: 0, sold: 0, captured: 0 };
  sales.set(offer, none);
  return none;
}

/** Decides orders: placing, one tap, and what the payment provider's word does to them. Pure. */
import type { Evidence, OrderCommand } from "./commands.ts";
import { ownReservation, reserve } from "./decide-reservation.ts";
import { decided, refused } from "./decision.ts";
import type { EventBody, NewOrder } from "./events.ts";
import type { OrderId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { orderTotals, type Order } from "./order.ts";
import { mayName } from "./recent-buys.ts";
import type { Refusal } from "./refusal.ts";
import { releaseOne, serveWaitlist } from "./release.ts";
import type { Decision } from "./reply.ts";
import type { Reservation } from "./reservation.ts";
import type { SessionState } from "./session.ts";

type OrderCommandOf<T extends OrderCommand["type"]> = Extract<OrderCommand, { type: T }>;
/** What the provider's word, or its silence, asks of an order. */
type OrderStep = Exclude<OrderCommand, { type: "order.place" | "order.buy" }>;

export function decidePlace(
  state: SessionState,
  command: OrderCommandOf<"order.place">,
  nowMs: number,
): Decision {
  const fault = orderFault(state, command.order);
  if (fault) return refused(fault);
  const reservation = ownReservation(state, command.reservation, command.viewer);
  if (!reservation) return refused({ code: "reservation_not_found" });
  if (reservation.status !== "held")
    return refused({ code: "reservation_not_held", status: reservation.status });
  if (reservation.order !== undefined)
    return refused({ code: "reservation_in_payment", order: reservation.order });
  return decided(shown(command.order, true), placed(state, command, reservation, nowMs));
}

/** Reserves and places in one decision: what is refused holds nothing. A backorder cannot be paid for yet. */
export function decideBuy(
  state: SessionState,
  command: OrderCommandOf<"order.buy">,
  nowMs: number,
): Decision {
  const fault = orderFault(state, command.order);
  if (fault) return refused(fault);
  const outcome = reserve(state, { ...command.reserve, backorder: false }, nowMs);
  if ("code" in outcome) return refused(outcome);
  return decided(
    shown(command.order, true),
    outcome.event,
    placed(state, command, { ...outcome.event.reservation, seq: 0 }, nowMs),
  );
}

function orderFault(state: SessionState, order: OrderId): Refusal | undefined {
  if (state.orders.has(order)) return { code: "order_exists" };
  if (state.orders.size - state.unpaid.size >= LIMITS.ordersPerSession) {
    return { code: "limit_reached", limit: "ordersPerSession", max: LIMITS.ordersPerSession };
  }
  return undefined;
}

function placed(
  state: SessionState,
  { order: id, paymentMethod, clicks, shownAs }: { order: OrderId; paymentMethod: string } & Evidence,
  reservation: Reservation,
  nowMs: number,
): EventBody {
  const { currency = "", contract } = state.terms ?? {};
  const order: NewOrder = {
    id,
    reservation: reservation.id,
    viewer: reservation.viewer,
    ...(contract === undefined ? {} : { contract }),
    lines: reservation.lines,
    units: reservation.units,
    paymentMethod,
    ...orderTotals(reservation.lines, currency),
    placedAtMs: nowMs,
  };
  // A name that is not to be shown is not kept either.
  const name = shownAs !== undefined && mayName(state, reservation.viewer) ? { shownAs } : {};
  return { type: "order.placed", v: 1, order, ...(clicks ? { clicks } : {}), ...name };
}

/**
 * Repeating a step that was already taken changes nothing and is no error: providers tell the same thing twice.
 * A step out of order is refused with the order's status.
 */
export function decideOrder(state: SessionState, command: OrderStep, nowMs: number): Decision {
  const order = state.orders.get(command.order);
  if (!order) return refused({ code: "order_not_found" });
  const events =
    command.type === "order.refund"
      ? refundEvents(state, order, command, nowMs)
      : stepEvents(state, order, command, nowMs);
  return Array.isArray(events) ? decided(shown(order.id, false), ...events) : refused(events);
}

function stepEvents(
  state: SessionState,
  order: Order,
  command: Exclude<OrderStep, { type: "order.refund" }>,
  nowMs: number,
): EventBody[] | Refusal {
  const of = { v: 1, order: order.id } as const;
  const conflict: Refusal = { code: "order_state_conflict", status: order.status };
  switch (command.type) {
    case "order.pend":
      if (order.status !== "placed") return [];
      if (order.paymentPending && (!command.payment || order.payment?.id === command.payment.id)) return [];
      return [{ type: "order.pending", ...of, ...(command.payment ? { payment: command.payment } : {}) }];
    case "order.authorize":
      if (order.status === "authorized" || order.status === "captured" || order.status === "refunded")
        return [];
      if (order.failure === "hold_lost" && order.payment?.id === command.payment.id) return [];
      return order.status === "placed" ? authorizeEvents(state, order, command) : conflict;
    case "order.capture":
      if (order.status === "captured" || order.status === "refunded") return [];
      return order.status === "authorized" ? [{ type: "order.captured", ...of }] : conflict;
    case "order.fail":
      return failEvents(state, order, command, nowMs) ?? conflict;
    case "order.cancel":
      if (order.status === "cancelled" || order.status === "failed") return [];
      if (order.status !== "placed") return conflict;
      return [{ type: "order.cancelled", ...of }, ...giveBack(state, order, "order_cancelled", nowMs)];
  }
}

/** Commits the hold, or, when it was lost meanwhile, fails the order: its payment must then be given back. */
function authorizeEvents(
  state: SessionState,
  order: Order,
  { payment }: OrderCommandOf<"order.authorize">,
): EventBody[] {
  const of = { v: 1, order: order.id, payment } as const;
  if (!heldFor(state, order)) {
    return [{ type: "order.failed", ...of, reason: "hold_lost", unitsReturned: false }];
  }
  return [
    { type: "order.authorized", ...of },
    { type: "reservation.committed", v: 1, reservation: order.reservation },
  ];
}

/** A decline releases the hold; a capture that fails for good returns the committed units to the pool. */
function failEvents(
  state: SessionState,
  order: Order,
  { reason, payment }: OrderCommandOf<"order.fail">,
  nowMs: number,
): EventBody[] | undefined {
  const failed = {
    type: "order.failed",
    v: 1,
    order: order.id,
    reason,
    ...(payment ? { payment } : {}),
  } as const;
  if (order.status === "failed" || order.status === "cancelled") return [];
  if (order.status === "placed") {
    return [{ ...failed, unitsReturned: false }, ...giveBack(state, order, "payment_failed", nowMs)];
  }
  if (order.status === "authorized") {
    return [{ ...failed, unitsReturned: true }, ...serveWaitlist(state, order.units, nowMs)];
  }
  return undefined;
}

function giveBack(
  state: SessionState,
  order: Order,
  reason: "payment_failed" | "order_cancelled",
  nowMs: number,
): EventBody[] {
  const reservation = heldFor(state, order);
  return reservation ? releaseOne(state, reservation, reason, nowMs) : [];
}

/** The order's hold while it lasts. An ended one is forgotten in time, and another may then have its id. */
function heldFor(state: SessionState, order: Order): Reservation | undefined {
  const reservation = state.reservations.get(order.reservation);
  return reservation?.status === "held" && reservation.order === order.id ? reservation : undefined;
}

/**
 * Units go back to the pool only with the refund that completes the total, and nothing is refunded after it: they come
 * back once. An order that credit paid in full is completed by a refund of zero.
 */
function refundEvents(
  state: SessionState,
  order: Order,
  command: OrderCommandOf<"order.refund">,
  nowMs: number,
): EventBody[] | Refusal {
  if (order.refunds.some((refund) => refund.id === command.refund)) return [];
  if (order.status !== "captured" && order.status !== "refunded") {
    return { code: "order_state_conflict", status: order.status };
  }
  const { currency } = order.due;
  if (command.amount.currency !== currency) return { code: "currency_mismatch", currency };
  const refundable = order.due.amount - order.refunded.amount;
  const complete = refundable === 0 && order.refunds.length > 0;
  if (complete || command.amount.amount > refundable) return { code: "refund_exceeds_captured", refundable };
  const refundedTotal = { amount: order.refunded.amount + command.amount.amount, currency };
  const unitsReturned = command.returnUnits && refundedTotal.amount === order.due.amount;
  return [
    {
      type: "order.refunded",
      v: 1,
      order: order.id,
      refund: command.refund,
      amount: command.amount,
      refundedTotal,
      unitsReturned,
    },
    ...(unitsReturned ? serveWaitlist(state, order.units, nowMs) : []),
  ];
}

function shown(
  order: OrderId,
  withReservation: boolean,
): { ok: true; show: "order"; order: OrderId; withReservation: boolean } {
  return { ok: true, show: "order", order, withReservation };
}

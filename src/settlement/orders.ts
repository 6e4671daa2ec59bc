/** Orders as a projection: from rows and events to the next rows, and from a row back to the order. Pure. */
import type { Event, OrderEvent, Recorded } from "../domain/events.ts";
import type { OrderId, SessionId } from "../domain/ids.ts";
import type { Order } from "../domain/order.ts";
import { assertKnownVersion, isOrderEvent } from "../domain/projection.ts";
import type { OrderRow, SessionRow } from "./tables.ts";

/** What a run of events is applied to: the session's row and those of the orders the events are about. */
export interface OrderBook {
  session: SessionRow | undefined;
  readonly orders: Map<OrderId, OrderRow>;
}

type Applied = Recorded<OrderEvent>;

/**
 * Applies events in order; those of other kinds are passed over, known or not. Throws on what it cannot apply, so that
 * nothing about an order is ever passed over.
 */
export function applyToBook(book: OrderBook, session: SessionId, events: readonly Event[]): void {
  for (const event of events) {
    if (event.type === "session.created") {
      const { seller, creator = null } = event.terms;
      book.session = { session, seller, creator };
    } else if (isOrderEvent(event)) {
      const row = nextRow(book, event);
      book.orders.set(row.id, row);
    }
  }
}

function nextRow(book: OrderBook, event: Applied): OrderRow {
  assertKnownVersion(event);
  if (event.type === "order.placed") {
    if (!book.session) throw new Error(`order ${event.order.id} came before its session`);
    return placedRow(book.session, event);
  }
  const row = book.orders.get(event.order);
  if (!row) throw new Error(`${event.type} came before order ${event.order} was placed`);
  return { ...row, ...changeOf(row, event), updatedAtMs: event.atMs, seq: event.seq };
}

function placedRow(
  session: SessionRow,
  { order, atMs, seq }: Extract<Applied, { type: "order.placed" }>,
): OrderRow {
  return {
    id: order.id,
    ...session,
    contract: order.contract ?? null,
    viewer: order.viewer,
    reservation: order.reservation,
    status: "placed",
    currency: order.due.currency,
    total: order.total.amount,
    due: order.due.amount,
    refunded: 0,
    paymentMethod: order.paymentMethod,
    paymentProvider: null,
    paymentId: null,
    paymentPending: false,
    failure: null,
    lines: order.lines,
    units: order.units,
    refunds: [],
    placedAtMs: order.placedAtMs,
    updatedAtMs: atMs,
    seq,
  };
}

function changeOf(row: OrderRow, event: Exclude<Applied, { type: "order.placed" }>): Partial<OrderRow> {
  const payment =
    "payment" in event && event.payment
      ? { paymentProvider: event.payment.provider, paymentId: event.payment.id }
      : {};
  switch (event.type) {
    case "order.pending":
      return { paymentPending: true, ...payment };
    case "order.authorized":
      return { status: "authorized", paymentPending: false, ...payment };
    case "order.captured":
      return { status: "captured" };
    case "order.failed":
      return { status: "failed", paymentPending: false, failure: event.reason, ...payment };
    case "order.cancelled":
      return { status: "cancelled", paymentPending: false };
    case "order.refunded": {
      const refunds = [...row.refunds, { id: event.refund, amount: event.amount }];
      return { status: "refunded", refunded: event.refundedTotal.amount, refunds };
    }
    default:
      throw new Error(`unknown event ${(event as Event).type}`);
  }
}

/** The same order as the session has it. */
export function orderOf(row: OrderRow): Order {
  const { currency, paymentProvider, paymentId } = row;
  const hasPayment = paymentProvider !== null && paymentId !== null;
  return {
    id: row.id,
    reservation: row.reservation,
    viewer: row.viewer,
    ...(row.contract === null ? {} : { contract: row.contract }),
    lines: row.lines,
    units: row.units,
    paymentMethod: row.paymentMethod,
    total: { amount: row.total, currency },
    due: { amount: row.due, currency },
    refunded: { amount: row.refunded, currency },
    status: row.status,
    placedAtMs: row.placedAtMs,
    ...(hasPayment ? { payment: { provider: paymentProvider, id: paymentId } } : {}),
    paymentPending: row.paymentPending,
    ...(row.failure === null ? {} : { failure: row.failure }),
    refunds: row.refunds,
  };
}

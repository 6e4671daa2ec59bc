/** Applies events about orders. Pure; called by `apply` alone. */
import { linkOrder, returnUnits } from "./apply-reservation.ts";
import type { OrderEvent, Recorded } from "./events.ts";
import type { Order } from "./order.ts";
import { awaitName, forgetBuy, noteBuy } from "./recent-buys.ts";
import { countCaptured } from "./sales.ts";
import type { SessionState } from "./session.ts";

type Applied = Recorded<OrderEvent>;

export function applyOrder(state: SessionState, event: Applied): void {
  if (event.type === "order.placed") {
    const { order } = event;
    const refunded = { amount: 0, currency: order.due.currency };
    state.orderCounts.placed += 1;
    state.orders.set(order.id, { ...order, status: "placed", paymentPending: false, refunded, refunds: [] });
    awaitName(state, order, event.shownAs);
    return linkOrder(state, order.reservation, order.id);
  }
  const order = state.orders.get(event.order);
  if (!order) return;
  const changed = { ...order, ...changeOf(order, event) };
  state.orders.set(order.id, changed);
  state.orderCounts[order.status] -= 1;
  state.orderCounts[changed.status] += 1;
  if (event.type === "order.captured") countCaptured(state, order);
  if (event.type === "order.refunded") state.refunded += event.amount.amount;
  if (event.type === "order.authorized") noteBuy(state, order, event);
  if (event.type === "order.failed" || event.type === "order.cancelled") {
    state.unpaid.set(order.id, event.atMs);
    forgetBuy(state, order.id, event);
  }
  if ("unitsReturned" in event && event.unitsReturned) returnUnits(state, order, event.seq);
}

function changeOf(order: Order, event: Exclude<Applied, { type: "order.placed" }>): Partial<Order> {
  const payment = "payment" in event && event.payment ? { payment: event.payment } : {};
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
      const refunds = [...order.refunds, { id: event.refund, amount: event.amount }];
      return { status: "refunded", refunded: event.refundedTotal, refunds };
    }
  }
}

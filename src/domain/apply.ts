/**
 * The one place that changes a session's state: applies an event to the state it is given and depends on nothing else.
 * Offers, reservations and orders are replaced, never edited, so that answers may keep them. Pure.
 */
import { applyOffer } from "./apply-offer.ts";
import { applyOrder } from "./apply-order.ts";
import { applyReservation } from "./apply-reservation.ts";
import type { Event, Recorded, SessionEvent, StockEvent } from "./events.ts";
import { poolKey } from "./ids.ts";
import type { SessionState } from "./session.ts";
import { touchOffers } from "./touch.ts";

/** Events must come in order, without gaps. */
export function apply(state: SessionState, event: Event): void {
  state.seq = event.seq;
  state.atMs = event.atMs;
  switch (event.type) {
    case "session.created":
    case "session.updated":
    case "session.scheduled":
    case "session.started":
    case "session.paused":
    case "session.resumed":
    case "session.ended":
    case "session.cancelled":
      return applySession(state, event);
    case "stock.allocated":
      return applyStock(state, event);
    case "offer.created":
    case "offer.updated":
    case "offer.repriced":
    case "offer.opened":
    case "offer.closed":
    case "offer.withdrawn":
    case "offer.pinned":
    case "offer.unpinned":
      return applyOffer(state, event);
    case "reservation.held":
    case "reservation.backordered":
    case "reservation.filled":
    case "reservation.extended":
    case "reservation.released":
    case "reservation.expired":
    case "reservation.committed":
      return applyReservation(state, event);
    case "order.placed":
    case "order.pending":
    case "order.authorized":
    case "order.captured":
    case "order.failed":
    case "order.cancelled":
    case "order.refunded":
      return applyOrder(state, event);
    default:
      // A journal that a later version wrote: going on without the event would sell what is sold.
      throw new Error(`unknown event ${(event as Event).type}`);
  }
}

function applySession(state: SessionState, event: Recorded<SessionEvent>): void {
  state.changedSeq = event.seq;
  if (event.type === "session.created") {
    state.terms = event.terms;
    state.status = "draft";
  } else if (event.type === "session.updated") {
    if (state.terms) state.terms = { ...state.terms, ...event.changes };
  } else {
    state.status = event.status;
    if (event.type === "session.started") state.startedAtMs = event.atMs;
    if (event.type === "session.ended" || event.type === "session.cancelled") state.endedAtMs = event.atMs;
  }
}

function applyStock(state: SessionState, event: Recorded<StockEvent>): void {
  const { sku, zone, allocated } = event;
  const pool = state.pools.get(poolKey(zone, sku));
  if (pool) pool.allocated = allocated;
  else state.pools.set(poolKey(zone, sku), { sku, zone, allocated, held: 0, committed: 0 });
  touchOffers(state, [event], event.seq);
}

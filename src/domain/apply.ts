/**
 * The one place that changes a session's state: applies an event to the state it is given and depends on nothing else.
 * Offers, reservations and orders are replaced, never edited, so that answers may keep them. Pure.
 */
import { applyOffer } from "./apply-offer.ts";
import { applyOrder } from "./apply-order.ts";
import { applyReservation } from "./apply-reservation.ts";
import type { Event, Recorded, SessionEvent, SessionMeasured, StockEvent, WarmupEvent } from "./events.ts";
import { hideBuys, unname } from "./recent-buys.ts";
import type { SessionState } from "./session.ts";
import { touchOffers } from "./touch.ts";

/** Events must come in order, without gaps. */
export function apply(state: SessionState, event: Event): void {
  state.seq = event.seq;
  state.atMs = event.atMs;
  if (event.type === "session.measured") return applyMeasured(state, event);
  state.shownSeq = event.seq;
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
    case "viewer.unnamed":
      // Screens are told of it as fast as of the session's own face: a buy alone may wait.
      state.changedSeq = event.seq;
      return unname(state, event.viewer, event);
    case "warmup.planned":
    case "warmup.done":
    case "warmup.archived":
    case "warmup.cooled":
      return applyWarmup(state, event);
    default:
      // A journal that a later version wrote: going on without the event would sell what is sold.
      throw new Error(`unknown event ${(event as Event).type}`);
  }
}

function applySession(state: SessionState, event: Recorded<Exclude<SessionEvent, SessionMeasured>>): void {
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
  hideBuys(state, event);
}

function applyStock(state: SessionState, event: Recorded<StockEvent>): void {
  const { sku, zone, allocated } = event;
  const pool = state.pools.get(zone, sku);
  if (pool) pool.allocated = allocated;
  else state.pools.set(zone, sku, { sku, zone, allocated, held: 0, committed: 0 });
  touchOffers(state, [event], event.seq);
}

function applyMeasured(state: SessionState, event: Recorded<SessionMeasured>): void {
  const { views, viewersPeak, taps, refused, atMs } = event;
  state.measured = { views, viewersPeak, taps, refused, measuredAtMs: atMs };
}

/** Nothing that viewers see changes. */
function applyWarmup(state: SessionState, event: Recorded<WarmupEvent>): void {
  const { atMs } = event;
  switch (event.type) {
    case "warmup.planned": {
      const { done: _, ...rest } = state.warmup ?? {};
      state.warmup = { ...rest, plan: { ...event.plan, plannedAtMs: atMs } };
      return;
    }
    case "warmup.done":
      state.warmup = { ...state.warmup, done: { ...event.done, doneAtMs: atMs } };
      return;
    case "warmup.archived":
      state.warmup = { ...state.warmup, archive: { ...event.archive, archivedAtMs: atMs } };
      return;
    case "warmup.cooled":
      state.warmup = { ...state.warmup, cooled: { ...event.cooled, cooledAtMs: atMs } };
  }
}

/** Applies events about reservations: the pools, the viewer's counts, the waitlist and the agenda move with them. Pure. */
import type { Recorded, ReservationEvent } from "./events.ts";
import type { OfferId, OrderId, ReservationId, ViewerId } from "./ids.ts";
import type { Order } from "./order.ts";
import { creditOf } from "./pricing.ts";
import type { Reservation, ReservationStatus } from "./reservation.ts";
import { countUnitsOf } from "./sales.ts";
import type { SessionState } from "./session.ts";
import type { Pool, Units } from "./stock.ts";
import { touchOffers } from "./touch.ts";

export function applyReservation(state: SessionState, event: Recorded<ReservationEvent>): void {
  if (event.type === "reservation.held" || event.type === "reservation.backordered") {
    return create(state, { ...event.reservation, seq: event.seq });
  }
  const reservation = state.reservations.get(event.reservation);
  if (!reservation) return;
  switch (event.type) {
    case "reservation.filled":
      state.waitlist.remove(reservation);
      return hold(
        state,
        { ...reservation, status: "held", expiresAtMs: event.expiresAtMs, latestAtMs: event.latestAtMs },
        event.seq,
      );
    case "reservation.extended": {
      const extended = {
        ...reservation,
        expiresAtMs: event.expiresAtMs,
        extensions: reservation.extensions + 1,
      };
      state.reservations.set(reservation.id, extended);
      return state.agenda.addHold(extended);
    }
    case "reservation.released":
      return end(state, { ...reservation, releasedBecause: event.reason }, "released", event);
    case "reservation.expired":
      return end(state, reservation, "expired", event);
    case "reservation.committed":
      return end(state, reservation, "committed", event);
  }
}

function create(state: SessionState, reservation: Reservation): void {
  for (const line of reservation.lines) state.spentTokens.set(line.token, line.tokenExpiresAtMs);
  count(state, reservation, 1);
  if (reservation.status === "held") return hold(state, reservation, reservation.seq);
  state.reservations.set(reservation.id, reservation);
  state.waitlist.add(reservation);
}

function hold(state: SessionState, reservation: Reservation, seq: number): void {
  state.reservations.set(reservation.id, reservation);
  state.agenda.addHold(reservation);
  moveUnits(state, reservation.units, (pool, quantity) => (pool.held += quantity));
  countUnitsOf(state, reservation.lines, "held", 1);
  touchOffers(state, reservation.units, seq);
}

function end(
  state: SessionState,
  reservation: Reservation,
  status: Extract<ReservationStatus, "released" | "expired" | "committed">,
  { seq, atMs }: { readonly seq: number; readonly atMs: number },
): void {
  if (reservation.status === "backordered") state.waitlist.remove(reservation);
  else {
    moveUnits(state, reservation.units, (pool, quantity) => (pool.held -= quantity));
    countUnitsOf(state, reservation.lines, "held", -1);
  }
  if (status === "committed") {
    moveUnits(state, reservation.units, (pool, quantity) => (pool.committed += quantity));
    countUnitsOf(state, reservation.lines, "sold", 1);
  } else count(state, reservation, -1);
  state.reservations.set(reservation.id, { ...reservation, status });
  state.ended.set(reservation.id, atMs);
  // What is sold was not available before: viewers see no difference.
  if (reservation.status === "held" && status !== "committed") touchOffers(state, reservation.units, seq);
}

/** Sold units come back to their pools, and off the buyer's counts: a capture failed, or the goods were returned. */
export function returnUnits(state: SessionState, order: Order, seq: number): void {
  moveUnits(state, order.units, (pool, quantity) => (pool.committed -= quantity));
  countUnitsOf(state, order.lines, "sold", -1);
  count(state, order, -1);
  touchOffers(state, order.units, seq);
}

function moveUnits(
  state: SessionState,
  units: readonly Units[],
  move: (pool: Pool, quantity: number) => void,
): void {
  for (const unit of units) {
    const pool = state.pools.get(unit.zone, unit.sku);
    if (pool) move(pool, unit.quantity);
  }
}

/** Adds (`sign` 1) or takes off (-1) what a reservation counts for its viewer: units of each offer, and credit. */
function count(state: SessionState, of: Pick<Reservation, "viewer" | "lines">, sign: 1 | -1): void {
  let credit = 0;
  for (const line of of.lines) {
    countUnits(state, line.offer, of.viewer, sign * line.quantity);
    credit += creditOf(line.price) * line.quantity;
  }
  if (credit > 0) countCredit(state, of.viewer, sign * credit);
}

function countUnits({ viewerUnits }: SessionState, offer: OfferId, viewer: ViewerId, by: number): void {
  const units = (viewerUnits.get(offer, viewer) ?? 0) + by;
  if (units === 0) viewerUnits.delete(offer, viewer);
  else viewerUnits.set(offer, viewer, units);
}

function countCredit({ creditUsed }: SessionState, viewer: ViewerId, by: number): void {
  const used = (creditUsed.get(viewer) ?? 0) + by;
  if (used === 0) creditUsed.delete(viewer);
  else creditUsed.set(viewer, used);
}

/** Points a reservation at the order that pays for it. */
export function linkOrder(state: SessionState, id: ReservationId, order: OrderId): void {
  const reservation = state.reservations.get(id);
  if (reservation) state.reservations.set(id, { ...reservation, order });
}

/** Giving units back: releases, and whom on the waitlist the freed units go to. Pure. */
import type { EventBody } from "./events.ts";
import { LIMITS } from "./limits.ts";
import type { ReleaseReason, Reservation } from "./reservation.ts";
import type { SessionState } from "./session.ts";
import { StockView, type Units } from "./stock.ts";

/** Releases every reservation that matches, without serving the waitlist: for endings, where nobody is served. */
export function releaseAll(
  state: SessionState,
  matches: (reservation: Reservation) => boolean,
  reason: ReleaseReason,
): EventBody[] {
  const events: EventBody[] = [];
  for (const reservation of state.reservations.values()) {
    if (matches(reservation)) {
      events.push({ type: "reservation.released", v: 1, reservation: reservation.id, reason });
    }
  }
  return events;
}

/** One reservation's release, and the waitlist served with what it frees. */
export function releaseOne(
  state: SessionState,
  reservation: Reservation,
  reason: ReleaseReason,
  nowMs: number,
): EventBody[] {
  const events: EventBody[] = [{ type: "reservation.released", v: 1, reservation: reservation.id, reason }];
  if (reservation.status === "held") events.push(...serveWaitlist(state, reservation.units, nowMs));
  return events;
}

/**
 * Who is served when `freed` units come back: by priority, then first come; someone whose whole demand does not fit
 * is passed over and keeps the place. Serves nobody unless the session sells.
 */
export function serveWaitlist(state: SessionState, freed: readonly Units[], nowMs: number): EventBody[] {
  if (state.waitlist.size === 0 || (state.status !== "live" && state.status !== "paused")) return [];
  const stock = new StockView(state);
  stock.free(freed);
  const wanted = new Set(freed.map((unit) => unit.sku));
  const events: EventBody[] = [];
  for (const id of state.waitlist) {
    // All of it is given away again: no need to ask the rest of a long waitlist.
    if (freed.every(({ zone, sku }) => stock.available(zone, sku) <= 0)) break;
    const waiting = state.reservations.get(id);
    if (waiting === undefined) continue;
    if (!waiting.units.some((unit) => wanted.has(unit.sku)) || !stock.covers(waiting.units)) continue;
    stock.take(waiting.units);
    events.push({
      type: "reservation.filled",
      v: 1,
      reservation: id,
      expiresAtMs: nowMs + waiting.holdMs,
      latestAtMs: nowMs + Math.max(waiting.holdMs, LIMITS.holdMaxMs),
    });
  }
  return events;
}

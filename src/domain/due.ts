/** What falls due by itself: expired holds, offer windows, price steps. Pure. */
import type { AgendaItem } from "./agenda.ts";
import { closeEvents, repriced } from "./decide-offer.ts";
import type { EventBody } from "./events.ts";
import type { Offer, PriceStep } from "./offer.ts";
import { serveWaitlist } from "./release.ts";
import type { SessionState } from "./session.ts";

/** When the next thing falls due, if anything will. */
export function nextDueAtMs(state: SessionState): number | undefined {
  return nextItem(state)?.atMs;
}

/**
 * Events of the earliest thing that is due at `nowMs`; empty when nothing is. Apply them and ask again until it is.
 * At a hold's deadline the hold has expired: an offer that closes at a time is closed at that time.
 */
export function due(state: SessionState, nowMs: number): EventBody[] {
  const item = nextItem(state);
  if (item === undefined || item.atMs > nowMs) return [];
  if (item.kind === "hold") {
    const reservation = state.reservations.get(item.id);
    if (!reservation) return [];
    return [
      { type: "reservation.expired", v: 1, reservation: item.id },
      ...serveWaitlist(state, reservation.units, nowMs),
    ];
  }
  const offer = state.offers.get(item.id);
  if (!offer) return [];
  switch (item.kind) {
    case "opens":
      return [{ type: "offer.opened", v: 1, offer: item.id }];
    case "closes":
      return closeEvents(state, offer);
    case "price_step": {
      const step = latestStep(offer, nowMs);
      return step ? [repriced(offer, step.price, "honour", nowMs)] : [];
    }
  }
}

/** When several steps have passed since the last turn, the latest is the price; the ones before it are skipped. */
function latestStep(offer: Offer, nowMs: number): PriceStep | undefined {
  let latest: PriceStep | undefined;
  for (const step of offer.priceSteps) {
    if (step.atMs <= nowMs && (latest === undefined || step.atMs >= latest.atMs)) latest = step;
  }
  return latest;
}

function nextItem(state: SessionState): AgendaItem | undefined {
  return state.agenda.next((item) => isCurrent(state, item));
}

/** Whether an agenda item still stands: the hold was not ended or extended, the offer's window not changed or used. */
function isCurrent(state: SessionState, item: AgendaItem): boolean {
  if (item.kind === "hold") {
    const reservation = state.reservations.get(item.id);
    return reservation?.status === "held" && reservation.expiresAtMs === item.atMs;
  }
  const offer = state.offers.get(item.id);
  if (!offer || state.status === "ended" || state.status === "cancelled") return false;
  switch (item.kind) {
    case "opens":
      return offer.opensAtMs === item.atMs && (offer.status === "scheduled" || offer.status === "closed");
    case "closes":
      return offer.closesAtMs === item.atMs && (offer.status === "open" || offer.status === "scheduled");
    case "price_step":
      return offer.priceSteps.some(({ atMs }) => atMs === item.atMs);
  }
}

/** Applies events about offers. Pure; called by `apply` alone. */
import type { OfferEvent, Recorded } from "./events.ts";
import type { Offer } from "./offer.ts";
import type { SessionState } from "./session.ts";

type Applied = Recorded<OfferEvent>;

export function applyOffer(state: SessionState, event: Applied): void {
  if (event.type === "offer.created") {
    const { terms, seq } = event;
    const offer: Offer = { ...terms, status: "scheduled", priceVersion: 1, honoured: [], changedSeq: seq };
    state.offers.set(offer.id, offer);
    state.agenda.addOffer(offer);
    state.offersBySku.add(offer);
    return;
  }
  const offer = state.offers.get(event.offer);
  if (!offer) return;
  if (event.type === "offer.pinned" || event.type === "offer.unpinned") {
    state.pinned = event.type === "offer.pinned" ? offer.id : undefined;
    state.changedSeq = event.seq;
    return;
  }
  const next: Offer = { ...changed(offer, event), changedSeq: event.seq };
  state.offers.set(offer.id, next);
  // An agenda item that was stale when it was read is gone; opening can make a window of a closed offer current again.
  if (event.type === "offer.updated" || event.type === "offer.opened") state.agenda.addOffer(next);
}

/** What is no longer set is left out, never `undefined`: a state read back from text must equal this one. */
function changed(
  offer: Offer,
  event: Exclude<Applied, { type: "offer.created" | "offer.pinned" | "offer.unpinned" }>,
): Offer {
  switch (event.type) {
    case "offer.updated":
      return { ...offer, ...event.changes };
    case "offer.opened": {
      const { opensAtMs: _, ...rest } = offer;
      return { ...rest, status: "open" };
    }
    case "offer.closed": {
      const { opensAtMs: _, closesAtMs: __, ...rest } = offer;
      return { ...rest, status: "closed" };
    }
    case "offer.withdrawn": {
      const { opensAtMs: _, closesAtMs: __, ...rest } = offer;
      return { ...rest, status: "withdrawn", priceSteps: [], honoured: [] };
    }
    case "offer.repriced":
      return { ...offer, ...repricing(offer, event) };
  }
}

/** Voiding older tokens voids every earlier version; honouring adds the version just replaced. */
function repricing(offer: Offer, event: Extract<Applied, { type: "offer.repriced" }>): Partial<Offer> {
  const { price, priceVersion, olderTokensUntilAtMs, atMs } = event;
  const priceSteps = offer.priceSteps.filter((step) => step.atMs > atMs);
  if (olderTokensUntilAtMs === undefined) return { price, priceVersion, priceSteps, honoured: [] };
  const honoured = [
    ...offer.honoured.filter((old) => old.untilAtMs >= atMs),
    { priceVersion: offer.priceVersion, untilAtMs: olderTokensUntilAtMs },
  ];
  return { price, priceVersion, priceSteps, honoured };
}

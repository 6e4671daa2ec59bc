/** Marks the offers whose availability changed, so that frames carry just those. Pure. */
import type { SessionState } from "./session.ts";

/** Every offer that draws on one of these SKUs changed with event `seq`. */
export function touchOffers(
  state: SessionState,
  units: readonly { readonly sku: string }[],
  seq: number,
): void {
  for (const { sku } of units) {
    for (const id of state.offersBySku.of(sku)) {
      const offer = state.offers.get(id);
      if (offer && offer.changedSeq !== seq) state.offers.set(id, { ...offer, changedSeq: seq });
    }
  }
}

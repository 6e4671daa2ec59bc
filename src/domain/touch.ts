/** Marks the offers whose availability changed, so that frames carry just those. Pure. */
import type { SessionState } from "./session.ts";

/** Every offer that draws on one of these SKUs changed with event `seq`. */
export function touchOffers(
  state: SessionState,
  units: readonly { readonly sku: string }[],
  seq: number,
): void {
  for (const offer of state.offers.values()) {
    if (offer.lines.some((line) => units.some((unit) => unit.sku === line.sku))) {
      state.offers.set(offer.id, { ...offer, changedSeq: seq });
    }
  }
}

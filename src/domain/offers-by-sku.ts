/** Which offers draw on a SKU. An index over the state, rebuilt, never stored. */
import type { OfferId } from "./ids.ts";
import type { Offer } from "./offer.ts";

/** What an offer is made of never changes, so that an offer is added once. */
export class OffersBySku {
  readonly #offers = new Map<string, Set<OfferId>>();

  add({ id, lines }: Pick<Offer, "id" | "lines">): void {
    for (const { sku } of lines) {
      const offers = this.#offers.get(sku);
      if (offers) offers.add(id);
      else this.#offers.set(sku, new Set([id]));
    }
  }

  of(sku: string): Iterable<OfferId> {
    return this.#offers.get(sku) ?? NONE;
  }
}

const NONE: readonly OfferId[] = [];

/** Offers: what can be bought, at which price, when and how often. Pure. */
import type { OfferId } from "./ids.ts";
import type { PriceTerms } from "./pricing.ts";
import { availableIn, demandOf } from "./stock.ts";
import type { SessionState } from "./session.ts";

export type OfferStatus = "scheduled" | "open" | "closed" | "withdrawn";

/** One SKU of a bundle and how many of it a unit of the offer has. */
export interface OfferLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Units of the offer, not of its SKUs. */
export interface OfferLimits {
  readonly perViewer?: number;
  readonly perOrder?: number;
}

/** A price that takes effect by itself at its time. */
export interface PriceStep {
  readonly atMs: number;
  readonly price: PriceTerms;
}

/** The seller's agreement that an offer may be sold beyond its stock, with who gave it and when. */
export interface BackorderConsent {
  readonly by: string;
  readonly givenAtMs: number;
}

export interface OfferTerms {
  readonly id: OfferId;
  readonly title: string;
  readonly image?: string;
  readonly lines: readonly OfferLine[];
  readonly price: PriceTerms;
  readonly opensAtMs?: number;
  readonly closesAtMs?: number;
  readonly limits: OfferLimits;
  readonly holdMs: number;
  readonly priceSteps: readonly PriceStep[];
  readonly backorder?: BackorderConsent;
}

export type OfferChanges = Partial<
  Pick<OfferTerms, "title" | "image" | "opensAtMs" | "closesAtMs" | "limits" | "holdMs" | "backorder">
>;

/** A price version that is no longer current but whose tokens are still honoured. */
export interface HonouredVersion {
  readonly priceVersion: number;
  readonly untilAtMs: number;
}

export interface Offer extends OfferTerms {
  readonly status: OfferStatus;
  readonly priceVersion: number;
  readonly honoured: readonly HonouredVersion[];
  /** Sequence of the last event that changed what viewers see of it, stock included. */
  readonly changedSeq: number;
}

/** An offer as its hosts read it. */
export type HostedOffer = Omit<Offer, "changedSeq">;

export function withoutChangedSeq(offer: Offer): HostedOffer {
  const { changedSeq: _, ...shown } = offer;
  return shown;
}

/** Whether a token of this price version still buys. Closing and withdrawing are checked apart. */
export function honours(offer: Offer, priceVersion: number, nowMs: number): boolean {
  if (priceVersion === offer.priceVersion) return true;
  return offer.honoured.some((old) => old.priceVersion === priceVersion && nowMs <= old.untilAtMs);
}

/**
 * Units of the offer that could be bought now, by zone; zones without stock of its SKUs are left out. A zone is any
 * text, `__proto__` included, hence `fromEntries`; read it back with `Object.hasOwn`.
 */
export function availableByZone(state: SessionState, offer: Pick<Offer, "lines">): Record<string, number> {
  const zones = new Set<string>();
  const skus = new Set(offer.lines.map((line) => line.sku));
  for (const pool of state.pools.values()) if (skus.has(pool.sku)) zones.add(pool.zone);
  return Object.fromEntries([...zones].map((zone) => [zone, availableUnits(state, offer, zone)]));
}

function availableUnits(state: SessionState, offer: Pick<Offer, "lines">, zone: string): number {
  const units = demandOf(zone, [{ lines: offer.lines, quantity: 1 }]);
  return Math.min(
    ...units.map(({ sku, quantity }) => Math.floor(availableIn(state.pools.get(zone, sku)) / quantity)),
  );
}

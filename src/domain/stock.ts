/** Stock pools: units of one SKU ring-fenced for the session in one zone. Pure. */
import type { OfferLine } from "./offer.ts";
import { PairMap } from "./pair-map.ts";
import type { SessionState } from "./session.ts";

/** `available` is derived, so `available + held + committed = allocated` cannot be broken by forgetting one of them. */
export interface Pool {
  readonly sku: string;
  readonly zone: string;
  allocated: number;
  held: number;
  committed: number;
}

/** Units of a pool that a reservation takes. */
export interface Units {
  readonly sku: string;
  readonly zone: string;
  readonly quantity: number;
}

export function availableIn(pool: Pool | undefined): number {
  return pool ? pool.allocated - pool.held - pool.committed : 0;
}

/**
 * Availability with a decision's own changes laid over it: what it frees and what it takes, before any of it is
 * applied. Deciding reads only, so a decision that both frees and fills needs this.
 */
export class StockView {
  readonly #state: SessionState;
  #change: PairMap<string, string, number> | undefined;

  constructor(state: SessionState) {
    this.#state = state;
  }

  available(zone: string, sku: string): number {
    return availableIn(this.#state.pools.get(zone, sku)) + (this.#change?.get(zone, sku) ?? 0);
  }

  covers(units: readonly Units[]): boolean {
    return units.every((unit) => this.available(unit.zone, unit.sku) >= unit.quantity);
  }

  take(units: readonly Units[]): void {
    for (const unit of units) this.#add(unit, -unit.quantity);
  }

  free(units: readonly Units[]): void {
    for (const unit of units) this.#add(unit, unit.quantity);
  }

  #add({ zone, sku }: Units, quantity: number): void {
    this.#change ??= new PairMap();
    this.#change.set(zone, sku, (this.#change.get(zone, sku) ?? 0) + quantity);
  }
}

/** The demand of several bundles, summed by SKU before anything is compared with stock. */
export function demandOf(
  zone: string,
  bundles: readonly { lines: readonly OfferLine[]; quantity: number }[],
): Units[] {
  const [first] = bundles;
  const [only] = first?.lines ?? [];
  // One SKU is what a drop mostly sells.
  if (first && only && bundles.length === 1 && first.lines.length === 1) {
    return [{ sku: only.sku, zone, quantity: only.quantity * first.quantity }];
  }
  const bySku = new Map<string, number>();
  for (const bundle of bundles) {
    for (const line of bundle.lines) {
      bySku.set(line.sku, (bySku.get(line.sku) ?? 0) + line.quantity * bundle.quantity);
    }
  }
  return [...bySku].map(([sku, quantity]) => ({ sku, zone, quantity }));
}

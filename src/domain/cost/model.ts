/** From billed units to money: a bill by feature and by what is billed, whose sums agree to the last unit. Pure. */
import { BILLING, PRICES, PRICES_AS_OF, type BilledItem } from "./prices.ts";

/** What of the product something is used for. */
export const FEATURES = [
  "hydrate",
  "sockets",
  "fanout",
  "taps",
  "hosting",
  "timers",
  "publishing",
  "settlement",
  "reporting",
  "warmup",
  "cooldown",
  "storage",
] as const;
export type Feature = (typeof FEATURES)[number];

/** Billed units of one feature; what is not named is none. May be fractions. */
export type Quantities = { readonly [Item in BilledItem]?: number };

/** Billed units by feature. */
export type Usage = { readonly [F in Feature]?: Quantities };

/** One item of one feature. */
export interface BillLine {
  readonly feature: Feature;
  readonly item: BilledItem;
  readonly unit: string;
  readonly quantity: number;
  /** Whole nano-dollars, rounded half up. */
  readonly nanoUsd: number;
}

/** Money for use. The sums are sums of the lines, so that they agree exactly. */
export interface Bill {
  /** Date of the prices. */
  readonly pricesAsOf: string;
  readonly lines: readonly BillLine[];
  readonly byFeature: { readonly [F in Feature]?: number };
  readonly byItem: { readonly [Item in BilledItem]?: number };
  /** Nano-dollars (10⁻⁹ USD); exact below nine million dollars. */
  readonly totalNanoUsd: number;
}

/** The bill for some use at the public prices. Lines without any use are left out. */
export function billOf(usage: Usage): Bill {
  const lines: BillLine[] = [];
  const byFeature: { [F in Feature]?: number } = {};
  const byItem: { [Item in BilledItem]?: number } = {};
  let totalNanoUsd = 0;
  for (const feature of FEATURES) {
    for (const [item, quantity] of entriesOf(usage[feature])) {
      const { unit, nanoUsd: price } = PRICES[item];
      const nanoUsd = Math.round(quantity * price);
      lines.push({ feature, item, unit, quantity, nanoUsd });
      byFeature[feature] = (byFeature[feature] ?? 0) + nanoUsd;
      byItem[item] = (byItem[item] ?? 0) + nanoUsd;
      totalNanoUsd += nanoUsd;
    }
  }
  return { pricesAsOf: PRICES_AS_OF, lines, byFeature, byItem, totalNanoUsd };
}

/** Both uses together. */
export function addUsage(one: Usage, other: Usage): Usage {
  const sum: { [F in Feature]?: Quantities } = {};
  for (const feature of FEATURES) {
    const quantities: { [Item in BilledItem]?: number } = { ...one[feature] };
    for (const [item, quantity] of entriesOf(other[feature])) {
      quantities[item] = (quantities[item] ?? 0) + quantity;
    }
    if (Object.keys(quantities).length > 0) sum[feature] = quantities;
  }
  return sum;
}

/** GB-s of so many objects that may not hibernate for so long. */
export function objectGbSeconds(objects: number, awakeMs: number): number {
  return (objects * BILLING.objectGb * awakeMs) / 1_000;
}

/** Dollars, for showing only. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

function entriesOf(quantities: Quantities | undefined): [BilledItem, number][] {
  const entries = Object.entries(quantities ?? {}) as [BilledItem, number][];
  return entries.filter(([, quantity]) => quantity > 0);
}

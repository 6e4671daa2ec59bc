/** A price as a viewer reads it: what is paid, what it was, and each thing that made it less. Pure. */
import type { Layer, Money, Price } from "../../sdk/index.ts";

/** A layer that took something off; `amount` is negative. */
export interface PriceLine {
  readonly kind: Exclude<Layer["kind"], "headline">;
  readonly amount: Money;
  readonly code?: string;
}

export interface PriceLines {
  /** What one unit costs the viewer. */
  readonly now: Money;
  /** The headline, where it is more. */
  readonly was?: Money;
  readonly lines: readonly PriceLine[];
}

export function priceLines({ due, layers }: Price): PriceLines {
  const headline = layers.find(({ kind }) => kind === "headline")?.amount;
  const was = headline && headline.amount > due.amount ? { was: headline } : {};
  const lines: PriceLine[] = [];
  for (const { kind, amount, code } of layers) {
    if (kind === "headline" || amount.amount === 0) continue;
    lines.push({ kind, amount, ...(code === undefined ? {} : { code }) });
  }
  return { now: due, ...was, lines };
}

/** What so many units cost in all. */
export function inAll({ due }: Price, quantity: number): Money {
  return { amount: due.amount * quantity, currency: due.currency };
}

/**
 * Names of variants: what is left of titles that begin alike up to a dash or comma (`Mug – blue`, `Mug – grey`), else the
 * titles themselves.
 */
export function variantNames(titles: readonly string[]): readonly string[] {
  const base = /^(.+(?: [–—-]|,) )./.exec(titles[0] ?? "")?.[1];
  if (base === undefined || titles.length < 2 || !titles.every((title) => title.startsWith(base)))
    return titles;
  return titles.map((title) => title.slice(base.length) || title);
}

/** What an order is of, in words: its offers by their titles, and the units in them. Pure. */
import type { Schemas } from "../../sdk/api.ts";

export interface Bought {
  readonly bought: string;
  /** What is taken off the shelf; undefined where `bought` is it already. */
  readonly skus: string | undefined;
}

/** Offers by their titles, as soon as all of these are reported; SKUs alone before. */
export function boughtIn(
  { lines, units }: Pick<Schemas["ListedOrder"], "lines" | "units">,
  number: (count: number) => string,
): Bought {
  const listed = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([name, count]) => `${number(count)} × ${name}`).join(", ");
  const skus = listed(summed(units.map(({ sku, quantity }) => [sku, quantity])));
  const titled = lines.flatMap(({ title, quantity }) =>
    title === undefined ? [] : [[title, quantity] as const],
  );
  if (titled.length < lines.length) return { bought: skus, skus: undefined };
  const bought = listed(summed(titled));
  return { bought, skus: bought === skus ? undefined : skus };
}

/** Lines of one offer may differ in their price, and units of one SKU in their zone. */
function summed(counts: readonly (readonly [name: string, count: number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/** What a product is after an import: what was said about it, over what was known. Pure. */
import type { Read } from "./cells.ts";
import {
  contentOf,
  EVERYTHING,
  variantOf,
  type ImportedProduct,
  type ProductContent,
  type RefusedVariant,
  type Sayable,
  type Variant,
} from "./content.ts";

const UNTOLD =
  "this product has variants that cannot be told: the file has no options, and a SKU is blank or new";

/** Whether what is known of a product has a say in what it becomes. */
export function needsKnown(imported: ImportedProduct, said: ReadonlySet<Sayable>): boolean {
  return !imported.saysVariants || imported.refused.length > 0 || said.size < EVERYTHING.size;
}

/**
 * The product an import makes of `known`. As in Shopify, a column the file does not have leaves things as they are: a
 * file of handles, titles and SKUs with prices changes titles and prices. Variants the import does not name are gone;
 * those it names but gets wrong stay as they were: a refused row changes nothing.
 */
export function merged(
  known: ProductContent,
  imported: ImportedProduct,
  said: ReadonlySet<Sayable>,
): Read<ProductContent> {
  const { content, saysVariants } = imported;
  const variants = saysVariants ? mergedVariants(known, imported, said) : known.variants;
  if (!variants) return { reason: UNTOLD };
  const keep = <K extends keyof ProductContent & Sayable>(part: K) =>
    (said.has(part) ? content : known)[part];
  const value = contentOf({
    handle: content.handle,
    title: content.title,
    description: keep("description"),
    vendor: keep("vendor"),
    tags: keep("tags"),
    images: keep("images"),
    optionNames: (said.has("options") && saysVariants ? content : known).optionNames,
    variants,
    status: keep("status"),
  });
  return { value };
}

/** Undefined when it cannot be told which variants are meant. */
function mergedVariants(
  known: ProductContent,
  { content, refused }: ImportedProduct,
  said: ReadonlySet<Sayable>,
): Variant[] | undefined {
  const find = finderOf(known.variants, said);
  const isPlain = said.has("sku") && known.optionNames.length === 0;
  const canTell = said.has("options") || isPlain;
  if (!canTell && content.variants.some((variant) => find(variant).length === 0)) return undefined;
  const variants = content.variants.map((variant) => mergedVariant(find(variant)[0], variant, said));
  const skus = new Set(variants.map(({ sku }) => sku));
  for (const one of refused) {
    const kept = find(one).find(({ sku }) => !skus.has(sku));
    if (!kept) continue;
    skus.add(kept.sku);
    variants.splice(one.at, 0, kept);
  }
  return variants;
}

/** The known variants that one may be, likeliest first: the one with its SKU, then the one with its options. */
function finderOf(variants: readonly Variant[], said: ReadonlySet<Sayable>) {
  const bySku = new Map(variants.map((variant) => [variant.sku, variant]));
  const byOptions = new Map(variants.map((variant) => [JSON.stringify(variant.options), variant]));
  return ({ sku, options }: Variant | RefusedVariant): Variant[] => {
    const sameSku = said.has("sku") && sku !== undefined ? bySku.get(sku) : undefined;
    const sameOptions = byOptions.get(JSON.stringify(options));
    return [sameSku, sameOptions].filter((variant) => variant !== undefined);
  };
}

function mergedVariant(known: Variant | undefined, now: Variant, said: ReadonlySet<Sayable>): Variant {
  if (!known) return now;
  const keep = <K extends keyof Variant>(part: K): Variant[K] => (said.has(part) ? now : known)[part];
  return variantOf({
    sku: keep("sku"),
    options: keep("options"),
    price: keep("price"),
    compareAtPrice: keep("compareAtPrice"),
    image: keep("image"),
    barcode: keep("barcode"),
    grams: keep("grams"),
    stock: keep("stock"),
  });
}

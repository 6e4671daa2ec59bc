/** What an import says about products, before anything is stored. Types, and the one form they are compared in. Pure. */
import type { z } from "zod";
import { money } from "../../domain/money.ts";
import type * as wire from "../../wire/catalog.ts";
import type { Code } from "../../wire/instants.ts";

export type Product = Code<z.output<typeof wire.product>>;
export type Variant = Product["variants"][number];
export type CatalogFault = z.output<typeof wire.catalogFault>;
export type ImportReport = z.output<typeof wire.importReport>;

/** What a seller decides about a product; the rest of it is ours. */
export type ProductContent = Omit<Product, "id" | "seller" | "updatedAtMs">;

const PRODUCT_PARTS = ["description", "vendor", "tags", "images", "status"] as const;
const VARIANT_PARTS = [
  "sku",
  "options",
  "price",
  "compareAtPrice",
  "image",
  "barcode",
  "grams",
  "stock",
] as const satisfies readonly (keyof Variant)[];

/** What a source can leave unsaid about the products it names: such things stay as they are. */
export type Sayable = (typeof PRODUCT_PARTS)[number] | (typeof VARIANT_PARTS)[number];

export const EVERYTHING: ReadonlySet<Sayable> = new Set([...PRODUCT_PARTS, ...VARIANT_PARTS]);

/** A variant that was there but not good enough to import, by what it can be told by. */
export interface RefusedVariant {
  /** Its place among the product's variants, refused ones counted. */
  readonly at: number;
  readonly sku?: string | undefined;
  readonly options?: readonly string[] | undefined;
}

export interface ImportedProduct {
  /** Where faults of the product as a whole are reported. */
  readonly line: number;
  readonly content: ProductContent;
  readonly refused: readonly RefusedVariant[];
  /** False when the source says nothing of variants: then `content` has the one that a new product gets. */
  readonly saysVariants: boolean;
}

/** What was read from a file or a body. */
export interface ImportedCatalog {
  readonly rows: number;
  readonly said: ReadonlySet<Sayable>;
  readonly products: readonly ImportedProduct[];
  readonly faults: readonly CatalogFault[];
}

/** As `T`, but what it need not have may be there as undefined. */
type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

/** One form for one content: the same members in the same order, so that equal contents are equal as JSON. */
export function contentOf(parts: Loose<ProductContent>): ProductContent {
  const { handle, title, description, vendor, tags, images, optionNames, variants, status } = parts;
  return {
    handle,
    title,
    description,
    ...(vendor === undefined ? {} : { vendor }),
    tags,
    images,
    optionNames,
    variants: variants.map(variantOf),
    status,
  };
}

/** One form for one variant. */
export function variantOf(parts: Loose<Variant>): Variant {
  const { sku, options, price, compareAtPrice, image, barcode, grams, stock } = parts;
  return {
    sku,
    options,
    ...(price && { price: money(price.amount, price.currency) }),
    ...(compareAtPrice && { compareAtPrice: money(compareAtPrice.amount, compareAtPrice.currency) }),
    ...(image === undefined ? {} : { image }),
    ...(barcode === undefined ? {} : { barcode }),
    ...(grams === undefined ? {} : { grams }),
    ...(stock === undefined ? {} : { stock }),
  };
}

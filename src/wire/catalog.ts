/** Products and the catalogue import on the wire. */
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import {
  amount,
  currency,
  httpsUrl,
  instant,
  money,
  productId,
  sellerId,
  sku,
  text,
  title,
} from "./primitives.ts";

/** A product's name in URLs; what an import tells the seller's products apart by. */
export const productHandle = z
  .string()
  .trim()
  .min(1)
  .max(LIMITS.handleChars)
  .regex(/^[^\s/?#]+$/u, "must not have spaces, / ? or #");

export const productStatus = z.enum(["active", "draft", "archived"]);

export const variant = z
  .object({
    sku,
    /** Values of the product's options, e.g. ["Small", "Blue"]. */
    options: z.array(text(LIMITS.titleChars)).max(LIMITS.optionsPerProduct).default([]),
    price: money.exactOptional(),
    compareAtPrice: money.exactOptional(),
    image: httpsUrl.exactOptional(),
    barcode: text(LIMITS.barcodeChars).exactOptional(),
    grams: amount.exactOptional(),
    /** Units the shop says it has; a session's pools are allocated apart from it. */
    stock: z.int().exactOptional(),
  })
  .meta({ id: "Variant" });

export const product = z
  .object({
    id: productId,
    seller: sellerId,
    handle: z.string(),
    title: z.string(),
    description: z.string(),
    vendor: z.string().exactOptional(),
    tags: z.array(z.string()),
    images: z.array(z.string()),
    optionNames: z.array(z.string()),
    variants: z.array(variant),
    status: productStatus,
    updatedAt: instant,
  })
  .meta({ id: "Product" });

/** One product of a JSON import; unknown members are refused so that a typo is not silently lost. */
export const importProduct = z
  .object({
    handle: productHandle,
    title,
    /** Text or HTML; HTML is reduced to text. */
    description: text(LIMITS.descriptionChars).default(""),
    vendor: text(LIMITS.titleChars).exactOptional(),
    tags: z.array(text(LIMITS.tagChars)).max(LIMITS.tagsPerProduct).default([]),
    images: z.array(httpsUrl).max(LIMITS.imagesPerProduct).default([]),
    optionNames: z.array(text(LIMITS.titleChars)).max(LIMITS.optionsPerProduct).default([]),
    variants: z.array(variant.strict()).min(1).max(LIMITS.variantsPerProduct),
    status: productStatus.default("active"),
  })
  .strict()
  .refine(({ variants, optionNames }) => variants.every((one) => one.options.length === optionNames.length), {
    message: "every variant must have a value for each of the product's option names",
    path: ["variants"],
  })
  .meta({ id: "ImportProduct" });

/** JSON import: every product is validated by itself, so the array takes anything here. */
export const importCatalog = z
  .object({ products: z.array(z.unknown()).max(LIMITS.catalogRows) })
  .strict()
  .meta({ id: "ImportCatalog" });

/** Currency of a CSV import's prices: Shopify's format has none. */
export const importQuery = z.object({ currency: currency.default("USD") });

export const catalogFault = z
  .object({
    /** Line of the file, counted from 1 as an editor shows it, or index of the JSON product, counted from 0. */
    line: z.int(),
    /** The product's, where the row or the JSON product has one. */
    handle: z.string().exactOptional(),
    /** Header of the CSV column, or path inside the JSON product. */
    column: z.string().exactOptional(),
    reason: z.string(),
  })
  .meta({ id: "CatalogFault" });

export const importReport = z
  .object({
    /** Rows of the file that were not blank, header apart; or JSON products. */
    rows: z.int(),
    products: z.object({ created: z.int(), updated: z.int(), unchanged: z.int() }),
    /** Variants of the products created, updated or found unchanged. */
    variants: z.int(),
    /** In the order of their lines. A row with a fault changes nothing; the other rows are imported. */
    faults: z.array(catalogFault),
    /** Faults beyond those listed. */
    faultsNotListed: z.int(),
  })
  .meta({ id: "ImportReport" });

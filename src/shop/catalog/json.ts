/** The JSON form of a catalogue import. A product is good as a whole or refused as a whole. Pure. */
import type { z } from "zod";
import { type importCatalog, importProduct } from "../../wire/catalog.ts";
import {
  contentOf,
  EVERYTHING,
  type CatalogFault,
  type ImportedCatalog,
  type ImportedProduct,
} from "./content.ts";
import { textOf } from "./html-text.ts";

/** Faults have the product's index as their line, and the path inside the product as their column. */
export function parseCatalogJson(body: z.output<typeof importCatalog>): ImportedCatalog {
  const products: ImportedProduct[] = [];
  const faults: CatalogFault[] = [];
  const handles = new Map<string, number>();
  const skus = new Map<string, number>();
  body.products.forEach((product, line) => {
    const parsed = importProduct.safeParse(product);
    if (!parsed.success) {
      faults.push(...faultsOf(parsed.error, line));
      return;
    }
    if (!isWellFormed(parsed.data)) {
      faults.push({ line, reason: "has half a character (an unpaired surrogate)" });
      return;
    }
    const { handle, variants, description, ...rest } = parsed.data;
    const repeated = [
      ...claim(handles, "handle", handle, line),
      ...variants.flatMap(({ sku }, at) => claim(skus, `variants.${at}.sku`, sku, line)),
    ];
    if (repeated.length > 0) {
      faults.push(...repeated.map((fault) => ({ line, handle, ...fault })));
      return;
    }
    const content = contentOf({ handle, variants, description: textOf(description), ...rest });
    products.push({ line, content, refused: [], saysVariants: true });
  });
  // What a product leaves out in JSON, it does not have.
  return { rows: body.products.length, said: EVERYTHING, products, faults };
}

function faultsOf(error: z.ZodError, line: number): CatalogFault[] {
  return error.issues.map(({ path, message }) => ({
    line,
    ...(path.length === 0 ? {} : { column: path.join(".") }),
    reason: message.toLowerCase(),
  }));
}

/** A handle and a SKU are one product's in a catalogue, and one place's in it. */
function claim(claims: Map<string, number>, column: string, value: string, line: number) {
  const first = claims.get(value);
  if (first === undefined) claims.set(value, line);
  const where = first === line ? "this product" : `product ${first}`;
  return first === undefined ? [] : [{ column, reason: `repeats ${value}, which ${where} has already` }];
}

/** JSON can have half a character (`"\ud83d"`), a database cannot. */
function isWellFormed(value: unknown): boolean {
  let isGood = true;
  JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "string" && !inner.isWellFormed()) isGood = false;
    return inner;
  });
  return isGood;
}

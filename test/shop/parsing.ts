/** Shorthands for tests of the catalogue parsers. Pure. */
import { expect } from "vitest";
import type { ImportedCatalog, ProductContent } from "../../src/shop/catalog/content.ts";
import { parseCatalogCsv } from "../../src/shop/catalog/csv.ts";

/** What was read from a file that is a product CSV. */
export function read(file: string | Uint8Array, currency = "USD"): ImportedCatalog {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const parsed = parseCatalogCsv(bytes, currency);
  if (!parsed.ok) throw new Error(parsed.detail);
  return parsed.value;
}

export function refusalOf(file: string | Uint8Array): { code: string; detail: string } {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  const parsed = parseCatalogCsv(bytes, "USD");
  expect(parsed.ok).toBe(false);
  return parsed.ok ? { code: "", detail: "" } : parsed;
}

export function contents(catalog: ImportedCatalog): ProductContent[] {
  return catalog.products.map(({ content }) => content);
}

export function skus(catalog: ImportedCatalog): string[] {
  return contents(catalog).flatMap(({ variants }) => variants.map(({ sku }) => sku));
}

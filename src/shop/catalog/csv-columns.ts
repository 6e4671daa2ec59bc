/** Which column of a product CSV is what, by its header, in both of Shopify's generations of headers. Pure. */
import type { Sayable } from "./content.ts";

/**
 * Headers of Shopify's product CSV: first those of exports until 2025, then those since. In any order, in any case;
 * other columns are passed over. Source: https://help.shopify.com/en/manual/products/import-export/using-csv
 */
const HEADERS = [
  ["handle", ["Handle", "URL handle"]],
  ["title", ["Title"]],
  ["description", ["Body (HTML)", "Body HTML", "Description"]],
  ["vendor", ["Vendor"]],
  ["tags", ["Tags"]],
  ["status", ["Status"]],
  ["published", ["Published", "Published on online store"]],
  ["option1Name", ["Option1 Name"]],
  ["option1Value", ["Option1 Value"]],
  ["option2Name", ["Option2 Name"]],
  ["option2Value", ["Option2 Value"]],
  ["option3Name", ["Option3 Name"]],
  ["option3Value", ["Option3 Value"]],
  ["sku", ["Variant SKU", "SKU"]],
  ["price", ["Variant Price", "Price"]],
  [
    "compareAtPrice",
    ["Variant Compare At Price", "Variant Compare-at Price", "Compare-at price", "Compare At Price"],
  ],
  ["barcode", ["Variant Barcode", "Barcode", "Barcodes"]],
  ["grams", ["Variant Grams", "Weight value (grams)"]],
  ["stock", ["Variant Inventory Qty", "Inventory quantity"]],
  ["variantImage", ["Variant Image", "Variant image URL"]],
  ["image", ["Image Src", "Product image URL"]],
  ["imagePosition", ["Image Position"]],
] as const;

export type ColumnName = (typeof HEADERS)[number][0];

export interface Columns {
  /** Cells a row must have: blank headers at the end do not count. */
  readonly count: number;
  readonly at: ReadonlyMap<ColumnName, number>;
  /** A column's header as the file has it, for reports; as Shopify has it if the file has none. */
  label(name: ColumnName): string;
}

const NAMES = new Map<string, ColumnName>(
  HEADERS.flatMap(([name, headers]) => headers.map((header) => [normal(header), name] as const)),
);
/** The first header of each column: what it is called when the file does not have it. */
const LABELS = new Map<ColumnName, string>(HEADERS.map(([name, [header]]) => [name, header]));

function normal(header: string): string {
  return header.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

/** The columns of a header row, and the headers that came twice: the first column counts. */
export function columnsOf(header: readonly string[]): { columns: Columns; doubled: ColumnName[] } {
  const at = new Map<ColumnName, number>();
  const doubled: ColumnName[] = [];
  header.forEach((cell, index) => {
    const name = NAMES.get(normal(cell));
    if (name === undefined) return;
    if (at.has(name)) doubled.push(name);
    else at.set(name, index);
  });
  const label = (name: ColumnName) => header[at.get(name) ?? -1]?.trim() ?? LABELS.get(name) ?? name;
  const count = header.findLastIndex((cell) => cell.trim() !== "") + 1;
  return { columns: { count, at, label }, doubled };
}

const SAID_BY: readonly (readonly [Sayable, readonly ColumnName[]])[] = [
  ["description", ["description"]],
  ["vendor", ["vendor"]],
  ["tags", ["tags"]],
  ["images", ["image"]],
  ["status", ["status", "published"]],
  ["options", ["option1Value"]],
  ["sku", ["sku"]],
  ["price", ["price"]],
  ["compareAtPrice", ["compareAtPrice"]],
  ["image", ["variantImage"]],
  ["barcode", ["barcode"]],
  ["grams", ["grams"]],
  ["stock", ["stock"]],
];

/** What a file with these columns says about its products; as in Shopify, a blank cell says something, a missing column nothing. */
export function saidBy(columns: Columns): ReadonlySet<Sayable> {
  return new Set(
    SAID_BY.filter(([, names]) => names.some((name) => columns.at.has(name))).map(([sayable]) => sayable),
  );
}

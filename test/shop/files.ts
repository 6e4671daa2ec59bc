/** Catalogue files for the shop's tests: rows as objects, written as CSV. Pure. */

export const OLD_HEADERS = [
  "Handle",
  "Title",
  "Body (HTML)",
  "Vendor",
  "Tags",
  "Published",
  "Option1 Name",
  "Option1 Value",
  "Option2 Name",
  "Option2 Value",
  "Variant SKU",
  "Variant Grams",
  "Variant Inventory Qty",
  "Variant Price",
  "Variant Compare At Price",
  "Variant Barcode",
  "Image Src",
  "Image Position",
  "Variant Image",
  "Status",
] as const;

export type OldRow = Partial<Record<(typeof OLD_HEADERS)[number], string>>;

export function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function csvOf(
  headers: readonly string[],
  rows: readonly Readonly<Record<string, string | undefined>>[],
  lineEnd = "\n",
): string {
  const lines = rows.map((row) => headers.map((header) => quoted(row[header] ?? "")).join(","));
  return [headers.map(quoted).join(","), ...lines].map((line) => line + lineEnd).join("");
}

/** A file with all of Shopify's older headers that are read; the first row is on line 2. */
export function oldCsv(...rows: OldRow[]): string {
  return csvOf(OLD_HEADERS, rows);
}

/** A shirt in two sizes, the second on a row without title, as Shopify exports it. */
export const SHIRT: OldRow[] = [
  {
    Handle: "shirt",
    Title: "Ocean Shirt",
    "Body (HTML)": "<p>Blue &amp; soft</p>",
    Vendor: "Acme",
    Tags: "summer, men",
    Published: "true",
    "Option1 Name": "Size",
    "Option1 Value": "S",
    "Variant SKU": "SH-S",
    "Variant Grams": "200",
    "Variant Inventory Qty": "5",
    "Variant Price": "19.99",
    "Variant Compare At Price": "25",
    "Variant Barcode": "4006381333931",
    "Image Src": "https://cdn.example/shirt.jpg",
    "Image Position": "1",
    "Variant Image": "https://cdn.example/s.jpg",
    Status: "active",
  },
  {
    Handle: "shirt",
    "Option1 Value": "M",
    "Variant SKU": "SH-M",
    "Variant Inventory Qty": "-2",
    "Variant Price": "21",
    "Image Src": "https://cdn.example/back.jpg",
    "Image Position": "2",
  },
];

export const MUG: OldRow = {
  Handle: "mug",
  Title: "Mug",
  "Option1 Name": "Title",
  "Option1 Value": "Default Title",
  "Variant SKU": "MUG",
  "Variant Price": "9.50",
};

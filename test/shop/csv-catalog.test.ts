/** Any catalogue, written as Shopify writes it, reads as it was. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ProductContent } from "../../src/shop/catalog/content.ts";
import { decimalsOf } from "../../src/domain/decimals.ts";
import { csvOf, OLD_HEADERS, type OldRow } from "./files.ts";
import { contents, read } from "./parsing.ts";

const CURRENCY = "KWD";

const word = fc.string({
  unit: fc.constantFrom("a", "Z", "9", "é", "😀", "'", '"', ";", "=", "-", "<"),
  minLength: 1,
  maxLength: 8,
});
const prose = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(", "));
const amount = fc
  .integer({ min: 0, max: 1_000_000_000_000 })
  .map((value) => ({ amount: value, currency: CURRENCY }));
const url = fc.nat().map((at) => `https://cdn.example/${at}.jpg`);

function product(at: number): fc.Arbitrary<ProductContent> {
  return fc.integer({ min: 0, max: 2 }).chain((optionCount) => {
    const variant = fc.record(
      {
        options: fc.tuple(...Array.from({ length: optionCount }, () => prose)),
        price: amount,
        compareAtPrice: amount,
        image: url,
        barcode: word,
        grams: fc.nat(),
        stock: fc.integer(),
      },
      { requiredKeys: ["options"] },
    );
    const variants = fc
      .uniqueArray(variant, {
        minLength: 1,
        maxLength: optionCount === 0 ? 1 : 5,
        selector: ({ options }) => JSON.stringify(options),
      })
      .map((all) => all.map((one, index) => ({ sku: `${at}-${index}`, ...one })));
    return fc.record({
      handle: fc.constant(`product-${at}`),
      title: prose,
      description: fc.constant("").map(() => `Line one, ${at}\nline "two"`),
      vendor: word,
      tags: fc.uniqueArray(word, { maxLength: 3 }),
      images: fc.uniqueArray(url, { maxLength: 4 }),
      optionNames: fc.constant(["Size", "Color"].slice(0, optionCount)),
      variants,
      status: fc.constantFrom("active" as const, "draft" as const, "archived" as const),
    });
  });
}

const catalog = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => product(at))));

function written(price: { amount: number } | undefined): string | undefined {
  if (!price) return undefined;
  const digits = String(price.amount).padStart(decimalsOf(CURRENCY) + 1, "0");
  return `${digits.slice(0, -decimalsOf(CURRENCY))}.${digits.slice(-decimalsOf(CURRENCY))}`;
}

/** Rows as Shopify exports them: variants and images side by side, the product on the first row. */
function rowsOf(one: ProductContent): OldRow[] {
  const count = Math.max(one.variants.length, one.images.length);
  return Array.from({ length: count }, (_, at): OldRow => {
    const variant = one.variants[at];
    const image = one.images[at];
    const hasOptions = one.optionNames.length > 0;
    const cells: Record<string, string | undefined> = {
      Handle: one.handle,
      ...(at === 0 && {
        Title: one.title,
        "Body (HTML)": one.description.replaceAll("<", "&lt;"),
        Vendor: one.vendor,
        Tags: one.tags.join(", "),
        Status: one.status,
        "Option1 Name": one.optionNames[0] ?? "Title",
        "Option2 Name": one.optionNames[1],
      }),
      ...(variant && {
        "Option1 Value": hasOptions ? variant.options[0] : "Default Title",
        "Option2 Value": variant.options[1],
        "Variant SKU": variant.sku,
        "Variant Price": written(variant.price),
        "Variant Compare At Price": written(variant.compareAtPrice),
        "Variant Image": variant.image,
        "Variant Barcode": variant.barcode,
        "Variant Grams": variant.grams?.toString(),
        "Variant Inventory Qty": variant.stock?.toString(),
      }),
      ...(image === undefined ? {} : { "Image Src": image, "Image Position": String(at + 1) }),
    };
    return Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== undefined));
  });
}

it("reads as it was, whatever the line ends and the order of the columns", () => {
  const headers = fc.shuffledSubarray([...OLD_HEADERS], { minLength: OLD_HEADERS.length });
  fc.assert(
    fc.property(
      catalog,
      headers,
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.boolean(),
      (products, columns, end, hasMark) => {
        const file = csvOf(columns, products.flatMap(rowsOf), end);
        const result = read(hasMark ? `\ufeff${file}` : file, CURRENCY);
        expect(result.faults).toEqual([]);
        expect(contents(result)).toEqual(products);
      },
    ),
    { numRuns: 300 },
  );
});

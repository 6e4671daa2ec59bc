/** Catalogue import as JSON: a product is good as a whole or refused as a whole. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { importJson } from "../../src/shop/catalog/import.ts";
import { parseCatalogJson } from "../../src/shop/catalog/json.ts";
import { listProducts } from "../../src/shop/products.ts";
import { aSeller, NOW_MS } from "./people.ts";

const db = env.DB;
const MUG = {
  handle: "mug",
  title: "Mug",
  description: "<p>Holds <b>tea</b></p>",
  variants: [{ sku: "MUG", price: { amount: 950, currency: "EUR" }, stock: 3 }],
};

/** A database that notes how large the values are that statements are given. */
function measured(sizes: number[]): D1Database {
  return new Proxy(db, {
    get: (target, name) =>
      name === "prepare"
        ? (sql: string) => {
            const statement = target.prepare(sql);
            return {
              bind: (...values: unknown[]) => {
                sizes.push(...values.map((value) => Buffer.byteLength(String(value))));
                return statement.bind(...values);
              },
            };
          }
        : Reflect.get(target, name),
  });
}

function largeProduct(at: number, variants: number, chars = 200) {
  return {
    handle: `large-${at}`,
    title: "Large",
    optionNames: ["Kind"],
    variants: Array.from({ length: variants }, (_, index) => ({
      sku: `${at}-${index}`,
      options: [`${index}-${"é".repeat(chars)}`],
    })),
  };
}

describe("many large products", () => {
  it("are written in statements that stay below what D1 takes as a value", async () => {
    const seller = await aSeller();
    const products = Array.from({ length: 12 }, (_, at) => largeProduct(at, 1_000));
    const sizes: number[] = [];
    const report = await importJson(measured(sizes), seller.id, { products }, NOW_MS);
    expect(report).toMatchObject({ value: { products: { created: 12 } } });
    expect(Math.max(...sizes)).toBeLessThan(2_000_000);
    expect(Math.max(...sizes)).toBeGreaterThan(400_000);
  });

  it("that would be too large for a row are refused each", async () => {
    const seller = await aSeller();
    const products = [largeProduct(0, 2_048, 290), largeProduct(1, 2_049), largeProduct(2, 1)];
    const report = await importJson(db, seller.id, { products }, NOW_MS);
    expect(report).toMatchObject({
      value: {
        products: { created: 1 },
        faults: [
          { line: 0, handle: "large-0", reason: /more than 1000000 bytes/ },
          { line: 1, column: "variants" },
        ],
      },
    });
  });
});

describe("a product", () => {
  it("is imported with what it says, and without what it does not", async () => {
    const seller = await aSeller();
    const report = await importJson(db, seller.id, { products: [MUG] }, NOW_MS);
    expect(report).toMatchObject({ value: { rows: 1, products: { created: 1 }, variants: 1, faults: [] } });
    expect(await listProducts(db, seller.id, { limit: 10 })).toMatchObject({
      value: {
        data: [
          {
            handle: "mug",
            description: "Holds tea",
            tags: [],
            images: [],
            optionNames: [],
            variants: [{ sku: "MUG", options: [], price: { amount: 950, currency: "EUR" }, stock: 3 }],
            status: "active",
          },
        ],
      },
    });
    const again = await importJson(db, seller.id, { products: [MUG] }, NOW_MS + 1);
    expect(again).toMatchObject({ value: { products: { created: 0, updated: 0, unchanged: 1 } } });
    const { description: _, ...silent } = MUG;
    await importJson(db, seller.id, { products: [silent] }, NOW_MS + 2);
    expect(await listProducts(db, seller.id, { limit: 10 })).toMatchObject({
      value: { data: [{ description: "", updatedAtMs: NOW_MS + 2 }] },
    });
  });

  it.each([
    ["no object", 7, undefined],
    ["a member nobody knows", { ...MUG, titel: "x" }, undefined],
    ["no title", { ...MUG, title: " " }, "title"],
    ["a bad handle", { ...MUG, handle: "a mug" }, "handle"],
    ["no variants", { ...MUG, variants: [] }, "variants"],
    [
      "a price in fractions",
      { ...MUG, variants: [{ sku: "A", price: { amount: 9.5, currency: "EUR" } }] },
      "variants.0.price.amount",
    ],
    [
      "an unknown currency",
      { ...MUG, variants: [{ sku: "A", price: { amount: 9, currency: "EURO" } }] },
      "variants.0.price.currency",
    ],
    ["options nobody named", { ...MUG, variants: [{ sku: "A", options: ["S"] }] }, "variants"],
    ["a SKU twice", { ...MUG, variants: [{ sku: "A" }, { sku: "A" }] }, "variants.1.sku"],
    ["half a character", { ...MUG, title: "\ud83d" }, undefined],
    ["an image that is no address", { ...MUG, images: ["javascript:alert(1)"] }, "images.0"],
  ])("with %s is refused, and the others are imported", (_what, product, column) => {
    const other = { ...MUG, handle: "other", variants: [{ sku: "OTHER" }] };
    const { products, faults } = parseCatalogJson({ products: [other, product] });
    expect(products.map(({ content }) => content.handle)).toEqual(["other"]);
    expect(faults[0]).toMatchObject({ line: 1, ...(column === undefined ? {} : { column }) });
  });

  it("that comes twice is refused the second time", () => {
    const { products, faults } = parseCatalogJson({ products: [MUG, { ...MUG, variants: [{ sku: "B" }] }] });
    expect(products).toHaveLength(1);
    expect(faults).toEqual([
      { line: 1, handle: "mug", column: "handle", reason: "repeats mug, which product 0 has already" },
    ]);
  });

  it("of an unknown seller is not imported", async () => {
    const outcome = await importJson(db, "sel_01jd3m5n8yfx0t2qv4w6z9r1ab", { products: [MUG] }, NOW_MS);
    expect(outcome).toMatchObject({ ok: false, code: "not_found" });
  });
});

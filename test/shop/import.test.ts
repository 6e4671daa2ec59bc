/** Catalogue import into D1: what it creates, what it changes, what it leaves alone. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { importCsv } from "../../src/shop/catalog/import.ts";
import type { ImportReport } from "../../src/shop/catalog/content.ts";
import { listProducts, type Product } from "../../src/shop/products.ts";
import type { Seller } from "../../src/shop/sellers.ts";
import { csvOf, MUG, oldCsv, SHIRT } from "./files.ts";
import { aSeller, NOW_MS } from "./people.ts";

const db = env.DB;
const LATER_MS = NOW_MS + 60_000;

async function imported(seller: Seller, file: string, nowMs = NOW_MS): Promise<ImportReport> {
  const outcome = await importCsv(db, seller.id, file, "USD", nowMs);
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.value;
}

async function productsOf(seller: Seller): Promise<readonly Product[]> {
  const page = await listProducts(db, seller.id, { limit: 500 });
  if (!page.ok) throw new Error(page.detail);
  return page.value.data;
}

async function aShop() {
  const seller = await aSeller();
  await imported(seller, oldCsv(...SHIRT, MUG));
  return { seller, before: await productsOf(seller) };
}

/** A product with other prices, the rest as it was. */
function priced(before: Product | undefined, ...amounts: number[]): Partial<Product> {
  const variants = before?.variants.map((one, at) => ({
    ...one,
    price: { amount: amounts[at] ?? 0, currency: "USD" },
  }));
  return { ...before, ...(variants && { variants }) };
}

describe("an import", () => {
  it("creates products, with their report", async () => {
    const seller = await aSeller();
    expect(await imported(seller, oldCsv(...SHIRT, MUG))).toEqual({
      rows: 3,
      products: { created: 2, updated: 0, unchanged: 0 },
      variants: 3,
      faults: [],
      faultsNotListed: 0,
    });
    expect(await productsOf(seller)).toMatchObject([
      {
        seller: seller.id,
        handle: "shirt",
        title: "Ocean Shirt",
        description: "Blue & soft",
        updatedAtMs: NOW_MS,
      },
      { handle: "mug", variants: [{ sku: "MUG", options: [], price: { amount: 950, currency: "USD" } }] },
    ]);
  });

  it("changes nothing the second time", async () => {
    const seller = await aSeller();
    await imported(seller, oldCsv(...SHIRT, MUG));
    const before = await productsOf(seller);
    const report = await imported(seller, oldCsv(...SHIRT, MUG), LATER_MS);
    expect(report.products).toEqual({ created: 0, updated: 0, unchanged: 2 });
    expect(report.variants).toBe(3);
    expect(await productsOf(seller)).toEqual(before);
  });

  it("updates what has changed, and only that; ids stay", async () => {
    const seller = await aSeller();
    await imported(seller, oldCsv(...SHIRT, MUG));
    const [shirt, mug] = await productsOf(seller);
    const report = await imported(seller, oldCsv(...SHIRT, { ...MUG, "Variant Price": "8" }), LATER_MS);
    expect(report.products).toEqual({ created: 0, updated: 1, unchanged: 1 });
    const variants = [{ sku: "MUG", options: [], price: { amount: 800, currency: "USD" } }];
    expect(await productsOf(seller)).toEqual([shirt, { ...mug, variants, updatedAtMs: LATER_MS }]);
  });

  it("leaves products alone that the file does not name, and those of other sellers", async () => {
    const [seller, other] = [await aSeller(), await aSeller()];
    await imported(seller, oldCsv(...SHIRT));
    await imported(other, oldCsv({ ...MUG, Title: "Theirs" }));
    await imported(seller, oldCsv(MUG));
    expect((await productsOf(seller)).map(({ title }) => title)).toEqual(["Ocean Shirt", "Mug"]);
    expect((await productsOf(other)).map(({ title }) => title)).toEqual(["Theirs"]);
  });

  it("drops variants that the file has no more", async () => {
    const seller = await aSeller();
    await imported(seller, oldCsv(...SHIRT));
    await imported(seller, oldCsv(SHIRT[0]!));
    expect((await productsOf(seller))[0]?.variants.map(({ sku }) => sku)).toEqual(["SH-S"]);
  });

  it("imports the good rows and reports the bad ones in the order of their lines", async () => {
    const seller = await aSeller();
    const bad = { ...MUG, Handle: "bad", Title: "", "Variant SKU": "BAD" };
    const report = await imported(seller, oldCsv(bad, ...SHIRT, { ...MUG, "Variant Price": "?" }) + "x\n");
    expect(report).toMatchObject({ rows: 5, products: { created: 1 }, variants: 2 });
    expect(report.faults.map(({ line, handle }) => [line, handle])).toEqual([
      [2, "bad"],
      [5, "mug"],
      [6, "x"],
    ]);
  });

  it("lists so many faults and counts the rest", async () => {
    const report = await imported(await aSeller(), `Handle,Title,Price\n${"mug,Mug,?\n".repeat(1_500)}`);
    expect(report.faults).toHaveLength(1_000);
    expect(report.faultsNotListed).toBeGreaterThanOrEqual(500);
  });
});

describe("a row that is refused", () => {
  it("leaves its variant as it was, in its place", async () => {
    const seller = await aSeller();
    await imported(seller, oldCsv(...SHIRT));
    const [before] = await productsOf(seller);
    const [first, second] = SHIRT;
    const report = await imported(
      seller,
      oldCsv({ ...first!, "Variant Price": "?" }, { ...second!, "Variant Price": "22" }),
      LATER_MS,
    );
    expect(report.faults).toMatchObject([{ line: 2, column: "Variant Price" }]);
    const [after] = await productsOf(seller);
    expect(after?.variants[0]).toEqual(before?.variants[0]);
    expect(after?.variants[1]?.price?.amount).toBe(2_200);
  });
});

describe("a row that is refused because its SKU or its options repeat another's", () => {
  it.each([{ "Variant SKU": "SH-S" }, { "Option1 Value": "S" }])(
    "leaves the variant it was meant for as it was: %o",
    async (typo) => {
      const seller = await aSeller();
      await imported(seller, oldCsv(...SHIRT));
      const before = await productsOf(seller);
      const report = await imported(seller, oldCsv(SHIRT[0]!, { ...SHIRT[1]!, ...typo }), LATER_MS);
      expect(report.faults).toHaveLength(1);
      expect(await productsOf(seller)).toEqual(before);
    },
  );
});

describe("a file without some of the columns", () => {
  it("changes what it has: prices by SKU", async () => {
    const { seller, before } = await aShop();
    const rows = [
      ["shirt", "Ocean Shirt", "SH-S", "1"],
      ["shirt", "", "SH-M", "2"],
      ["mug", "Mug", "MUG", "3"],
    ];
    const headers = ["Handle", "Title", "SKU", "Price"];
    await imported(
      seller,
      csvOf(
        headers,
        rows.map((row) => Object.fromEntries(row.map((cell, at) => [headers[at], cell]))),
      ),
    );
    expect(await productsOf(seller)).toEqual([priced(before[0], 100, 200), priced(before[1], 300)]);
  });

  it("changes what it has: prices by options", async () => {
    const { seller, before } = await aShop();
    await imported(
      seller,
      "Handle,Title,Option1 Name,Option1 Value,Price\nshirt,Ocean Shirt,Size,S,1\nshirt,,,M,2\n",
    );
    expect((await productsOf(seller))[0]).toEqual(priced(before[0], 100, 200));
  });

  it("changes what it has: titles", async () => {
    const { seller, before } = await aShop();
    await imported(seller, "Handle,Title\nshirt,Sea Shirt\nmug,Mug\n", LATER_MS);
    expect(await productsOf(seller)).toEqual([
      { ...before[0], title: "Sea Shirt", updatedAtMs: LATER_MS },
      before[1],
    ]);
  });

  it("changes what it has: titles, though there are columns for variants, when they are blank", async () => {
    const { seller, before } = await aShop();
    await imported(seller, "Handle,Title,Option1 Name,Option1 Value,SKU\nshirt,Sea Shirt,,,\n", LATER_MS);
    expect(await productsOf(seller)).toEqual([
      { ...before[0], title: "Sea Shirt", updatedAtMs: LATER_MS },
      before[1],
    ]);
  });

  it("blanks what it has and leaves blank", async () => {
    const { seller } = await aShop();
    await imported(seller, "Handle,Title,Vendor,Tags\nshirt,Ocean Shirt,,\n");
    const [shirt] = await productsOf(seller);
    expect(shirt).not.toHaveProperty("vendor");
    expect(shirt?.tags).toEqual([]);
  });

  it("is refused for a product whose variants it cannot tell apart", async () => {
    const { seller, before } = await aShop();
    const report = await imported(seller, "Handle,Title,Price\nshirt,Ocean Shirt,1\nmug,Mug,9.50\n");
    expect(report.faults).toMatchObject([{ line: 2, handle: "shirt", reason: /cannot be told/ }]);
    expect(await productsOf(seller)).toEqual(before);
  });
});

describe("what cannot be imported", () => {
  it("is refused as a value, and changes nothing", async () => {
    const seller = await aSeller();
    expect(await importCsv(db, seller.id, "Name\nx\n", "USD", NOW_MS)).toMatchObject({ code: "bad_request" });
    const nobody = "sel_01jd3m5n8yfx0t2qv4w6z9r1ab";
    expect(await importCsv(db, nobody, oldCsv(MUG), "USD", NOW_MS)).toMatchObject({ code: "not_found" });
    expect(await productsOf(seller)).toEqual([]);
  });

  it("is refused once it is larger than a catalogue may be, without reading all of it", async () => {
    const seller = await aSeller();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(1_000_000).fill(97));
      },
    });
    expect(await importCsv(db, seller.id, endless, "USD", NOW_MS)).toMatchObject({
      code: "payload_too_large",
    });
    expect(pulled).toBeLessThan(30);
  });
});

describe("a stream", () => {
  it("is read as the file it carries, wherever its chunks are cut", async () => {
    const seller = await aSeller();
    const bytes = new TextEncoder().encode(oldCsv({ ...MUG, Title: "Café 😀" }));
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7));
        controller.close();
      },
    });
    expect(await importCsv(db, seller.id, stream, "USD", NOW_MS)).toMatchObject({ value: { rows: 1 } });
    expect((await productsOf(seller))[0]?.title).toBe("Café 😀");
  });
});

describe("a large catalogue", () => {
  it("of twenty thousand rows is imported in one go, each product once", { timeout: 60_000 }, async () => {
    const seller = await aSeller();
    const rows = Array.from({ length: 20_000 }, (_, at) => ({
      Handle: `product-${Math.floor(at / 5)}`,
      Title: at % 5 === 0 ? `Product ${at}` : "",
      "Option1 Name": at % 5 === 0 ? "Size" : "",
      "Option1 Value": `S${at % 5}`,
      "Variant SKU": `SKU-${at}`,
      "Variant Price": `${at}.${at % 10}`,
    }));
    const report = await imported(seller, oldCsv(...rows));
    expect(report).toMatchObject({
      rows: 20_000,
      products: { created: 4_000 },
      variants: 20_000,
      faults: [],
    });
    const { total } = (await db
      .prepare("SELECT count(*) AS total FROM products WHERE seller_id = ?")
      .bind(seller.id)
      .first<{ total: number }>())!;
    expect(total).toBe(4_000);
  });
});

it("a file whose one cell never ends is a fault of a few words", async () => {
  const seller = await aSeller();
  const report = await imported(seller, `Handle,Title,Variant Price\n"${"x".repeat(1_000_000)}`);
  expect(JSON.stringify(report).length).toBeLessThan(5_000);
  expect(report.faults.length).toBeGreaterThan(0);
});

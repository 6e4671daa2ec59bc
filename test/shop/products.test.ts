/** Lists of products: in pages that stay right while products change. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { importCsv, importJson } from "../../src/shop/catalog/import.ts";
import { getProduct, listProducts, type Product } from "../../src/shop/products.ts";
import { product as productSchema } from "../../src/wire/catalog.ts";
import { toWire } from "../../src/wire/instants.ts";
import { oldCsv, SHIRT } from "./files.ts";
import { aSeller, NOW_MS } from "./people.ts";

const db = env.DB;

async function aShop(count: number) {
  const seller = await aSeller();
  const rows = Array.from({ length: count }, (_, at) => `p-${at},Product ${at}\n`);
  await importCsv(db, seller.id, `Handle,Title\n${rows.join("")}`, "USD", NOW_MS);
  return seller;
}

async function page(seller: Awaited<ReturnType<typeof aShop>>, limit: number, cursor?: string | null) {
  const outcome = await listProducts(db, seller.id, { limit, cursor: cursor ?? undefined });
  if (!outcome.ok) throw new Error(outcome.detail);
  return outcome.value;
}

function handles(products: readonly Product[]): string[] {
  return products.map(({ handle }) => handle);
}

describe("the list of products", () => {
  it("has each product once, page by page, in the order of their first import", async () => {
    const seller = await aShop(7);
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const { data, nextCursor } = await page(seller, 3, cursor);
      seen.push(...handles(data));
      cursor = nextCursor;
    } while (cursor);
    expect(seen).toEqual(["p-0", "p-1", "p-2", "p-3", "p-4", "p-5", "p-6"]);
  });

  it("goes on where it was when products change or come in between", async () => {
    const seller = await aShop(4);
    const first = await page(seller, 2);
    await importCsv(db, seller.id, "Handle,Title\np-0,New 0\np-3,New 3\np-4,New 4\n", "USD", NOW_MS + 1);
    const second = await page(seller, 10, first.nextCursor);
    expect(handles([...first.data, ...second.data])).toEqual(["p-0", "p-1", "p-2", "p-3", "p-4"]);
  });

  it("ends with a full page when there is nothing more", async () => {
    expect((await page(await aShop(2), 2)).nextCursor).toBeNull();
    expect(await page(await aShop(0), 2)).toEqual({ data: [], nextCursor: null });
  });

  it("has shorter pages when products are very large, and misses none", async () => {
    const seller = await aSeller();
    const options = Array.from({ length: 1_000 }, (_, at) => `${at}-${"x".repeat(250)}`);
    const products = Array.from({ length: 16 }, (_, at) => ({
      handle: `p-${at}`,
      title: "Large",
      optionNames: ["Kind"],
      variants: options.map((option, index) => ({ sku: `${at}-${index}`, options: [option] })),
    }));
    const report = await importJson(db, seller.id, { products }, NOW_MS);
    expect(report).toMatchObject({ value: { products: { created: 16 }, faults: [] } });
    const first = await page(seller, 500);
    expect(first.data.length).toBeLessThan(16);
    const second = await page(seller, 500, first.nextCursor);
    expect(first.data.length + second.data.length).toBe(16);
    expect(second.nextCursor).toBeNull();
  });

  it("refuses a cursor that is none, and an unknown seller", async () => {
    const { id } = await aSeller();
    expect(await listProducts(db, id, { limit: 1, cursor: "?" })).toMatchObject({ code: "bad_request" });
    const unknown = "sel_01jd3m5n8yfx0t2qv4w6z9r1ab";
    expect(await listProducts(db, unknown, { limit: 1 })).toMatchObject({ code: "not_found" });
  });
});

describe("a product", () => {
  it("is found by its id, by its seller only, and is what the wire says a product is", async () => {
    const [seller, other] = [await aSeller(), await aSeller()];
    await importCsv(db, seller.id, oldCsv(...SHIRT), "USD", NOW_MS);
    const [shirt] = (await page(seller, 1)).data;
    expect(await getProduct(db, seller.id, shirt!.id)).toEqual(shirt);
    expect(await getProduct(db, other.id, shirt!.id)).toBeUndefined();
    const onTheWire = toWire(shirt!);
    expect(productSchema.parse(onTheWire)).toEqual(onTheWire);
  });
});

/** Catalogue import and product lists over HTTP; what is in a file is the shop's affair. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import {
  get,
  must,
  newKey,
  newSeller,
  newShop,
  PLATFORM,
  post,
  refused,
  type Answer,
  type Json,
} from "./client.ts";

const CSV = [
  "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price",
  "tee,Tee,Size,S,TEE-S,19.99",
  "tee,,,M,TEE-M,19.99",
  "mug,Mug,,,MUG,not a price",
].join("\r\n");

const csv = (
  seller: string,
  as: string,
  raw: BodyInit = CSV,
  query = "?currency=EUR",
  key?: string,
): Promise<Answer> =>
  post(`/v1/sellers/${seller}/catalog${query}`, {
    as,
    raw,
    type: "text/csv; charset=utf-8",
    key: key ?? null,
  });

describe("an import", () => {
  it("reads a CSV, reports its bad rows, and changes nothing the second time", async () => {
    const { id, key } = await newSeller();
    const report = await must(csv(id, key));
    expect(report).toMatchObject({ products: { created: 1, updated: 0, unchanged: 0 }, variants: 2 });
    expect(report.faults).toMatchObject([{ line: 4, handle: "mug" }]);
    expect((await must(csv(id, key))).products).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    const { data } = await must(get(`/v1/sellers/${id}/products`, { as: key }));
    expect(data[0].variants[0]).toMatchObject({ sku: "TEE-S", price: { amount: 1_999, currency: "EUR" } });
  });

  it("reads JSON, product by product", async () => {
    const { id, key } = await newSeller();
    const good = { handle: "tee", title: "Tee", variants: [{ sku: "TEE" }] };
    const deep: unknown = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
    const products = [good, { handle: "mug" }, "nothing", deep, { ...good, handle: "odd", extra: 1 }];
    const report = await must(post(`/v1/sellers/${id}/catalog`, { as: key, body: { products } }));
    expect(report.products.created).toBe(1);
    expect([...new Set(report.faults.map(({ line }: Json) => line))]).toEqual([1, 2, 3, 4]);
  });

  it("with a key is one import, whatever is sent again", async () => {
    const { id, key } = await newSeller();
    const once = newKey();
    const first = await csv(id, key, CSV, "", once);
    const again = await csv(id, key, CSV, "", once);
    expect([again.status, again.text, again.headers.get("Idempotency-Replayed")]).toEqual([
      200,
      first.text,
      "true",
    ]);
    expect(refused(await csv(id, key, `${CSV}\n`, "", once))).toBe("422 idempotency_key_reused");
    expect(refused(await csv(id, key, CSV, "?currency=EUR", once))).toBe("422 idempotency_key_reused");
  });

  it("that is none is refused", async () => {
    const { id, key } = await newSeller();
    const path = `/v1/sellers/${id}/catalog`;
    expect(refused(await csv(id, key, "<html>"))).toBe("400 bad_request");
    expect(refused(await csv(id, key, ""))).toBe("400 bad_request");
    expect(refused(await csv(id, key, CSV, "?currency=XXQ"))).toBe("400 bad_request");
    expect(refused(await post(path, { as: key, raw: "x", type: "application/xml" }))).toBe(
      "415 unsupported_media_type",
    );
    expect(refused(await post(path, { as: key, raw: "{", type: "application/json" }))).toBe(
      "400 invalid_json",
    );
    expect(refused(await post(path, { as: key, body: { products: 1 } }))).toBe("400 bad_request");
    const large = new ReadableStream({
      start(controller) {
        const chunk = new Uint8Array(1_000_000).fill(0x2c);
        for (let sent = 0; sent <= LIMITS.catalogBytes; sent += chunk.length) controller.enqueue(chunk);
        controller.close();
      },
    });
    expect(refused(await csv(id, key, large))).toBe("413 payload_too_large");
  });

  it("is the seller's own", async () => {
    const [one, other] = await Promise.all([newShop(), newShop()]);
    const { id } = one.seller;
    expect(refused(await csv(id, other.seller.key))).toBe("404 not_found");
    expect(refused(await csv(id, one.creator.key))).toBe("403 forbidden");
    expect(refused(await get(`/v1/sellers/${id}/products`, { as: other.seller.key }))).toBe("404 not_found");
    expect((await csv(id, PLATFORM)).status).toBe(200);
    expect(refused(await csv("sel_01jd3m5n8yfx0t2qv4w6z9r1ab", PLATFORM))).toBe("404 not_found");
  });
});

it("products are listed in pages", async () => {
  const { id, key } = await newSeller();
  const products = ["a", "b", "c"].map((handle) => ({ handle, title: handle, variants: [{ sku: handle }] }));
  await must(post(`/v1/sellers/${id}/catalog`, { as: key, body: { products } }));
  const first = await must(get(`/v1/sellers/${id}/products?limit=2`, { as: key }));
  const second = await must(
    get(`/v1/sellers/${id}/products?limit=2&cursor=${first.nextCursor}`, { as: PLATFORM }),
  );
  const listed = [...first.data, ...second.data].map(({ handle }: Json) => handle);
  expect(new Set(listed)).toEqual(new Set(["a", "b", "c"]));
  expect(listed).toHaveLength(3);
  expect(second.nextCursor).toBeNull();
  expect(refused(await get(`/v1/sellers/${id}/products?cursor=!`, { as: key }))).toBe("400 bad_request");
});

/** Sellers, creators and API keys: who makes them, who sees them. */
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import {
  get,
  must,
  newCreator,
  newSeller,
  newShop,
  newViewer,
  PLATFORM,
  post,
  refused,
  remove,
} from "./client.ts";

describe("sellers and creators", () => {
  it("are made with the platform's key alone", async () => {
    const { seller } = await newShop();
    const { token } = await newViewer();
    for (const path of ["/v1/sellers", "/v1/creators", "/v1/keys", "/v1/contracts"]) {
      expect(refused(await post(path, { body: {} }))).toBe("401 unauthenticated");
      expect(refused(await post(path, { as: seller.key, body: {} }))).toBe("403 forbidden");
      expect(refused(await post(path, { as: token, body: {} }))).toBe("403 forbidden");
    }
  });

  it("are seen by themselves and the platform; to others they do not exist", async () => {
    const [one, other] = await Promise.all([newShop(), newShop()]);
    for (const as of [PLATFORM, one.seller.key]) {
      expect((await must(get(`/v1/sellers/${one.seller.id}`, { as }))).id).toBe(one.seller.id);
    }
    expect((await must(get(`/v1/creators/${one.creator.id}`, { as: one.creator.key }))).name).toBe("Maya");
    expect(refused(await get(`/v1/sellers/${one.seller.id}`, { as: other.seller.key }))).toBe(
      "404 not_found",
    );
    expect(refused(await get(`/v1/creators/${one.creator.id}`, { as: other.creator.key }))).toBe(
      "404 not_found",
    );
    expect(refused(await get("/v1/sellers/sel_01jd3m5n8yfx0t2qv4w6z9r1ab", { as: PLATFORM }))).toBe(
      "404 not_found",
    );
  });

  it("have handles of their own", async () => {
    const body = { name: "Maya", handle: `same-${crypto.randomUUID().slice(0, 8)}` };
    expect((await post("/v1/creators", { as: PLATFORM, body })).status).toBe(201);
    expect(refused(await post("/v1/creators", { as: PLATFORM, body }))).toBe("409 conflict");
  });
});

describe("API keys", () => {
  it("show their secret once and keep only its hash", async () => {
    const { id } = await newSeller();
    const made = await must(post("/v1/keys", { as: PLATFORM, body: { label: "erp", for: { seller: id } } }));
    expect(made.secret).toMatch(/^sk_/);
    const { data } = await must(get(`/v1/keys?seller=${id}`, { as: PLATFORM }));
    expect(data).toHaveLength(2);
    expect(JSON.stringify(data)).not.toContain(made.secret);
    for (const table of ["api_keys", "idempotency_keys"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(results.length).toBeGreaterThan(0);
      expect(JSON.stringify(results)).not.toContain(made.secret);
      expect(JSON.stringify(results)).not.toContain(Buffer.from(made.secret).toString("base64url"));
    }
  });

  it("open nothing once revoked, and are revoked once", async () => {
    const { id, key } = await newSeller();
    const { data } = await must(get(`/v1/keys?seller=${id}`, { as: PLATFORM }));
    expect((await get(`/v1/sellers/${id}`, { as: key })).status).toBe(200);
    const revoked = await must(remove(`/v1/keys/${data[0].id}`, { as: PLATFORM }));
    expect(revoked.revokedAt).toBeDefined();
    expect(await must(remove(`/v1/keys/${data[0].id}`, { as: PLATFORM }))).toEqual(revoked);
    expect(refused(await get(`/v1/sellers/${id}`, { as: key }))).toBe("401 unauthenticated");
    expect(refused(await remove("/v1/keys/key_01jd3m5n8yfx0t2qv4w6z9r1ab", { as: PLATFORM }))).toBe(
      "404 not_found",
    );
  });

  it("expire", async () => {
    const { id } = await newCreator();
    const body = {
      label: "tonight",
      for: { creator: id },
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    };
    const { secret } = await must(post("/v1/keys", { as: PLATFORM, body }));
    expect((await get(`/v1/creators/${id}`, { as: secret })).status).toBe(200);
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    expect(refused(await get(`/v1/creators/${id}`, { as: secret }))).toBe("401 unauthenticated");
    vi.useRealTimers();
    const past = { label: "late", for: { creator: id }, expiresAt: "2020-01-01T00:00:00Z" };
    expect(refused(await post("/v1/keys", { as: PLATFORM, body: past }))).toBe("400 bad_request");
  });

  it("are for somebody who exists, and are listed in pages", async () => {
    const nobody = { label: "x", for: { seller: "sel_01jd3m5n8yfx0t2qv4w6z9r1ab" } };
    expect(refused(await post("/v1/keys", { as: PLATFORM, body: nobody }))).toBe("404 not_found");
    const { id } = await newSeller();
    await must(post("/v1/keys", { as: PLATFORM, body: { label: "two", for: { seller: id } } }));
    const first = await must(get(`/v1/keys?seller=${id}&limit=1`, { as: PLATFORM }));
    const second = await must(
      get(`/v1/keys?seller=${id}&limit=1&cursor=${first.nextCursor}`, { as: PLATFORM }),
    );
    expect([first.data.length, second.data[0].label, second.nextCursor]).toEqual([1, "two", null]);
    for (const query of [
      "",
      `?seller=${id}&creator=cre_01jd3m5n8yfx0t2qv4w6z9r1ab`,
      `?seller=${id}&limit=0`,
      `?seller=${id}&cursor=x`,
    ]) {
      expect(refused(await get(`/v1/keys${query}`, { as: PLATFORM }))).toBe("400 bad_request");
    }
  });
});

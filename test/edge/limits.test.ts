/** Rate limits: told in headers, strict for one viewer, wide for one address. */
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { get, newContract, newDrop, newShop, newViewer, PLATFORM, post, refused, usd } from "./client.ts";

const window = LIMITS.rateWindowMs / 1_000;

describe("a viewer", () => {
  it("may ask for so many tokens in a window, and is told how many are left", async () => {
    const drop = await newDrop(1);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    const path = `${drop.at}/offers/${drop.offer}/tokens`;
    const start = Math.ceil(Date.now() / LIMITS.rateWindowMs) * LIMITS.rateWindowMs;
    vi.useFakeTimers({ now: start, toFake: ["Date"] });
    const first = await post(path, { as: ana.token });
    expect(first.headers.get("RateLimit-Policy")).toBe(`"tokens";q=${LIMITS.tokensPerWindow};w=${window}`);
    expect(first.headers.get("RateLimit")).toBe(`"tokens";r=${LIMITS.tokensPerWindow - 1};t=${window}`);
    const more = Array.from({ length: LIMITS.tokensPerWindow - 1 }, () => post(path, { as: ana.token }));
    for (const { status } of await Promise.all(more)) expect(status).toBe(201);
    const last = await post(path, { as: ana.token });
    expect([refused(last), last.headers.get("Retry-After"), last.headers.get("RateLimit")]).toEqual([
      "429 rate_limited",
      String(window),
      `"tokens";r=0;t=${window}`,
    ]);
    expect((await post(path, { as: ben.token })).status).toBe(201);
    vi.setSystemTime(start + LIMITS.rateWindowMs);
    expect((await post(path, { as: ana.token })).status).toBe(201);
    vi.useRealTimers();
  });
});

describe("what only the session can answer", () => {
  const nobody = `ord_${"0".repeat(52)}`;

  it("a viewer and a host may ask for so often; the platform is exempt", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    const reservation = `${drop.at}/reservations/rsv_${"0".repeat(52)}`;
    const asks = [
      [token, [`/v1/orders/${nobody}`, reservation]],
      [
        drop.seller.key,
        [`/v1/orders/${nobody}`, reservation, `${drop.at}/stock`, `${drop.at}/events`, `${drop.at}/audit`],
      ],
    ] as const;
    for (const [as, paths] of asks) {
      const many = Array.from({ length: LIMITS.readsPerWindow }, () => get(`/v1/orders/${nobody}`, { as }));
      expect(new Set((await Promise.all(many)).map(refused))).toEqual(new Set(["404 order_not_found"]));
      for (const path of paths) expect(refused(await get(path, { as })), path).toBe("429 rate_limited");
      for (const path of paths) expect((await get(path, { as: PLATFORM })).status, path).not.toBe(429);
    }
    vi.useRealTimers();
  });

  it("nor may a party have contracts signed and tried out, or links made, without end", async () => {
    const shop = await newShop();
    const at = `/v1/contracts/${await newContract(shop)}`;
    const body = { total: usd(1) };
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    const as = shop.creator.key;
    const many = Array.from({ length: LIMITS.readsPerWindow }, () =>
      post(`${at}0/dry-run`, { as, key: null, body }),
    );
    expect(new Set((await Promise.all(many)).map(refused))).toEqual(new Set(["404 not_found"]));
    expect(refused(await post(`${at}/dry-run`, { as, body }))).toBe("429 rate_limited");
    expect(refused(await get(`${at}/document`, { as }))).toBe("429 rate_limited");
    const links = `/v1/creators/${shop.creator.id}/payment-account/onboarding-links`;
    expect(refused(await post(links, { as }))).toBe("429 rate_limited");
    expect((await get(`${at}/document`, { as: shop.seller.key })).status).toBe(200);
    vi.useRealTimers();
  });

  it("has its journal replayed so often, whoever asks", async () => {
    const [drop, other] = await Promise.all([newDrop(1), newDrop(1)]);
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    const path = `${drop.at}/audit?check=true`;
    for (let check = 0; check < LIMITS.checksPerWindow; check++) {
      expect((await get(path, { as: PLATFORM })).status).toBe(200);
    }
    for (const as of [PLATFORM, drop.seller.key])
      expect(refused(await get(path, { as }))).toBe("429 rate_limited");
    expect((await get(`${drop.at}/audit`, { as: drop.seller.key })).status).toBe(200);
    expect((await get(`${other.at}/audit?check=true`, { as: PLATFORM })).status).toBe(200);
    vi.useRealTimers();
  });
});

describe("sockets", () => {
  it("are asked for so often by one viewer, and by those of one address who only watch", async () => {
    const { at } = await newDrop(1);
    const [ana, ben] = await Promise.all([newViewer(), newViewer()]);
    // A session that is not there: each attempt counts, and none leaves a socket.
    const open = (as: string | undefined, address = "203.0.113.9"): ReturnType<typeof get> =>
      get(`${at}0/live`, { as, headers: { Upgrade: "websocket", "CF-Connecting-IP": address } });
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    for (const [as, quota] of [
      [ana.token, LIMITS.socketsPerWindow],
      [undefined, LIMITS.viewersPerWindow],
    ] as const) {
      const many = await Promise.all(Array.from({ length: quota }, () => open(as)));
      expect(new Set(many.map(refused))).toEqual(new Set(["404 session_not_found"]));
      const last = await open(as);
      expect(refused(last)).toBe("429 rate_limited");
      expect(last.headers.get("Retry-After")).toMatch(/^\d+$/);
    }
    expect(refused(await open(ben.token))).toBe("404 session_not_found");
    expect(refused(await open(undefined, "203.0.113.10"))).toBe("404 session_not_found");
    expect(refused(await open(undefined, "127.0.0.1"))).toBe("404 session_not_found");
    vi.useRealTimers();
  });
});

describe("an address", () => {
  const from = (address: string, as?: string): ReturnType<typeof post> =>
    post("/v1/viewers", { as, headers: { "CF-Connecting-IP": address } });

  it("may have so many viewers made; a developer's machine and the platform are exempt", async () => {
    vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
    const [first] = await Promise.all(
      Array.from({ length: LIMITS.viewersPerWindow }, () => from("203.0.113.7")),
    );
    expect(first?.headers.get("RateLimit-Policy")).toBe(`"viewers";q=${LIMITS.viewersPerWindow};w=${window}`);
    expect(refused(await from("203.0.113.7"))).toBe("429 rate_limited");
    expect((await from("203.0.113.8")).status).toBe(201);
    expect((await from("203.0.113.7", PLATFORM)).status).toBe(201);
    // One client's network, however its addresses are written; the next one is another's.
    const left: unknown[] = [];
    for (const address of ["2001:db8:7:1::1", "2001:db8:7:1:a:b:c:d", "2001:db8:7:2::1", "2001:db8::1"]) {
      left.push(/r=(\d+)/.exec((await from(address)).headers.get("RateLimit") ?? "")?.[1]);
    }
    expect(left.map((one) => LIMITS.viewersPerWindow - Number(one))).toEqual([1, 2, 1, 1]);
    for (const local of ["127.0.0.1", "::1"]) {
      const { status, headers } = await from(local);
      expect([status, headers.get("RateLimit")]).toEqual([201, null]);
    }
    vi.useRealTimers();
  });
});

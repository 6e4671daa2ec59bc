/** How often the money may be read and moved: what costs much is limited for each client, or for all together. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { get, newShop, PLATFORM, post, refused, type Shop } from "./client.ts";
import { pathOf } from "./money.ts";

const nobody = `ord_${"0".repeat(52)}`;
let shop: Shop;

beforeAll(async () => {
  shop = await newShop();
});

/** Each in a window of its own. */
let windows = 0;

beforeEach(() => {
  windows += 2;
  vi.useFakeTimers({ now: Date.now() + windows * LIMITS.rateWindowMs, toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

type Ask = (as: string) => ReturnType<typeof get>;

async function allButOne(ask: Ask, as: string, quota: number): Promise<Set<number>> {
  const answers = await Promise.all(Array.from({ length: quota }, () => ask(as)));
  return new Set(answers.map(({ status }) => status));
}

const PAYOUT = { currency: "USD" };

describe("a party may ask so often, and others all the same, for", () => {
  const asks: readonly (readonly [what: string, quota: number, status: number, ask: Ask])[] = [
    ["traces", LIMITS.tracesPerWindow, 404, (as) => get(`/v1/orders/${nobody}/trace`, { as })],
    [
      "statements",
      LIMITS.statementsPerWindow,
      200,
      (as) => get(`${pathOf(shop.seller.id)}/statement?currency=USD`, { as }),
    ],
    ["transactions", LIMITS.searchesPerWindow, 200, (as) => get("/v1/ledger/transactions?limit=1", { as })],
    [
      "payouts at once",
      LIMITS.payoutsPerWindow,
      409,
      (as) => post("/v1/payouts", { as, body: { ...PAYOUT, seller: shop.seller.id } }),
    ],
  ];

  it.each(asks)("%s", async (_, quota, status, ask) => {
    expect(await allButOne(ask, shop.seller.key, quota)).toEqual(new Set([status]));
    const last = await ask(shop.seller.key);
    expect(refused(last)).toBe("429 rate_limited");
    expect(last.headers.get("Retry-After")).not.toBeNull();
    expect((await ask(shop.creator.key)).status).not.toBe(429);
    expect((await ask(PLATFORM)).status).toBe(status);
  });

  it("a statement as CSV counts as one", async () => {
    const ask: Ask = (as) => get(`${pathOf(shop.creator.id)}/statement?currency=USD&format=csv`, { as });
    expect(await allButOne(ask, shop.creator.key, LIMITS.statementsPerWindow)).toEqual(new Set([200]));
    expect(refused(await ask(shop.creator.key))).toBe("429 rate_limited");
  });
});

describe("whoever asks, there are so many", () => {
  it.each([
    [
      "checks of the books",
      LIMITS.booksChecksPerWindow,
      (as: string) => get("/v1/ledger/balance-check", { as }),
    ],
    [
      "reconciliations",
      LIMITS.reconciliationsPerWindow,
      (as: string) => post("/v1/reconciliation/runs", { as, key: null }),
    ],
  ])("%s", async (_, quota, ask) => {
    expect(await allButOne(ask, PLATFORM, quota)).toEqual(new Set([200]));
    expect(refused(await ask(PLATFORM))).toBe("429 rate_limited");
    vi.setSystemTime(Date.now() + LIMITS.rateWindowMs);
    expect((await ask(PLATFORM)).status).toBe(200);
  });
});

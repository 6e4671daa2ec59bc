/** Stock pools: allocated, held, committed, and never sold twice. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { ANA, BEN, CONSENT, offerTerms, refusalOf, Shop, TEE } from "./shop.ts";

describe("a stock pool", () => {
  it("is made by its first allocation", () => {
    const shop = Shop.created();
    expect(shop.allocate("tee", 5)).toEqual({
      ok: true,
      pool: { sku: "tee", zone: "main", allocated: 5, held: 0, committed: 0 },
    });
  });

  it("is one SKU in one zone", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    shop.allocate("tee", 2, { zone: "popup" });
    shop.hold(ANA, TEE, 2, {}, { zone: "popup" });
    expect(shop.pool("tee", "popup")).toEqual({ available: 0, held: 2, committed: 0 });
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
  });

  it("grows and shrinks while nobody holds what is taken away", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    shop.hold(ANA, TEE, 2);
    shop.allocate("tee", 2);
    expect(shop.pool("tee")).toEqual({ available: 0, held: 2, committed: 0 });
  });

  it("never shrinks below what is held and sold", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    shop.hold(ANA, TEE, 2);
    shop.sell(BEN, TEE, "ord_1", 1);
    expect(refusalOf(shop.allocate("tee", 2))).toEqual({ code: "stock_in_use", held: 2, committed: 1 });
    expect(shop.pool("tee")).toEqual({ available: 2, held: 2, committed: 1 });
  });

  it("is set only when it is still what the seller last saw", () => {
    const shop = Shop.live({ tee: 5 });
    expect(refusalOf(shop.allocate("tee", 9, { expected: 4 }))).toEqual({
      code: "stock_conflict",
      allocated: 5,
    });
    expect(shop.allocate("tee", 9, { expected: 5 })).toMatchObject({ pool: { allocated: 9 } });
  });

  it("counts as zero before it is made", () => {
    const shop = Shop.created();
    expect(refusalOf(shop.allocate("tee", 9, { expected: 1 }))).toEqual({
      code: "stock_conflict",
      allocated: 0,
    });
    expect(shop.allocate("tee", 9, { expected: 0 })).toMatchObject({ ok: true });
  });

  it("tells the journal what it was before", () => {
    const shop = Shop.live({ tee: 5 });
    shop.allocate("tee", 7);
    expect(shop.events().at(-1)).toMatchObject({ type: "stock.allocated", allocated: 7, previous: 5 });
  });

  it("serves the waitlist when it grows", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { backorder: CONSENT }));
    shop.hold(ANA, TEE);
    const waiting = shop.waitFor(BEN, TEE, 2);
    expect(shop.eventsOf(() => shop.allocate("tee", 2))).toEqual(["stock.allocated"]);
    expect(shop.eventsOf(() => shop.allocate("tee", 3))).toEqual(["stock.allocated", "reservation.filled"]);
    expect(shop.reservation(waiting).status).toBe("held");
    expect(shop.pool("tee")).toEqual({ available: 0, held: 3, committed: 0 });
  });

  it("is shared by the offers that draw on it", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    shop.create(offerTerms("ofr_other", { lines: [{ sku: "tee", quantity: 1 }] }));
    shop.open("ofr_other");
    shop.hold(ANA, TEE);
    expect(refusalOf(shop.reserve(BEN, [shop.token("ofr_other")]))).toMatchObject({ code: "out_of_stock" });
  });

  it("is one of a limited number", () => {
    const shop = Shop.created();
    for (let made = 0; made < LIMITS.poolsPerSession; made++) shop.allocate(`sku${made}`, 1);
    expect(refusalOf(shop.allocate("tee", 1))).toEqual({
      code: "limit_reached",
      limit: "poolsPerSession",
      max: LIMITS.poolsPerSession,
    });
    expect(shop.allocate("sku0", 2)).toMatchObject({ ok: true });
  });
});

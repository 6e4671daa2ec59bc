/** The waitlist: who is served when stock frees, and when not. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import {
  ANA,
  BEN,
  CLEO,
  CONSENT,
  MINUTE,
  MUG,
  offerTerms,
  priced,
  refusalOf,
  Shop,
  TEE,
  usd,
} from "./shop.ts";

const TEE_TERMS = offerTerms(TEE, { backorder: CONSENT });

/** One tee, held by Ana. */
function soldOut(): Shop {
  const shop = Shop.live({ tee: 1 }, TEE_TERMS);
  shop.hold(ANA, TEE, 1, {}, { reservation: "rsv_ana" });
  return shop;
}

describe("the waitlist", () => {
  it("is offered with the refusal when the seller consents", () => {
    const shop = soldOut();
    expect(refusalOf(shop.reserve(BEN, [shop.token(TEE)]))).toMatchObject({
      code: "out_of_stock",
      waitlist: true,
    });
  });

  it("needs the seller's consent on every offer", () => {
    const shop = Shop.live({ tee: 0, mug: 1 }, TEE_TERMS, offerTerms(MUG));
    const items = [shop.token(TEE), shop.token(MUG)];
    expect(refusalOf(shop.reserve(BEN, items, { backorder: true }))).toEqual({
      code: "backorder_not_offered",
    });
  });

  it("holds nothing for those who wait, and has no deadline", () => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    expect(shop.reservation(waiting).status).toBe("backordered");
    expect(shop.reservation(waiting)).not.toHaveProperty("expiresAtMs");
    expect(shop.pool("tee")).toEqual({ available: 0, held: 1, committed: 0 });
  });

  it("is not joined by whom the stock can serve", () => {
    const shop = Shop.live({ tee: 1 }, TEE_TERMS);
    expect(shop.reservation(shop.waitFor(BEN, TEE)).status).toBe("held");
  });

  it.each<[string, (shop: Shop) => unknown]>([
    ["released", (shop) => shop.release("rsv_ana", ANA)],
    ["expired", (shop) => shop.wait(LIMITS.holdDefaultMs)],
    [
      "declined",
      (shop) => {
        shop.place("rsv_ana", ANA, "ord_1");
        shop.fail("ord_1");
      },
    ],
    [
      "sold and returned",
      (shop) => {
        shop.place("rsv_ana", ANA, "ord_1");
        shop.authorize("ord_1");
        shop.capture("ord_1");
        shop.refund("ord_1", usd(2_000));
      },
    ],
    [
      "sold but not captured",
      (shop) => {
        shop.place("rsv_ana", ANA, "ord_1");
        shop.authorize("ord_1");
        shop.fail("ord_1", "capture_failed");
      },
    ],
  ])("gets what was %s", (_, free) => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    free(shop);
    expect(shop.reservation(waiting)).toMatchObject({
      status: "held",
      expiresAtMs: shop.nowMs + LIMITS.holdDefaultMs,
      latestAtMs: shop.nowMs + LIMITS.holdMaxMs,
    });
    expect(shop.pool("tee")).toEqual({ available: 0, held: 1, committed: 0 });
  });

  it("is served by priority, then first come", () => {
    const shop = soldOut();
    const early = shop.waitFor(BEN, TEE, 1, 0);
    const late = shop.waitFor(CLEO, TEE, 1, 0);
    const important = shop.waitFor(CLEO, TEE, 1, 7);
    const served: string[] = [];
    for (let allocated = 2; allocated <= 4; allocated++) {
      shop.allocate("tee", allocated);
      const last = shop.events().at(-1)!;
      served.push(last.type === "reservation.filled" ? last.reservation : last.type);
    }
    expect(served).toEqual([important, early, late]);
  });

  it("passes over who cannot be served in whole, and keeps the place", () => {
    const shop = soldOut();
    const two = shop.waitFor(BEN, TEE, 2, 9);
    const one = shop.waitFor(CLEO, TEE, 1);
    shop.release("rsv_ana", ANA);
    expect([shop.reservation(two).status, shop.reservation(one).status]).toEqual(["backordered", "held"]);
    shop.allocate("tee", 3);
    expect(shop.reservation(two).status).toBe("held");
  });

  it("comes before a tap in the same turn", () => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    shop.nowMs += LIMITS.holdDefaultMs;
    expect(refusalOf(shop.reserve(CLEO, [shop.token(TEE)]))).toMatchObject({ code: "out_of_stock" });
    expect(shop.reservation(waiting).status).toBe("held");
  });

  it("keeps the price that was promised", () => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    shop.reprice(TEE, priced(9_000), "void");
    shop.release("rsv_ana", ANA);
    expect(shop.reservation(waiting).lines[0]?.price.total).toEqual(usd(2_000));
  });

  it("goes on while the session is paused", () => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    shop.move("pause");
    shop.release("rsv_ana", ANA);
    expect(shop.reservation(waiting).status).toBe("held");
  });

  it("lets a served hold expire and serves the next", () => {
    const shop = soldOut();
    const [first, second] = [shop.waitFor(BEN, TEE), shop.waitFor(CLEO, TEE)];
    shop.release("rsv_ana", ANA);
    shop.wait(LIMITS.holdDefaultMs);
    expect([shop.reservation(first).status, shop.reservation(second).status]).toEqual(["expired", "held"]);
  });

  it("can be left", () => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    expect(shop.release(waiting, BEN)).toMatchObject({ reservation: { status: "released" } });
    expect(shop.eventsOf(() => shop.release("rsv_ana", ANA))).toEqual(["reservation.released"]);
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
  });

  it("cannot be paid for or extended while waiting", () => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    const refusal = { code: "reservation_not_held", status: "backordered" };
    expect(refusalOf(shop.place(waiting, BEN, "ord_1"))).toEqual(refusal);
    expect(refusalOf(shop.extend(waiting, BEN))).toEqual(refusal);
  });

  it("has an end: so many may wait", () => {
    const shop = soldOut();
    const place = shop.reservation(shop.waitFor(BEN, TEE));
    for (let seq = 1; seq < LIMITS.waitlistPerSession; seq++) {
      shop.state.waitlist.add({ ...place, id: `rsv_filler_${seq}` });
    }
    const reply = shop.reserve(CLEO, [shop.token(TEE)], { backorder: true });
    expect(refusalOf(reply)).toMatchObject({ limit: "waitlistPerSession" });
  });
});

describe("the waitlist ends", () => {
  it.each<["offer_closed" | "offer_withdrawn", (shop: Shop) => unknown]>([
    ["offer_closed", (shop) => shop.close(TEE)],
    ["offer_withdrawn", (shop) => shop.withdraw(TEE)],
  ])("with its offer: %s", (reason, end) => {
    const shop = soldOut();
    const waiting = shop.waitFor(BEN, TEE);
    end(shop);
    expect(shop.reservation(waiting)).toMatchObject({ status: "released", releasedBecause: reason });
    expect(shop.eventsOf(() => shop.release("rsv_ana", ANA))).toEqual(["reservation.released"]);
  });

  it("with its offer's window", () => {
    const shop = Shop.live({ tee: 0 });
    shop.create({ ...TEE_TERMS, closesAtMs: shop.nowMs + MINUTE });
    shop.open(TEE);
    const waiting = shop.waitFor(BEN, TEE);
    shop.wait(MINUTE);
    expect(shop.reservation(waiting)).toMatchObject({ status: "released", releasedBecause: "offer_closed" });
  });

  it("for those who wait for the offer, not for others", () => {
    const shop = Shop.live({ tee: 0, mug: 0 }, TEE_TERMS, offerTerms(MUG, { backorder: CONSENT }));
    shop.waitFor(BEN, TEE);
    const other = shop.waitFor(BEN, MUG);
    shop.close(TEE);
    expect(shop.reservation(other).status).toBe("backordered");
  });
});

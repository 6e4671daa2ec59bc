/** Reservations: units held for a viewer, all or nothing, within the limits of offer and money. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import {
  ANA,
  BEN,
  CONSENT,
  MINUTE,
  MUG,
  offerTerms,
  refusalOf,
  SECOND,
  SET,
  SET_TERMS,
  Shop,
  T0,
  TEE,
} from "./shop.ts";

const HOLD_MS = LIMITS.holdDefaultMs;

describe("a reservation", () => {
  it("holds its units until a deadline", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE, 2);
    expect(shop.reservation(hold)).toMatchObject({
      viewer: ANA,
      zone: "main",
      status: "held",
      units: [{ sku: "tee", zone: "main", quantity: 2 }],
      expiresAtMs: T0 + HOLD_MS,
    });
    expect(shop.pool("tee")).toEqual({ available: 3, held: 2, committed: 0 });
  });

  it("sells the last unit once", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    shop.hold(ANA, TEE);
    expect(refusalOf(shop.reserve(BEN, [shop.token(TEE)]))).toEqual({
      code: "out_of_stock",
      available: [{ sku: "tee", zone: "main", requested: 1, available: 0 }],
      waitlist: false,
    });
  });

  it("costs no more than money may be before discounts, which are somebody's to pay", () => {
    const headline = { amount: LIMITS.moneyAmount, currency: "USD" };
    const drop = { price: { amount: 0, currency: "USD" }, funder: "seller" } as const;
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE, { price: { headline, drop } }));
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE, { quantity: 2 })]))).toEqual({
      code: "limit_reached",
      limit: "moneyAmount",
      max: LIMITS.moneyAmount,
    });
    shop.hold(ANA, TEE, 1);
  });

  it("has an id of its own", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const reservation = shop.hold(ANA, TEE);
    expect(refusalOf(shop.reserve(BEN, [shop.token(TEE)], { reservation }))).toEqual({
      code: "reservation_exists",
    });
  });

  it("of an unknown zone finds no stock", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const reply = shop.reserve(ANA, [shop.token(TEE)], { zone: "__proto__" });
    expect(refusalOf(reply)).toMatchObject({ code: "out_of_stock", available: [{ available: 0 }] });
  });

  it("is held as long as its shortest offer allows", () => {
    const shop = Shop.live({ tee: 1, mug: 1 }, offerTerms(TEE), offerTerms(MUG, { holdMs: 30 * SECOND }));
    shop.reserve(ANA, [shop.token(TEE), shop.token(MUG)], { reservation: "rsv_both" });
    expect(shop.reservation("rsv_both").expiresAtMs).toBe(T0 + 30 * SECOND);
  });

  it("changes nothing when it is refused", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { limits: { perViewer: 1 } }));
    const token = shop.token(TEE, { quantity: 2 });
    expect(shop.eventsOf(() => shop.reserve(ANA, [token]))).toEqual([]);
    expect(shop.reserve(ANA, [{ ...token, quantity: 1 }])).toMatchObject({ ok: true });
  });
});

describe("a reservation of several lines", () => {
  it("is one decision: two lines for one SKU with one unit left are refused", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE), shop.token(TEE)]))).toMatchObject({
      code: "out_of_stock",
      available: [{ sku: "tee", requested: 2, available: 1 }],
    });
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
  });

  it("sums the demand of different offers for one SKU", () => {
    const shop = Shop.live({ tee: 1, mug: 9 }, offerTerms(TEE), SET_TERMS);
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE), shop.token(SET)]))).toMatchObject({
      available: [
        { sku: "tee", requested: 2, available: 1 },
        { sku: "mug", requested: 2, available: 9 },
      ],
    });
  });

  it("holds all or nothing", () => {
    const shop = Shop.live({ tee: 5, mug: 0 }, offerTerms(TEE), offerTerms(MUG));
    shop.reserve(ANA, [shop.token(TEE), shop.token(MUG)]);
    expect(shop.pool("tee")).toMatchObject({ held: 0 });
  });

  it("takes every unit of a bundle", () => {
    const shop = Shop.live({ tee: 5, mug: 5 }, SET_TERMS);
    shop.hold(ANA, SET, 2);
    expect(shop.pool("tee")).toMatchObject({ held: 2 });
    expect(shop.pool("mug")).toMatchObject({ held: 4 });
    expect(refusalOf(shop.reserve(BEN, [shop.token(SET)]))).toMatchObject({ code: "out_of_stock" });
  });

  it("does not spend its tokens when it is refused", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const [one, two] = [shop.token(TEE), shop.token(TEE)];
    shop.reserve(ANA, [one, two]);
    expect(shop.reserve(ANA, [one])).toMatchObject({ ok: true });
  });
});

describe("a reservation that allows a part", () => {
  const partly = { reservation: "rsv_part", allowPartial: true } as const;

  it("holds what there is and says what is missing", () => {
    const shop = Shop.live({ tee: 2 }, offerTerms(TEE));
    expect(shop.reserve(ANA, [shop.token(TEE, { quantity: 5 })], partly)).toMatchObject({
      ok: true,
      shortfall: [{ offer: TEE, requested: 5, held: 2 }],
      reservation: { lines: [{ quantity: 2 }] },
    });
    expect(shop.pool("tee")).toEqual({ available: 0, held: 2, committed: 0 });
  });

  it("serves its lines in the order asked, from one count of stock", () => {
    const shop = Shop.live({ tee: 3 }, offerTerms(TEE));
    const items = [shop.token(TEE, { quantity: 2 }), shop.token(TEE, { quantity: 2 }), shop.token(TEE)];
    expect(shop.reserve(ANA, items, partly)).toMatchObject({
      shortfall: [
        { requested: 2, held: 1 },
        { requested: 1, held: 0 },
      ],
      reservation: { lines: [{ quantity: 2 }, { quantity: 1 }] },
    });
  });

  it("holds whole bundles only", () => {
    const shop = Shop.live({ tee: 5, mug: 3 }, SET_TERMS);
    shop.reserve(ANA, [shop.token(SET, { quantity: 2 })], partly);
    expect(shop.pool("tee")).toMatchObject({ held: 1 });
    expect(shop.pool("mug")).toMatchObject({ held: 2 });
  });

  it("spends the tokens of the lines it holds, and no others", () => {
    const shop = Shop.live({ tee: 1, mug: 0 }, offerTerms(TEE), offerTerms(MUG));
    const [tee, mug] = [shop.token(TEE), shop.token(MUG)];
    shop.reserve(ANA, [tee, mug], partly);
    shop.allocate("tee", 9);
    shop.allocate("mug", 9);
    expect(refusalOf(shop.reserve(ANA, [tee]))).toEqual({ code: "token_used" });
    expect(shop.reserve(ANA, [mug])).toMatchObject({ ok: true });
  });

  it("is refused when there is nothing at all", () => {
    const shop = Shop.live({ tee: 0 }, offerTerms(TEE));
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)], partly))).toMatchObject({ code: "out_of_stock" });
  });

  it("lacks nothing when all of it is there", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    expect(shop.reserve(ANA, [shop.token(TEE)], partly)).toMatchObject({ shortfall: [] });
  });
});

describe("limits", () => {
  it("per order count all lines of the offer", () => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE, { limits: { perOrder: 2 } }));
    const items = [shop.token(TEE, { quantity: 2 }), shop.token(TEE)];
    expect(refusalOf(shop.reserve(ANA, items))).toEqual({
      code: "quantity_exceeded",
      offer: TEE,
      scope: "order",
      max: 2,
    });
    expect(shop.reserve(ANA, items.slice(0, 1))).toMatchObject({ ok: true });
  });

  it("per viewer count holds and sales, and say what is left", () => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE, { limits: { perViewer: 3 } }));
    shop.hold(ANA, TEE);
    shop.sell(ANA, TEE, "ord_1");
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE, { quantity: 2 })]))).toEqual({
      code: "quantity_exceeded",
      offer: TEE,
      scope: "viewer",
      max: 1,
    });
    expect(shop.reserve(BEN, [shop.token(TEE, { quantity: 3 })])).toMatchObject({ ok: true });
  });

  it("per viewer count a place on the waitlist", () => {
    const shop = Shop.live({ tee: 0 }, offerTerms(TEE, { limits: { perViewer: 1 }, backorder: CONSENT }));
    shop.waitFor(ANA, TEE);
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)]))).toMatchObject({ scope: "viewer", max: 0 });
  });

  it.each<[string, (shop: Shop) => void]>([
    ["released", (shop) => shop.release("rsv_1", ANA)],
    ["expired", (shop) => shop.wait(HOLD_MS)],
    [
      "declined",
      (shop) => {
        shop.place("rsv_1", ANA, "ord_1");
        shop.fail("ord_1");
      },
    ],
    [
      "sold and returned",
      (shop) => {
        shop.place("rsv_1", ANA, "ord_1");
        shop.authorize("ord_1");
        shop.capture("ord_1");
        shop.refund("ord_1", shop.order("ord_1").due);
      },
    ],
  ])("per viewer no longer count what was %s", (_, undo) => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE, { limits: { perViewer: 1 } }));
    shop.hold(ANA, TEE, 1, {}, { reservation: "rsv_1" });
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)]))).toMatchObject({ scope: "viewer" });
    undo(shop);
    expect(shop.reserve(ANA, [shop.token(TEE)])).toMatchObject({ ok: true });
  });

  it("on reservations in memory hold", () => {
    const shop = Shop.live({ tee: LIMITS.poolUnits }, offerTerms(TEE));
    const template = shop.reservation(shop.hold(ANA, TEE));
    for (let made = 1; made < LIMITS.openReservations; made++) {
      shop.state.reservations.set(`rsv_filler_${made}`, template);
    }
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)]))).toMatchObject({ limit: "openReservations" });
  });
});

describe("loyalty credit", () => {
  const credit = { creditLimit: 500 };

  function tokenWithCredit(shop: Shop, creditAmount: number, quantity = 1) {
    return shop.token(TEE, { quantity, ...credit }, { creditAmount });
  }

  it("is spent once: what holds and orders use counts", () => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE));
    shop.reserve(ANA, [tokenWithCredit(shop, 150, 2)]);
    expect(refusalOf(shop.reserve(ANA, [tokenWithCredit(shop, 300)]))).toEqual({
      code: "credit_exceeded",
      remaining: 200,
    });
    expect(shop.reserve(ANA, [tokenWithCredit(shop, 200)])).toMatchObject({ ok: true });
  });

  it("is summed over the lines of one reservation", () => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE));
    const items = [tokenWithCredit(shop, 300), tokenWithCredit(shop, 300)];
    expect(refusalOf(shop.reserve(ANA, items))).toEqual({ code: "credit_exceeded", remaining: 500 });
  });

  it("is the viewer's own", () => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE));
    shop.reserve(ANA, [tokenWithCredit(shop, 500)]);
    expect(shop.reserve(BEN, [tokenWithCredit(shop, 500)])).toMatchObject({ ok: true });
  });

  it("comes back when the hold ends unsold", () => {
    const shop = Shop.live({ tee: 9 }, offerTerms(TEE));
    shop.reserve(ANA, [tokenWithCredit(shop, 500)]);
    shop.wait(HOLD_MS);
    expect(shop.reserve(ANA, [tokenWithCredit(shop, 500)])).toMatchObject({ ok: true });
  });
});

describe("extending a hold", () => {
  it("starts its time anew", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    shop.wait(MINUTE);
    shop.extend(hold, ANA);
    expect(shop.reservation(hold)).toMatchObject({ expiresAtMs: T0 + MINUTE + HOLD_MS, extensions: 1 });
    shop.nowMs = T0 + HOLD_MS;
    expect(shop.eventsOf(() => shop.wait(0))).toEqual([]);
    expect(shop.eventsOf(() => shop.wait(MINUTE))).toEqual(["reservation.expired"]);
  });

  it("is granted so many times and no more", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    for (let times = 0; times < LIMITS.extensionsPerReservation; times++) {
      shop.wait(SECOND);
      expect(shop.extend(hold, ANA)).toMatchObject({ ok: true });
    }
    shop.wait(SECOND);
    expect(refusalOf(shop.extend(hold, ANA))).toEqual({
      code: "extension_refused",
      extensions: LIMITS.extensionsPerReservation,
      latestAtMs: T0 + LIMITS.holdMaxMs,
    });
  });

  it("never reaches past the longest hold", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE, { holdMs: 10 * MINUTE }));
    const hold = shop.hold(ANA, TEE);
    shop.wait(9 * MINUTE);
    shop.extend(hold, ANA);
    expect(shop.reservation(hold).expiresAtMs).toBe(T0 + LIMITS.holdMaxMs);
    shop.wait(MINUTE);
    expect(refusalOf(shop.extend(hold, ANA))).toMatchObject({ code: "extension_refused", extensions: 1 });
  });

  it("that would gain nothing is refused", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    expect(refusalOf(shop.extend(hold, ANA))).toMatchObject({ code: "extension_refused", extensions: 0 });
  });

  it("is for its own viewer, while it is held", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    expect(refusalOf(shop.extend(hold, BEN))).toEqual({ code: "reservation_not_found" });
    shop.wait(HOLD_MS);
    expect(refusalOf(shop.extend(hold, ANA))).toEqual({ code: "reservation_not_held", status: "expired" });
  });
});

describe("releasing a hold", () => {
  it("gives its units back at once", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    expect(shop.release(hold, ANA)).toMatchObject({ reservation: { status: "released" } });
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
    expect(shop.reservation(hold).releasedBecause).toBe("viewer");
  });

  it("is done once", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    shop.release(hold, ANA);
    expect(refusalOf(shop.release(hold, ANA))).toEqual({ code: "reservation_ended", status: "released" });
    expect(shop.pool("tee")).toEqual({ available: 1, held: 0, committed: 0 });
  });

  it("is its own viewer's right", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    expect(refusalOf(shop.release(hold, BEN))).toEqual({ code: "reservation_not_found" });
    expect(refusalOf(shop.release("rsv_none", ANA))).toEqual({ code: "reservation_not_found" });
  });

  it("waits for a payment under way", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const hold = shop.hold(ANA, TEE);
    shop.place(hold, ANA, "ord_1");
    expect(refusalOf(shop.release(hold, ANA))).toEqual({ code: "reservation_in_payment", order: "ord_1" });
  });

  it("does not give its token back", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE));
    const token = shop.token(TEE);
    shop.reserve(ANA, [token], { reservation: "rsv_1" });
    shop.release("rsv_1", ANA);
    expect(refusalOf(shop.reserve(ANA, [token]))).toEqual({ code: "token_used" });
  });
});

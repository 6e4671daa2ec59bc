/** Offers: opened, closed, repriced, withdrawn, pinned, and the tokens each of these honours. */
import { describe, expect, it } from "vitest";
import { nextDueAtMs } from "../../src/domain/due.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { OfferTerms } from "../../src/domain/offer.ts";
import { ANA, BEN, MINUTE, MUG, offerTerms, priced, refusalOf, SECOND, Shop, T0, TEE, usd } from "./shop.ts";

const OPENS = T0 + MINUTE;
const CLOSES = T0 + 2 * MINUTE;

function shopWith(over: Partial<OfferTerms> = {}): Shop {
  const shop = Shop.live({ tee: 10 });
  expect(shop.create(offerTerms(TEE, over))).toMatchObject({ ok: true });
  return shop;
}

describe("a new offer", () => {
  it("is scheduled, at the first version of its price", () => {
    const shop = Shop.live({});
    expect(shop.create(offerTerms(TEE))).toEqual({
      ok: true,
      offer: { ...offerTerms(TEE), status: "scheduled", priceVersion: 1, honoured: [] },
    });
  });

  it.each<[string, Partial<OfferTerms>, object]>([
    [
      "a price in another currency",
      { price: { headline: { amount: 1, currency: "EUR" } } },
      { code: "currency_mismatch", currency: "USD" },
    ],
    [
      "a drop price below the floor",
      { price: priced(2_000, { drop: { price: usd(900), funder: "seller" }, floor: usd(1_000) }) },
      { code: "price_below_floor", floor: 1_000 },
    ],
    [
      "a headline below the floor",
      { price: priced(900, { floor: usd(1_000) }) },
      { code: "price_below_floor", floor: 1_000 },
    ],
    [
      "a window that ends as it begins",
      { opensAtMs: OPENS, closesAtMs: OPENS },
      { code: "offer_window_invalid" },
    ],
    [
      "a price step that is not to come",
      { priceSteps: [{ atMs: T0, price: priced(1) }] },
      { code: "offer_window_invalid" },
    ],
    [
      "a price step below its floor",
      { priceSteps: [{ atMs: OPENS, price: priced(1, { floor: usd(2) }) }] },
      { code: "price_below_floor", floor: 2 },
    ],
  ])("is refused with %s", (_, over, refusal) => {
    const shop = Shop.live({});
    expect(refusalOf(shop.create(offerTerms(TEE, over)))).toEqual(refusal);
    expect(shop.state.offers.size).toBe(0);
  });

  it("has an id of its own", () => {
    expect(refusalOf(shopWith().create(offerTerms(TEE)))).toEqual({ code: "offer_exists" });
  });

  it("is one of a limited number", () => {
    const shop = Shop.live({});
    for (let made = 0; made < LIMITS.offersPerSession; made++) shop.create(offerTerms(`ofr_${made}`));
    expect(refusalOf(shop.create(offerTerms(TEE)))).toMatchObject({ limit: "offersPerSession" });
  });

  it("must exist before it is changed or moved", () => {
    const shop = Shop.live({});
    expect(refusalOf(shop.open(TEE))).toEqual({ code: "offer_not_found" });
    expect(refusalOf(shop.reprice(TEE, priced(1), "void"))).toEqual({ code: "offer_not_found" });
  });
});

describe("an offer's window", () => {
  it("opens it at its time and not a millisecond before", () => {
    const shop = shopWith({ opensAtMs: OPENS });
    expect(nextDueAtMs(shop.state)).toBe(OPENS);
    shop.nowMs = OPENS - 1;
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)]))).toEqual({
      code: "offer_not_open",
      offer: TEE,
      status: "scheduled",
      opensAtMs: OPENS,
    });
    shop.nowMs = OPENS;
    expect(shop.reserve(ANA, [shop.token(TEE)])).toMatchObject({ ok: true });
  });

  it("closes it at its time: a tap in that millisecond is late", () => {
    const shop = shopWith({ opensAtMs: OPENS, closesAtMs: CLOSES });
    shop.nowMs = CLOSES - 1;
    expect(shop.reserve(ANA, [shop.token(TEE)])).toMatchObject({ ok: true });
    shop.nowMs = CLOSES;
    expect(refusalOf(shop.reserve(ANA, [shop.token(TEE)]))).toEqual({
      code: "offer_not_open",
      offer: TEE,
      status: "closed",
    });
  });

  it("that passed while nobody came opened and closed, once each", () => {
    const shop = shopWith({ opensAtMs: OPENS, closesAtMs: CLOSES });
    expect(shop.eventsOf(() => shop.wait(5 * MINUTE))).toEqual(["offer.opened", "offer.closed"]);
    expect(shop.eventsOf(() => shop.wait(5 * MINUTE))).toEqual([]);
  });

  it("can be moved: the old times no longer count", () => {
    const shop = shopWith({ opensAtMs: OPENS });
    shop.send({
      type: "offer.update",
      v: 1,
      offer: TEE,
      changes: { opensAtMs: CLOSES },
      olderTokens: "honour",
    });
    shop.nowMs = OPENS;
    expect(shop.eventsOf(() => shop.wait(0))).toEqual([]);
    shop.nowMs = CLOSES;
    expect(shop.eventsOf(() => shop.wait(0))).toEqual(["offer.opened"]);
  });

  it("cannot be changed so that it ends before it begins", () => {
    const shop = shopWith({ opensAtMs: OPENS });
    const changes = { closesAtMs: OPENS };
    const reply = shop.send({ type: "offer.update", v: 1, offer: TEE, changes, olderTokens: "honour" });
    expect(refusalOf(reply)).toEqual({ code: "offer_window_invalid" });
  });

  it("still ends an offer that is opened by hand", () => {
    const shop = shopWith({ opensAtMs: OPENS, closesAtMs: CLOSES });
    shop.open(TEE);
    expect(shop.eventsOf(() => shop.wait(2 * MINUTE))).toEqual(["offer.closed"]);
  });

  it("set while the offer is closed counts once it is open again", () => {
    const shop = shopWith();
    shop.open(TEE);
    shop.close(TEE);
    const changes = { closesAtMs: CLOSES };
    shop.send({ type: "offer.update", v: 1, offer: TEE, changes, olderTokens: "honour" });
    shop.wait(SECOND);
    shop.open(TEE);
    expect(nextDueAtMs(shop.state)).toBe(CLOSES);
    expect(shop.eventsOf(() => shop.wait(2 * MINUTE))).toEqual(["offer.closed"]);
  });

  it("that is over keeps the offer from being opened again", () => {
    const shop = shopWith();
    shop.open(TEE);
    shop.close(TEE);
    const changes = { closesAtMs: CLOSES };
    shop.send({ type: "offer.update", v: 1, offer: TEE, changes, olderTokens: "honour" });
    shop.nowMs = CLOSES;
    expect(refusalOf(shop.open(TEE))).toEqual({ code: "offer_window_invalid" });
  });
});

describe("a price change", () => {
  it("honours older tokens, at the price they promise, until none can be valid any more", () => {
    const shop = shopWith();
    shop.open(TEE);
    const older = shop.token(TEE);
    shop.reprice(TEE, priced(3_000), "honour");
    shop.reserve(ANA, [older], { reservation: "rsv_older" });
    expect(shop.reservation("rsv_older").lines[0]).toMatchObject({
      priceVersion: 1,
      price: { total: usd(2_000) },
    });
  });

  it("voids older tokens at once when the seller says so", () => {
    const shop = shopWith();
    shop.open(TEE);
    const older = shop.token(TEE);
    shop.reprice(TEE, priced(3_000), "void");
    expect(refusalOf(shop.reserve(ANA, [older]))).toEqual({
      code: "price_version_void",
      offer: TEE,
      priceVersion: 2,
    });
    expect(shop.reserve(ANA, [shop.token(TEE)])).toMatchObject({ ok: true });
  });

  it("that voids takes back what earlier changes honoured", () => {
    const shop = shopWith();
    shop.open(TEE);
    const first = shop.token(TEE);
    shop.reprice(TEE, priced(3_000), "honour");
    const second = shop.token(TEE);
    shop.reprice(TEE, priced(4_000), "void");
    shop.reprice(TEE, priced(5_000), "honour");
    for (const token of [first, second]) {
      expect(refusalOf(shop.reserve(ANA, [token]))).toMatchObject({ code: "price_version_void" });
    }
  });

  it("after another still honours the first price", () => {
    const shop = shopWith();
    shop.open(TEE);
    const first = shop.token(TEE);
    shop.reprice(TEE, priced(3_000), "honour");
    shop.reprice(TEE, priced(4_000), "honour");
    expect(shop.reserve(ANA, [first])).toMatchObject({ ok: true });
  });

  it("honours no older version past the life of the last token that can have it", () => {
    const shop = shopWith();
    shop.open(TEE);
    const lasting = { tokenExpiresAtMs: T0 + 60 * MINUTE };
    const tokens = [shop.token(TEE, lasting), shop.token(TEE, lasting)];
    shop.reprice(TEE, priced(3_000), "honour");
    shop.nowMs = T0 + LIMITS.offerTokenMs + LIMITS.pictureStaleMs + LIMITS.clockSkewMs;
    expect(shop.reserve(ANA, [tokens[0]!])).toMatchObject({ ok: true });
    shop.nowMs += 1;
    expect(refusalOf(shop.reserve(ANA, [tokens[1]!]))).toMatchObject({ code: "price_version_void" });
  });

  it("refuses a version that does not exist yet", () => {
    const shop = shopWith();
    shop.open(TEE);
    const reply = shop.reserve(ANA, [shop.token(TEE, { priceVersion: 2 })]);
    expect(refusalOf(reply)).toMatchObject({ code: "price_version_void" });
  });

  it("keeps to the floor and the currency", () => {
    const shop = shopWith();
    const low = shop.reprice(TEE, priced(1, { floor: usd(2) }), "void");
    const foreign = shop.reprice(TEE, { headline: { amount: 1, currency: "EUR" } }, "void");
    expect(refusalOf(low)).toEqual({ code: "price_below_floor", floor: 2 });
    expect(refusalOf(foreign)).toEqual({ code: "currency_mismatch", currency: "USD" });
    expect(shop.offer(TEE).priceVersion).toBe(1);
  });

  it("leaves the version alone when only words change", () => {
    const shop = shopWith();
    shop.send({ type: "offer.update", v: 1, offer: TEE, changes: { title: "Tee!" }, olderTokens: "void" });
    expect(shop.offer(TEE)).toMatchObject({ title: "Tee!", priceVersion: 1 });
  });
});

describe("a price step", () => {
  const priceSteps = [
    { atMs: OPENS, price: priced(1_500) },
    { atMs: CLOSES, price: priced(1_000) },
  ];

  it("changes the price at its time and honours the tokens before it", () => {
    const shop = shopWith({ priceSteps });
    shop.open(TEE);
    shop.nowMs = OPENS - 1;
    const older = shop.token(TEE);
    shop.nowMs = OPENS;
    expect(shop.reserve(ANA, [older])).toMatchObject({ ok: true });
    expect(shop.offer(TEE)).toMatchObject({ price: priced(1_500), priceVersion: 2 });
  });

  it("is followed by the next", () => {
    const shop = shopWith({ priceSteps });
    shop.wait(MINUTE);
    shop.wait(MINUTE);
    expect(shop.offer(TEE)).toMatchObject({ price: priced(1_000), priceVersion: 3, priceSteps: [] });
  });

  it.each([priceSteps, priceSteps.toReversed()])(
    "gives way to the latest when several have passed",
    (...steps) => {
      const shop = shopWith({ priceSteps: steps });
      expect(shop.eventsOf(() => shop.wait(5 * MINUTE))).toEqual(["offer.repriced"]);
      expect(shop.offer(TEE)).toMatchObject({ price: priced(1_000), priceSteps: [] });
    },
  );

  it("still comes after a change by hand", () => {
    const shop = shopWith({ priceSteps });
    shop.reprice(TEE, priced(9_000), "void");
    shop.wait(MINUTE);
    expect(shop.offer(TEE).price).toEqual(priced(1_500));
  });
});

describe("pinning", () => {
  it("shows one offer at a time", () => {
    const shop = shopWith();
    shop.create(offerTerms(MUG));
    shop.send({ type: "offer.move", v: 1, offer: TEE, action: "pin" });
    shop.send({ type: "offer.move", v: 1, offer: MUG, action: "pin" });
    expect(shop.state.pinned).toBe(MUG);
  });

  it("an offer twice changes nothing, nor does unpinning one that is not pinned", () => {
    const shop = shopWith();
    shop.create(offerTerms(MUG));
    const pin = { type: "offer.move", v: 1, offer: TEE, action: "pin" } as const;
    expect(shop.eventsOf(() => shop.send(pin))).toEqual(["offer.pinned"]);
    expect(shop.eventsOf(() => shop.send(pin))).toEqual([]);
    expect(shop.eventsOf(() => shop.send({ ...pin, offer: MUG, action: "unpin" }))).toEqual([]);
    expect(shop.eventsOf(() => shop.send({ ...pin, action: "unpin" }))).toEqual(["offer.unpinned"]);
    expect(shop.state.pinned).toBeUndefined();
  });
});

describe("closing an offer", () => {
  it("stops its tokens at once, and keeps the holds already made", () => {
    const shop = shopWith();
    shop.open(TEE);
    const hold = shop.hold(ANA, TEE);
    const token = shop.token(TEE);
    shop.close(TEE);
    expect(refusalOf(shop.reserve(BEN, [token]))).toMatchObject({ code: "offer_not_open", status: "closed" });
    expect(shop.place(hold, ANA, "ord_1")).toMatchObject({ ok: true });
  });

  it("is not for good: once open again, unspent tokens buy", () => {
    const shop = shopWith();
    shop.open(TEE);
    const token = shop.token(TEE);
    shop.close(TEE);
    shop.open(TEE);
    expect(shop.reserve(BEN, [token])).toMatchObject({ ok: true });
  });

  it("needs an open offer", () => {
    const shop = shopWith();
    expect(refusalOf(shop.close(TEE))).toEqual({ code: "offer_state_conflict", status: "scheduled" });
  });
});

describe("withdrawing an offer", () => {
  it("stops its tokens at once and for good", () => {
    const shop = shopWith();
    shop.open(TEE);
    const token = shop.token(TEE);
    shop.withdraw(TEE);
    const withdrawn = { code: "offer_state_conflict", status: "withdrawn" };
    expect(refusalOf(shop.reserve(ANA, [token]))).toMatchObject({ code: "offer_not_open" });
    expect(refusalOf(shop.open(TEE))).toEqual(withdrawn);
    expect(refusalOf(shop.withdraw(TEE))).toEqual(withdrawn);
    expect(refusalOf(shop.reprice(TEE, priced(1), "void"))).toEqual(withdrawn);
  });

  it("takes its pin away", () => {
    const shop = shopWith();
    shop.send({ type: "offer.move", v: 1, offer: TEE, action: "pin" });
    expect(shop.eventsOf(() => shop.withdraw(TEE))).toEqual(["offer.withdrawn", "offer.unpinned"]);
  });

  it("cancels its window and its price steps", () => {
    const priceSteps = [{ atMs: OPENS, price: priced(1) }];
    const shop = shopWith({ opensAtMs: OPENS, closesAtMs: CLOSES, priceSteps });
    shop.withdraw(TEE);
    expect(nextDueAtMs(shop.state)).toBeUndefined();
    expect(shop.eventsOf(() => shop.wait(5 * MINUTE))).toEqual([]);
  });
});

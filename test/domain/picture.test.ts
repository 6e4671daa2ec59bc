/** The picture of a session that viewers get, and the changes between two of them. */
import { describe, expect, it } from "vitest";
import { pictureOf, pictureSince, pricingTermsOf } from "../../src/domain/picture.ts";
import { emptyState } from "../../src/domain/state.ts";
import {
  ANA,
  CONSENT,
  MUG,
  offerTerms,
  priced,
  SET,
  SET_TERMS,
  Shop,
  TEE,
  throughJson,
  usd,
} from "./shop.ts";

describe("the picture of a session", () => {
  it("is not there before the session is", () => {
    expect(pictureOf(emptyState())).toBeUndefined();
  });

  it("shows what anybody may see of an offer", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE, { backorder: CONSENT }));
    shop.hold(ANA, TEE, 2);
    expect(pictureOf(shop.state)).toMatchObject({
      id: "ses_1",
      cursor: shop.state.seq,
      session: { status: "live", title: "Friday drop", currency: "USD" },
      offers: {
        [TEE]: {
          status: "open",
          price: { total: usd(2_000) },
          priceVersion: 1,
          available: { main: 3 },
          soldOut: false,
          waitlist: true,
        },
      },
    });
  });

  it("counts whole bundles, by the SKU there is least of", () => {
    const shop = Shop.live({ tee: 9, mug: 5 }, SET_TERMS);
    expect(pictureOf(shop.state)?.offers[SET]?.available).toEqual({ main: 2 });
  });

  it("counts a bundle that names a SKU twice by the sum", () => {
    const lines = [
      { sku: "tee", quantity: 1 },
      { sku: "tee", quantity: 2 },
    ];
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE, { lines }));
    expect(pictureOf(shop.state)?.offers[TEE]?.available).toEqual({ main: 1 });
  });

  it("counts by zone, whatever a zone is called", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    for (const zone of ["__proto__", "constructor", "7"]) shop.allocate("tee", 1, { zone });
    const available = throughJson(pictureOf(shop.state))?.offers[TEE]?.available ?? {};
    expect(new Map(Object.entries(available))).toEqual(
      new Map([
        ["7", 1],
        ["main", 5],
        ["__proto__", 1],
        ["constructor", 1],
      ]),
    );
  });

  it("is sold out when no zone has a unit left, and without stock at all", () => {
    const shop = Shop.live({ tee: 1 }, offerTerms(TEE), offerTerms(MUG));
    shop.hold(ANA, TEE);
    expect(pictureOf(shop.state)?.offers).toMatchObject({
      [TEE]: { soldOut: true },
      [MUG]: { soldOut: true },
    });
  });

  it("leaves to the edge what prices a token", () => {
    const shop = Shop.live({}, offerTerms(TEE, { price: priced(2_000, { floor: usd(1_000) }) }));
    expect(pricingTermsOf(shop.state)).toEqual({
      creatorCodes: [],
      prices: { [TEE]: priced(2_000, { floor: usd(1_000) }) },
      expectedViewers: 1_000,
    });
  });
});

/** What a viewer who saw everything before `act` is told of it. */
function changedBy(shop: Shop, act: () => unknown): string[] {
  const cursor = shop.state.seq;
  act();
  const change = pictureSince(shop.state, cursor);
  expect(change).toMatchObject({ after: cursor, cursor: shop.state.seq });
  return [...(change.session ? ["session"] : []), ...Object.keys(change.offers)];
}

describe("what changed since a cursor", () => {
  it("is nothing when nothing happened", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    expect(changedBy(shop, () => undefined)).toEqual([]);
  });

  it("is every offer that draws on the stock a hold takes or gives back", () => {
    const shop = Shop.live({ tee: 5, mug: 5 }, offerTerms(TEE), offerTerms(MUG), SET_TERMS);
    expect(changedBy(shop, () => shop.hold(ANA, TEE, 1, {}, { reservation: "rsv_1" }))).toEqual([TEE, SET]);
    expect(changedBy(shop, () => shop.release("rsv_1", ANA))).toEqual([TEE, SET]);
    expect(changedBy(shop, () => shop.allocate("mug", 9))).toEqual([MUG, SET]);
  });

  it("is nothing when a hold is sold: its units were gone before", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    shop.buy(ANA, TEE, "ord_1");
    expect(changedBy(shop, () => shop.authorize("ord_1"))).toEqual([]);
  });

  it("is an offer's price, window and words", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE), offerTerms(MUG));
    expect(changedBy(shop, () => shop.reprice(TEE, priced(1), "void"))).toEqual([TEE]);
    expect(changedBy(shop, () => shop.close(TEE))).toEqual([TEE]);
  });

  it("is the session's face: its title, its status, its pin", () => {
    const shop = Shop.live({ tee: 5 }, offerTerms(TEE));
    const pin = { type: "offer.move", v: 1, offer: TEE, action: "pin" } as const;
    const rename = { type: "session.update", v: 1, changes: { title: "Late drop" } } as const;
    expect(changedBy(shop, () => shop.send(pin))).toEqual(["session"]);
    expect(changedBy(shop, () => shop.send(rename))).toEqual(["session"]);
    expect(changedBy(shop, () => shop.move("pause"))).toEqual(["session"]);
  });
});

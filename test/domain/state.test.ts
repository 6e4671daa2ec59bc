/** State as text: written, read back, and rebuilt from the journal to the same. */
import { describe, expect, it } from "vitest";
import { nextDueAtMs } from "../../src/domain/due.ts";
import { deserialize, emptyState, serialize } from "../../src/domain/state.ts";
import {
  ANA,
  BEN,
  CLEO,
  CONSENT,
  MINUTE,
  offerTerms,
  priced,
  refusalOf,
  Shop,
  T0,
  TEE,
  usd,
} from "./shop.ts";

/** A session with something of everything: holds, a waitlist, a window, price steps, credit, orders, names, refusals. */
function busyShop(): Shop {
  const shop = Shop.live({ tee: 3 });
  const priceSteps = [{ atMs: T0 + 5 * MINUTE, price: priced(1_500) }];
  shop.create(offerTerms(TEE, { backorder: CONSENT, priceSteps, closesAtMs: T0 + 20 * MINUTE }));
  shop.open(TEE);
  shop.send({ type: "offer.move", v: 1, offer: TEE, action: "pin" });
  shop.hold(ANA, TEE);
  shop.sell(BEN, TEE, "ord_1", 1, { creditAmount: 300, shownAs: "Ben" });
  shop.buy(BEN, TEE, "ord_2", 1, { shownAs: "Ben" });
  shop.waitFor(CLEO, TEE, 1, 1);
  shop.waitFor(ANA, TEE, 1, 2);
  shop.send({ type: "viewer.unname", v: 1, order: "ord_1" });
  shop.reprice(TEE, priced(2_500), "honour");
  shop.refund("ord_1", usd(100));
  expect(refusalOf(shop.buy(CLEO, TEE, "ord_3"))).toMatchObject({ code: "out_of_stock" });
  shop.wait(MINUTE);
  return shop;
}

/** The shop, with its state written down and read back. */
function fromSnapshot(shop: Shop): Shop {
  const restored = shop.restarted();
  Object.assign(restored.state, deserialize(serialize(shop.state)));
  return restored;
}

describe("a state as text", () => {
  it("is the same again when it is read back, byte for byte", () => {
    const text = serialize(busyShop().state);
    expect(serialize(deserialize(text))).toBe(text);
  });

  it("is the same when it is rebuilt from the journal, byte for byte", () => {
    const shop = busyShop();
    expect(serialize(shop.restarted().state)).toBe(serialize(shop.state));
  });

  it("differs as soon as anything differs", () => {
    const shop = busyShop();
    const before = serialize(shop.state);
    shop.move("start");
    expect(serialize(shop.state)).not.toBe(before);
  });

  it("of a session nobody has created yet is read back too", () => {
    expect(deserialize(serialize(emptyState()))).toEqual(emptyState());
  });
});

describe.each([
  ["rebuilt from the journal", (shop: Shop) => shop.restarted()],
  ["read from a snapshot", fromSnapshot],
])("a session %s", (_, again) => {
  it("wakes at the same time", () => {
    const shop = busyShop();
    expect(nextDueAtMs(again(shop).state)).toBe(nextDueAtMs(shop.state));
  });

  it("goes on as the one that never stopped: deadlines, waitlist, price steps, windows", () => {
    const shop = busyShop();
    const other = again(shop);
    for (const one of [shop, other]) {
      for (let minutes = 0; minutes < 30; minutes++) {
        one.wait(MINUTE);
        one.allocate("tee", 3 + Math.floor(minutes / 10));
      }
    }
    expect(other.journal).toEqual(shop.journal);
    expect(serialize(other.state)).toBe(serialize(shop.state));
    const types = shop.events().map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining(["reservation.filled", "reservation.expired", "offer.closed"]),
    );
  });
});

/** The buys that a session's screens tell of: who is named, from when on, and until when. */
import { describe, expect, it } from "vitest";
import { FIRST_NAME } from "../../src/domain/first-name.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { pictureOf, pictureSince, type PictureChange } from "../../src/domain/picture.ts";
import type { ShowBuys } from "../../src/domain/recent-buys.ts";
import { ANA, BEN, CLEO, MUG, offerTerms, refusalOf, SECOND, Shop, T0, TEE } from "./shop.ts";

const shopOf = (): Shop => Shop.live({ tee: 20, mug: 20 }, offerTerms(TEE), offerTerms(MUG));
const shownBy = (shop: Shop) => pictureOf(shop.state)?.recentBuys;
const namesOf = (shop: Shop) => shownBy(shop)?.map(({ shownAs }) => shownAs);

function setting(shop: Shop, showBuys: ShowBuys): void {
  shop.send({ type: "session.update", v: 1, changes: { showBuys } });
}

describe("a buy", () => {
  it("is told of when it is paid for, not before, by the name that the buyer gave", () => {
    const shop = shopOf();
    shop.buy(ANA, TEE, "ord_1", 2, { shownAs: "Ana" });
    expect(shownBy(shop)).toBeUndefined();
    shop.wait(SECOND);
    shop.authorize("ord_1");
    const told = { offer: TEE, quantity: 2, bought: 2, shownAs: "Ana", atMs: T0 + SECOND };
    expect(shownBy(shop)).toEqual([told]);
    shop.sell(BEN, TEE, "ord_2");
    expect(shownBy(shop)?.at(-1)).toEqual({ offer: TEE, quantity: 1, bought: 3, atMs: T0 + SECOND });
  });

  it("is told of with a name that came when a hold was paid for", () => {
    const shop = shopOf();
    const reservation = shop.hold(ANA, TEE);
    const place = { type: "order.place", v: 1, order: "ord_1", reservation, viewer: ANA } as const;
    shop.send({ ...place, paymentMethod: "pm_card", shownAs: "Ana" });
    shop.authorize("ord_1");
    expect(namesOf(shop)).toEqual(["Ana"]);
  });

  it("that comes to nothing is not told of, or no longer; its name is nowhere", () => {
    const shop = shopOf();
    for (const [order, viewer] of [
      ["ord_1", ANA] as const,
      ["ord_2", BEN] as const,
      ["ord_3", CLEO] as const,
    ])
      shop.buy(viewer, TEE, order, 1, { shownAs: "Ana" });
    shop.fail("ord_1");
    shop.cancel("ord_2");
    expect(shop.state.shownAs.size).toBe(1);
    shop.authorize("ord_3");
    shop.fail("ord_3", "capture_failed");
    expect(shownBy(shop)).toEqual([]);
    expect(shop.state.shownAs.size).toBe(0);
  });

  it("of several offers is one of each, counted by offer: who missed some knows how many", () => {
    const shop = shopOf();
    shop.sell(ANA, TEE, "ord_1", 3);
    const items = [shop.token(TEE), shop.token(MUG), shop.token(TEE)];
    const reserve = shop.request(BEN, items);
    shop.send({ type: "order.buy", v: 1, order: "ord_2", paymentMethod: "pm_card", reserve });
    shop.authorize("ord_2");
    expect(shownBy(shop)?.slice(1)).toMatchObject([
      { offer: TEE, quantity: 2, bought: 5 },
      { offer: MUG, quantity: 1, bought: 1 },
    ]);
    for (let nth = 3; nth < 3 + LIMITS.recentBuys; nth += 1) shop.sell(CLEO, MUG, `ord_${nth}`);
    expect(shownBy(shop)?.map(({ bought }) => bought)).toEqual([2, 3, 4, 5, 6]);
  });
});

describe("a name", () => {
  it("is gone at once and for good where the host wants none, and is not even recorded", () => {
    const shop = shopOf();
    shop.sell(ANA, TEE, "ord_1", 1, { shownAs: "Ana" });
    shop.buy(BEN, TEE, "ord_2", 1, { shownAs: "Ben" });
    setting(shop, "unnamed");
    expect(shownBy(shop)).toMatchObject([{ bought: 1 }]);
    expect(namesOf(shop)).toEqual([undefined]);
    shop.buy(CLEO, TEE, "ord_3", 1, { shownAs: "Cleo" });
    expect(JSON.stringify(shop.events())).not.toContain("Cleo");
    setting(shop, "named");
    shop.authorize("ord_2");
    shop.authorize("ord_3");
    expect(namesOf(shop)).toEqual([undefined, undefined, undefined]);
    setting(shop, "none");
    expect(shownBy(shop)).toEqual([]);
    shop.sell(ANA, TEE, "ord_4");
    expect(shownBy(shop)).toEqual([]);
  });

  it("that a host hides is gone at once, from what the viewer bought and will buy, and nobody else's is", () => {
    const shop = shopOf();
    const hide = (order: `ord_${string}`) => shop.send({ type: "viewer.unname", v: 1, order });
    shop.sell(ANA, TEE, "ord_1", 1, { shownAs: "Ana" });
    shop.sell(BEN, TEE, "ord_2", 1, { shownAs: "Ben" });
    shop.buy(ANA, MUG, "ord_3", 1, { shownAs: "Ana" });
    const { seq } = shop.state;
    hide("ord_1");
    expect(pictureSince(shop.state, seq)).toMatchObject({
      session: {},
      recentBuys: [{ bought: 1 }, { bought: 2, shownAs: "Ben" }],
    });
    shop.authorize("ord_3");
    shop.sell(ANA, TEE, "ord_4", 1, { shownAs: "Anna" });
    expect(namesOf(shop)).toEqual([undefined, "Ben", undefined, undefined]);
    expect(JSON.stringify(shop.events())).not.toContain("Anna");
    expect(shop.restarted().eventsOf(() => hide("ord_4"))).toEqual([]);
    expect(refusalOf(hide("ord_5"))).toEqual({ code: "order_not_found" });
    shop.move("end");
    expect(shop.eventsOf(() => hide("ord_2"))).toEqual([]);
  });

  it("is gone when the session is over, also of who pays later", () => {
    const shop = shopOf();
    shop.sell(ANA, TEE, "ord_1", 1, { shownAs: "Ana" });
    shop.buy(BEN, TEE, "ord_2", 1, { shownAs: "Ben" });
    shop.move("end");
    shop.authorize("ord_2");
    expect(shownBy(shop)).toEqual([]);
    expect(shop.state.shownAs.size).toBe(0);
  });

  it("is letters and what is between them, in any script", () => {
    const names = [
      "Ana",
      "Zoë",
      "Mary-Jane",
      "O’Neil",
      "Ana B.",
      "Jean Luc",
      "李",
      "지우",
      "நிலா",
      "علی‌رضا",
      "Đặng",
      "श्री",
    ];
    expect(names.filter((name) => !FIRST_NAME.test(name))).toEqual([]);
    const others = [
      "",
      " ",
      "4",
      "Ana1",
      "a@b",
      "evil.com",
      "x.y",
      "http://x",
      "<b>",
      "Ana\n",
      "\u202eanA",
      "A\u200b",
      "\u3164",
      "\u115f\u1160",
      "A \uffa0",
    ];
    const drawn = `A${"\u0301".repeat(8)}`;
    expect([...others, drawn, "Ana  B", "-", "..", "😀"].filter((name) => FIRST_NAME.test(name))).toEqual([]);
  });
});

describe("a change", () => {
  it("has the recent buys when they are others, and all of them then", () => {
    const shop = shopOf();
    shop.sell(ANA, TEE, "ord_1");
    const changeOf = (act: () => unknown): PictureChange => {
      const { seq } = shop.state;
      act();
      return pictureSince(shop.state, seq);
    };
    expect(changeOf(() => shop.hold(BEN, TEE))).not.toHaveProperty("recentBuys");
    expect(changeOf(() => shop.buy(BEN, TEE, "ord_2"))).not.toHaveProperty("recentBuys");
    expect(changeOf(() => shop.authorize("ord_2")).recentBuys).toHaveLength(2);
    expect(changeOf(() => shop.capture("ord_2"))).not.toHaveProperty("recentBuys");
    expect(changeOf(() => setting(shop, "none")).recentBuys).toEqual([]);
    expect(changeOf(() => shop.move("pause"))).not.toHaveProperty("recentBuys");
  });
});

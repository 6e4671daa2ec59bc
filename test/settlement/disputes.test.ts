/** Disputes: what is at stake is kept back, given back when won, taken when lost; in whatever order it is heard. */
import { describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.ts";
import { settledOrder } from "../../src/settlement/ledger/projection.ts";
import { createContract } from "../../src/settlement/contracts.ts";
import { listDisputes } from "../../src/settlement/readers/returns.ts";
import { contractTerms } from "../domain/contracts.ts";
import { T0, usd } from "../domain/shop.ts";
import { CountingHouse, CREATOR, DAY, SELLER } from "./counting-house.ts";

const GUEST = "cre_guest";

const NOTHING = { payable: 0, transit: 0, balance: 0, reserve: 0 };

async function transferred(): Promise<{ house: CountingHouse; order: OrderId }> {
  const house = await CountingHouse.ready();
  const order = house.sell();
  await house.settle();
  return { house, order };
}

describe("a dispute", () => {
  it("keeps back what its parties have at stake, and takes it back from where it went", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    expect(await house.standing(SELLER)).toEqual({
      payable: -8_000,
      transit: 0,
      balance: 8_000,
      reserve: 8_000,
    });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ ...NOTHING, reserve: 8_000 });
    expect(await house.standing(CREATOR)).toEqual({ ...NOTHING, reserve: 1_500 });
    expect(await house.balance("provider:bank:disputed")).toBe(10_000);
    expect(await house.rows("disputes")).toMatchObject([{ order, amount: 10_000, status: "open" }]);
  });

  it("that is won gives everything back, and it is transferred anew", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    await house.settle();
    house.decide(dispute, "won");
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ ...NOTHING, balance: 8_000 });
    expect(await house.standing(CREATOR)).toEqual({ ...NOTHING, balance: 1_500 });
    expect(await settledOrder(house.db, order)).toMatchObject({ returned: 0 });
    expect(await house.told("transfers")).toEqual(
      expect.arrayContaining([`${SELLER} ${order} 8000 returned`, `${SELLER} ${order} 8000 paid`]),
    );
  });

  it("that is won before anything was taken back leaves the transfers as they were", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    house.decide(dispute, "won");
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ ...NOTHING, balance: 8_000 });
    expect(await house.rows("reversals")).toEqual([]);
  });

  it("that is lost takes each party's part, and leaves no order that reads as paid", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    await house.settle();
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual(NOTHING);
    expect(await house.standing(CREATOR)).toEqual(NOTHING);
    expect(await house.balance("platform:revenue")).toBe(0);
    expect(await settledOrder(house.db, order)).toMatchObject({ returned: 10_000 });
    expect((await house.rows("transfers")).map(({ status }) => status)).toEqual(["returned", "returned"]);
  });

  it("that is heard of only when it is lost ends the same", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000);
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual(NOTHING);
    expect(await house.transactions()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^dispute_opened:dsp_/),
        expect.stringMatching(/^dispute_lost:dsp_/),
      ]),
    );
  });

  it("reaches what a guest had transferred for bringing the order, as its refund does", async () => {
    const house = await CountingHouse.ready();
    const terms = contractTerms({ creator: GUEST, referral: { basisPoints: 1_000 } });
    const asked = { ...terms, creatorMay: [...terms.creatorMay] };
    await createContract(house.db, asked, T0 - DAY, "con_guest");
    await house.enable(GUEST);
    const creatorCode = { code: "GUEST", off: { amount: usd(0) }, funder: "seller", creator: GUEST } as const;
    const order = house.sell({ price: { creatorCode } });
    await house.settle();
    const stands = async () => [await house.standing(SELLER), await house.standing(GUEST)];
    expect(await stands()).toEqual([
      { ...NOTHING, balance: 7_000 },
      { ...NOTHING, balance: 1_000 },
    ]);
    expect(await house.standing(CREATOR)).toEqual({ ...NOTHING, balance: 1_500 });
    house.refund(order, 5_000);
    await house.settle();
    const dispute = house.dispute(order, 2_500);
    await house.hear({ dispute });
    const [found] = (await listDisputes(house.db, { limit: 5 }, GUEST))?.data ?? [];
    expect(found?.atStake).toEqual({ referral: usd(250) });
    expect(await listDisputes(house.db, { limit: 5 }, "cre_other")).toMatchObject({ data: [] });
    await house.settle();
    expect(await stands()).toEqual([
      { ...NOTHING, balance: 1_750, reserve: 1_750 },
      { ...NOTHING, balance: 250, reserve: 250 },
    ]);
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    await house.settle();
    expect(await stands()).toEqual([
      { ...NOTHING, balance: 1_750 },
      { ...NOTHING, balance: 250 },
    ]);
  });

  it("is recorded once, however often and at the same time it is told", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000);
    await Promise.allSettled([house.hear({ dispute }), house.hear({ dispute }), house.hear({ dispute })]);
    await house.hear({ dispute });
    expect(await house.standing(SELLER)).toMatchObject({ reserve: 8_000 });
    house.decide(dispute, "won");
    await Promise.allSettled([house.hear({ dispute }), house.hear({ dispute }), house.hear({ dispute })]);
    await house.hear({ dispute });
    expect(await house.standing(SELLER)).toMatchObject({ reserve: 0 });
    await house.settle();
  });

  it("of an order that is not settled yet is heard again later", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    const dispute = house.dispute(order, 10_000);
    await expect(house.hear({ dispute })).rejects.toThrow("not settled yet");
    expect(await house.rows("disputes")).toEqual([]);
    await house.settle().catch(() => undefined);
    await house.hear({ dispute });
    await house.settle();
    expect(await house.rows("disputes")).toMatchObject([{ status: "open" }]);
  });

  it("that nobody knows is passed over", async () => {
    const house = await CountingHouse.ready();
    await house.hear({ dispute: "dp_of_somebody_else" });
    expect(await house.rows("disputes")).toEqual([]);
  });

  it("costs the platform its fee, which a provider may give back", async () => {
    const { house, order } = await transferred();
    const dispute = house.dispute(order, 10_000, 1_500);
    await house.hear({ dispute });
    await house.hear({ dispute });
    expect(await house.balance("provider:bank:fees")).toBe(290 + 1_500);
    house.decide(dispute, "won", 0);
    await house.hear({ dispute });
    await house.hear({ dispute });
    expect(await house.balance("provider:bank:fees")).toBe(290);
    await house.settle();
  });

  it("of more than was left leaves the rest to the platform", async () => {
    const { house, order } = await transferred();
    house.refund(order, 4_000);
    await house.settle();
    const dispute = house.dispute(order, 10_000);
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual(NOTHING);
    expect(await house.balance("platform:revenue")).toBe(4_000);
  });
});

/** Refund and dispute of one order as they may be heard, `decided` last but for the refund. */
const ORDERS: readonly (readonly ("refund" | "open" | "decide")[])[] = [
  ["refund", "open", "decide"],
  ["open", "refund", "decide"],
  ["open", "decide", "refund"],
];

describe("a refund and a dispute of one order", () => {
  it.each(ORDERS)("that is won, heard as %s, %s, %s, end with the refund alone", async (...steps) => {
    const { house, order } = await transferred();
    let dispute = "";
    for (const step of steps) {
      if (step === "refund") house.refund(order, 3_000);
      if (step === "open") dispute = house.dispute(order, 10_000);
      if (step === "decide") house.decide(dispute, "won");
      if (step === "refund") await house.publish();
      else await house.hear({ dispute });
    }
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ ...NOTHING, balance: 5_600 });
    expect(await house.standing(CREATOR)).toEqual({ ...NOTHING, balance: 1_050 });
    expect(await house.balance("platform:revenue")).toBe(-350);
  });

  it.each(ORDERS)(
    "that is lost, heard as %s, %s, %s, end with the platform bearing the rest",
    async (...steps) => {
      const { house, order } = await transferred();
      let dispute = "";
      for (const step of steps) {
        if (step === "refund") house.refund(order, 3_000);
        if (step === "open") dispute = house.dispute(order, 10_000);
        if (step === "decide") house.decide(dispute, "lost");
        if (step === "refund") await house.publish();
        else await house.hear({ dispute });
      }
      await house.settle();
      expect(await house.standing(SELLER)).toEqual(NOTHING);
      expect(await house.standing(CREATOR)).toEqual(NOTHING);
      expect(await house.balance("platform:revenue")).toBe(3_000);
    },
  );
});

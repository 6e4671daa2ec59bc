/** What is kept back of a seller's share: what goes back to buyers is taken from it first, and the rest is owed later. */
import { describe, expect, it } from "vitest";
import { settledOrder } from "../../src/settlement/ledger/projection.ts";
import { CountingHouse, DAY, SELLER } from "./counting-house.ts";

/** A tenth of the seller's 8,000 is kept back for a day; the rest has been transferred. */
async function keptBack() {
  const house = await CountingHouse.ready({ reserve: { basisPoints: 1_000, heldMs: DAY } });
  const order = house.sell();
  await house.settle();
  expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_200, reserve: 800 });
  return { house, order };
}

const releases = async (house: CountingHouse) =>
  (await house.transactions()).filter((id) => id.startsWith("reserve_released"));
const sellersReversals = async (house: CountingHouse) =>
  (await house.told("reversals")).filter((told) => told.startsWith(SELLER));

describe("a refund", () => {
  it("of less than is kept back takes nothing from what the seller has, and leaves the rest to be released", async () => {
    const { house, order } = await keptBack();
    house.refund(order, 500);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_200, reserve: 400 });
    expect(await sellersReversals(house)).toEqual([]);
    expect(await settledOrder(house.db, order)).toMatchObject({ reserved: 400 });
    house.wait(DAY);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_600, reserve: 0 });
    expect(await settledOrder(house.db, order)).toMatchObject({ reserved: 0, reservedUntilAtMs: null });
  });

  it("of more takes all that is kept back and the rest from where it went, and nothing is left to release", async () => {
    const { house, order } = await keptBack();
    house.refund(order, 5_000);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 4_000, reserve: 0 });
    expect(await sellersReversals(house)).toEqual([`${SELLER} ${order} 3200 paid`]);
    house.wait(DAY);
    await house.settle();
    expect(await releases(house)).toEqual([]);
  });

  it("after it was released takes it from where it went", async () => {
    const { house, order } = await keptBack();
    house.wait(DAY);
    await house.settle();
    house.refund(order, 10_000);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await releases(house)).toEqual([`reserve_released:${order}`]);
  });

  it("in many parts takes each from it until there is no more, and in all what the seller had", async () => {
    const { house, order } = await keptBack();
    for (const part of [333, 333, 334, 1, 8_999]) {
      house.refund(order, part);
      await house.settle();
    }
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await settledOrder(house.db, order)).toMatchObject({ reserved: 0, returned: 10_000 });
  });

  it("of one order leaves what is kept back of others", async () => {
    const { house, order } = await keptBack();
    house.sell();
    await house.settle();
    house.refund(order, 10_000);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_200, reserve: 800 });
  });
});

describe("a dispute", () => {
  it("keeps back what is kept back already, and takes the rest from where it went", async () => {
    const { house, order } = await keptBack();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 8_000 });
    expect(await sellersReversals(house)).toEqual([`${SELLER} ${order} 7200 paid`]);
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    house.wait(DAY);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await releases(house)).toEqual([]);
  });

  it("that is won gives all of it back at once: its end is what it was kept for", async () => {
    const { house, order } = await keptBack();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    house.decide(dispute, "won");
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 8_000, reserve: 0 });
    house.wait(DAY);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 8_000, reserve: 0 });
  });

  it("of a part leaves the rest kept back", async () => {
    const { house, order } = await keptBack();
    const dispute = house.dispute(order, 500);
    await house.hear({ dispute });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_200, reserve: 800 });
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    house.wait(DAY);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_600, reserve: 0 });
  });

  it("takes what waits for a party without an account from it at once", async () => {
    const house = await CountingHouse.open();
    const order = house.sell();
    await house.settle();
    await house.hear({ dispute: house.dispute(order, 5_000) });
    expect(await house.told("transfers")).toContain(`${SELLER} ${order} 4000 accrued`);
  });
});

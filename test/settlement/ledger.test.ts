/** The ledger as a projection of order events: split by the contract in force, once, with what is accrued for whom. */
import { describe, expect, it } from "vitest";
import { addContractVersion } from "../../src/settlement/contracts.ts";
import { settledOrder } from "../../src/settlement/ledger/projection.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { contractTerms, tier } from "../domain/contracts.ts";
import { MINUTE, usd } from "../domain/shop.ts";
import { CONTRACT, CountingHouse, CREATOR, SELLER } from "./counting-house.ts";
import { deliver, message, noJournal } from "./deliver.ts";

describe("an order that was captured", () => {
  it("is split by its contract, and each party is owed its part", async () => {
    const house = await CountingHouse.open();
    const order = house.sell();
    await house.publish();
    expect(await settledOrder(house.db, order)).toMatchObject({
      order,
      seller: SELLER,
      creator: CREATOR,
      contract: CONTRACT,
      contractVersion: 1,
      total: 10_000,
      captured: 10_000,
      legs: { platform: 500, creator: 1_500, referral: 0, seller: 8_000, tax: 0, loyalty: 0 },
      returned: 0,
    });
    expect(await house.transactions()).toEqual([`sale:${order}`]);
    expect(await house.balance("buyers:clearing")).toBe(10_000);
    expect(await house.balance("platform:revenue")).toBe(-500);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 8_000 });
    expect(await house.standing(CREATOR)).toMatchObject({ payable: 1_500 });
  });

  it("accrues a transfer for the seller and one for the creator", async () => {
    const house = await CountingHouse.open();
    const order = house.sell();
    await house.publish();
    expect(await house.told("transfers")).toEqual([
      `${CREATOR} ${order} 1500 accrued`,
      `${SELLER} ${order} 8000 accrued`,
    ]);
  });

  it("keeps the version it was placed under, though captured after a later one took effect", async () => {
    const house = await CountingHouse.open();
    house.shop.buy("vwr_ana", "ofr_tee", "ord_early");
    house.wait(MINUTE / 2);
    const {
      seller: _,
      creator: __,
      currency: ___,
      ...terms
    } = contractTerms({ creatorRate: [tier(0, 2_000)] });
    const creatorMay = [...terms.creatorMay];
    await addContractVersion(house.db, CONTRACT, { ...terms, creatorMay }, "raise", house.nowMs);
    house.wait(1_000);
    house.capture("ord_early");
    const late = house.sell();
    await house.publish();
    expect(await settledOrder(house.db, "ord_early")).toMatchObject({
      contractVersion: 1,
      legs: { creator: 1_500 },
    });
    expect(await settledOrder(house.db, late)).toMatchObject({
      contractVersion: 2,
      legs: { creator: 2_000 },
    });
  });

  it("is in the tier that its session has reached before it", async () => {
    const house = await CountingHouse.open({ creatorRate: [tier(0, 1_000), tier(20_000, 2_000)] });
    const orders = [house.sell(), house.sell(), house.sell()];
    await house.publish();
    const creators = await Promise.all(orders.map((order) => settledOrder(house.db, order)));
    expect(creators.map((row) => row?.legs.creator)).toEqual([1_000, 1_000, 2_000]);
    expect(creators.map((row) => row?.basis.volume)).toEqual([0, 10_000, 20_000]);
  });

  it("is in the same tier when the events come one by one", async () => {
    const house = await CountingHouse.open({ creatorRate: [tier(0, 1_000), tier(20_000, 2_000)] });
    const orders = [house.sell(), house.sell(), house.sell()];
    const events = house.shop.events();
    for (const { seq } of events) {
      const one = message(house.session, events, seq, seq);
      const ports = { db: house.db, journal: noJournal, log: () => undefined };
      expect(await deliver(consumeSettlement, [one], ports)).toEqual([]);
    }
    const creators = await Promise.all(orders.map((order) => settledOrder(house.db, order)));
    expect(creators.map((row) => row?.legs.creator)).toEqual([1_000, 1_000, 2_000]);
  });

  it("keeps back the agreed part of the seller's share, and accrues the rest", async () => {
    const house = await CountingHouse.open({ reserve: { basisPoints: 1_000, heldMs: 5 * MINUTE } });
    const order = house.sell();
    await house.publish();
    expect(await house.standing(SELLER)).toMatchObject({ payable: 7_200, reserve: 800 });
    expect(await house.told("transfers")).toContain(`${SELLER} ${order} 7200 accrued`);
  });

  it("keeps the tax for whom it is owed", async () => {
    const house = await CountingHouse.open({ tax: { basisPoints: 2_500 } });
    house.sell();
    await house.publish();
    expect(await house.balance("tax:payable")).toBe(-2_000);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 6_400 });
  });

  it("that credit paid in part is split in whole, the credit bearing its part", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ price: { creditAmount: 2_500 } });
    await house.settle();
    expect(await house.balance("loyalty:credit")).toBe(2_500);
    expect(house.bank.charges.get(order)?.amount).toEqual(usd(7_500));
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 });
  });

  it("that credit paid in full is transferred without a charge, and the provider is not asked for one", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ price: { creditAmount: 10_000 } });
    house.bank.fault = (call) => (call === "captured" ? "before" : undefined);
    await house.settle();
    expect(await house.transactions()).not.toContain(`charge:${order}`);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 });
    expect(house.bank.calls.every(({ body }) => !body.includes("charge"))).toBe(true);
    expect(house.logged).toEqual([]);
  });

  it("without a contract is all the seller's", async () => {
    const house = await CountingHouse.open();
    const order = house.sell();
    const events = house.shop.events().map((event) => {
      if (event.type !== "order.placed") return event;
      const { contract: _, ...rest } = event.order;
      return { ...event, order: rest };
    });
    const ports = { db: house.db, journal: noJournal, log: () => undefined };
    await deliver(consumeSettlement, [message(house.session, events)], ports);
    expect(await settledOrder(house.db, order)).toMatchObject({
      contract: null,
      creator: null,
      legs: { platform: 0, creator: 0, seller: 10_000 },
    });
    expect(await house.told("transfers")).toEqual([`${SELLER} ${order} 10000 accrued`]);
  });
});

describe("a charge", () => {
  it("is recorded with its fee when the provider reports it", async () => {
    const house = await CountingHouse.open();
    const order = house.sell({ isCharged: false });
    await house.publish();
    await house.run();
    expect(await house.balance("buyers:clearing")).toBe(10_000);
    house.charge(order, usd(290));
    house.wait(2 * MINUTE);
    await house.run();
    expect(await house.balance("buyers:clearing")).toBe(0);
    expect(await house.balance("provider:bank:fees")).toBe(290);
    expect(await settledOrder(house.db, order)).toMatchObject({ charge: `ch_${order}`, feeAmount: 290 });
    await house.checkBooks();
  });

  it("whose fee comes later is recorded at once, and the fee once", async () => {
    const house = await CountingHouse.open();
    const order = house.sell({ isCharged: false });
    house.charge(order);
    await house.settle();
    expect(await house.balance("buyers:clearing")).toBe(0);
    house.charge(order, usd(290));
    for (let look = 0; look < 5; look += 1) {
      house.wait(20 * MINUTE);
      await house.run();
    }
    expect(await house.balance("provider:bank:fees")).toBe(290);
    await house.checkBooks();
  });

  it("keeps its fee though an answer without it is written after one with it", async () => {
    const house = await CountingHouse.open();
    const order = house.sell({ isCharged: false });
    house.charge(order);
    await house.settle();
    house.wait(20 * MINUTE);
    const captured = house.bank.captured.bind(house.bank);
    // The first run asks before the provider knows the fee, and writes after the second has.
    let second: Promise<unknown> = Promise.resolve();
    house.bank.captured = async (asked) => {
      const answer = await captured(asked);
      house.bank.captured = captured;
      house.charge(order, usd(290));
      house.wait(20 * MINUTE);
      second = house.run();
      await second;
      return answer;
    };
    await house.run();
    await second;
    expect(await settledOrder(house.db, order)).toMatchObject({ feeAmount: 290 });
    await house.settle();
    expect(house.logged).toEqual([]);
  });

  it("may have its fee in another currency", async () => {
    const house = await CountingHouse.open();
    house.sell({ fee: { amount: 270, currency: "EUR" } });
    await house.settle();
    expect(await house.balance("provider:bank:fees", "EUR")).toBe(270);
    await house.checkBooks("EUR");
  });
});

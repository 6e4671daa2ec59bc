/** Refunds: written down, sent once, taken from each party's part, and from what was transferred to it. */
import { describe, expect, it } from "vitest";
import type { OrderId, RefundId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { settledOrder } from "../../src/settlement/ledger/projection.ts";
import { findOrder } from "../../src/settlement/order-readers.ts";
import { refundsToTell, requestRefund, sendRefund } from "../../src/settlement/returns/refunds.ts";
import { MINUTE, usd } from "../domain/shop.ts";
import { accountAt } from "./bank.ts";
import { CountingHouse, CREATOR, DAY, SELLER } from "./counting-house.ts";

const request = (house: CountingHouse, order: OrderId, amount: number, id: RefundId = "rfd_a") =>
  requestRefund(house.treasury, { id, order, amount: usd(amount), captured: 10_000, returnUnits: false });

const refundsMade = (house: CountingHouse) => house.bank.made.filter(({ kind }) => kind === "refund");

/** An order that was transferred. */
async function transferred(house: CountingHouse): Promise<OrderId> {
  const order = house.sell();
  await house.settle();
  return order;
}

describe("a refund that was asked for", () => {
  it("is written down, then sent, then known by the provider's id", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    const row = await request(house, order, 3_000);
    expect(row).toMatchObject({ status: "requested", providerId: null });
    expect(refundsMade(house)).toEqual([]);
    expect(await sendRefund(house.treasury, row!)).toMatchObject({ status: "sent", providerId: "re_rfd_a" });
    expect(await house.transactions()).toContain("refund_sent:rfd_a");
    expect(await house.balance("buyers:clearing")).toBe(3_000);
    house.refund(order, 3_000, "rfd_a");
    await house.settle();
    expect(await house.balance("buyers:clearing")).toBe(0);
  });

  it("again by the same id is the first one, whatever became of it, and pays once", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.fault = (call) => (call === "refund" ? "after" : undefined);
    const row = await request(house, order, 10_000);
    await expect(sendRefund(house.treasury, row!)).rejects.toThrow("answer was lost");
    house.bank.fault = () => undefined;
    const again = await request(house, order, 10_000);
    await sendRefund(house.treasury, again!);
    await sendRefund(house.treasury, row!);
    await Promise.all([sendRefund(house.treasury, row!), sendRefund(house.treasury, again!)]);
    expect(refundsMade(house)).toHaveLength(1);
    expect((await house.transactions()).filter((id) => id.startsWith("refund_sent"))).toHaveLength(1);
    house.refund(order, 10_000, "rfd_a");
    await house.settle();
  });

  it("is not paid again by a retry after the provider has forgotten its key", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.fault = (call) => (call === "refund" ? "after" : undefined);
    const row = await request(house, order, 10_000);
    await sendRefund(house.treasury, row!).catch(() => undefined);
    house.bank.fault = () => undefined;
    house.bank.forgetKeys();
    house.wait(LIMITS.providerKeyMs + 1);
    const again = await request(house, order, 10_000);
    expect(await sendRefund(house.treasury, again!)).toMatchObject({ status: "sent" });
    expect(refundsMade(house)).toHaveLength(1);
  });

  it("is sent by the cron when whoever asked for it died in between", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    await request(house, order, 3_000);
    await house.run();
    expect(refundsMade(house).map(({ body }) => JSON.parse(body))).toEqual([{ order, amount: usd(3_000) }]);
    expect(await refundsToTell(house.db, house.nowMs, 10)).toMatchObject([{ id: "rfd_a" }]);
    house.refund(order, 3_000, "rfd_a");
    await house.settle();
    expect(await refundsToTell(house.db, house.nowMs, 10)).toEqual([]);
  });

  it("is never more than was captured, together with the others, however many ask at once", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, at) => request(house, order, 3_000, `rfd_${at}`)),
    );
    expect(asked.filter((row) => row !== undefined)).toHaveLength(3);
    expect(await request(house, order, 1_001, "rfd_more")).toBeUndefined();
    expect(await request(house, order, 1_000, "rfd_rest")).toBeDefined();
  });

  it("that the provider refused says why, is told to no session, and leaves room for another", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.refusals.set("refund", "charge_disputed");
    const row = await request(house, order, 10_000);
    expect(await sendRefund(house.treasury, row!)).toMatchObject({
      status: "refused",
      failure: "charge_disputed",
    });
    expect(await refundsToTell(house.db, house.nowMs, 10)).toEqual([]);
    house.bank.refusals.clear();
    const other = await request(house, order, 10_000, "rfd_b");
    expect(await sendRefund(house.treasury, other!)).toMatchObject({ status: "sent" });
    expect(refundsMade(house)).toHaveLength(1);
  });

  it("that the buyer's bank did not take is still owed", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    const row = await request(house, order, 3_000);
    await sendRefund(house.treasury, row!);
    house.refund(order, 3_000, "rfd_a");
    await house.settle();
    house.bank.sendBack("rfd_a");
    for (let time = 0; time < 3; time += 1) await house.hear({ refund: "rfd_a", of: order });
    expect(await house.rows("refunds")).toMatchObject([{ status: "failed" }]);
    expect(await house.balance("buyers:clearing")).toBe(-3_000);
    await house.settle();
  });

  it("that came back is seen by the cron when the provider's word of it is lost", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    const row = await request(house, order, 3_000);
    await sendRefund(house.treasury, row!);
    house.refund(order, 3_000, "rfd_a");
    await house.settle();
    house.bank.sendBack("rfd_a");
    house.wait(LIMITS.payoutLookMs);
    await house.settle();
    expect(await house.rows("refunds")).toMatchObject([{ status: "failed" }]);
  });

  it("that the provider has not decided on is asked after until it has", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.isSlow = true;
    const row = await request(house, order, 3_000);
    expect(await sendRefund(house.treasury, row!)).toMatchObject({ status: "pending" });
    house.refund(order, 3_000, "rfd_a");
    await house.settle();
    house.bank.isSlow = false;
    house.wait(LIMITS.payoutLookMs);
    await house.settle();
    expect(await house.rows("refunds")).toMatchObject([{ status: "sent" }]);
    expect(refundsMade(house)).toHaveLength(1);
  });
});

describe("an order that was refunded", () => {
  it("in part takes that part of each share, and not the whole of any", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.refund(order, 1_000);
    await house.settle();
    expect(await settledOrder(house.db, order)).toMatchObject({
      returned: 1_000,
      returnedLegs: { platform: 50, creator: 150, seller: 800, tax: 0, loyalty: 0 },
    });
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 7_200 });
    expect(await house.standing(CREATOR)).toMatchObject({ payable: 0, balance: 1_350 });
    expect(await house.rows("transfers")).toMatchObject([
      { party: CREATOR, amount: 1_500, reversed: 150, status: "paid" },
      { party: SELLER, amount: 8_000, reversed: 800, status: "paid" },
    ]);
  });

  it("in full does not read as paid: not the order, not what was settled, not its transfers", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.refund(order, 3_333);
    await house.settle();
    house.refund(order, 6_667);
    await house.settle();
    expect(await findOrder(house.db, order)).toMatchObject({
      status: "refunded",
      refunded: 10_000,
      due: 10_000,
    });
    expect(await settledOrder(house.db, order)).toMatchObject({ captured: 10_000, returned: 10_000 });
    expect(await house.rows("transfers")).toMatchObject([
      { party: CREATOR, reversed: 1_500, status: "returned" },
      { party: SELLER, reversed: 8_000, status: "returned" },
    ]);
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await house.standing(CREATOR)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await house.balance("platform:revenue")).toBe(0);
    expect(await house.balance("provider:bank:connected")).toBe(0);
  });

  it("in any number of parts gives each leg back to the last minor unit", async () => {
    const house = await CountingHouse.ready({ tax: { basisPoints: 1_900 } }, 997);
    const order = await transferred(house);
    for (const part of [1, 2, 331, 100, 3, 560]) {
      house.refund(order, part);
      await house.settle();
    }
    const settled = await settledOrder(house.db, order);
    expect(settled?.returnedLegs).toEqual(settled?.legs);
    for (const account of [
      "platform:revenue",
      "tax:payable",
      "seller:sel_1:balance",
      "creator:cre_1:balance",
    ]) {
      expect(await house.balance(account), account).toBe(0);
    }
  });

  it("before it was transferred is transferred for what is left, or not at all", async () => {
    const house = await CountingHouse.open();
    const part = house.sell();
    const whole = house.sell();
    await house.settle();
    house.refund(part, 5_000);
    house.refund(whole, 10_000);
    await house.settle();
    await house.enable(SELLER);
    await house.settle();
    expect(await house.told("transfers")).toEqual(
      expect.arrayContaining([`${SELLER} ${part} 4000 paid`, `${SELLER} ${whole} 8000 returned`]),
    );
    expect(house.bank.made.filter(({ kind }) => kind === "transfer")).toHaveLength(1);
    expect(house.bank.made.filter(({ kind }) => kind === "reversal")).toEqual([]);
  });

  it("and that credit paid for gives the credit back too", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ price: { creditAmount: 10_000 } });
    await house.settle();
    house.refund(order, 0);
    await house.settle();
    expect(await house.balance("loyalty:credit")).toBe(0);
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await house.rows("refunds")).toMatchObject([{ amount: 0, status: "sent" }]);
    expect(refundsMade(house)).toEqual([]);
  });
});

describe("what cannot be taken back where it went", () => {
  it("is reversed as far as the account covers, and the rest taken from later earnings", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.atHand.set(accountAt(SELLER), 5_000);
    house.refund(order, 10_000);
    await house.settle();
    expect(await house.told("reversals")).toContain(`${SELLER} ${order} 5000 paid`);
    expect(await house.standing(SELLER)).toMatchObject({ payable: -3_000, balance: 3_000 });
    const later = await transferred(house);
    expect(await house.told("transfers")).toContain(`${SELLER} ${later} 5000 paid`);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 });
    expect((await house.transactions()).some((id) => id.startsWith(`netted:${later}/${order}/`))).toBe(true);
  });

  it("is a debt when all was paid out, until later earnings have covered it", async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER, { interval: "daily", minimums: {} });
    const order = house.sell();
    house.wait(DAY);
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ balance: 0 });
    house.refund(order, 10_000);
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ payable: -8_000, balance: 0 });
    house.sell({ quantity: 2 });
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 });
  });

  it("is not asked for again at once where the provider refused it, but taken from other earnings", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.refusals.set("reversal", "transfer_not_reversible");
    house.refund(order, 10_000);
    await house.settle();
    for (let time = 0; time < 5; time += 1) {
      house.wait(MINUTE);
      await house.settle();
    }
    expect(await house.told("reversals")).toHaveLength(2);
    expect(await house.standing(SELLER)).toMatchObject({ payable: -8_000, balance: 8_000, transit: 0 });
    house.sell();
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 });
  });

  it("comes back when the provider refused it and would not later", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.bank.refusals.set("reversal", "balance_insufficient");
    house.refund(order, 10_000);
    await house.settle();
    house.bank.refusals.clear();
    house.wait(LIMITS.movementRenewMs);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect((await house.rows("transfers")).map(({ status }) => status)).toEqual(["returned", "returned"]);
  });

  it("whose reversal's answer was lost is not taken twice, though the provider has forgotten its key", async () => {
    const house = await CountingHouse.ready();
    const order = await transferred(house);
    house.refund(order, 4_000);
    await house.publish();
    house.bank.fault = (call) => (call === "reversal" ? "after" : undefined);
    await house.run();
    house.bank.fault = () => undefined;
    house.bank.forgetKeys();
    house.wait(LIMITS.providerKeyMs + 1);
    await house.settle();
    expect(house.bank.made.filter(({ kind }) => kind === "reversal")).toHaveLength(2);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, transit: 0, balance: 4_800 });
  });
});

/** Where transfers come from: an order's own charge as far as it goes, at the provider that has it. */
import { describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { settledOrder } from "../../src/settlement/ledger/projection.ts";
import type { PaymentPort } from "../../src/settlement/psp/port.ts";
import { CountingHouse, CREATOR, SELLER } from "./counting-house.ts";

/** What was asked to be transferred, in the order it was: to whom, how much, and from the charge or not. */
function transfers(house: CountingHouse, order: OrderId): string[] {
  return house.bank.calls
    .filter(({ kind }) => kind === "transfer")
    .map(({ body }) => JSON.parse(body))
    .filter((asked) => asked.order === order)
    .map(
      ({ account, amount, charge }) =>
        `${account} ${amount.amount} from ${charge === undefined ? "balance" : "charge"}`,
    );
}

describe("the transfers of one order", () => {
  it("all come from its charge where it covers them", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    await house.settle();
    expect(transfers(house, order).toSorted()).toEqual([
      "acct_cre_1 1500 from charge",
      "acct_sel_1 8000 from charge",
    ]);
  });

  it("come from the platform's balance where credit paid a part, and the charge does not cover them", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ price: { creditAmount: 2_500 } });
    await house.settle();
    // 7,500 were captured.
    expect(transfers(house, order).toSorted()).toEqual([
      "acct_cre_1 1500 from charge",
      "acct_sel_1 8000 from balance",
    ]);
  });

  it("that are made anew after a dispute was won do not ask more of the charge than it was", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    await house.settle();
    const dispute = house.dispute(order, 10_000);
    await house.hear({ dispute });
    await house.settle();
    house.decide(dispute, "won");
    await house.hear({ dispute });
    await house.settle();
    expect(transfers(house, order).slice(2).toSorted()).toEqual([
      "acct_cre_1 1500 from balance",
      "acct_sel_1 8000 from balance",
    ]);
  });

  it("that were refused took nothing from the charge", async () => {
    const house = await CountingHouse.ready();
    house.bank.refusals.set("transfer", "account_closed");
    const order = house.sell();
    await house.settle();
    house.bank.refusals.clear();
    house.wait(LIMITS.movementRenewMs);
    await house.settle();
    expect(transfers(house, order).slice(2).toSorted()).toEqual([
      "acct_cre_1 1500 from charge",
      "acct_sel_1 8000 from charge",
    ]);
  });
});

/** The same bank under another name: what a deployment has after its provider was changed. */
function renamed(house: CountingHouse): PaymentPort {
  return new Proxy<PaymentPort>(house.bank, {
    get: (bank, key) => {
      if (key === "provider") return "other";
      const value: unknown = Reflect.get(bank, key);
      return typeof value === "function" ? value.bind(bank) : value;
    },
  });
}

/** Runs without the check of the books, which knows one provider. */
async function carryOn(house: CountingHouse): Promise<void> {
  await house.publish();
  while ((await house.run()) > 0);
}

describe("when the provider was changed", () => {
  it("what came in at the old one does not go out at the new one, nor come back there", async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER);
    const before = house.sell();
    await house.settle();
    house.port = renamed(house);
    await house.enable(SELLER);
    await house.enable(CREATOR);
    house.refund(before, 5_000);
    const after = house.sell({ quantity: 2 });
    await carryOn(house);
    expect(transfers(house, before)).toEqual(["acct_sel_1 8000 from charge"]);
    expect(house.bank.calls.filter(({ kind }) => kind === "reversal")).toEqual([]);
    // The seller's debt for the first order is taken from the second.
    expect(transfers(house, after).toSorted()).toEqual([
      "acct_cre_1 3000 from charge",
      "acct_sel_1 12000 from charge",
    ]);
    expect(await house.standing(CREATOR)).toMatchObject({ payable: 750, balance: 3_000 });
    expect(await house.told("transfers")).toContain(`${CREATOR} ${before} 750 accrued`);
  });

  it("the new one is not asked for charges of the old one", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ isCharged: false });
    await house.settle();
    house.port = renamed(house);
    const asked: string[] = [];
    house.bank.captured = (of) => {
      asked.push(of);
      return Promise.resolve(undefined);
    };
    house.wait(LIMITS.orderRestMaxMs);
    await carryOn(house);
    expect(asked).toEqual([]);
    expect(await settledOrder(house.db, order)).toMatchObject({ provider: "bank", chargedAtMs: null });
  });

  it("what credit paid is transferred by the one there is, without asking for a charge", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ price: { creditAmount: 10_000 } });
    await house.publish();
    expect(await settledOrder(house.db, order)).toMatchObject({ provider: null, chargedAtMs: null });
    house.port = renamed(house);
    await house.enable(SELLER);
    house.bank.fault = (call) => (call === "captured" ? "before" : undefined);
    await carryOn(house);
    expect(await settledOrder(house.db, order)).toMatchObject({ provider: "other", charge: null });
    expect(transfers(house, order)).toEqual(["acct_sel_1 8000 from balance"]);
    expect(house.logged).toEqual([]);
  });
});

/** Payouts: what a party has at the provider goes to its bank, by schedule, once; what comes back is open again. */
import { describe, expect, it } from "vitest";
import type { PayoutId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { readAccount } from "../../src/settlement/movements/accounts.ts";
import { startPayout } from "../../src/settlement/movements/payouts.ts";
import { nextPayoutAt } from "../../src/settlement/movements/schedule.ts";
import { MINUTE, T0, usd } from "../domain/shop.ts";
import { accountAt } from "./bank.ts";
import { CountingHouse, CREATOR, DAY, SELLER } from "./counting-house.ts";

/** Only the seller is paid out, by the day. */
async function paidDaily(minimums: Readonly<Record<string, number>> = {}): Promise<CountingHouse> {
  const house = await CountingHouse.open();
  await house.enable(SELLER, { interval: "daily", minimums });
  await house.enable(CREATOR);
  return house;
}

async function payOutByHand(house: CountingHouse, id: PayoutId = "pyo_hand") {
  const account = await readAccount(house.db, SELLER);
  const start = await startPayout(house.treasury, account!, "USD", id);
  return start.outcome === "started" ? start.payout : undefined;
}

const paidTransfers = async (house: CountingHouse) =>
  (await house.db.prepare("SELECT transfer FROM payout_transfers ORDER BY rowid").all()).results.map(
    ({ transfer }) => transfer,
  );

const statuses = async (house: CountingHouse) => (await house.rows("payouts")).map(({ status }) => status);
const payoutsOf = (house: CountingHouse) => house.bank.made.filter(({ kind }) => kind === "payout");

describe("a schedule", () => {
  const friday = Date.UTC(2026, 4, 29, 15);
  it.each([
    ["daily", Date.UTC(2026, 4, 30)],
    ["weekly", Date.UTC(2026, 5, 1)],
    ["monthly", Date.UTC(2026, 5, 1)],
    ["manual", null],
  ] as const)("that is %s is next due at midnight UTC of its day", (interval, next) => {
    expect(nextPayoutAt(interval, friday)).toBe(next);
  });

  it("is never due at the time it was just served", () => {
    const monday = Date.UTC(2026, 5, 1);
    expect(nextPayoutAt("daily", monday)).toBe(Date.UTC(2026, 5, 2));
    expect(nextPayoutAt("weekly", monday)).toBe(Date.UTC(2026, 5, 8));
    expect(nextPayoutAt("monthly", monday)).toBe(Date.UTC(2026, 6, 1));
    expect(nextPayoutAt("monthly", Date.UTC(2026, 11, 31))).toBe(Date.UTC(2027, 0, 1));
  });
});

describe("a balance", () => {
  it("is paid out in whole when its day comes, and not before", async () => {
    const house = await paidDaily();
    const orders = [house.sell(), house.sell()];
    await house.settle();
    expect(await statuses(house)).toEqual([]);
    house.wait(nextPayoutAt("daily", T0)! - house.nowMs);
    await house.settle();
    expect(await house.rows("payouts")).toMatchObject([
      {
        party: SELLER,
        amount: 16_000,
        currency: "USD",
        status: "paid",
      },
    ]);
    expect(await paidTransfers(house)).toEqual(["trf_001s1", "trf_002s1"]);
    expect(payoutsOf(house).map(({ body }) => JSON.parse(body))).toMatchObject([
      { account: accountAt(SELLER), amount: usd(16_000) },
    ]);
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await house.balance("provider:bank:connected")).toBe(1_500 * orders.length);
  });

  it("is paid out once a day, and what comes in later the day after", async () => {
    const house = await paidDaily();
    house.sell();
    house.wait(DAY);
    await house.settle();
    house.sell();
    await house.settle();
    expect(await statuses(house)).toHaveLength(1);
    house.wait(DAY);
    await house.settle();
    expect((await house.rows("payouts")).map(({ amount }) => amount)).toEqual([8_000, 8_000]);
  });

  it("below the minimum waits until it is no less", async () => {
    const house = await paidDaily({ USD: 16_000 });
    house.sell();
    house.wait(DAY);
    await house.settle();
    expect(await statuses(house)).toEqual([]);
    house.sell();
    house.wait(DAY);
    await house.settle();
    expect((await house.rows("payouts")).map(({ amount }) => amount)).toEqual([16_000]);
  });

  it("of which the provider has a part at hand is paid out in part, with the oldest transfers it covers", async () => {
    const house = await paidDaily();
    house.sell();
    house.wait(1);
    house.sell();
    await house.settle();
    house.bank.atHand.set(accountAt(SELLER), 9_000);
    house.wait(DAY);
    await house.settle();
    house.bank.atHand.clear();
    house.wait(DAY);
    await house.settle();
    expect(await house.rows("payouts")).toMatchObject([{ amount: 9_000 }, { amount: 7_000 }]);
    expect(await paidTransfers(house)).toEqual(["trf_001s1", "trf_002s1"]);
  });

  it("is not paid out while its party owes what can be taken from it", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    house.sell();
    await house.settle();
    house.refund(order, 10_000);
    await house.publish();
    // Asked for by hand, before the cron has taken anything back.
    expect(await payOutByHand(house)).toMatchObject({ amount: 8_000 });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 0, reserve: 0 });
    expect(await house.told("reversals")).toContain(`${SELLER} ${order} 8000 paid`);
  });

  it("of an account that is not enabled stays", async () => {
    const house = await paidDaily();
    house.sell();
    await house.settle();
    house.bank.accounts.set(accountAt(SELLER), "restricted");
    await house.hear({ account: accountAt(SELLER) });
    house.wait(DAY);
    await house.settle();
    expect(await statuses(house)).toEqual([]);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
  });
});

describe("a payout", () => {
  it("asked for twice with one id is made once", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    const first = await payOutByHand(house);
    house.sell();
    await house.settle();
    expect(await payOutByHand(house)).toMatchObject({ id: first!.id, amount: 8_000 });
    await house.settle();
    expect(payoutsOf(house)).toHaveLength(1);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
  });

  it("asked for twice at the same time takes the balance once", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    const made = await Promise.all([payOutByHand(house, "pyo_a"), payOutByHand(house, "pyo_b")]);
    expect(made.filter((row) => row !== undefined)).toHaveLength(1);
    await house.settle();
    expect(payoutsOf(house)).toHaveLength(1);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 0 });
  });

  it("whose answer was lost is not made twice, though the provider has forgotten its key", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    await payOutByHand(house);
    house.bank.fault = (call) => (call === "payout" ? "after" : undefined);
    await house.run();
    house.bank.fault = () => undefined;
    house.bank.forgetKeys();
    house.wait(LIMITS.providerKeyMs + 1);
    await house.settle();
    expect(payoutsOf(house)).toHaveLength(1);
    expect(await statuses(house)).toEqual(["paid"]);
  });

  it("is on its way until the bank has it", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    house.bank.isSlow = true;
    await payOutByHand(house);
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ transit: 8_000, balance: 0 });
    expect(await house.rows("payouts")).toMatchObject([
      { status: "transferring", provider_id: "at_bank_pyo_hand" },
    ]);
    house.bank.isSlow = false;
    await house.hear({ payout: "pyo_hand" });
    expect(await statuses(house)).toEqual(["paid"]);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0, balance: 0 });
  });

  it("is found to be with the bank when the provider's word of it is lost", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    house.bank.isSlow = true;
    await payOutByHand(house);
    await house.settle();
    house.bank.isSlow = false;
    house.wait(LIMITS.payoutLookMs);
    await house.settle();
    expect(await statuses(house)).toEqual(["paid"]);
  });

  it("that the provider refused leaves the balance as it was, to be paid out the next time", async () => {
    const house = await paidDaily();
    house.sell();
    await house.settle();
    house.bank.refusals.set("payout", "bank_account_missing");
    house.wait(DAY);
    await house.settle();
    expect(await house.rows("payouts")).toMatchObject([
      { status: "failed", failure: "bank_account_missing" },
    ]);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0, balance: 8_000 });
    house.bank.refusals.clear();
    house.wait(DAY);
    await house.settle();
    expect(await statuses(house)).toEqual(["failed", "paid"]);
    expect(await paidTransfers(house)).toEqual(["trf_001s1", "trf_001s1"]);
  });

  it("that the bank sent back on its way is returned, and the balance open again", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    house.bank.isSlow = true;
    await payOutByHand(house);
    await house.settle();
    house.bank.sendBack("pyo_hand");
    await house.hear({ payout: "pyo_hand" });
    expect(await house.rows("payouts")).toMatchObject([{ status: "returned", failure: "account_closed" }]);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0, balance: 8_000 });
    await house.settle();
  });

  it("that the bank returned after it was paid does not read as settled, and is paid out again", async () => {
    const house = await paidDaily();
    house.sell();
    house.wait(DAY);
    await house.settle();
    expect(await statuses(house)).toEqual(["paid"]);
    const id = await house.payoutId();
    house.bank.sendBack(id);
    await house.hear({ payout: id });
    expect(await house.rows("payouts")).toMatchObject([
      { id, status: "returned", failure: "account_closed" },
    ]);
    expect(await paidTransfers(house)).toEqual(["trf_001s1"]);
    expect(await house.rows("transfers")).toMatchObject([{ payout: null }, { payout: null }]);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0, balance: 8_000 });
    expect(await house.balance("provider:bank:connected")).toBe(9_500);
    house.wait(DAY);
    await house.settle();
    expect(await statuses(house)).toEqual(["returned", "paid"]);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 0 });
  });

  it("that the bank returned is seen by the cron when the provider's word of it is lost", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    await payOutByHand(house);
    await house.settle();
    house.bank.sendBack("pyo_hand");
    house.wait(LIMITS.payoutLookMs);
    await house.settle();
    expect(await statuses(house)).toEqual(["returned"]);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
  });

  it("that came back is told twice and returned once", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    await payOutByHand(house);
    await house.settle();
    house.bank.sendBack("pyo_hand");
    for (let time = 0; time < 3; time += 1) await house.hear({ payout: "pyo_hand" });
    await Promise.all([house.hear({ payout: "pyo_hand" }), house.hear({ payout: "pyo_hand" })]);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
    await house.settle();
  });

  it("whose payment and return are heard at the same time is right in the end", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    house.bank.isSlow = true;
    await payOutByHand(house);
    await house.settle();
    house.bank.isSlow = false;
    // Whoever asked first is the last to write: what was read as on its way has been paid meanwhile.
    const findPayout = house.bank.findPayout.bind(house.bank);
    house.bank.findPayout = async (asked) => {
      house.bank.findPayout = findPayout;
      await house.hear({ payout: "pyo_hand" });
      house.bank.sendBack("pyo_hand");
      return findPayout(asked);
    };
    await house.hear({ payout: "pyo_hand" }).catch(() => undefined);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0 });
    await house.hear({ payout: "pyo_hand" });
    expect(await statuses(house)).toEqual(["returned"]);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0, balance: 8_000 });
    await house.settle();
  });

  it("is no longer asked after when it cannot come back any more", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.settle();
    await payOutByHand(house);
    await house.settle();
    house.wait(LIMITS.payoutReturnMs + MINUTE);
    await house.settle();
    expect(await house.rows("payouts")).toMatchObject([{ status: "paid", next_attempt_at_ms: null }]);
  });
});

/** Transfers: written down before the provider is asked, sent once, and known by what the provider said. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { MINUTE, usd } from "../domain/shop.ts";
import { accountAt } from "./bank.ts";
import { CountingHouse, CREATOR, DAY, SELLER } from "./counting-house.ts";
import { failing } from "./deliver.ts";

/** Many orders, or many times, on a busy machine. */
const SLOW_MS = 60_000;

describe("what a party has earned", () => {
  it("is transferred, with the charge it comes from, once its charge is there", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    await house.settle();
    expect(house.bank.calls.map(({ key, body }) => [key, JSON.parse(body)])).toEqual(
      expect.arrayContaining([
        [
          `transfer trf_001s1`,
          {
            id: "trf_001s1",
            order,
            account: accountAt(SELLER),
            amount: usd(8_000),
            charge: `ch_${order}`,
          },
        ],
        [
          `transfer trf_001c1`,
          {
            id: "trf_001c1",
            order,
            account: accountAt(CREATOR),
            amount: usd(1_500),
            charge: `ch_${order}`,
          },
        ],
      ]),
    );
    expect(await house.told("transfers")).toEqual([
      `${CREATOR} ${order} 1500 paid`,
      `${SELLER} ${order} 8000 paid`,
    ]);
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 8_000, reserve: 0 });
    expect(await house.balance("provider:bank:connected")).toBe(9_500);
  });

  it("stays where it is as long as the charge is not there", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell({ isCharged: false });
    await house.settle();
    expect(house.bank.calls).toEqual([]);
    expect(await house.told("transfers")).toContain(`${SELLER} ${order} 8000 accrued`);
  });

  it("accrues while onboarding is unfinished, and is transferred when it is", async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER);
    await house.openAccount(CREATOR);
    const orders = [house.sell(), house.sell()];
    await house.settle();
    expect(await house.told("transfers")).toEqual([
      `${CREATOR} ${orders[0]} 1500 accrued`,
      `${SELLER} ${orders[0]} 8000 paid`,
      `${CREATOR} ${orders[1]} 1500 accrued`,
      `${SELLER} ${orders[1]} 8000 paid`,
    ]);
    house.bank.accounts.set(accountAt(CREATOR), "enabled");
    await house.hear({ account: accountAt(CREATOR) });
    await house.settle();
    expect(await house.standing(CREATOR)).toMatchObject({ payable: 0, balance: 3_000 });
  });

  it("is transferred when onboarding is finished and the provider's word of it is lost", async () => {
    const house = await CountingHouse.open();
    await house.openAccount(SELLER);
    house.sell();
    await house.settle();
    house.bank.accounts.set(accountAt(SELLER), "enabled");
    house.wait(LIMITS.accountLookMs + 1);
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
  });

  it("of a party without any account waits as accrued", async () => {
    const house = await CountingHouse.open();
    house.sell();
    await house.settle();
    expect((await house.rows("transfers")).map(({ status }) => status)).toEqual(["accrued", "accrued"]);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 8_000 });
  });

  it("is not sent to an account that was restricted, until it is enabled again", async () => {
    const house = await CountingHouse.ready();
    house.bank.accounts.set(accountAt(SELLER), "restricted");
    await house.hear({ account: accountAt(SELLER) });
    house.sell();
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ payable: 8_000, balance: 0 });
    house.bank.accounts.set(accountAt(SELLER), "enabled");
    await house.hear({ account: accountAt(SELLER) });
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 });
  });

  it("that was kept back is transferred when its time is over", async () => {
    const house = await CountingHouse.ready({ reserve: { basisPoints: 1_000, heldMs: DAY } });
    const order = house.sell();
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_200, reserve: 800 });
    house.wait(DAY - 1);
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ balance: 7_200, reserve: 800 });
    house.wait(1);
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 8_000, reserve: 0 });
    expect(await house.told("transfers")).toContain(`${SELLER} ${order} 800 paid`);
  });
});

describe("a transfer", () => {
  it("is written down, with its amount, before the provider is asked", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.publish();
    const before: unknown[] = [];
    const transfer = house.bank.transfer.bind(house.bank);
    house.bank.transfer = async (asked) => {
      before.push(
        await house.db
          .prepare("SELECT status, amount, provider_id FROM transfers WHERE id = ?1")
          .bind(asked.id)
          .first(),
      );
      return transfer(asked);
    };
    await house.run();
    expect(before).toEqual([
      { status: "transferring", amount: expect.any(Number), provider_id: null },
      { status: "transferring", amount: expect.any(Number), provider_id: null },
    ]);
  });

  it("tried twice has one amount under one key, though its order was refunded in between", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    await house.publish();
    house.bank.fault = (call) => (call === "transfer" ? "after" : undefined);
    await house.run();
    // The provider has made them; we do not know. Half goes back to the buyer meanwhile.
    house.bank.fault = () => undefined;
    house.refund(order, 5_000);
    house.wait(MINUTE);
    await house.settle();
    house.wait(MINUTE);
    await house.settle();
    for (const key of ["transfer trf_001s1", "transfer trf_001c1"]) {
      const asked = house.bank.calls.filter((call) => call.key === key).map(({ body }) => body);
      expect(asked).toHaveLength(2);
      expect(new Set(asked).size).toBe(1);
    }
    expect(house.bank.made.filter(({ kind }) => kind === "transfer")).toHaveLength(2);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 4_000 });
    expect(await house.standing(CREATOR)).toMatchObject({ payable: 0, balance: 750 });
  });

  it("whose answer was lost is not made twice, though the provider has forgotten its key", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.publish();
    house.bank.fault = (call) => (call === "transfer" ? "after" : undefined);
    await house.run();
    house.bank.fault = () => undefined;
    house.bank.forgetKeys();
    house.wait(LIMITS.providerKeyMs + 1);
    await house.settle();
    expect(house.bank.made.filter(({ kind }) => kind === "transfer")).toHaveLength(2);
    expect(await house.standing(SELLER)).toMatchObject({ payable: 0, transit: 0, balance: 8_000 });
  });

  it("that never reached the provider is sent after all, though its key is old", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.publish();
    house.bank.fault = (call) => (call === "transfer" ? "before" : undefined);
    await house.run();
    house.bank.fault = () => undefined;
    house.wait(LIMITS.providerKeyMs + 1);
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
  });

  it("that was made is not lost when what is read afterwards fails", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.publish();
    // From the provider's first answer on, every read of the database fails; writes go through.
    const real = house.db;
    let isAnswered = false;
    house.bank.fault = (call) => {
      isAnswered ||= call === "transfer";
      return undefined;
    };
    house.db = new Proxy(real, {
      get: (target, key) =>
        key === "prepare"
          ? (text: string) => {
              if (isAnswered && /^\s*select/i.test(text)) throw new Error("D1_ERROR: reads fail");
              return target.prepare(text);
            }
          : typeof Reflect.get(target, key) === "function"
            ? (Reflect.get(target, key) as (...of: unknown[]) => unknown).bind(target)
            : Reflect.get(target, key),
    });
    await house.run().catch(() => undefined);
    house.db = real;
    expect((await house.rows("transfers")).map((row) => row["provider_id"])).toEqual([
      "at_bank_trf_001c1",
      "at_bank_trf_001s1",
    ]);
    await house.checkBooks();
  });

  it("whose answer could not be written down is found again by its key", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.publish();
    let isAnswered = false;
    house.bank.fault = (call) => {
      isAnswered ||= call === "transfer";
      return undefined;
    };
    const real = house.db;
    house.db = failing(real, () => (isAnswered ? "before" : undefined));
    await house.run().catch(() => undefined);
    expect((await house.rows("transfers")).map(({ status }) => status)).toEqual([
      "transferring",
      "transferring",
    ]);
    house.db = real;
    house.wait(MINUTE);
    await house.settle();
    expect(house.bank.made.filter(({ kind }) => kind === "transfer")).toHaveLength(2);
    expect(await house.standing(SELLER)).toMatchObject({ transit: 0, balance: 8_000 });
  });

  it("that the provider refused is owed again, says why, and is tried anew later under another key", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    house.bank.refusals.set("transfer", "balance_insufficient");
    await house.settle();
    expect(await house.standing(SELLER)).toMatchObject({ payable: 8_000, transit: 0, balance: 0 });
    expect(await house.rows("transfers")).toMatchObject([
      { id: "trf_001c1", status: "failed", failure: "balance_insufficient" },
      { id: "trf_001s1", status: "failed", failure: "balance_insufficient" },
    ]);
    await house.settle();
    expect(house.bank.calls).toHaveLength(2);
    house.bank.refusals.clear();
    house.wait(LIMITS.movementRenewMs);
    await house.settle();
    expect(await house.told("transfers")).toEqual(
      expect.arrayContaining([`${SELLER} ${order} 8000 failed`, `${SELLER} ${order} 8000 paid`]),
    );
    expect(new Set(house.bank.calls.map(({ key }) => key)).size).toBe(4);
  });

  it("waits longer each time the provider cannot be reached", async () => {
    const house = await CountingHouse.ready();
    house.sell();
    await house.publish();
    house.bank.fault = (call) => (call === "transfer" ? "before" : undefined);
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await house.run();
      const due = (await house.rows("transfers"))[0]!["next_attempt_at_ms"] as number;
      waits.push(due - house.nowMs);
      house.wait(due - house.nowMs);
    }
    const first = LIMITS.providerRetryMs;
    expect(waits).toEqual([first, 2 * first, 4 * first, 8 * first]);
    expect(house.logged.filter(({ event }) => event === "money_not_moved")).toHaveLength(8);
  });

  it("is started once by two runs of the cron at the same time", async () => {
    const house = await CountingHouse.ready();
    for (let at = 0; at < 5; at += 1) house.sell();
    await house.publish();
    await Promise.all([house.run(), house.run(), house.run()]);
    await house.settle();
    expect(house.bank.made.filter(({ kind }) => kind === "transfer")).toHaveLength(10);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 40_000 });
  });
});

describe("what is planned", () => {
  it(
    "is written down only while it is still so: an order that is refunded in between goes out for what is left",
    async () => {
      for (let at = 0; ; at += 1) {
        let isTooLate = false;
        const house = await CountingHouse.ready();
        const order = house.sell();
        await house.publish();
        house.refund(order, 5_000);
        const real = house.db;
        let call = 0;
        house.db = failing(real, async () => {
          if (call++ !== at) return undefined;
          isTooLate = house.bank.calls.some(({ kind }) => kind === "transfer");
          // The queue's consumer is another Worker: it is not kept from anything.
          const watched = house.db;
          house.db = real;
          await house.publish();
          house.db = watched;
          return undefined;
        });
        await house.run();
        house.db = real;
        await house.settle();
        expect(await house.standing(SELLER)).toMatchObject({ payable: 0, transit: 0, balance: 4_000 });
        if (isTooLate) break;
      }
    },
    SLOW_MS,
  );
});

describe("a party of many orders", () => {
  it(
    "is served to the last of them, over as many runs as it takes",
    async () => {
      const house = await CountingHouse.ready();
      const count = LIMITS.movementsPerRun + 5;
      for (let at = 0; at < count; at += 1) house.sell();
      await house.settle();
      expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 8_000 * count });
    },
    SLOW_MS,
  );

  it(
    "with more debts than one run takes still has its earnings taken for them",
    async () => {
      const house = await CountingHouse.ready({}, 1_000);
      const debts = Array.from({ length: LIMITS.movementsPerRun + 5 }, () => house.sell());
      await house.settle();
      // All of it is at the banks when the orders go back.
      house.bank.atHand.set(accountAt(SELLER), 0);
      for (const order of debts) house.refund(order, 1_000);
      await house.settle();
      expect(await house.standing(SELLER)).toMatchObject({ payable: -800 * debts.length });
      house.sell({ quantity: 300 });
      await house.settle();
      expect(await house.standing(SELLER)).toMatchObject({ payable: 0, balance: 800 * 300 });
    },
    SLOW_MS,
  );
});

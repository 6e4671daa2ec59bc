/** Runs of the cron that overlap, and news beside them: what one has in hand no other asks for, or takes for done. */
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { noteCharges } from "../../src/settlement/ledger/charges.ts";
import { releaseReserves } from "../../src/settlement/ledger/reserves.ts";
import { openAccount, readAccount } from "../../src/settlement/movements/accounts.ts";
import { sendPayouts, startDuePayouts, startPayout } from "../../src/settlement/movements/payouts.ts";
import { nextPayoutAt } from "../../src/settlement/movements/schedule.ts";
import { sendMovements } from "../../src/settlement/movements/send.ts";
import { startMovements } from "../../src/settlement/movements/start.ts";
import type { Treasury } from "../../src/settlement/treasury.ts";
import { accountAt, type Kind } from "./bank.ts";
import { CountingHouse, DAY, SELLER } from "./counting-house.ts";
import { failing } from "./deliver.ts";

type Sent = Exclude<Kind, "refund">;

/** A house in which something of a kind is written down for the seller and not sent, and what sends it. */
const STARTED: Readonly<
  Record<Sent, () => Promise<[CountingHouse, (treasury: Treasury) => Promise<number>]>>
> = {
  transfer: async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER);
    house.sell();
    await house.publish();
    await noteCharges(house.treasury);
    await startMovements(house.treasury);
    return [house, sendMovements];
  },
  reversal: async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER);
    const order = house.sell();
    await house.settle();
    house.refund(order, 10_000);
    await house.publish();
    await startMovements(house.treasury);
    return [house, sendMovements];
  },
  payout: async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER);
    house.sell();
    await house.settle();
    const account = await readAccount(house.db, SELLER);
    await startPayout(house.treasury, account!, "USD", "pyo_hand");
    return [house, sendPayouts];
  },
};
const KINDS = Object.keys(STARTED) as Sent[];

const asked = (house: CountingHouse, kind: Sent) => house.bank.calls.filter((call) => call.kind === kind);
const made = (house: CountingHouse, kind: Sent) => house.bank.made.filter((one) => one.kind === kind);

/** A run in which something happens after its first reading of the database. */
function interrupted(house: CountingHouse, meanwhile: () => Promise<unknown>): Treasury {
  const { treasury } = house;
  let calls = 0;
  const db = failing(treasury.db, async () => {
    if (calls++ === 1) await meanwhile();
    return undefined;
  });
  return { ...treasury, db };
}

describe("of two runs that found the same", () => {
  it.each(KINDS)("%s due, the second does not ask for what the first was refused", async (kind) => {
    const [house, send] = await STARTED[kind]();
    const late = interrupted(house, async () => {
      house.bank.refusals.set(kind, "account_closed");
      await send(house.treasury);
      // A provider that would make it now, under the same id.
      house.bank.refusals.clear();
      house.bank.forgetKeys();
    });
    await send(late);
    expect(asked(house, kind)).toHaveLength(1);
    expect(made(house, kind)).toEqual([]);
    expect((await house.rows(`${kind}s`)).at(-1)).toMatchObject({ party: SELLER, status: "failed" });
    await house.checkBooks();
  });

  it.each(KINDS)(
    "%s due, the second does not ask while the first still waits for an answer",
    async (kind) => {
      const [house, send] = await STARTED[kind]();
      const whileAsked: unknown[] = [];
      house.bank.fault = (call) => {
        if (call === kind) whileAsked.push(house.rows(`${kind}s`));
        return call === kind ? "after" : undefined;
      };
      await send(interrupted(house, () => send(house.treasury)));
      expect(asked(house, kind)).toHaveLength(1);
      const [rows] = (await Promise.all(whileAsked)) as Record<string, number>[][];
      expect(rows!.at(-1)!["next_attempt_at_ms"]! - house.nowMs).toBeGreaterThan(LIMITS.stripeCallMs);
    },
  );

  it("reserve over, the second does not release what went back to a buyer after it looked", async () => {
    const house = await CountingHouse.ready({ reserve: { basisPoints: 1_000, heldMs: DAY } });
    const order = house.sell();
    await house.settle();
    house.wait(DAY);
    await releaseReserves(
      interrupted(house, async () => {
        house.refund(order, 500);
        await house.publish();
      }),
    );
    expect(await house.standing(SELLER)).toMatchObject({ reserve: 400, balance: 7_200 });
    await house.settle();
    expect(await house.standing(SELLER)).toEqual({ payable: 0, transit: 0, balance: 7_600, reserve: 0 });
  });
});

describe("news of a payout", () => {
  it("that is being sent only asks how it is", async () => {
    const [house, send] = await STARTED.payout();
    const payout = house.bank.payout.bind(house.bank);
    house.bank.payout = async (of) => {
      const answer = await payout(of);
      await house.hear({ payout: "pyo_hand" });
      return answer;
    };
    await send(house.treasury);
    expect(asked(house, "payout")).toHaveLength(1);
    expect(await house.rows("payouts")).toMatchObject([{ status: "paid" }]);
    await house.checkBooks();
  });

  it("that was refused does not ask for it again", async () => {
    const [house, send] = await STARTED.payout();
    house.bank.refusals.set("payout", "account_closed");
    await send(house.treasury);
    house.bank.refusals.clear();
    house.bank.forgetKeys();
    await house.hear({ payout: "pyo_hand" });
    expect(made(house, "payout")).toEqual([]);
    expect(await house.rows("payouts")).toMatchObject([{ status: "failed" }]);
  });
});

describe("a payout day", () => {
  const daily = { interval: "daily", minimums: {} } as const;

  async function onItsDay(): Promise<CountingHouse> {
    const house = await CountingHouse.open();
    await house.enable(SELLER, daily);
    house.sell();
    await house.settle();
    house.wait(nextPayoutAt("daily", house.nowMs)! - house.nowMs);
    return house;
  }

  it("is not over when the balance moved as it was to be paid out", async () => {
    const house = await onItsDay();
    house.sell();
    await house.publish();
    const available = house.bank.available.bind(house.bank);
    house.bank.available = async (...of) => {
      house.bank.available = available;
      await noteCharges(house.treasury);
      await startMovements(house.treasury);
      return available(...of);
    };
    expect(await startDuePayouts(house.treasury)).toBe(0);
    expect((await readAccount(house.db, SELLER))?.nextPayoutAtMs).toBe(house.nowMs);
    await house.settle();
    expect(await house.rows("payouts")).toMatchObject([{ amount: 16_000, status: "paid" }]);
  });

  it("is over when there is too little to pay out", async () => {
    const house = await onItsDay();
    house.bank.atHand.set(accountAt(SELLER), 0);
    expect(await startDuePayouts(house.treasury)).toBe(0);
    expect((await readAccount(house.db, SELLER))?.nextPayoutAtMs).toBe(nextPayoutAt("daily", house.nowMs));
  });

  it("is not put off by asking for the same schedule again, and is by another one", async () => {
    const house = await onItsDay();
    const due = (await readAccount(house.db, SELLER))?.nextPayoutAtMs;
    const again = (interval: "daily" | "weekly") =>
      openAccount(
        house.treasury,
        { id: SELLER, name: SELLER, country: "DE" },
        { interval, minimums: { USD: 5 } },
      );
    expect(await again("daily")).toMatchObject({ nextPayoutAtMs: due, payoutMinimums: { USD: 5 } });
    expect(await again("weekly")).toMatchObject({ nextPayoutAtMs: nextPayoutAt("weekly", house.nowMs) });
    expect(await startDuePayouts(house.treasury)).toBe(0);
  });

  it("pays out what the provider has units for, and keeps the rest", async () => {
    const house = await onItsDay();
    house.bank.payable = ({ amount }) => amount - (amount % 3_000);
    await house.settle();
    expect(await house.rows("payouts")).toMatchObject([{ amount: 6_000 }]);
    expect(await house.standing(SELLER)).toMatchObject({ balance: 2_000 });
  });
});

/** Earnings: by session, by day and in all they are what the ledger's accounts have, whatever happened to the money. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { PartyId } from "../../src/domain/ids.ts";
import { startPayout } from "../../src/settlement/movements/payouts.ts";
import { readAccount } from "../../src/settlement/movements/accounts.ts";
import { readEarningsByDay, type EarningsDay } from "../../src/settlement/readers/earnings-by-day.ts";
import { readEarnings, readEarningsTotals, type EarningsRow } from "../../src/settlement/readers/earnings.ts";
import { record } from "../../src/settlement/ledger/store.ts";
import { T0 } from "../domain/shop.ts";
import { CountingHouse, CREATOR, DAY, SELLER } from "./counting-house.ts";
import { planOf } from "./deliver.ts";
import { everyPage, newId, newTwo, sale } from "./readers-stage.ts";

const { DB: db } = env;

async function totalOf(party: PartyId, period = {}): Promise<Record<string, number>> {
  const [total] = await readEarningsTotals(db, { party, period });
  const { currency, ...sums } = total!;
  expect(currency).toBe("USD");
  return Object.fromEntries(Object.entries(sums).map(([name, { amount }]) => [name, amount]));
}

async function rowsOf(party: PartyId, period = {}): Promise<readonly EarningsRow[]> {
  return (await readEarnings(db, { party, period }, { limit: 50 }))!.data;
}

async function daysOf(party: PartyId, period = {}): Promise<readonly EarningsDay[]> {
  return (await readEarningsByDay(db, { party, period }, { limit: 50 }))!.data;
}

/** Rows, totals and the ledger's accounts must agree with each other. */
async function agreed(house: CountingHouse, party: PartyId) {
  const total = await totalOf(party);
  const held = await house.standing(party);
  const rows = await rowsOf(party);
  const sum = (name: "earned" | "owed" | "reserved" | "underWay" | "transferred") =>
    rows.reduce((all, row) => all + row[name].amount, 0);
  const { earned, paidOut, accrued, payable, owedBack, reserved, underWay, atProvider } = total;
  expect(accrued! + payable! - owedBack!).toBe(held["payable"]);
  expect([reserved, underWay, atProvider]).toEqual([held["reserve"], held["transit"], held["balance"]]);
  expect(paidOut! + accrued! + payable! - owedBack! + reserved! + underWay! + atProvider!).toBe(earned);
  expect([sum("earned"), sum("owed"), sum("reserved")]).toEqual([earned, held["payable"], reserved]);
  expect(sum("underWay") + sum("transferred")).toBe(underWay! + atProvider! + paidOut!);
  const days = await daysOf(party);
  expect(days.reduce((all, day) => all + day.earned.amount, 0)).toBe(earned);
  return { total, rows, days };
}

describe("earnings", () => {
  it("agree with the ledger at every step from sale to bank", async () => {
    const house = await CountingHouse.open({ reserve: { basisPoints: 1_000, heldMs: 9 * DAY } });
    house.sell();
    house.sell({ isCharged: false });
    await house.settle();
    // Of 100.00: 5 for the platform, 15 for the creator, 80 for the seller, of which 8 are kept back.
    const sold = await agreed(house, SELLER);
    expect(sold.total).toMatchObject({ earned: 16_000, accrued: 14_400, reserved: 1_600, paidOut: 0 });
    expect((await agreed(house, CREATOR)).total).toMatchObject({ earned: 3_000, accrued: 3_000 });
    await house.enable(SELLER);
    await house.publish();
    await house.run();
    await agreed(house, SELLER);
    await house.settle();
    const sent = await agreed(house, SELLER);
    expect(sent.total).toMatchObject({ accrued: 7_200, underWay: 0, atProvider: 7_200 });
    expect(sent.rows).toMatchObject([{ session: house.session, transferred: { amount: 7_200 } }]);
    const account = await readAccount(db, SELLER);
    await startPayout(house.treasury, account!, "USD", "pyo_earned");
    expect((await agreed(house, SELLER)).total).toMatchObject({ underWay: 7_200, atProvider: 0 });
    await house.settle();
    house.wait(3 * DAY);
    await house.settle();
    expect((await agreed(house, SELLER)).total).toMatchObject({ paidOut: 7_200, atProvider: 0 });
  });

  it("agree with the ledger while some goes back, and is owed back", async () => {
    const house = await CountingHouse.ready({ reserve: { basisPoints: 1_000, heldMs: 9 * DAY } });
    const [refunded, disputed] = [house.sell(), house.sell()];
    await house.settle();
    house.refund(refunded, 10_000);
    const dispute = house.dispute(disputed, 5_000);
    await house.publish();
    await house.hear({ dispute });
    // Of the refund's 80.00 and the disputed 40.00 what was kept back of the sales, 8.00 each, goes first.
    const owing = await agreed(house, SELLER);
    expect(owing.total).toMatchObject({
      earned: 8_000,
      owedBack: 10_400,
      reserved: 4_000,
      atProvider: 14_400,
    });
    await house.settle();
    expect((await agreed(house, SELLER)).total).toMatchObject({
      owedBack: 0,
      reserved: 4_000,
      atProvider: 4_000,
    });
    house.decide(dispute, "lost");
    await house.hear({ dispute });
    const lost = await agreed(house, SELLER);
    expect(lost.total).toMatchObject({ earned: 4_000, reserved: 0 });
    // A dispute that is open has taken nothing yet.
    const reversed = ({ days }: { days: readonly EarningsDay[] }) =>
      days.reduce((all, day) => all + day.reversed.amount, 0);
    expect([reversed(owing), reversed(lost)]).toEqual([8_000, 12_000]);
    expect((await agreed(house, CREATOR)).total).toMatchObject({ earned: 750 });
  });

  it("of a period are what happened in its days; where the money is, is so now", async () => {
    const house = await CountingHouse.ready();
    const order = house.sell();
    await house.settle();
    const midnight = T0 - (T0 % DAY);
    house.wait(4 * DAY);
    house.refund(order, 5_000);
    await house.settle();
    const between = (from: number, until: number) => ({
      fromMs: midnight + from * DAY,
      untilMs: midnight + until * DAY,
    });
    const earned = async (from: number, until: number) => {
      const period = between(from, until);
      const [row] = await rowsOf(SELLER, period);
      const { earned: all } = await totalOf(SELLER, period);
      return [all, row?.earned.amount];
    };
    expect(await earned(0, 1)).toEqual([8_000, 8_000]);
    expect(await earned(4, 5)).toEqual([-4_000, -4_000]);
    expect(await earned(0, 5)).toEqual([4_000, 4_000]);
    expect(await earned(1, 4)).toEqual([0, undefined]);
    const usd = (amount: number) => ({ amount, currency: "USD" });
    const dayOf = (at: number) => new Date(midnight + at * DAY).toISOString().slice(0, 10);
    const sold = { fromSales: usd(8_000), reversed: usd(0), earned: usd(8_000) };
    const back = { fromSales: usd(0), reversed: usd(4_000), earned: usd(-4_000) };
    expect(await daysOf(SELLER)).toEqual([
      { day: dayOf(0), currency: "USD", ...sold },
      { day: dayOf(4), currency: "USD", ...back },
    ]);
    expect(await daysOf(SELLER, between(1, 5))).toMatchObject([{ day: dayOf(4) }]);
    expect(await daysOf(SELLER, between(1, 4))).toEqual([]);
    expect((await rowsOf(SELLER, between(4, 5)))[0]).toMatchObject({ transferred: { amount: 4_000 } });
    expect(await readEarningsTotals(db, { party: SELLER, currency: "EUR", period: {} })).toEqual([]);
  });

  it("come by session, newest first, each once whatever the page, along the party's own", async () => {
    const two = newTwo();
    const made: string[] = [];
    for (const currency of ["USD", "USD", "EUR", "JPY", "USD"]) {
      const { order, transaction } = sale(two, currency);
      const session = newId("ses");
      await db
        .prepare(
          `INSERT INTO settled_orders ("order", session, seq, seller, currency, total, captured, legs, basis, reserved,
             returned, returned_legs, returns, captured_at_ms) VALUES (?1, ?2, 1, ?3, ?4, 1, 1, '{}', '{}', 0, 0, '{}', 0, 0)`,
        )
        .bind(order, session, two.seller, currency)
        .run();
      await db.batch(record(db, [{ transaction, atMs: T0 }]));
      made.unshift(session);
    }
    for (const limit of [1, 2, 5]) {
      const all = await everyPage((cursor) =>
        readEarnings(db, { party: two.seller, period: {} }, { limit, cursor }),
      );
      expect(all.map(({ session }) => session)).toEqual(made);
      expect(all[0]).toMatchObject({ earned: { amount: 70 }, owed: { amount: 63 }, reserved: { amount: 7 } });
    }
    const dollars = await readEarnings(db, { party: two.creator, currency: "USD", period: {} }, { limit: 9 });
    expect(dollars!.data).toHaveLength(3);
    for (const cursor of ["", "x", "ses_1", "ses_1.usd", "ord_1.USD"]) {
      expect(await readEarnings(db, { party: two.seller, period: {} }, { limit: 5, cursor })).toBeUndefined();
    }
    const plan = await planOf(db, (on) =>
      readEarnings(on, { party: two.seller, period: {} }, { limit: 5, cursor: "ses_1.USD" }),
    );
    expect(plan).toMatch(
      /^SEARCH ledger_sessions USING INDEX \S+ \(party=\? AND \(session,currency\)<\(\?,\?\)\)$/,
    );
  });

  it("come by day, oldest first, each day once in each currency whatever the page", async () => {
    const two = newTwo();
    const sales = [
      ["EUR", 0],
      ["USD", 0],
      ["USD", 0],
      ["USD", 2],
      ["EUR", 3],
    ] as const;
    for (const [currency, at] of sales) {
      const { transaction } = sale(two, currency);
      await db.batch(record(db, [{ transaction, atMs: T0 + at * DAY }]));
    }
    const of = { party: two.seller, period: {} };
    for (const limit of [1, 2, 5]) {
      const days = await everyPage((cursor) => readEarningsByDay(db, of, { limit, cursor }));
      const first = Date.parse(days[0]!.day);
      const told = days.map(({ day, earned }) => [
        (Date.parse(day) - first) / DAY,
        earned.currency,
        earned.amount,
      ]);
      expect(told).toEqual([
        [0, "EUR", 70],
        [0, "USD", 140],
        [2, "USD", 70],
        [3, "EUR", 70],
      ]);
    }
    const dollars = await readEarningsByDay(db, { ...of, currency: "USD" }, { limit: 9 });
    expect(dollars!.data).toHaveLength(2);
    for (const cursor of ["", "x", "ses_1.USD", "1.usd", "1"]) {
      expect(await readEarningsByDay(db, of, { limit: 5, cursor })).toBeUndefined();
    }
    const plan = await planOf(db, (on) => readEarningsByDay(on, of, { limit: 5 }));
    expect(plan).toMatch(/^SEARCH ledger_days USING INDEX \S+ \(party=\?\)/);
  });
});

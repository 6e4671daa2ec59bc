/** Moving money costs what there is to move, not what there ever was, or what waits for somebody else. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { PayoutId, TransferId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { nextPayoutAt } from "../../src/settlement/movements/schedule.ts";
import { readStanding } from "../../src/settlement/movements/standing.ts";
import { startMovements } from "../../src/settlement/movements/start.ts";
import { findPayoutOf } from "../../src/settlement/readers/payouts.ts";
import { listTransfers } from "../../src/settlement/readers/transfers.ts";
import { MINUTE } from "../domain/shop.ts";
import { CountingHouse, CREATOR, SELLER } from "./counting-house.ts";
import { everyPage } from "./readers-stage.ts";

const SLOW_MS = 60_000;

/** A database that counts the rows read by statements that a text begins; drizzle's raw answers do not say. */
function counting(db: D1Database, text: string): { readonly db: D1Database; readonly rows: () => number } {
  let rows = 0;
  const texts = new WeakMap<object, { readonly real: D1PreparedStatement; readonly counts: boolean }>();
  const note = <T extends { readonly meta?: { readonly rows_read?: number } }>(counts: boolean, of: T): T => {
    if (counts) rows += of.meta?.rows_read ?? Number.NaN;
    return of;
  };
  const statement = (real: D1PreparedStatement, counts: boolean): D1PreparedStatement => {
    const proxy = new Proxy(real, {
      get: (target, key) => {
        if (key === "bind") return (...values: unknown[]) => statement(target.bind(...values), counts);
        if (key === "run") return async () => note(counts, await target.run());
        if (key === "all") return async () => note(counts, await target.all());
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    texts.set(proxy, { real, counts });
    return proxy;
  };
  const proxy = new Proxy(db, {
    get: (target, key) => {
      if (key === "prepare")
        return (sql: string) => statement(target.prepare(sql), sql.trimStart().startsWith(text));
      if (key !== "batch") return Reflect.get(target, key);
      return async (statements: readonly D1PreparedStatement[]) => {
        const known = statements.map((one) => texts.get(one)!);
        const results = await target.batch(known.map(({ real }) => real));
        return results.map((result, at) => note(known[at]!.counts, result));
      };
    },
  });
  return { db: proxy, rows: () => rows };
}

/** Rows read by the statements that begin so while something is done. */
async function rowsRead(house: CountingHouse, text: string, act: () => Promise<unknown>): Promise<number> {
  const { db } = house;
  const counted = counting(db, text);
  house.db = counted.db;
  await act();
  house.db = db;
  return counted.rows();
}

/** Creators without an account, each with something that waits: `amount` of one order, charged or not. */
async function addWaiting(count: number, hasAccount: boolean): Promise<void> {
  const ids = JSON.stringify(Array.from({ length: count }, (_, n) => n));
  const each = (text: string): D1PreparedStatement => env.DB.prepare(text).bind(ids);
  await env.DB.batch([
    each(`INSERT INTO settled_orders ("order", session, seq, seller, currency, total, captured, legs, basis, reserved,
        returned, returned_legs, returns, captured_at_ms, provider)
      SELECT 'ord_w' || value, 'ses_w', value, 'sel_w', 'USD', 500, 500, '{}', '{}', 0, 0, '{}', 0, 0, 'elsewhere' FROM json_each(?1)`),
    each(`INSERT INTO ledger_positions (account, "order", currency, amount)
      SELECT 'creator:cre_w' || value || ':payable', 'ord_w' || value, 'USD', -500 FROM json_each(?1)`),
    each(`INSERT INTO transfers (id, party, "order", currency, amount, status, attempts, reversed, created_at_ms, updated_at_ms)
      SELECT 'trf_w' || value, 'cre_w' || value, 'ord_w' || value, 'USD', 500, 'accrued', 0, 0, 0, 0 FROM json_each(?1)`),
    each(`INSERT INTO payment_accounts (party, provider, account, status, country, payout_interval, payout_minimums,
        created_at_ms, updated_at_ms)
      SELECT 'cre_w' || value, 'bank', 'acct_w' || value, 'enabled', 'DE', 'manual', '{}', 0, 0 FROM json_each(?1)
      WHERE ${hasAccount ? "true" : "false"}`),
  ]);
}

describe("starting what is to be moved", () => {
  it("does not look at what waits for parties that cannot be paid", async () => {
    const cost = async (waiting: number): Promise<number> => {
      const house = await CountingHouse.ready();
      await addWaiting(waiting, false);
      house.sell();
      await house.publish();
      return rowsRead(house, "UPDATE transfers", () => house.run());
    };
    expect(await cost(500)).toBe(await cost(5));
  });

  it("lets nobody wait behind parties for whom nothing can be done", async () => {
    const house = await CountingHouse.ready();
    await addWaiting(10 * LIMITS.movementsPerRun, true);
    house.sell();
    await house.publish();
    await house.run();
    expect(await house.standing(SELLER)).toMatchObject({ balance: 8_000 });
    expect(await house.standing(CREATOR)).toMatchObject({ balance: 1_500 });
  });

  it(
    "reads what was moved for so many orders as one run takes, of a party that has more",
    async () => {
      const house = await CountingHouse.ready();
      for (let at = 0; at < LIMITS.movementsPerRun + 20; at += 1) house.sell({ isCharged: false });
      await house.publish();
      const standing = await readStanding(house.db, SELLER, "USD", house.nowMs);
      expect(standing!.positions).toHaveLength(LIMITS.movementsPerRun);
      expect(standing!.transfers).toHaveLength(LIMITS.movementsPerRun);
      const orders = new Set(standing!.positions.map(({ order }) => order));
      expect(standing!.transfers.every(({ order }) => orders.has(order))).toBe(true);
    },
    SLOW_MS,
  );

  it("does not ask the provider what a party has that has nothing", async () => {
    const house = await CountingHouse.open();
    await house.enable(SELLER, { interval: "daily", minimums: {} });
    const order = house.sell();
    house.wait(nextPayoutAt("daily", house.nowMs)! - house.nowMs);
    await house.settle();
    house.refund(order, 10_000);
    await house.publish();
    let asked = 0;
    house.bank.fault = (call) => {
      if (call === "available") asked += 1;
      return undefined;
    };
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await startMovements(house.treasury)).toBe(0);
      house.wait(MINUTE);
    }
    expect(asked).toBe(0);
    expect(await house.standing(SELLER)).toMatchObject({ payable: -8_000, balance: 0 });
  });
});

describe("what waits for a party without an account", () => {
  it("is as much as is owed for it, or nothing any more, as soon as its order was refunded", async () => {
    const house = await CountingHouse.open();
    const [part, whole] = [house.sell(), house.sell()];
    house.refund(part, 5_000);
    await house.publish();
    house.refund(part, 1_000);
    house.refund(whole, 10_000);
    await house.publish();
    expect(await house.told("transfers")).toEqual([
      `${CREATOR} ${part} 600 accrued`,
      `${SELLER} ${part} 3200 accrued`,
      `${CREATOR} ${whole} 1500 returned`,
      `${SELLER} ${whole} 8000 returned`,
    ]);
  });

  it("grows by what is released of its reserve", async () => {
    const heldMs = 10 * MINUTE;
    const house = await CountingHouse.open({ reserve: { basisPoints: 1_000, heldMs } });
    const order = house.sell();
    await house.settle();
    house.wait(heldMs);
    await house.settle();
    expect(await house.told("transfers")).toContain(`${SELLER} ${order} 8000 accrued`);
  });
});

it("what a session had captured is read from its last order, however many there were", async () => {
  const house = await CountingHouse.open();
  const cost = async (sold: number): Promise<number> => {
    for (let at = 0; at < sold; at += 1) house.sell();
    await house.publish();
    house.sell();
    return rowsRead(house, `select "basis"`, () => house.publish());
  };
  expect(await cost(5)).toBe(1);
  expect(await cost(40)).toBe(1);
});

it("a payout of more transfers than a page has shows a page of them, and its list all", async () => {
  const house = await CountingHouse.ready();
  const count = LIMITS.pageMax + 20;
  const ids = JSON.stringify(Array.from({ length: count }, (_, n) => `trf_p${n}`));
  const payout: PayoutId = "pyo_many";
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO transfers (id, party, "order", currency, amount, status, attempts, reversed, created_at_ms, updated_at_ms)
       SELECT value, '${SELLER}', 'ord_p', 'USD', 1, 'paid', 1, 0, 0, 0 FROM json_each(?1)`,
    ).bind(ids),
    env.DB.prepare(
      `INSERT INTO payouts (id, party, currency, amount, status, attempts, created_at_ms, updated_at_ms)
       VALUES ('${payout}', '${SELLER}', 'USD', ${count}, 'paid', 1, 0, 0)`,
    ),
    env.DB.prepare(
      `INSERT INTO payout_transfers (payout, transfer) SELECT '${payout}', value FROM json_each(?1)`,
    ).bind(ids),
  ]);
  const found = await findPayoutOf(house.db, payout, SELLER);
  expect(found!.transfers).toHaveLength(LIMITS.pageMax);
  const all = await everyPage((cursor) => listTransfers(house.db, { payout, limit: 200, cursor }));
  expect(new Set(all.map(({ id }): TransferId => id)).size).toBe(count);
});

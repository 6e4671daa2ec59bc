/**
 * Promise 7 for money: every event 1 to 5 times, in any order, with crashes between any two steps — and the ledger, the
 * rows and what the provider was asked are the same.
 */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderId, PayoutId } from "../../src/domain/ids.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { nextPayoutAt } from "../../src/settlement/movements/schedule.ts";
import { tier } from "../domain/contracts.ts";
import { MINUTE, usd } from "../domain/shop.ts";
import { accountAt, type Bank } from "./bank.ts";
import { CountingHouse, CREATOR, SELLER, TABLES } from "./counting-house.ts";
import { deliverAll, journalOf, mistreat, mistreatment, type Mistreatment } from "./deliver.ts";
import { snapshot, type Snapshot } from "./snapshot.ts";
import { Steps, type Crash } from "./steps.ts";

const SLOW_MS = 240_000;
/** More rounds than any one crash needs. */
const ROUNDS = 8;

type News = Parameters<CountingHouse["hear"]>[0];

/**
 * What happens outside, and what the provider tells of it. Of two things that race in the world, one is a chapter
 * before the other: who is first there decides, whatever crashes.
 */
type Chapter = (house: CountingHouse, told: Told) => readonly News[];

/** What later chapters must know of earlier ones. */
interface Told {
  readonly orders: OrderId[];
  disputes: string[];
}

function toNextPayout(house: CountingHouse): void {
  house.wait(nextPayoutAt("daily", house.nowMs)! - house.nowMs);
}

/** Sales of every kind, an account that is opened late, refunds, disputes, payouts, one sent back, and a debt. */
const STORY: readonly (readonly [what: string, Chapter])[] = [
  [
    "sales, one of them paid by credit",
    (house, told) => {
      told.orders.push(house.sell(), house.sell({ price: { creditAmount: 2_500 } }));
      told.orders.push(house.sell({ price: { creditAmount: 10_000 } }), house.sell());
      return [];
    },
  ],
  [
    "an account that is enabled",
    (house) => {
      house.bank.accounts.set(accountAt(CREATOR), "enabled");
      return [{ account: accountAt(CREATOR) }];
    },
  ],
  [
    "a refund in part and one in whole",
    (house, { orders }) => {
      house.refund(orders[0]!, 3_000, "rfd_1");
      house.refund(orders[3]!, 10_000, "rfd_2");
      return [];
    },
  ],
  [
    "two disputes",
    (house, told) => {
      told.disputes = [house.dispute(told.orders[0]!, 7_000), house.dispute(told.orders[1]!, 7_500)];
      return told.disputes.map((dispute) => ({ dispute }));
    },
  ],
  [
    "one lost, one won, and the day of the payouts",
    (house, { disputes }) => {
      house.decide(disputes[0]!, "lost");
      house.decide(disputes[1]!, "won", 0);
      return disputes.map((dispute) => ({ dispute }));
    },
  ],
  [
    "payouts",
    (house) => {
      toNextPayout(house);
      return [];
    },
  ],
  [
    "a payout that is sent back",
    (house) => {
      const isCreators = ({ kind, account }: Bank["made"][number]): boolean =>
        kind === "payout" && account === accountAt(CREATOR);
      const payout = house.bank.made.find(isCreators)!.id as PayoutId;
      house.bank.sendBack(payout);
      return [{ payout }];
    },
  ],
  [
    "a refund of what was paid out",
    (house, { orders }) => {
      house.refund(orders[2]!, 0, "rfd_3");
      return [];
    },
  ],
  [
    "a sale that the debt is taken from",
    (house, told) => {
      told.orders.push(house.sell({ quantity: 2, fee: usd(580) }));
      return [];
    },
  ],
];

async function open(): Promise<CountingHouse> {
  const house = await CountingHouse.open({
    tax: { basisPoints: 1_900 },
    reserve: { basisPoints: 500, heldMs: 30 * 24 * 60 * MINUTE },
    creatorRate: [tier(0, 1_000), tier(20_000, 1_500)],
  });
  const daily = { interval: "daily", minimums: {} } as const;
  await house.enable(SELLER, daily);
  await house.openAccount(CREATOR, daily);
  return house;
}

/** One round of what runs again and again: messages, news, cron. What fails is left for the next one. */
async function round(house: CountingHouse, news: readonly News[]): Promise<void> {
  await house.publish();
  for (const one of news) await house.hear(one).catch(() => undefined);
  await house.run().catch(() => undefined);
}

/** Rounds, a minute apart, until it looks as expected; the last look when it never does. */
async function until(house: CountingHouse, news: readonly News[], expected: Snapshot): Promise<Snapshot> {
  let seen: Snapshot = {};
  for (let count = 0; count < ROUNDS; count += 1) {
    house.wait(MINUTE);
    await round(house, news);
    seen = await snapshot(house);
    if (JSON.stringify(seen) === JSON.stringify(expected)) break;
  }
  return seen;
}

/** Keeps the database as it is; the answer brings it back. */
async function keep(): Promise<() => Promise<unknown>> {
  const every = (text: (table: string) => string): D1PreparedStatement[] =>
    TABLES.map((table) => env.DB.prepare(text(table)));
  await env.DB.batch([
    ...every((table) => `DROP TABLE IF EXISTS kept_${table}`),
    ...every((table) => `CREATE TABLE kept_${table} AS SELECT * FROM ${table}`),
  ]);
  return () =>
    env.DB.batch([
      ...every((table) => `DELETE FROM ${table}`),
      ...every((table) => `INSERT INTO ${table} SELECT * FROM kept_${table}`),
    ]);
}

/** Lives a chapter without any harm, twice over, and answers how it ends. */
async function undisturbed(house: CountingHouse, news: readonly News[]): Promise<Snapshot> {
  for (let count = 0; count < 4; count += 1) {
    await round(house, news);
    house.wait(MINUTE);
  }
  await house.checkBooks();
  return snapshot(house);
}

/** 1 tries every step in both ways and takes minutes; so many steps are passed over that a run takes seconds. */
const STRIDE: number = 6;
const WAYS: readonly Crash[] = ["before", "after", "dies"];

/** What changes something fails before or after it took effect, or is the last of its run; of what only reads, some will do. */
function waysToCrash(at: number, isChange: boolean): readonly Crash[] {
  if (STRIDE === 1) return isChange ? WAYS : ["before"];
  if (!isChange) return at % (4 * STRIDE) === 0 ? ["before"] : [];
  return at % STRIDE === 0 ? [WAYS[(at / STRIDE) % WAYS.length]!] : [];
}

describe("a crash", () => {
  it(
    "before or after any one step, or in the middle of a run, leaves everything as if there had been none",
    async () => {
      const house = await open();
      const told: Told = { orders: [], disputes: [] };
      let crashes = 0;
      for (const [what, chapter] of STORY) {
        const news = chapter(house, told);
        const [restoreDb, restoreBank, nowMs] = [await keep(), house.bank.save(), house.nowMs];
        const counted = new Steps();
        counted.watch(house, env.DB);
        await round(house, news);
        const expected = await undisturbed(house, news);
        for (const [at, isChange] of counted.taken.entries()) {
          const ways = waysToCrash(at, isChange);
          for (const crash of ways) {
            await restoreDb();
            restoreBank();
            house.shop.nowMs = nowMs;
            new Steps(at, crash).watch(house, env.DB);
            await round(house, news);
            new Steps().watch(house, env.DB);
            expect(await until(house, news, expected), `${what}: ${crash} step ${at}`).toEqual(expected);
            crashes += 1;
          }
        }
        await house.checkBooks();
      }
      expect(crashes).toBeGreaterThan(150 / STRIDE);
    },
    SLOW_MS,
  );
});

describe("events and news", () => {
  /** The story with every chapter's messages and news mistreated. */
  async function tell(treatments: readonly Mistreatment[], copies: readonly number[]): Promise<Snapshot> {
    const house = await open();
    const told: Told = { orders: [], disputes: [] };
    for (const [at, [, chapter]] of STORY.entries()) {
      const news = chapter(house, told).flatMap((one, nth) =>
        Array.from({ length: copies[(at + nth) % copies.length]! }, () => one),
      );
      const events = house.shop.events();
      const ports = {
        db: env.DB,
        journal: journalOf({ [house.session]: events }, 9),
        log: () => undefined,
      };
      const treatment = treatments[at % treatments.length]!;
      const messages = mistreat(house.session, events, treatment);
      // News race with messages; those that come too early come again.
      const early = await Promise.allSettled([
        deliverAll(consumeSettlement, messages, treatment, () => ports),
        ...news.map((one) => house.hear(one)),
      ]);
      expect(early[0]).toMatchObject({ status: "fulfilled" });
      for (const one of news) await house.hear(one);
      for (let count = 0; count < 3; count += 1) {
        await house.run();
        house.wait(MINUTE);
      }
      await house.checkBooks();
    }
    return snapshot(house);
  }

  it(
    "that come 1 to 5 times, cut and in any order, end as those that come once",
    async () => {
      const once = {
        cuttings: [[]],
        fates: [{ copies: 1, emptied: false, place: 0 }],
        batchSize: 9,
        consumers: 1,
      };
      const expected = await tell([once], [1]);
      await fc.assert(
        fc.asyncProperty(
          fc.array(mistreatment, { minLength: 4, maxLength: 4 }),
          fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
          async (treatments, copies) => {
            expect(await tell(treatments, copies)).toEqual(expected);
          },
        ),
        { numRuns: 8, seed: 7, endOnFailure: true },
      );
    },
    SLOW_MS,
  );
});

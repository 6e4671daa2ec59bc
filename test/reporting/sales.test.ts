/** Reports of sales: whatever they are summed by, they say the same, and the same as the sessions' summaries. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { typeid } from "typeid-js";
import type { SellerId } from "../../src/domain/ids.ts";
import { consumeReporting } from "../../src/reporting/consumer.ts";
import { listSessions, type SessionsOf } from "../../src/reporting/readers.ts";
import {
  longestPeriodMs,
  readSales,
  type SalesBy,
  type SalesRow,
} from "../../src/reporting/sales-readers.ts";
import { ANA, MINUTE, MUG, offerTerms, priced, SET, SET_TERMS, Shop, T0, TEE, usd } from "../domain/shop.ts";
import { deliver, message, noJournal, planOf } from "../settlement/deliver.ts";
import { eventsOf, newSessionId } from "../settlement/journal.ts";

const { DB: db } = env;
/** Many deliveries on a busy machine. */
const SLOW_MS = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ALL: readonly SalesBy[] = ["hour", "day", "offer", "session", "creator"];

function newSeller(): SellerId {
  return `sel_${typeid().getSuffix()}`;
}

/** A tee at 19.99, a mug at 9.99, and a set of one and two at 35.01. */
function openShop(seller: SellerId, over: { creator?: `cre_${string}`; currency?: string } = {}): Shop {
  const shop = Shop.created({ id: newSessionId(), seller, ...over });
  const at = (amount: number) => {
    const { headline, ...rest } = priced(amount);
    return { ...rest, headline: { ...headline, currency: over.currency ?? "USD" } };
  };
  shop.move("start");
  for (const sku of ["tee", "mug"]) shop.allocate(sku, 1_000);
  shop.create(offerTerms(TEE, { price: at(1_999), title: "Tee" }));
  shop.create(offerTerms(MUG, { price: at(999) }));
  shop.create({ ...SET_TERMS, price: at(3_501) });
  for (const offer of [TEE, MUG, SET]) shop.open(offer);
  return shop;
}

type Basket = readonly (readonly [offer: `ofr_${string}`, quantity: number])[];

/** An order of all that is in the basket, paid for. */
function sell(shop: Shop, basket: Basket): `ord_${string}` {
  const order: `ord_${string}` = `ord_${shop.state.terms!.id.slice(4)}${shop.state.seq}`;
  const items = basket.map(([offer, quantity]) => shop.token(offer, { quantity }));
  const request = shop.request(ANA, items);
  shop.send({ type: "order.buy", v: 1, order, paymentMethod: "pm", reserve: request });
  shop.authorize(order);
  shop.capture(order);
  return order;
}

async function report(shop: Shop): Promise<void> {
  const ports = { db, journal: noJournal, log: () => undefined };
  await deliver(consumeReporting, [message(shop.state.terms!.id, eventsOf(shop))], ports);
}

interface Asked {
  readonly currency?: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly limit?: number;
}

/** Every row, page by page. */
async function rowsBy(
  by: SalesBy,
  of: SessionsOf,
  { limit = 500, ...asked }: Asked = {},
): Promise<SalesRow[]> {
  const rows: SalesRow[] = [];
  let cursor: string | undefined;
  do {
    const query = { of, by, fromMs: T0 - DAY, untilMs: T0 + 90 * DAY, ...asked };
    const page = await readSales(db, query, { limit, cursor });
    expect(page!.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page!.rows);
    cursor = page!.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

const SUMS = ["units", "unitsReturned", "captured", "refunded"] as const;
const WITH_ORDERS = ["orders", ...SUMS] as const;

function summed(rows: readonly SalesRow[], names: readonly (typeof WITH_ORDERS)[number][]): number[] {
  return names.map((name) => rows.reduce((sum, row) => sum + row[name], 0));
}

const baskets = fc.uniqueArray(fc.tuple(fc.constantFrom(TEE, MUG, SET), fc.integer({ min: 1, max: 3 })), {
  minLength: 1,
  maxLength: 3,
  selector: ([offer]) => offer,
});
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });
const lives = fc.array(
  fc.record({ basket: baskets, refunds: shares, isWhole: fc.boolean(), waitMs: fc.nat(40 * HOUR) }),
  { minLength: 1, maxLength: 6 },
);

function live(shop: Shop, life: typeof lives extends fc.Arbitrary<infer T> ? T : never): void {
  const open: { order: `ord_${string}`; share: number }[] = [];
  for (const { basket, refunds, isWhole, waitMs } of life) {
    const order = sell(shop, basket);
    open.push(...refunds.map((share) => ({ order, share })), ...(isWhole ? [{ order, share: 1 }] : []));
    shop.nowMs += waitMs;
    const [next] = open.splice(0, 1);
    if (next) refundShare(shop, next);
  }
  for (const rest of open) refundShare(shop, rest);
}

/** A share of what is left. */
function refundShare(shop: Shop, { order, share }: { order: `ord_${string}`; share: number }): void {
  const { due, refunded } = shop.order(order);
  shop.refund(order, usd(Math.floor(share * (due.amount - refunded.amount))));
}

describe("sales", () => {
  it(
    "sum to the same by hour, day, offer, session and host, and to what the summaries say",
    async () => {
      const property = fc.asyncProperty(lives, lives, async (one, other) => {
        const seller = newSeller();
        const shops = [openShop(seller, { creator: "cre_sales" }), openShop(seller)];
        for (const [at, life] of [one, other].entries()) {
          live(shops[at]!, life);
          await report(shops[at]!);
        }
        const { rows } = (await listSessions(db, { seller, limit: 9 }))!;
        const total = (name: keyof (typeof rows)[number]) =>
          rows.reduce((sum, row) => sum + Number(row[name]), 0);
        for (const by of ALL) {
          const sums = await rowsBy(by, { seller });
          const [orders, units, unitsReturned, captured, refunded] = summed(sums, WITH_ORDERS);
          expect([captured, refunded, units! - unitsReturned!]).toEqual(
            (["captured", "refunded", "unitsSold"] as const).map(total),
          );
          // An order of several offers is one of each of them.
          const made = one.length + other.length;
          const offers = [...one, ...other].reduce((sum, { basket }) => sum + basket.length, 0);
          expect(orders).toBe(by === "offer" ? offers : made);
          for (const row of sums)
            expect(Math.min(...WITH_ORDERS.map((name) => row[name]))).toBeGreaterThanOrEqual(0);
        }
        // Of no offer more is refunded than was captured; of what is refunded in whole nothing is left.
        for (const row of await rowsBy("offer", { seller }))
          expect(row.refunded).toBeLessThanOrEqual(row.captured);
      });
      await fc.assert(property, { numRuns: 20, seed: 11, endOnFailure: true });
    },
    SLOW_MS,
  );

  it("of an order of several offers are divided to the last minor unit, and all of each comes back", async () => {
    const seller = newSeller();
    const shop = openShop(seller);
    const order = sell(shop, [
      [TEE, 1],
      [SET, 1],
      [MUG, 1],
    ]);
    shop.refund(order, usd(1));
    shop.refund(order, usd(3_332));
    await report(shop);
    const byOffer = async (): Promise<Record<string, SalesRow>> =>
      Object.fromEntries((await rowsBy("offer", { seller })).map((row) => [row.offer, row]));
    expect(await byOffer()).toMatchObject({
      [TEE]: { title: "Tee", orders: 1, units: 1, unitsReturned: 0, captured: 1_999, refunded: 1_025 },
      [SET]: { orders: 1, units: 3, captured: 3_501, refunded: 1_796 },
      [MUG]: { orders: 1, units: 1, captured: 999, refunded: 512 },
    });
    expect(await rowsBy("session", { seller })).toMatchObject([
      { session: shop.state.terms!.id, title: "Friday drop", orders: 1, units: 5, captured: 6_499 },
    ]);
    shop.refund(order, usd(6_499 - 3_333));
    await report(shop);
    for (const row of Object.values(await byOffer())) {
      expect([row.refunded, row.unitsReturned]).toEqual([row.captured, row.units]);
    }
  });

  it("count where they happened: a refund weeks later in its own hour", async () => {
    const seller = newSeller();
    const shop = openShop(seller);
    shop.nowMs = T0 + HOUR - 1;
    const order = sell(shop, [[TEE, 1]]);
    shop.nowMs = T0 + HOUR;
    sell(shop, [[TEE, 2]]);
    shop.nowMs = T0 + 30 * DAY;
    shop.refund(order, usd(1_999));
    await report(shop);
    const told = (rows: readonly SalesRow[]) =>
      rows.map((row) => [row.atMs! - T0, ...summed([row], WITH_ORDERS)]);
    expect(told(await rowsBy("hour", { seller }))).toEqual([
      [0, 1, 1, 0, 1_999, 0],
      [HOUR, 1, 2, 0, 3_998, 0],
      [30 * DAY, 0, 0, 1, 0, 1_999],
    ]);
    const midnight = 0 - (T0 % DAY);
    expect(told(await rowsBy("day", { seller }))).toEqual([
      [midnight, 2, 3, 0, 5_997, 0],
      [midnight + 30 * DAY, 0, 0, 1, 0, 1_999],
    ]);
    const inPeriod = (fromMs: number, untilMs: number) => rowsBy("hour", { seller }, { fromMs, untilMs });
    expect(told(await inPeriod(T0 + 1, T0 + 30 * DAY))).toEqual([[HOUR, 1, 2, 0, 3_998, 0]]);
    expect(await inPeriod(T0 + HOUR + 1, T0 + 30 * DAY)).toEqual([]);
  });

  it("come each row once whatever the page, currencies apart, the best first", async () => {
    const seller = newSeller();
    const creators = ["cre_a", "cre_b", undefined] as const;
    for (const [at, creator] of creators.entries()) {
      for (const currency of ["USD", "JPY"]) {
        const shop = openShop(seller, { currency, ...(creator ? { creator } : {}) });
        for (let n = 0; n <= at; n++) {
          shop.nowMs += n * 5 * HOUR;
          sell(shop, [
            [MUG, 1],
            [SET, n + 1],
          ]);
        }
        await report(shop);
      }
    }
    for (const by of ALL) {
      const whole = await rowsBy(by, { seller });
      for (const limit of [1, 2, 5]) expect(await rowsBy(by, { seller }, { limit })).toEqual(whole);
      const yen = await rowsBy(by, { seller }, { currency: "JPY" });
      expect(yen).toEqual(whole.filter(({ currency }) => currency === "JPY"));
    }
    expect(
      (await rowsBy("creator", { seller })).map((row) => [row.currency, row.creator, row.orders]),
    ).toEqual(
      ["JPY", "USD"].flatMap((currency) => [
        [currency, null, 3],
        [currency, "cre_b", 2],
        [currency, "cre_a", 1],
      ]),
    );
    expect(summed(await rowsBy("day", { creator: "cre_b" }), ["orders"])).toEqual([4]);
    expect(await rowsBy("session", { seller: newSeller() })).toEqual([]);
  });

  it.each(["", "x", "1.2.USD.3", "1.2.usd.3.a", "1.2.USD.3.a b", "1.2.USD.-3.a", "1.2.USD.3.x"])(
    "by hour have no page for the cursor %j",
    async (cursor) => {
      const query = { of: { seller: newSeller() }, by: "hour", fromMs: 0, untilMs: T0 } as const;
      expect(await readSales(db, query, { limit: 5, cursor })).toBeUndefined();
    },
  );

  it.each(ALL)("by %s are of no longer a period by a cursor than without one", async (by) => {
    const query = { of: { seller: newSeller() }, by, fromMs: T0, untilMs: T0 + DAY };
    const readUpTo = (untilMs: number) => readSales(db, query, { limit: 5, cursor: `0.${untilMs}.USD.0.1` });
    expect(await readUpTo(longestPeriodMs(by))).toMatchObject({ rows: [] });
    expect(await readUpTo(longestPeriodMs(by) + 1)).toBeUndefined();
  });

  it.each(ALL)("by %s are read along the party's hours, not all there are", async (by) => {
    for (const of of [{ seller: "sel_1" }, { creator: "cre_1" }] as const) {
      const query = { of, by, fromMs: T0, untilMs: T0 + DAY };
      const plan = await planOf(db, (on) => readSales(on, query, { limit: 5 }));
      const [side] = Object.keys(of);
      expect(plan).toContain(
        `reported_sales USING INDEX reported_sales_by_${side} (${side}=? AND hour_at_ms>? AND hour_at_ms<?)`,
      );
      expect(plan).not.toMatch(/SCAN reported|SCAN session/);
    }
  });
});

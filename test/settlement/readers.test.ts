/** Finding and listing orders in D1, and what the repairing cron asks for. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { OrderId, SellerId, SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import {
  findOrder,
  listOrders,
  noteGivenBack,
  noteLooks,
  openOrders,
  ordersToGiveBack,
} from "../../src/settlement/order-readers.ts";
import { orderOf } from "../../src/settlement/orders.ts";
import { rebuildOrders } from "../../src/settlement/projection.ts";
import { ANA, type Shop, T0, TEE } from "../domain/shop.ts";
import { deliver, journalOf, message, noJournal, planOf } from "./deliver.ts";
import { eventsOf, live, newSessionId } from "./journal.ts";

const { DB: db } = env;
const HOUR = 3_600_000;

async function project(shop: Shop): Promise<void> {
  const body = message(shop.state.terms!.id, eventsOf(shop));
  await deliver(consumeSettlement, [body], { db, journal: noJournal, log: () => undefined });
}

function orderIds(session: SessionId, count: number): OrderId[] {
  return Array.from({ length: count }, (_, n): OrderId => `ord_${session.slice(4)}${n}`);
}

async function pages(of: { seller: SellerId } | { session: SessionId }, limit: number): Promise<OrderId[][]> {
  const found: OrderId[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listOrders(db, { ...of, cursor, limit });
    found.push(page!.rows.map(({ id }) => id));
    cursor = page!.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

describe("findOrder", () => {
  it("finds an order, and nothing for an id nobody has", async () => {
    const session = newSessionId();
    const id: OrderId = `ord_${session.slice(4)}`;
    const shop = live([], { id: session });
    shop.buy(ANA, TEE, id);
    await project(shop);
    expect(orderOf((await findOrder(db, id))!)).toEqual(shop.order(id));
    expect(await findOrder(db, "ord_nobody")).toBeUndefined();
    expect(await findOrder(db, "ord_' OR 1=1 --")).toBeUndefined();
  });
});

describe("listOrders", () => {
  const seller: SellerId = "sel_pages";
  const sessions = [newSessionId(), newSessionId()] as const;
  const made: OrderId[] = [];

  beforeAll(async () => {
    for (const session of sessions) {
      const shop = live([], { id: session, seller });
      for (const id of orderIds(session, 5)) {
        made.push(id);
        shop.buy(ANA, TEE, id);
        if (id.endsWith("2")) shop.wait(1_000);
      }
      await project(shop);
    }
  });

  it("shows every order of a seller once, newest first, whatever the page", async () => {
    const whole = (await pages({ seller }, 100)).flat();
    expect(whole.toSorted()).toEqual(made.toSorted());
    const placed = await Promise.all(whole.map(async (id) => (await findOrder(db, id))!.placedAtMs));
    expect(placed).toEqual(placed.toSorted((a, b) => b - a));
    for (const limit of [1, 3, 10]) {
      const paged = await pages({ seller }, limit);
      expect(paged.flat()).toEqual(whole);
      expect(paged).toHaveLength(Math.ceil(made.length / limit));
    }
  });

  it("shows one session's orders only", async () => {
    const ids = (await pages({ session: sessions[0] }, 2)).flat();
    expect(ids.toSorted()).toEqual(orderIds(sessions[0], 5).toSorted());
    expect(await listOrders(db, { session: newSessionId(), limit: 5 })).toEqual({
      rows: [],
      nextCursor: null,
    });
  });

  it.each(["", "x", "1", "1.ord_", "1.ses_1", "-1.ord_1", "1.ord_1 ", "9".repeat(99)])(
    "has no page for the cursor %j",
    async (cursor) => {
      expect(await listOrders(db, { seller, cursor, limit: 5 })).toBeUndefined();
    },
  );
});

describe("the repairing cron", () => {
  const session = newSessionId();
  const orderCalled = (name: string): OrderId => `ord_${name}${session.slice(4)}`;
  const placed = orderCalled("placed");
  const authorized = orderCalled("authorized");
  const captured = orderCalled("captured");
  const failed = orderCalled("failed");
  const cancelled = orderCalled("cancelled");
  const lost = orderCalled("lost");
  const unpaid = orderCalled("unpaid");
  const late = orderCalled("late");
  // Its own years, so that the other tests' orders are not in the way.
  const long = T0 - 20 * 365 * 24 * HOUR;
  let events: Event[];

  beforeAll(async () => {
    const shop = live([], { id: session });
    shop.nowMs = T0;
    for (const id of [placed, authorized, captured, failed, cancelled, lost, unpaid]) shop.buy(ANA, TEE, id);
    for (const id of [authorized, captured, unpaid]) shop.authorize(id);
    shop.capture(captured);
    shop.fail(failed);
    shop.cancel(cancelled);
    shop.fail(unpaid, "capture_failed");
    shop.wait(LIMITS.holdMaxMs);
    shop.authorize(lost);
    shop.buy(ANA, TEE, late);
    events = eventsOf(shop).map((event) => {
      const aged = { ...event, atMs: event.atMs - (T0 - long) };
      return aged.type === "order.placed"
        ? { ...aged, order: { ...aged.order, placedAtMs: aged.order.placedAtMs - (T0 - long) } }
        : aged;
    });
    const ports = { db, journal: noJournal, log: () => undefined };
    await deliver(consumeSettlement, [message(session, events)], ports);
  });

  it("gets the orders that are still open and old enough, oldest first", async () => {
    const old = await openOrders(db, long + LIMITS.orderRepairAfterMs, 200);
    expect(old.map(({ id }) => id).toSorted()).toEqual([placed, authorized].toSorted());
    const all = await openOrders(db, long + HOUR, 200);
    expect(all.at(-1)!.id).toBe(late);
    expect(await openOrders(db, long, 200)).toEqual([]);
    expect(await openOrders(db, long + HOUR, 1)).toHaveLength(1);
  });

  it("gets the orders whose payment must be given back, until that is noted", async () => {
    const until = long + HOUR;
    const toGiveBack = async (olderThanMs: number): Promise<OrderId[]> =>
      (await ordersToGiveBack(db, olderThanMs, 200)).map(({ id }) => id);
    const early = await toGiveBack(long + 1);
    expect(early.toSorted()).toEqual([unpaid, cancelled].toSorted());
    expect(await toGiveBack(until)).toEqual([...early, lost]);
    await noteGivenBack(db, unpaid, long);
    await noteGivenBack(db, unpaid, long);
    expect(await toGiveBack(until)).toEqual([cancelled, lost]);
    await noteGivenBack(db, cancelled, long);
    expect(await toGiveBack(until)).toEqual([lost]);
    await noteLooks(db, [lost], until);
    expect(await toGiveBack(until + 1)).toEqual([]);
    await noteGivenBack(db, lost, long);
    expect(await toGiveBack(until + LIMITS.orderRestMs + 1)).toEqual([]);
  });

  it("lets an order that was looked at rest, for longer each time, whatever becomes of its row", async () => {
    const from = long + HOUR;
    const isOpenAt = async (atMs: number): Promise<boolean> =>
      (await openOrders(db, atMs, 200)).some(({ id }) => id === placed);
    let rest = LIMITS.orderRestMs;
    for (const at of [from, from + HOUR, from + 2 * HOUR]) {
      await noteLooks(db, [placed, authorized], at);
      expect([await isOpenAt(at + rest), await isOpenAt(at + rest + 1)]).toEqual([false, true]);
      rest *= 2;
    }
    for (let look = 0; look < 40; look++) await noteLooks(db, [placed], from + 2 * HOUR);
    await rebuildOrders(db, session, journalOf({ [session]: events }));
    const restedAt = from + 2 * HOUR + LIMITS.orderRestMaxMs;
    expect([await isOpenAt(restedAt), await isOpenAt(restedAt + 1)]).toEqual([false, true]);
    expect((await openOrders(db, restedAt, 200)).map(({ id }) => id)).toContain(late);
    await noteLooks(db, [late], restedAt + LIMITS.orderPendingMs + 1);
    expect(await isOpenAt(from)).toBe(true);
  });
});

describe("the readers' queries", () => {
  const seller: SellerId = "sel_1";
  const session: SessionId = "ses_1";
  const cursor = "1.ord_1";

  it.each<[string, (db: D1Database) => Promise<unknown>]>([
    ["orders_by_seller", (on) => listOrders(on, { seller, cursor, limit: 5 })],
    ["orders_by_session", (on) => listOrders(on, { session, cursor, limit: 5 })],
    ["orders_open", (on) => openOrders(on, T0, 5)],
    ["orders_come_to_nothing", (on) => ordersToGiveBack(on, T0, 5)],
  ])("are answered from the index %s, without sorting", async (index, query) => {
    const plan = await planOf(db, query);
    expect(plan).toContain(`USING INDEX ${index}`);
    expect(plan).not.toContain("TEMP B-TREE");
    expect(plan).not.toMatch(/SCAN (?!orders USING INDEX)/);
  });
});

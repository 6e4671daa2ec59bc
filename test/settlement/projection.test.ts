/** Promise 7 for orders: every event reaches the projection at least once and is applied exactly once. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import {
  deliver,
  deliverAll,
  failing,
  journalOf,
  message,
  mistreat,
  mistreatment,
  noJournal,
  type Failure,
} from "./deliver.ts";
import { acts, eventsOf, live } from "./journal.ts";
import { agree, cursorOf, ordersInD1, ordersInSession, rowsOf, silent, story } from "./stage.ts";

beforeAll(agree);

const { DB: db } = env;
/** Many deliveries on a busy machine. */
const SLOW_MS = 60_000;

describe("orders in D1", () => {
  it("are the session's orders after one message with all events", async () => {
    const { shop, session, events } = story();
    const again = await deliver(consumeSettlement, [message(session, events)], {
      db,
      journal: noJournal,
      log: silent,
    });
    expect(again).toEqual([]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
    const statuses = new Set((await rowsOf(session)).map(({ status }) => status));
    expect(statuses).toEqual(new Set(["placed", "authorized", "failed", "cancelled", "refunded"]));
  });

  it("know whose they are from the session's first event", async () => {
    const { session, events } = story();
    await deliver(consumeSettlement, [message(session, events)], { db, journal: noJournal, log: silent });
    for (const row of await rowsOf(session)) {
      expect(row).toMatchObject({ session, seller: "sel_1", creator: "cre_1", contract: "con_1" });
    }
  });

  it(
    "are the same however messages are cut, repeated, reordered, emptied, lost and consumed at once",
    async () => {
      await fc.assert(
        fc.asyncProperty(acts, mistreatment, async (life, treatment) => {
          const shop = live(life);
          const session = shop.state.terms!.id;
          const events = eventsOf(shop);
          const ports = { db, journal: journalOf({ [session]: events }, 7), log: silent };
          await deliverAll(consumeSettlement, mistreat(session, events, treatment), treatment, () => ports);
          expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
          expect(await cursorOf(session)).toBe(events.length);
        }),
        { numRuns: 15, seed: 7, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it(
    "are the same when database calls fail, before or after they took effect",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          acts,
          mistreatment,
          fc.array(fc.constantFrom<Failure>("before", "after", undefined, undefined), { maxLength: 60 }),
          async (life, treatment, failures) => {
            const shop = live(life);
            const session = shop.state.terms!.id;
            const events = eventsOf(shop);
            const script = failures.values();
            const weak = failing(db, () => script.next().value);
            const ports = { db: weak, journal: journalOf({ [session]: events }, 20), log: silent };
            await deliverAll(consumeSettlement, mistreat(session, events, treatment), treatment, () => ports);
            expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
          },
        ),
        { numRuns: 15, seed: 8, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it("are the same after a crash before or after any one call to the database", async () => {
    const crashed: string[] = [];
    for (const failure of ["before", "after"] as const) {
      for (let calls = 0; ; calls++) {
        const { shop, session, events } = story();
        const half = Math.floor(events.length / 2);
        const bodies = [message(session, events, half + 1), message(session, events, 1, half)];
        let call = 0;
        // Dead from this call on: nothing that comes later in the run reaches the database.
        const dying = failing(db, () =>
          call++ === calls ? failure : call > calls + 1 ? "before" : undefined,
        );
        const ports = { journal: journalOf({ [session]: events }), log: silent };
        const again = await deliver(consumeSettlement, bodies, { ...ports, db: dying });
        if (call <= calls) break;
        crashed.push(`${failure} ${calls}`);
        expect(await deliver(consumeSettlement, again, { ...ports, db })).toEqual([]);
        expect(await deliver(consumeSettlement, bodies, { ...ports, db })).toEqual([]);
        expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
      }
    }
    expect(crashed).toEqual(
      ["before", "after"].flatMap((when) => Array.from({ length: 9 }, (_, call) => `${when} ${call}`)),
    );
  });

  it("are the same when two consumers apply the same events at once", async () => {
    const { shop, session, events } = story();
    const ports = { db, journal: noJournal, log: silent };
    const results = await Promise.all(
      Array.from({ length: 8 }, () => deliver(consumeSettlement, [message(session, events)], ports)),
    );
    expect(results.flat()).toEqual([]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it.each([0, 1, 2])(
    "are whole when another consumer gets ahead a little before call %d",
    async (overtaken) => {
      const { shop, session, events } = story();
      const ports = { journal: journalOf({ [session]: events }), log: silent };
      let call = 0;
      const slow = failing(db, async () => {
        if (call++ === overtaken) {
          await deliver(consumeSettlement, [message(session, events, 1, 10)], { ...ports, db });
          expect(await cursorOf(session)).toBe(10);
        }
        return undefined;
      });
      const whole = message(session, events);
      expect(await deliver(consumeSettlement, [whole], { ...ports, db: slow })).toEqual([]);
      expect(await cursorOf(session)).toBe(events.length);
      expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
    },
  );

  it.each([0, 1, 2])(
    "are not set back by a consumer that was overtaken before call %d",
    async (overtaken) => {
      const { shop, session, events } = story();
      const ports = { journal: noJournal, log: silent };
      let call = 0;
      const slow = failing(db, async () => {
        if (call++ === overtaken)
          await deliver(consumeSettlement, [message(session, events)], { ...ports, db });
        return undefined;
      });
      const short = message(session, events, 1, 10);
      expect(await deliver(consumeSettlement, [short], { ...ports, db: slow })).toEqual([]);
      expect(await cursorOf(session)).toBe(events.length);
      expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
    },
  );

  it("are put in order within a batch without asking the journal", async () => {
    const { shop, session, events } = story();
    const bodies = [21, 11, 1].map((from) =>
      message(session, events, from, from === 21 ? events.length : from + 9),
    );
    const ports = { db, journal: noJournal, log: silent };
    expect(await deliver(consumeSettlement, bodies, ports)).toEqual([]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it("of many sessions in one batch do not wait for the one that fails", async () => {
    const good = story();
    const bad = story();
    const lines: unknown[] = [];
    const bodies = [message(bad.session, bad.events, 5), message(good.session, good.events)];
    const again = await deliver(consumeSettlement, bodies, {
      db,
      journal: noJournal,
      log: (line) => lines.push(line),
    });
    expect(again).toEqual([bodies[0]]);
    expect(lines).toEqual([
      expect.objectContaining({ event: "projection_failed", projection: "settlement", session: bad.session }),
    ]);
    expect(await ordersInD1(good.shop)).toEqual(ordersInSession(good.shop));
    expect(await rowsOf(bad.session)).toEqual([]);
  });

  it("of a session with more than one statement can hold are all written", async () => {
    const shop = live([]);
    const session = shop.state.terms!.id;
    const events = eventsOf(shop);
    shop.buy("vwr_ana", "ofr_tee", "ord_template");
    const template = eventsOf(shop).find((event) => event.type === "order.placed")!;
    const padding = "€".repeat(20_000);
    for (let n = 0; n < 200; n++) {
      const id = `ord_${session.slice("ses_".length)}${n}` as const;
      const units = [{ sku: padding, zone: "main", quantity: 1 }];
      events.push({ ...template, seq: events.length + 1, order: { ...template.order, id, units } });
    }
    let largest = 0;
    const measured = failing(
      db,
      () => undefined,
      (values) => {
        for (const value of values)
          largest = Math.max(largest, new TextEncoder().encode(String(value)).length);
      },
    );
    const ports = { db: measured, journal: noJournal, log: silent };
    expect(await deliver(consumeSettlement, [message(session, events)], ports)).toEqual([]);
    expect(largest).toBeLessThan(2_000_000);
    const rows = await rowsOf(session);
    expect(rows).toHaveLength(200);
    expect(rows.every((row) => row.units[0]?.sku === padding)).toBe(true);
  });
});

describe("a database that takes no writes", () => {
  it("leaves the message for later after one try", async () => {
    const { session, events } = story();
    let calls = 0;
    // The first two calls read; all that come after them fail but for the one that looks where the cursor is.
    const readOnly = failing(db, () => (++calls === 3 || calls > 5 ? "before" : undefined));
    const body = message(session, events);
    const ports = { db: readOnly, journal: noJournal, log: silent };
    expect(await deliver(consumeSettlement, [body], ports)).toEqual([body]);
    expect(calls).toBe(5);
    expect(await cursorOf(session)).toBeNull();
  });
});

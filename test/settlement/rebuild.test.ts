/** Any projection can be built anew from the journal: the same rows come out. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { rebuildOrders } from "../../src/settlement/projection.ts";
import { deliver, failing, journalOf, message, noJournal } from "./deliver.ts";
import { newSessionId } from "./journal.ts";
import { agree, cursorOf, ordersInD1, ordersInSession, rowsOf, silent, story } from "./stage.ts";

beforeAll(agree);

const { DB: db } = env;

describe("a rebuild", () => {
  it("gives the same rows, and removes what no event tells of", async () => {
    const { session, events } = story();
    const journal = journalOf({ [session]: events }, 5);
    await deliver(consumeSettlement, [message(session, events)], { db, journal, log: silent });
    const before = await rowsOf(session);
    await db.batch([
      db.prepare("UPDATE orders SET status = 'captured', due = 1 WHERE session = ?").bind(session),
      db.prepare("UPDATE orders SET id = 'ord_nobodys' WHERE id = ?").bind(before[0]!.id),
    ]);
    await rebuildOrders(db, session, journal);
    expect(await rowsOf(session)).toEqual(before);
    expect(await cursorOf(session)).toBe(events.length);
  });

  it("while messages come gives the same rows", async () => {
    const { shop, session, events } = story();
    const journal = journalOf({ [session]: events }, 4);
    const ports = { db, journal, log: silent };
    await deliver(consumeSettlement, [message(session, events, 1, 20)], ports);
    const tail = Array.from({ length: 4 }, () => message(session, events, 21));
    await Promise.all([
      rebuildOrders(db, session, journal),
      ...tail.map((body) => deliver(consumeSettlement, [body], ports)),
      rebuildOrders(db, session, journal),
    ]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it("that goes back and forth between a consumer's calls gives the same rows", async () => {
    const { shop, session, events } = story();
    const ten = journalOf({ [session]: events.slice(0, 10) });
    const ports = { db, journal: journalOf({ [session]: events }), log: silent };
    await deliver(consumeSettlement, [message(session, events, 1, 10)], ports);
    let call = 0;
    const slow = failing(db, async () => {
      if (call === 1) await deliver(consumeSettlement, [message(session, events, 11)], ports);
      if (call === 2) await rebuildOrders(db, session, ten);
      call += 1;
      return undefined;
    });
    const rest = message(session, events, 11);
    expect(await deliver(consumeSettlement, [rest], { ...ports, db: slow })).toEqual([]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it("leaves other sessions alone", async () => {
    const mine = story();
    const other = story();
    const ports = { db, journal: noJournal, log: silent };
    await deliver(
      consumeSettlement,
      [message(mine.session, mine.events), message(other.session, other.events)],
      ports,
    );
    await rebuildOrders(db, mine.session, journalOf({ [mine.session]: mine.events }));
    expect(await ordersInD1(other.shop)).toEqual(ordersInSession(other.shop));
    await rebuildOrders(db, newSessionId(), journalOf({}));
    expect(await ordersInD1(mine.shop)).toEqual(ordersInSession(mine.shop));
  });
});

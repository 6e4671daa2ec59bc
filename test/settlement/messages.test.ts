/** Single messages of the settlement queue: whole, oversize, after a gap, malformed, from another version. */
import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { SessionId } from "../../src/domain/ids.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { deliver, journalOf, message, noJournal } from "./deliver.ts";
import { altered } from "./journal.ts";
import { agree, cursorOf, ordersInD1, ordersInSession, rowsOf, silent, story } from "./stage.ts";

beforeAll(agree);

const { DB: db } = env;

describe("a gap", () => {
  it("is filled from the journal, page by page, and everything acknowledged", async () => {
    const { shop, session, events } = story();
    const asked: number[] = [];
    const read = journalOf({ [session]: events }, 3);
    const journal = (of: SessionId, afterSeq: number) => {
      asked.push(afterSeq);
      return read(of, afterSeq);
    };
    const last = message(session, events, 11);
    expect(await deliver(consumeSettlement, [last], { db, journal, log: silent })).toEqual([]);
    expect(asked).toEqual([0, 3, 6, 9]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it("that the journal cannot fill leaves the message for later and nothing applied", async () => {
    const { session, events } = story();
    const last = message(session, events, 11);
    const empty = { db, journal: journalOf({}), log: silent };
    expect(await deliver(consumeSettlement, [last], empty)).toEqual([last]);
    expect(await cursorOf(session)).toBeNull();
  });

  it("inside the journal's answer is refused, not stepped over", async () => {
    const { session, events } = story();
    const holed = events.filter(({ seq }) => seq !== 4);
    const last = message(session, events, 11);
    const ports = { db, journal: async () => holed, log: silent };
    expect(await deliver(consumeSettlement, [last], ports)).toEqual([last]);
    expect(await cursorOf(session)).toBeNull();
  });
});

describe("a message", () => {
  it("without its events, too large to send, has them read from the journal", async () => {
    const { shop, session, events } = story();
    const ports = { db, journal: journalOf({ [session]: events }), log: silent };
    const emptied = { ...message(session, events), events: [] };
    expect(await deliver(consumeSettlement, [emptied], ports)).toEqual([]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it("whose events were all applied is acknowledged without being applied", async () => {
    const { session, events } = story();
    const ports = { db, journal: noJournal, log: silent };
    await deliver(consumeSettlement, [message(session, events)], ports);
    const before = await rowsOf(session);
    expect(await deliver(consumeSettlement, [message(session, events, 3, 9)], ports)).toEqual([]);
    expect(await rowsOf(session)).toEqual(before);
  });

  it.each([
    ["nothing", null],
    ["text", "ses_1"],
    ["no session", { firstSeq: 1, lastSeq: 1, events: [] }],
    ["a backward range", { session: "ses_x", firstSeq: 2, lastSeq: 1, events: [] }],
    ["fewer events than it says", { session: "ses_x", firstSeq: 1, lastSeq: 2, events: [ev(1)] }],
    ["a hole", { session: "ses_x", firstSeq: 1, lastSeq: 3, events: [ev(1), ev(2), ev(4)] }],
    ["events out of order", { session: "ses_x", firstSeq: 1, lastSeq: 2, events: [ev(2), ev(1)] }],
  ])("of %s is retried, logged once, and keeps no other from its way", async (_what, malformed) => {
    const { shop, session, events } = story();
    const lines: unknown[] = [];
    const ports = { db, journal: noJournal, log: (line: unknown) => lines.push(line) };
    const bodies = [malformed, message(session, events)];
    expect(await deliver(consumeSettlement, bodies, ports)).toEqual([malformed]);
    expect(await deliver(consumeSettlement, [malformed], ports, 2)).toEqual([malformed]);
    expect(lines).toEqual([{ event: "message_malformed", projection: "settlement" }]);
    expect(await ordersInD1(shop)).toEqual(ordersInSession(shop));
  });

  it.each([
    ["an order event of a newer version", { v: 2 }],
    ["an order event that nobody knows yet", { type: "order.disputed" }],
  ])("with %s waits instead of losing it", async (_what, newer) => {
    const { session, events } = story();
    const at = events.findIndex(({ type }) => type === "order.captured");
    const body = message(session, events.with(at, altered(events[at]!, newer)));
    const ports = { db, journal: noJournal, log: silent };
    expect(await deliver(consumeSettlement, [body], ports)).toEqual([body]);
    expect(await cursorOf(session)).toBeNull();
  });

  it("with an event of another kind that nobody knows yet passes", async () => {
    const { session, events } = story();
    const unknown = altered(events.at(-1)!, { type: "offer.starred", seq: events.length + 1 });
    const body = message(session, [...events, unknown]);
    expect(await deliver(consumeSettlement, [body], { db, journal: noJournal, log: silent })).toEqual([]);
    expect(await cursorOf(session)).toBe(events.length + 1);
  });

  it("comes back after longer and longer", async () => {
    const delays: number[] = [];
    for (const attempts of [1, 2, 5, 20]) {
      const sent = { id: "1", timestamp: new Date(), attempts, body: null };
      const batch = createMessageBatch("dropcast-settlement", [sent]);
      vi.spyOn(batch.messages[0]!, "retry").mockImplementation((options) => {
        delays.push(options?.delaySeconds ?? 0);
      });
      const confirm = (): Promise<void> => Promise.resolve();
      await consumeSettlement(batch, { db, journal: noJournal, confirm, log: silent });
    }
    expect(delays).toEqual([2, 4, 32, 60]);
  });
});

describe("the session", () => {
  it("is told after each batch how far its orders are", async () => {
    const { session, events } = story();
    const told: unknown[] = [];
    const confirm = async (...args: [SessionId, number]) => void told.push(args);
    const ports = { db, journal: noJournal, log: silent, confirm };
    await deliver(consumeSettlement, [message(session, events, 1, 10), message(session, events, 25)], ports);
    expect(told).toEqual([[session, 10]]);
    await deliver(consumeSettlement, [message(session, events, 11)], ports);
    expect(told).toEqual([
      [session, 10],
      [session, events.length],
    ]);
  });

  it("that cannot be told does not keep messages from being acknowledged", async () => {
    const { session, events } = story();
    const confirm = () => Promise.reject(new Error("overloaded"));
    const ports = { db, journal: noJournal, log: silent, confirm };
    expect(await deliver(consumeSettlement, [message(session, events)], ports)).toEqual([]);
  });
});

function ev(seq: number): object {
  return { type: "session.paused", v: 1, seq, atMs: 0 };
}

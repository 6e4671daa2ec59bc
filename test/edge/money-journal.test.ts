/** An order's events in journals of any length: found by time and number, within limits. */
import { TypeID } from "typeid-js";
import { describe, expect, it } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { OrderId, ReservationId, SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { eventsOfOrder, type Looked } from "../../src/edge/order-journal.ts";
import { newId } from "../../src/edge/ids.ts";

const T0 = Date.now() - 3_600_000;
const session: SessionId = newId("ses");
const order: OrderId = newId("ord");

type Made = Pick<Event, "type"> & Record<string, unknown>;

/** A session whose journal has these events, so many to a block, a block a millisecond from a time on. */
function sessionOf(made: readonly Made[], { perBlock = 1, fromMs = T0, remembers = false } = {}) {
  const events = made.map((event, at) => ({
    ...event,
    seq: at + 1,
    atMs: fromMs + Math.floor(at / perBlock),
  })) as unknown as Event[];
  const blocks = Array.from({ length: Math.ceil(events.length / perBlock) }, (_, at) => ({
    number: at + 1,
    firstSeq: at * perBlock + 1,
    lastSeq: Math.min(events.length, (at + 1) * perBlock),
    atMs: fromMs + at,
    prevHash: `h${at}`,
    hash: `h${at + 1}`,
  }));
  const calls = { events: 0, blocks: 0 };
  const held = events.find(({ type }) => type === "reservation.held");
  const live = {
    head: async () => ({ number: blocks.length, lastSeq: events.length, hash: "" }),
    reservation: async () => (remembers ? ({ seq: held?.seq } as never) : undefined),
    events: async (_: SessionId, after: number, limit: number) => {
      calls.events += 1;
      return events.slice(after, after + limit);
    },
    blocks: async (_: SessionId, after: number, limit: number) => {
      calls.blocks += 1;
      return blocks.slice(after, after + limit);
    },
  };
  const seqOf = (type: string): number => events.find((event) => event.type === type)?.seq ?? 0;
  const looked = (reservation: ReservationId): Looked => ({
    session,
    order,
    reservation,
    placedAtMs: events[seqOf("order.placed") - 1]?.atMs ?? T0,
    settledSeq: seqOf("order.captured"),
    laterSeqs: events.flatMap(({ type, seq }) => (type === "order.refunded" ? [seq] : [])),
  });
  return { live, looked, calls };
}

const other = (count: number): Made[] =>
  Array.from({ length: count }, () => ({ type: "order.authorized", order: "ord_another" }));
const held = (id: ReservationId): Made => ({ type: "reservation.held", reservation: { id } });
const placed: Made = { type: "order.placed", order: { id: order } };
const step = (type: Event["type"]): Made => ({ type, order });
const committed = (id: ReservationId): Made => ({ type: "reservation.committed", reservation: id });

/** A reservation's id as it would have been made at a time (RFC 9562 §5.7), with its session's after it. */
function reservationAt(atMs: number): ReservationId {
  const hex = atMs.toString(16).padStart(12, "0");
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  return `rsv_${TypeID.fromUUID("rsv", uuid).getSuffix()}${session.slice("ses_".length)}`;
}

const kinds = ({ events }: Awaited<ReturnType<typeof eventsOfOrder>>): string[] =>
  events.map(({ event }) => event.type);

describe("the events of an order", () => {
  const reservation = reservationAt(T0);

  it.each([1, 3, 50])("are found among others', each in its block of %i", async (perBlock) => {
    const journal = [
      ...other(40),
      held(reservation),
      placed,
      ...other(70),
      step("order.authorized"),
      committed(reservation),
      ...other(9),
      step("order.captured"),
      ...other(500),
      step("order.refunded"),
      ...other(30),
    ];
    const { live, looked } = sessionOf(journal, { perBlock });
    const found = await eventsOfOrder(live, looked(reservation));
    expect(kinds(found)).toEqual([
      "reservation.held",
      "order.placed",
      "order.authorized",
      "reservation.committed",
      "order.captured",
      "order.refunded",
    ]);
    expect(found.complete).toBe(true);
    for (const { event, block } of found.events) {
      expect([block.firstSeq <= event.seq, event.seq <= block.lastSeq]).toEqual([true, true]);
    }
  });

  it.each([true, false])("have the hold of long before (remembered: %s)", async (remembers) => {
    const early = reservationAt(T0 + 500);
    const journal = [...other(600), held(early), ...other(2_000), placed, step("order.captured")];
    const { live, looked } = sessionOf(journal, { remembers });
    const found = await eventsOfOrder(live, looked(early));
    expect(kinds(found)).toEqual(["reservation.held", "order.placed", "order.captured"]);
    expect(found.complete).toBe(true);
  });

  it("cost a limited number of calls, and say what may be missing", async () => {
    const much = 3 * LIMITS.traceEvents;
    const journal = [held(reservation), placed, ...other(much), step("order.captured"), ...other(much)];
    const { live, looked, calls } = sessionOf(journal);
    const found = await eventsOfOrder(live, looked(reservation));
    expect(kinds(found)).toEqual(["reservation.held", "order.placed", "order.captured"]);
    expect(found.complete).toBe(false);
    expect(calls.events).toBeLessThanOrEqual(Math.ceil(LIMITS.traceEvents / LIMITS.pageMax) * 2 + 2);
    expect(calls.blocks).toBeLessThan(60);
  });

  it("are none where the journal does not reach", async () => {
    const { live, looked } = sessionOf(other(3));
    const found = await eventsOfOrder(live, { ...looked(reservation), placedAtMs: T0 + 9, settledSeq: 9 });
    expect(found).toEqual({ events: [], complete: false });
  });
});

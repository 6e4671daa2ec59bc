/** Summaries are a fold over the events, and agree with the session itself. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event, EventType } from "../../src/domain/events.ts";
import type { OrderStatus } from "../../src/domain/order.ts";
import { applyToReport, reportOf, type Report } from "../../src/reporting/summaries.ts";
import { ANA, type Shop, SECOND, T0, TEE, usd } from "../domain/shop.ts";
import { acts, altered, eventsOf, live } from "../settlement/journal.ts";
import { expectedOf } from "./expected.ts";

function folded(events: readonly Event[], session: `ses_${string}`, at = events.length): Report {
  const report = reportOf(undefined);
  applyToReport(report, session, events.slice(0, at));
  applyToReport(report, session, events.slice(at));
  return report;
}

function summaryOf(shop: Shop) {
  return folded(eventsOf(shop), shop.state.terms!.id).summary!;
}

describe("a summary", () => {
  it("agrees with the session's own state, for any life of a session", () => {
    fc.assert(
      fc.property(acts, (life) => {
        const shop = live(life);
        expect(summaryOf(shop)).toEqual(expectedOf(shop));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("is the same wherever the events are cut in two", () => {
    fc.assert(
      fc.property(acts, fc.double({ min: 0, max: 1, noNaN: true }), (life, cut) => {
        const shop = live(life);
        const { id } = shop.state.terms!;
        const events = eventsOf(shop);
        expect(folded(events, id, Math.floor(cut * events.length))).toEqual(folded(events, id));
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it("follows an order from tap to refund", () => {
    const shop = live([]);
    const counted = (status: OrderStatus, rest: object) => {
      const { ordersPlaced, ordersAuthorized, ordersCaptured, ordersRefunded, ...summary } = summaryOf(shop);
      const now = { placed: ordersPlaced, authorized: ordersAuthorized, captured: ordersCaptured };
      expect({ ...now, refunded: ordersRefunded }).toEqual({
        placed: 0,
        authorized: 0,
        captured: 0,
        refunded: 0,
        [status]: 1,
      });
      expect(summary).toMatchObject(rest);
    };
    shop.buy(ANA, TEE, "ord_1", 3);
    counted("placed", { reservationsHeld: 1, unitsSold: 0, captured: 0 });
    shop.authorize("ord_1");
    counted("authorized", { unitsSold: 0, captured: 0 });
    shop.capture("ord_1");
    counted("captured", { unitsSold: 3, captured: 6_000, refunded: 0 });
    shop.refund("ord_1", usd(1_000));
    counted("refunded", { unitsSold: 3, captured: 6_000, refunded: 1_000 });
    shop.refund("ord_1", usd(5_000));
    counted("refunded", { unitsSold: 0, captured: 6_000, refunded: 6_000 });
  });

  it("follows the session from draft to its end", () => {
    const shop = live([], { title: "Friday", scheduledAtMs: T0 + 60 * SECOND });
    expect(summaryOf(shop)).toMatchObject({
      status: "live",
      title: "Friday",
      currency: "USD",
      createdAtMs: T0,
      scheduledAtMs: T0 + 60 * SECOND,
      startedAtMs: T0,
      endedAtMs: null,
    });
    shop.send({
      type: "session.update",
      v: 1,
      changes: { title: "Saturday", scheduledAtMs: T0 + 90 * SECOND },
    });
    shop.move("pause");
    expect(summaryOf(shop)).toMatchObject({
      status: "paused",
      title: "Saturday",
      scheduledAtMs: T0 + 90_000,
    });
    shop.move("resume");
    shop.wait(10 * SECOND);
    shop.move("end");
    const ended = { status: "ended", startedAtMs: T0, endedAtMs: T0 + 10 * SECOND };
    expect(summaryOf(shop)).toMatchObject(ended);
  });

  it("counts a hold that ran out, and one that came from the waitlist", () => {
    const shop = live([]);
    shop.hold(ANA, TEE, 25);
    shop.waitFor(ANA, TEE, 2);
    expect(summaryOf(shop)).toMatchObject({ reservationsHeld: 1, reservationsExpired: 0 });
    shop.wait(120 * SECOND);
    expect(summaryOf(shop)).toMatchObject({ reservationsHeld: 2, reservationsExpired: 1 });
  });

  it("has what was last measured of its viewers, which is no news of the session", () => {
    const shop = live([]);
    shop.move("end");
    const { id } = shop.state.terms!;
    const before = summaryOf(shop);
    const measured = (views: number, at: number): Event => ({
      type: "session.measured",
      v: 1,
      views,
      viewersPeak: 2,
      taps: 9,
      refused: 4,
      seq: before.seq + at,
      atMs: before.updatedAtMs + at,
    });
    expect(before).toMatchObject({ views: 0, viewersPeak: 0, taps: 0, refused: 0 });
    const after = folded([...eventsOf(shop), measured(3, 1), measured(5, 2)], id).summary;
    expect(after).toEqual({
      ...before,
      views: 5,
      viewersPeak: 2,
      taps: 9,
      refused: 4,
      seq: before.seq + 2,
    });
  });

  it.each<[EventType, object]>([
    ["order.captured", { v: 2 }],
    ["order.captured", { type: "order.disputed" }],
    ["session.paused", { v: 2 }],
    ["session.paused", { type: "session.archived" }],
  ])("refuses %s turned into %j rather than pass it over", (type, newer) => {
    const shop = live([]);
    shop.sell(ANA, TEE, "ord_1");
    shop.move("pause");
    const events = eventsOf(shop).map((event) => (event.type === type ? altered(event, newer) : event));
    expect(() => folded(events, shop.state.terms!.id)).toThrow(/^unknown/);
  });

  it("of a session that was never created is an error, not a guess", () => {
    const shop = live([]);
    expect(() => folded(eventsOf(shop).slice(1), shop.state.terms!.id)).toThrow(/before its session/);
  });
});

/** Order rows are a fold over the events, and give the same orders back that the session has. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import { applyToBook, orderOf, type OrderBook } from "../../src/settlement/orders.ts";
import { order as wireOrder } from "../../src/wire/orders.ts";
import { toWire } from "../../src/wire/instants.ts";
import { throughJson } from "../domain/shop.ts";
import { acts, EVERYTHING, eventsOf, live } from "./journal.ts";

function folded(events: readonly Event[], session: `ses_${string}`, at = events.length): OrderBook {
  const book: OrderBook = { session: undefined, orders: new Map() };
  applyToBook(book, session, events.slice(0, at));
  applyToBook(book, session, events.slice(at));
  return book;
}

describe("order rows", () => {
  it("give the session's own orders back, for any life of a session", () => {
    fc.assert(
      fc.property(acts, (life) => {
        const shop = live(life);
        const book = folded(eventsOf(shop), shop.state.terms!.id);
        expect([...book.orders.values()].map(orderOf)).toEqual([...shop.state.orders.values()]);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("are the same wherever the events are cut in two", () => {
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

  it("give orders that look the same on the wire as the session's", () => {
    const shop = live(EVERYTHING);
    const book = folded(eventsOf(shop), shop.state.terms!.id);
    for (const row of book.orders.values()) {
      const fromD1 = JSON.stringify(toWire(orderOf(row)));
      const fromSession = JSON.stringify(toWire(shop.order(row.id)));
      expect(JSON.parse(fromD1)).toEqual(JSON.parse(fromSession));
    }
    const { data } = wireOrder.shape.status.safeParse(orderOf([...book.orders.values()][0]!).status);
    expect(data).toBe("refunded");
  });

  it("keep the time and the sequence of the last event about the order", () => {
    const shop = live([]);
    const { id } = shop.state.terms!;
    shop.buy("vwr_ana", "ofr_tee", "ord_1");
    shop.wait(1_000);
    shop.authorize("ord_1");
    const seq = shop.events().findLast(({ type }) => type === "order.authorized")!.seq;
    const row = folded(eventsOf(shop), id).orders.get("ord_1")!;
    expect(row).toMatchObject({ seq, updatedAtMs: shop.nowMs, placedAtMs: shop.nowMs - 1_000 });
  });

  it("of an order that was never placed are an error, not a guess", () => {
    const shop = live(EVERYTHING);
    const events = throughJson(eventsOf(shop)).filter(({ type }) => type !== "order.placed");
    expect(() => folded(events, shop.state.terms!.id)).toThrow(/before order .* was placed/);
  });

  it("of a session that was never created are an error, not a guess", () => {
    const shop = live(EVERYTHING);
    expect(() => folded(eventsOf(shop).slice(1), shop.state.terms!.id)).toThrow(/came before its session/);
  });
});

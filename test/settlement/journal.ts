/** Journals to project: what a random life of a session leaves behind, made by the real rules. */
import * as fc from "fast-check";
import { typeid } from "typeid-js";
import type { Event } from "../../src/domain/events.ts";
import type { OrderId, SessionId, ViewerId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { SessionTerms } from "../../src/domain/session.ts";
import { ANA, BEN, CLEO, CONSENT, MUG, offerTerms, Shop, T0, TEE, throughJson, usd } from "../domain/shop.ts";

const VIEWERS: readonly ViewerId[] = [ANA, BEN, CLEO];
const ACTS = [
  "sell",
  "sell",
  "sell",
  "buy",
  "buy",
  "hold",
  "place",
  "pend",
  "authorize",
  "authorize",
  "capture",
  "capture",
  "fail",
  "cancel",
  "refund",
  "refund",
  "wait",
  "rename",
  "pause",
] as const;

export interface Act {
  readonly kind: (typeof ACTS)[number];
  readonly pick: number;
  readonly quantity: number;
}

/** What happens in a session, one thing after another. */
export const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...ACTS),
    pick: fc.nat(1_000),
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
  // Of its own accord fast-check makes short ones, in which next to nothing is paid for.
  { minLength: 5, maxLength: 30, size: "max" },
);

/** A fixed life with every kind of order in it. */
const STORY: readonly (readonly [Act["kind"], number])[] = [
  ["buy", 0],
  ["authorize", 0],
  ["capture", 0],
  ["refund", 0],
  ["buy", 1],
  ["fail", 1],
  ["buy", 2],
  ["cancel", 2],
  ["hold", 0],
  ["place", 0],
  ["pend", 3],
  ["hold", 1],
  ["wait", 200],
  ["authorize", 3],
  ["buy", 1],
  ["authorize", 4],
  ["rename", 7],
  ["buy", 1],
];
export const EVERYTHING: readonly Act[] = STORY.map(([kind, pick]) => ({ kind, pick, quantity: 1 }));

export function newSessionId(): SessionId {
  return `ses_${typeid().getSuffix()}`;
}

/** Lives through the acts; those that make no sense when they come are refused and leave nothing. */
export function live(life: readonly Act[], over: Partial<SessionTerms> = {}): Shop {
  const session = over.id ?? newSessionId();
  const shop = Shop.created({ creator: "cre_1", contract: "con_1", ...over, id: session });
  shop.move("start");
  for (const offer of [TEE, MUG]) {
    shop.allocate(offer.slice("ofr_".length), 25);
    shop.create(offerTerms(offer, { backorder: CONSENT }));
    shop.open(offer);
  }
  for (const act of life) perform(shop, session, act);
  return shop;
}

function perform(shop: Shop, session: SessionId, { kind, pick, quantity }: Act): void {
  const viewer = VIEWERS[pick % VIEWERS.length]!;
  const offer = pick % 2 === 0 ? TEE : MUG;
  const made = [...shop.state.orders.keys()];
  const order = made[pick % made.length] ?? "ord_none";
  const newOrder: OrderId = `ord_${session.slice("ses_".length)}${String(made.length).padStart(6, "0")}`;
  const payment = { provider: "sandbox", id: `pay_${order}` };
  switch (kind) {
    case "buy":
      shop.buy(viewer, offer, newOrder, quantity, pick % 5 === 0 ? { creditAmount: 100 } : {});
      return;
    case "sell":
      shop.buy(viewer, offer, newOrder, quantity);
      shop.authorize(newOrder, { provider: "sandbox", id: `pay_${newOrder}` });
      shop.capture(newOrder);
      return;
    case "hold": {
      // Some have several offers in one reservation.
      const also = pick % 7 === 3 ? [shop.token(offer === TEE ? MUG : TEE, { quantity })] : [];
      const items = [shop.token(offer, { quantity: quantity * 3 }), ...also];
      shop.reserve(viewer, items, { backorder: pick % 3 === 0 });
      return;
    }
    case "place": {
      const held = [...shop.state.reservations.values()].filter(({ status }) => status === "held");
      const chosen = held[pick % held.length];
      if (chosen) shop.place(chosen.id, chosen.viewer, newOrder);
      return;
    }
    case "pend":
      shop.send({ type: "order.pend", v: 1, order, ...(pick % 2 === 0 ? { payment } : {}) });
      return;
    case "authorize":
      shop.authorize(order, payment);
      return;
    case "capture":
      shop.capture(order);
      return;
    case "fail":
      shop.fail(order, pick % 2 === 0 ? "declined" : "capture_failed");
      return;
    case "cancel":
      shop.cancel(order);
      return;
    case "refund": {
      const due = shop.state.orders.get(order)?.due.amount ?? 0;
      const part = pick % 3 === 0 ? due : Math.ceil(due / 3);
      shop.refund(order, usd(part), `rfd_${session.slice("ses_".length)}${shop.state.seq}`, pick % 2 === 0);
      return;
    }
    case "wait":
      // A session forgets orders that nobody has paid for; a journal does not.
      shop.wait(Math.min(pick * 1_000, T0 + LIMITS.answerKeptMs - shop.nowMs));
      return;
    case "rename":
      shop.send({ type: "session.update", v: 1, changes: { title: `Drop „${pick}“ \\ "ünï" 🎉` } });
      return;
    case "pause":
      shop.move(shop.state.status === "paused" ? "resume" : "pause");
      return;
  }
}

/** The journal as it comes out of JSON. */
export function eventsOf(shop: Shop): Event[] {
  return throughJson(shop.events());
}

/** An event as a version that we do not know would write it. */
export function altered(event: Event, by: object): Event {
  return Object.assign(throughJson(event), by);
}

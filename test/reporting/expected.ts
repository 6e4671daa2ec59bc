/** What a session's summary should say, from the session's own state where that has it. */
import type { EventType } from "../../src/domain/events.ts";
import type { OrderStatus } from "../../src/domain/order.ts";
import type { SessionSummary } from "../../src/reporting/tables.ts";
import type { Shop } from "../domain/shop.ts";

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

export function expectedOf(shop: Shop): SessionSummary {
  const { terms, status, startedAtMs, endedAtMs, orders, seq, warmup } = shop.state;
  const { id: session, seller, creator, contract, title, currency, scheduledAtMs } = terms!;
  const events = shop.events();
  const active = events.findLast(({ type }) => !type.startsWith("warmup.") && type !== "session.measured")!;
  const count = (...types: EventType[]) => events.filter(({ type }) => types.includes(type)).length;
  const all = [...orders.values()];
  const inStatus = (wanted: OrderStatus) => all.filter((order) => order.status === wanted).length;
  const taken = all.filter((order) => order.status === "captured" || order.status === "refunded");
  const returned = new Set(
    events.flatMap((event) => (event.type === "order.refunded" && event.unitsReturned ? [event.order] : [])),
  );
  const measured = events.findLast((event) => event.type === "session.measured");
  return {
    session,
    seller,
    creator: creator ?? null,
    contract: contract ?? null,
    title,
    status,
    currency,
    createdAtMs: events[0]!.atMs,
    scheduledAtMs: scheduledAtMs ?? null,
    startedAtMs: startedAtMs ?? null,
    endedAtMs: endedAtMs ?? null,
    reservationsHeld: count("reservation.held", "reservation.filled"),
    reservationsExpired: count("reservation.expired"),
    ordersPlaced: inStatus("placed"),
    ordersAuthorized: inStatus("authorized"),
    ordersCaptured: inStatus("captured"),
    ordersFailed: inStatus("failed"),
    ordersCancelled: inStatus("cancelled"),
    ordersRefunded: inStatus("refunded"),
    views: measured?.views ?? 0,
    viewersPeak: measured?.viewersPeak ?? 0,
    taps: measured?.taps ?? 0,
    refused: measured?.refused ?? 0,
    unitsSold: sum(
      taken
        .filter(({ id }) => !returned.has(id))
        .flatMap(({ units }) => units.map(({ quantity }) => quantity)),
    ),
    captured: sum(taken.map(({ due }) => due.amount)),
    refunded: sum(all.map(({ refunded }) => refunded.amount)),
    updatedAtMs: active.atMs,
    seq,
    activeSeq: active.seq,
    cooledSeq: warmup?.cooled?.archivedSeq ?? 0,
  };
}

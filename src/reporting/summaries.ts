/** A session's summary as a projection: from rows and events to the next rows. Pure. */
import type { Event, OfferEvent, OrderEvent, Recorded, SessionEvent, WarmupEvent } from "../domain/events.ts";
import type { OfferId, OrderId, SessionId } from "../domain/ids.ts";
import type { OrderStatus } from "../domain/order.ts";
import { assertKnownVersion, isOrderEvent } from "../domain/projection.ts";
import type { ReportedOrder, SessionSummary } from "./tables.ts";

/** What a run of events is applied to: the summary, and the orders the events are about. */
export interface Report {
  summary: SessionSummary | undefined;
  readonly orders: Map<OrderId, ReportedOrder>;
  /** Openings that the events set, by offer. */
  readonly openings: Map<OfferId, number>;
}

type Applied = Recorded<OrderEvent>;
type Counted = "reservationsHeld" | "reservationsExpired" | `orders${Capitalize<OrderStatus>}`;

/** Which counter has the orders of a status. */
const COUNTER = {
  placed: "ordersPlaced",
  authorized: "ordersAuthorized",
  captured: "ordersCaptured",
  failed: "ordersFailed",
  cancelled: "ordersCancelled",
  refunded: "ordersRefunded",
} as const satisfies Record<OrderStatus, Counted>;

/**
 * Applies events in order; those of other kinds are passed over, known or not. Throws on what it cannot apply, so that
 * nothing about an order or the session is ever passed over.
 */
export function applyToReport(report: Report, session: SessionId, events: readonly Event[]): void {
  for (const event of events) {
    if (isSessionEvent(event)) report.summary = afterSessionEvent(report.summary, session, event);
    else if (isOrderEvent(event)) applyOrderEvent(report, session, event);
    else if (event.type === "offer.created" || event.type === "offer.updated") noteOpening(report, event);
    else if (event.type === "warmup.cooled") noteCooled(report, event);
    else if (event.type === "reservation.held" || event.type === "reservation.filled") {
      count(report, "reservationsHeld", 1);
    } else if (event.type === "reservation.expired") count(report, "reservationsExpired", 1);
    if (report.summary) report.summary = { ...report.summary, ...placeOf(report.summary, event) };
  }
}

/** How far the summary is, in the journal and in time. What the warm-up records is no news of the session. */
function placeOf({ activeSeq, updatedAtMs }: SessionSummary, { type, seq, atMs }: Event) {
  if (type.startsWith("warmup.")) return { seq, activeSeq, updatedAtMs };
  return { seq, activeSeq: seq, updatedAtMs: atMs };
}

type Opening = Extract<Recorded<OfferEvent>, { type: "offer.created" | "offer.updated" }>;

function noteOpening({ openings }: Report, event: Opening): void {
  assertKnownVersion(event);
  const { opensAtMs } = event.type === "offer.created" ? event.terms : event.changes;
  const offer = event.type === "offer.created" ? event.terms.id : event.offer;
  if (opensAtMs !== undefined) openings.set(offer, opensAtMs);
}

function noteCooled(report: Report, event: Extract<Recorded<WarmupEvent>, { type: "warmup.cooled" }>): void {
  assertKnownVersion(event);
  report.summary = { ...mustHave(report.summary), cooledSeq: event.cooled.archivedSeq };
}

function isSessionEvent(event: Event): event is Recorded<SessionEvent> {
  return event.type.startsWith("session.");
}

function afterSessionEvent(
  summary: SessionSummary | undefined,
  session: SessionId,
  event: Recorded<SessionEvent>,
): SessionSummary {
  assertKnownVersion(event);
  if (event.type === "session.created") return newSummary(session, event);
  const known = mustHave(summary);
  switch (event.type) {
    case "session.updated": {
      const { title = known.title, scheduledAtMs = known.scheduledAtMs } = event.changes;
      return { ...known, title, scheduledAtMs };
    }
    case "session.started":
      return { ...known, status: event.status, startedAtMs: event.atMs };
    case "session.ended":
    case "session.cancelled":
      return { ...known, status: event.status, endedAtMs: event.atMs };
    case "session.scheduled":
    case "session.paused":
    case "session.resumed":
      return { ...known, status: event.status };
    default:
      return unknownEvent(event);
  }
}

function newSummary(
  session: SessionId,
  { terms, atMs, seq }: Extract<Recorded<SessionEvent>, { type: "session.created" }>,
): SessionSummary {
  return {
    session,
    seller: terms.seller,
    creator: terms.creator ?? null,
    contract: terms.contract ?? null,
    title: terms.title,
    status: "draft",
    currency: terms.currency,
    createdAtMs: atMs,
    scheduledAtMs: terms.scheduledAtMs ?? null,
    startedAtMs: null,
    endedAtMs: null,
    reservationsHeld: 0,
    reservationsExpired: 0,
    ordersPlaced: 0,
    ordersAuthorized: 0,
    ordersCaptured: 0,
    ordersFailed: 0,
    ordersCancelled: 0,
    ordersRefunded: 0,
    unitsSold: 0,
    captured: 0,
    refunded: 0,
    updatedAtMs: atMs,
    seq,
    activeSeq: seq,
    cooledSeq: 0,
  };
}

function applyOrderEvent(report: Report, session: SessionId, event: Applied): void {
  assertKnownVersion(event);
  if (event.type === "order.placed") {
    const { id, due, units } = event.order;
    const quantity = units.reduce((sum, unit) => sum + unit.quantity, 0);
    report.orders.set(id, {
      id,
      session,
      status: "placed",
      due: due.amount,
      units: quantity,
      seq: event.seq,
    });
    count(report, COUNTER.placed, 1);
    return;
  }
  const order = report.orders.get(event.order);
  if (!order) throw new Error(`${event.type} came before order ${event.order} was placed`);
  switch (event.type) {
    case "order.pending":
      return;
    case "order.authorized":
      return moveOrder(report, order, "authorized", event.seq);
    case "order.captured":
      moveOrder(report, order, "captured", event.seq);
      return addMoney(report, { captured: order.due, refunded: 0, unitsSold: order.units });
    case "order.failed":
      return moveOrder(report, order, "failed", event.seq);
    case "order.cancelled":
      return moveOrder(report, order, "cancelled", event.seq);
    case "order.refunded":
      moveOrder(report, order, "refunded", event.seq);
      return addMoney(report, {
        captured: 0,
        refunded: event.amount.amount,
        unitsSold: event.unitsReturned ? 0 - order.units : 0,
      });
    default:
      return unknownEvent(event);
  }
}

function moveOrder(report: Report, order: ReportedOrder, status: OrderStatus, seq: number): void {
  count(report, COUNTER[order.status], -1);
  count(report, COUNTER[status], 1);
  report.orders.set(order.id, { ...order, status, seq });
}

function count(report: Report, counter: Counted, by: number): void {
  const summary = mustHave(report.summary);
  report.summary = { ...summary, [counter]: summary[counter] + by };
}

function addMoney(
  report: Report,
  { captured, refunded, unitsSold }: Pick<SessionSummary, "captured" | "refunded" | "unitsSold">,
): void {
  const summary = mustHave(report.summary);
  report.summary = {
    ...summary,
    captured: summary.captured + captured,
    refunded: summary.refunded + refunded,
    unitsSold: summary.unitsSold + unitsSold,
  };
}

function mustHave(summary: SessionSummary | undefined): SessionSummary {
  if (!summary) throw new Error("an event came before its session was created");
  return summary;
}

function unknownEvent(event: never): never {
  throw new Error(`unknown event ${(event as Event).type}`);
}

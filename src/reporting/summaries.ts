/** A session's summary as a projection: from rows and events to the next rows. Pure. */
import type { Event, OfferEvent, OrderEvent, Recorded, SessionEvent, WarmupEvent } from "../domain/events.ts";
import type { OfferId, OrderId, SessionId } from "../domain/ids.ts";
import type { OrderStatus } from "../domain/order.ts";
import { assertKnownVersion, isOrderEvent } from "../domain/projection.ts";
import { addCapture, addRefund, dueOf, partsOf, unitsOf, type AddedSales } from "./sales.ts";
import type { ReportedOffer, ReportedOrder, SessionSummary } from "./tables.ts";

/** What a run of events is applied to: the summary, and the orders and offers the events are about. */
export interface Report {
  summary: SessionSummary | undefined;
  readonly orders: Map<OrderId, ReportedOrder>;
  readonly offers: Map<OfferId, ReportedOffer>;
  /** Offers that the events made or changed. */
  readonly changed: Set<OfferId>;
  /** What the events sold and gave back. */
  readonly sales: AddedSales;
}

/** What events change of what was known before: nothing yet. */
export function reportOf(
  summary: SessionSummary | undefined,
  orders: readonly ReportedOrder[] = [],
  offers: readonly ReportedOffer[] = [],
): Report {
  return {
    summary,
    orders: new Map(orders.map((order) => [order.id, order])),
    offers: new Map(offers.map((offer) => [offer.offer, offer])),
    changed: new Set(),
    sales: new Map(),
  };
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
    else if (event.type === "offer.created" || event.type === "offer.updated")
      noteOffer(report, session, event);
    else if (event.type === "warmup.cooled") noteCooled(report, event);
    else if (event.type === "reservation.held" || event.type === "reservation.filled") {
      count(report, "reservationsHeld", 1);
    } else if (event.type === "reservation.expired") count(report, "reservationsExpired", 1);
    if (report.summary) report.summary = { ...report.summary, ...placeOf(report.summary, event) };
  }
}

/**
 * How far the summary is, in the journal and in time. What the warm-up records is no news of the session; nor is what is
 * measured of it: an ended session is let go all the same.
 */
function placeOf({ activeSeq, updatedAtMs }: SessionSummary, { type, seq, atMs }: Event) {
  if (type.startsWith("warmup.") || type === "session.measured") return { seq, activeSeq, updatedAtMs };
  return { seq, activeSeq: seq, updatedAtMs: atMs };
}

type OfferTold = Extract<Recorded<OfferEvent>, { type: "offer.created" | "offer.updated" }>;

function noteOffer({ offers, changed }: Report, session: SessionId, event: OfferTold): void {
  assertKnownVersion(event);
  if (event.type === "offer.created") {
    const { id: offer, title, lines, opensAtMs = null } = event.terms;
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    offers.set(offer, { session, offer, title, units, opensAtMs });
    changed.add(offer);
    return;
  }
  const known = offers.get(event.offer);
  if (!known) throw new Error(`offer ${event.offer} was changed before it was created`);
  const { title = known.title, opensAtMs = known.opensAtMs } = event.changes;
  offers.set(event.offer, { ...known, title, opensAtMs });
  changed.add(event.offer);
}

/** Offers that must be known before the events can be applied: those they change and those they sell. */
export function offersNamedBy(events: readonly Event[]): OfferId[] {
  const named = events.flatMap((event) => {
    if (event.type === "offer.updated") return [event.offer];
    return event.type === "order.placed" ? event.order.lines.map(({ offer }) => offer) : [];
  });
  return [...new Set(named)];
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
    case "session.measured": {
      const { views, viewersPeak, taps, refused } = event;
      return { ...known, views, viewersPeak, taps, refused };
    }
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
    views: 0,
    viewersPeak: 0,
    taps: 0,
    refused: 0,
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
    const { id } = event.order;
    const parts = partsOf(event.order, report.offers);
    report.orders.set(id, { id, session, status: "placed", parts, seq: event.seq });
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
      addCapture(report.sales, mustHave(report.summary), order, event.atMs);
      return addMoney(report, { captured: dueOf(order), refunded: 0, unitsSold: unitsOf(order) });
    case "order.failed":
      return moveOrder(report, order, "failed", event.seq);
    case "order.cancelled":
      return moveOrder(report, order, "cancelled", event.seq);
    case "order.refunded": {
      const { amount, unitsReturned, atMs } = event;
      const summary = mustHave(report.summary);
      const parts = addRefund(report.sales, summary, order, amount.amount, unitsReturned, atMs);
      moveOrder(report, { ...order, parts }, "refunded", event.seq);
      const unitsSold = unitsReturned ? 0 - unitsOf(order) : 0;
      return addMoney(report, { captured: 0, refunded: amount.amount, unitsSold });
    }
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

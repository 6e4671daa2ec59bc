/** Decides reservations: reserve (one decision over all lines), extend, release. Pure. */
import type { ReservationCommand, ReservationItem, ReserveRequest } from "./commands.ts";
import { decided, refused } from "./decision.ts";
import type { EventBody, NewReservation } from "./events.ts";
import type { ReservationId, ViewerId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { honours, type Offer } from "./offer.ts";
import { creditOf, headlineOf } from "./pricing.ts";
import type { Refusal, Shortage } from "./refusal.ts";
import { releaseOne } from "./release.ts";
import type { Decision, Shortfall } from "./reply.ts";
import type { Reservation } from "./reservation.ts";
import type { SessionState } from "./session.ts";
import { demandOf, StockView } from "./stock.ts";

type ReservationCommandOf<T extends ReservationCommand["type"]> = Extract<ReservationCommand, { type: T }>;

/** An item with the offer it is for. */
interface Wanted {
  readonly item: ReservationItem;
  readonly offer: Offer;
  readonly quantity: number;
}

export function decideReserve(state: SessionState, request: ReserveRequest, nowMs: number): Decision {
  const outcome = reserve(state, request, nowMs);
  if ("code" in outcome) return refused(outcome);
  return decided(
    { ok: true, show: "reservation", reservation: request.reservation, shortfall: outcome.shortfall },
    outcome.event,
  );
}

/** The reservation a request leads to, or why there is none. */
export function reserve(
  state: SessionState,
  request: ReserveRequest,
  nowMs: number,
):
  | {
      event: Extract<EventBody, { type: "reservation.held" | "reservation.backordered" }>;
      shortfall: Shortfall[];
    }
  | Refusal {
  const wanted = wantedItems(state, request, nowMs);
  if (!Array.isArray(wanted)) return wanted;
  const zone = request.zone ?? state.terms?.defaultZone ?? "";
  const units = demandOf(zone, bundles(wanted));
  const stock = new StockView(state);
  if (stock.covers(units)) {
    return {
      event: { type: "reservation.held", v: 1, reservation: newReservation(request, wanted, zone, nowMs) },
      shortfall: [],
    };
  }
  if (request.allowPartial) {
    const held = fitting(wanted, zone, stock);
    if (held.length > 0) {
      const reservation = newReservation(request, held, zone, nowMs);
      return { event: { type: "reservation.held", v: 1, reservation }, shortfall: shortfallOf(wanted, held) };
    }
  }
  const consented = wanted.every(({ offer }) => offer.backorder !== undefined);
  if (request.backorder) {
    if (!consented) return { code: "backorder_not_offered" };
    if (state.waitlist.size >= LIMITS.waitlistPerSession) {
      return { code: "limit_reached", limit: "waitlistPerSession", max: LIMITS.waitlistPerSession };
    }
    const { expiresAtMs: _, latestAtMs: __, ...waiting } = newReservation(request, wanted, zone, nowMs);
    return {
      event: { type: "reservation.backordered", v: 1, reservation: { ...waiting, status: "backordered" } },
      shortfall: [],
    };
  }
  const available: Shortage[] = units.map(({ sku, quantity }) => ({
    sku,
    zone,
    requested: quantity,
    available: stock.available(zone, sku),
  }));
  return { code: "out_of_stock", available, waitlist: consented };
}

/** Every check but stock: session, offers, tokens, limits, credit. */
function wantedItems(state: SessionState, request: ReserveRequest, nowMs: number): Wanted[] | Refusal {
  if (state.status !== "live") return { code: "session_not_live", status: state.status };
  if (state.reservations.has(request.reservation)) return { code: "reservation_exists" };
  if (state.reservations.size - state.ended.size >= LIMITS.openReservations) {
    return { code: "limit_reached", limit: "openReservations", max: LIMITS.openReservations };
  }
  const wanted: Wanted[] = [];
  for (const item of request.items) {
    const offer = state.offers.get(item.offer);
    if (!offer) return { code: "offer_not_found" };
    const fault = itemFault(state, item, offer, nowMs);
    if (fault) return fault;
    if (wanted.some((other) => other.item.token === item.token)) return { code: "token_used" };
    wanted.push({ item, offer, quantity: item.quantity });
  }
  return (
    limitFault(state, request, wanted) ?? amountFault(wanted) ?? creditFault(state, request, wanted) ?? wanted
  );
}

function itemFault(
  state: SessionState,
  item: ReservationItem,
  offer: Offer,
  nowMs: number,
): Refusal | undefined {
  if (nowMs >= item.tokenExpiresAtMs) return { code: "token_expired" };
  if (state.spentTokens.has(item.token)) return { code: "token_used" };
  if (offer.status !== "open") {
    const opens =
      offer.status === "scheduled" && offer.opensAtMs !== undefined ? { opensAtMs: offer.opensAtMs } : {};
    return { code: "offer_not_open", offer: offer.id, status: offer.status, ...opens };
  }
  if (!honours(offer, item.priceVersion, nowMs)) {
    return { code: "price_version_void", offer: offer.id, priceVersion: offer.priceVersion };
  }
  if (item.quantity > item.maxQuantity) {
    return { code: "quantity_exceeded", offer: offer.id, scope: "token", max: item.maxQuantity };
  }
  return undefined;
}

/** Limits per order and per viewer, over the sum of the lines of each offer. */
function limitFault(
  state: SessionState,
  request: ReserveRequest,
  wanted: readonly Wanted[],
): Refusal | undefined {
  for (const { offer } of wanted) {
    const { perOrder, perViewer } = offer.limits;
    const quantity = quantityOf(offer, wanted);
    if (perOrder !== undefined && quantity > perOrder) {
      return { code: "quantity_exceeded", offer: offer.id, scope: "order", max: perOrder };
    }
    if (perViewer === undefined) continue;
    const already = state.viewerUnits.get(offer.id, request.viewer) ?? 0;
    if (already + quantity > perViewer) {
      return {
        code: "quantity_exceeded",
        offer: offer.id,
        scope: "viewer",
        max: Math.max(0, perViewer - already),
      };
    }
  }
  return undefined;
}

function quantityOf(offer: Offer, wanted: readonly Wanted[]): number {
  let quantity = 0;
  for (const each of wanted) if (each.offer === offer) quantity += each.quantity;
  return quantity;
}

/**
 * What a whole reservation costs, before anything is taken off it, stays in the exact integers and within what money may
 * be: what a discount takes off is split between those who fund it.
 */
function amountFault(wanted: readonly Wanted[]): Refusal | undefined {
  let headlines = 0;
  for (const { item, quantity } of wanted) headlines += headlineOf(item.price) * quantity;
  return headlines > LIMITS.moneyAmount
    ? { code: "limit_reached", limit: "moneyAmount", max: LIMITS.moneyAmount }
    : undefined;
}

/** Credit is spent once: what open holds and orders use counts against the viewer's limit. */
function creditFault(
  state: SessionState,
  request: ReserveRequest,
  wanted: readonly Wanted[],
): Refusal | undefined {
  let asked = 0;
  let limit = Number.POSITIVE_INFINITY;
  for (const { item, quantity } of wanted) {
    const credit = creditOf(item.price) * quantity;
    asked += credit;
    if (credit > 0) limit = Math.min(limit, item.creditLimit);
  }
  if (asked === 0) return undefined;
  const remaining = limit - (state.creditUsed.get(request.viewer) ?? 0);
  return asked > remaining ? { code: "credit_exceeded", remaining: Math.max(0, remaining) } : undefined;
}

/** As many units of each item, in the order asked, as the stock covers. */
function fitting(wanted: readonly Wanted[], zone: string, stock: StockView): Wanted[] {
  const held: Wanted[] = [];
  for (const { item, offer, quantity } of wanted) {
    const fits = Math.min(
      quantity,
      ...demandOf(zone, [{ lines: offer.lines, quantity: 1 }]).map((unit) =>
        Math.floor(Math.max(0, stock.available(zone, unit.sku)) / unit.quantity),
      ),
    );
    if (fits === 0) continue;
    stock.take(demandOf(zone, [{ lines: offer.lines, quantity: fits }]));
    held.push({ item, offer, quantity: fits });
  }
  return held;
}

function shortfallOf(wanted: readonly Wanted[], held: readonly Wanted[]): Shortfall[] {
  const heldBy = new Map(held.map((line) => [line.item, line.quantity]));
  return wanted
    .map(({ item, offer, quantity }) => ({
      offer: offer.id,
      requested: quantity,
      held: heldBy.get(item) ?? 0,
    }))
    .filter((line) => line.held < line.requested);
}

/** The hold is as long as the offer with the shortest one allows. */
function newReservation(
  request: ReserveRequest,
  held: readonly Wanted[],
  zone: string,
  nowMs: number,
): NewReservation {
  const holdMs = Math.min(...held.map(({ offer }) => offer.holdMs));
  return {
    id: request.reservation,
    viewer: request.viewer,
    zone,
    lines: held.map(({ item, quantity }) => ({
      offer: item.offer,
      quantity,
      token: item.token,
      tokenExpiresAtMs: item.tokenExpiresAtMs,
      priceVersion: item.priceVersion,
      price: item.price,
    })),
    units: demandOf(zone, bundles(held)),
    status: "held",
    createdAtMs: nowMs,
    expiresAtMs: nowMs + holdMs,
    latestAtMs: nowMs + Math.max(holdMs, LIMITS.holdMaxMs),
    holdMs,
    extensions: 0,
    priority: Math.max(...held.map(({ item }) => item.priority)),
  };
}

function bundles(wanted: readonly Wanted[]): { lines: Offer["lines"]; quantity: number }[] {
  return wanted.map(({ offer, quantity }) => ({ lines: offer.lines, quantity }));
}

/** The viewer's own reservation; another's is not found. */
export function ownReservation(
  state: SessionState,
  id: ReservationId,
  viewer: ViewerId,
): Reservation | undefined {
  const reservation = state.reservations.get(id);
  return reservation?.viewer === viewer ? reservation : undefined;
}

/** A fresh hold from now, at most `extensionsPerReservation` times and never past `latestAtMs`. */
export function decideExtend(
  state: SessionState,
  command: ReservationCommandOf<"reservation.extend">,
  nowMs: number,
): Decision {
  const reservation = ownReservation(state, command.reservation, command.viewer);
  if (!reservation) return refused({ code: "reservation_not_found" });
  const { status, expiresAtMs, latestAtMs, extensions, holdMs } = reservation;
  if (status !== "held" || expiresAtMs === undefined || latestAtMs === undefined) {
    return refused({ code: "reservation_not_held", status });
  }
  const extendedAtMs = Math.min(latestAtMs, nowMs + holdMs);
  if (extensions >= LIMITS.extensionsPerReservation || extendedAtMs <= expiresAtMs) {
    return refused({ code: "extension_refused", extensions, latestAtMs });
  }
  return decided(
    { ok: true, show: "reservation", reservation: reservation.id, shortfall: [] },
    { type: "reservation.extended", v: 1, reservation: reservation.id, expiresAtMs: extendedAtMs },
  );
}

export function decideRelease(
  state: SessionState,
  command: ReservationCommandOf<"reservation.release">,
  nowMs: number,
): Decision {
  const reservation = ownReservation(state, command.reservation, command.viewer);
  if (!reservation) return refused({ code: "reservation_not_found" });
  const { status, order } = reservation;
  if (status !== "held" && status !== "backordered") return refused({ code: "reservation_ended", status });
  if (order !== undefined) return refused({ code: "reservation_in_payment", order });
  return decided(
    { ok: true, show: "reservation", reservation: reservation.id, shortfall: [] },
    ...releaseOne(state, reservation, "viewer", nowMs),
  );
}

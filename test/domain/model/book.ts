/**
 * A second book of a session, kept by hand: plain lists, no index, no running count. It is written from the promises,
 * shares nothing with the domain but types, and throws when an event is one that must not happen.
 */
import type { Event, OrderEvent, Recorded, ReservationEvent } from "../../../src/domain/events.ts";
import type { ReservationLine } from "../../../src/domain/reservation.ts";
import type { SessionStatus } from "../../../src/domain/session.ts";
import type { Units } from "../../../src/domain/stock.ts";
import { AudienceBook } from "./audience-book.ts";
import {
  comesBefore,
  creditIn,
  keyOf,
  must,
  quantityOf,
  sum,
  unitsOf,
  type BookedOffer,
  type BookedOrder,
  type BookedReservation,
  type IssuedToken,
} from "./entries.ts";

/** Longest hold, extensions included, and how often one may be extended: as promised to sellers and viewers. */
const LONGEST_HOLD_MS = 15 * 60_000;
const EXTENSIONS = 3;
/** What ended longer ago than this is forgotten, and its id may be used again. */
const FORGOTTEN_AFTER_MS = 30 * 60_000;

export class Book {
  status: SessionStatus | undefined;
  seq = 0;
  atMs = 0;
  readonly allocated = new Map<string, number>();
  readonly offers = new Map<string, BookedOffer>();
  /** Everything that was ever held or waited; never forgotten. */
  readonly reservations: BookedReservation[] = [];
  readonly orders = new Map<string, BookedOrder>();
  readonly spent = new Set<string>();
  readonly #issued: ReadonlyMap<string, IssuedToken>;
  readonly #audience = new AudienceBook();

  /** A book that knows the tokens the edge has issued, or will. */
  constructor(issued: ReadonlyMap<string, IssuedToken>) {
    this.#issued = issued;
  }

  held(key: string): number {
    return sum(this.reservations.filter((hold) => hold.status === "held").map((hold) => unitsOf(hold, key)));
  }

  committed(key: string): number {
    const sold = [...this.orders.values()].filter(
      ({ status, returned }) =>
        !returned && (status === "authorized" || status === "captured" || status === "refunded"),
    );
    return sum(sold.map(({ hold }) => unitsOf(hold, key)));
  }

  available(key: string): number {
    return (this.allocated.get(key) ?? 0) - this.held(key) - this.committed(key);
  }

  fits(units: readonly Units[]): boolean {
    return units.every((unit) => this.available(keyOf(unit)) >= unit.quantity);
  }

  /** How many of a SKU one unit of an offer has. */
  perUnit(offer: string, sku: string): number {
    const lines = this.offers.get(offer)?.terms.lines ?? [];
    return sum(lines.filter((line) => line.sku === sku).map((line) => line.quantity));
  }

  waiting(): BookedReservation[] {
    return this.reservations.filter((reservation) => reservation.status === "backordered");
  }

  /** Holds, places on the waitlist and sales of a viewer that were not given back. */
  standing(viewer: string): BookedReservation[] {
    const returned = new Set(
      [...this.orders.values()].filter((order) => order.returned).map(({ hold }) => hold),
    );
    return this.reservations.filter(
      (reservation) =>
        reservation.viewer === viewer &&
        !returned.has(reservation) &&
        (reservation.status === "held" ||
          reservation.status === "backordered" ||
          reservation.status === "committed"),
    );
  }

  /** Writes an event down. */
  record(event: Event): void {
    must(event.seq === this.seq + 1, "events have no gaps", event);
    must(event.atMs >= this.atMs, "time never runs backwards", event);
    this.seq = event.seq;
    this.atMs = event.atMs;
    switch (event.type) {
      case "session.created":
        this.status = "draft";
        return;
      case "session.measured":
        return this.#audience.record(event, this.status);
      case "session.updated":
      case "offer.pinned":
      case "offer.unpinned":
      case "viewer.unnamed":
      case "warmup.planned":
      case "warmup.done":
      case "warmup.archived":
      case "warmup.cooled":
        return;
      case "session.scheduled":
      case "session.started":
      case "session.paused":
      case "session.resumed":
      case "session.ended":
      case "session.cancelled":
        this.status = event.status;
        if (event.type === "session.started") this.#audience.startedAt(event.atMs);
        return;
      case "stock.allocated":
        this.allocated.set(keyOf(event), event.allocated);
        return;
      case "offer.created":
        this.offers.set(event.terms.id, {
          terms: event.terms,
          status: "scheduled",
          limits: event.terms.limits,
          consented: event.terms.backorder !== undefined,
          versions: new Map([[1, Infinity]]),
          version: 1,
        });
        return;
      case "offer.updated":
      case "offer.repriced":
      case "offer.opened":
      case "offer.closed":
      case "offer.withdrawn":
        return this.#offer(event);
      case "reservation.held":
      case "reservation.backordered":
        return this.#reserved(event);
      case "reservation.filled":
      case "reservation.extended":
      case "reservation.released":
      case "reservation.expired":
      case "reservation.committed":
        return this.#moved(event);
      case "order.placed":
      case "order.pending":
      case "order.authorized":
      case "order.captured":
      case "order.failed":
      case "order.cancelled":
      case "order.refunded":
        return this.#order(event);
    }
  }

  /** Of an offer: what is held and sold of it now, and what was ever captured for it. */
  salesOf(offer: string): { held: number; sold: number; captured: number } {
    const sold = [...this.orders.values()].filter(
      ({ hold, returned }) => hold.status === "committed" && !returned,
    );
    const paid = [...this.orders.values()].filter(
      ({ status }) => status === "captured" || status === "refunded",
    );
    const lines = paid.flatMap(({ hold }) => hold.lines).filter((line) => line.offer === offer);
    return {
      held: quantityOf(
        this.reservations.filter(({ status }) => status === "held").flatMap((hold) => hold.lines),
        offer,
      ),
      sold: quantityOf(
        sold.flatMap(({ hold }) => hold.lines),
        offer,
      ),
      captured: sum(lines.map((line) => line.price.due.amount * line.quantity)),
    };
  }

  #offer(
    event: Extract<
      Event,
      { type: "offer.updated" | "offer.repriced" | "offer.opened" | "offer.closed" | "offer.withdrawn" }
    >,
  ): void {
    const offer = this.offers.get(event.offer)!;
    must(offer.status !== "withdrawn", "a withdrawn offer stays withdrawn", event);
    if (event.type === "offer.updated") {
      offer.limits = event.changes.limits ?? offer.limits;
      offer.consented ||= event.changes.backorder !== undefined;
    } else if (event.type === "offer.repriced") {
      must(event.priceVersion === offer.version + 1, "price versions count up", event);
      if (event.olderTokensUntilAtMs === undefined) offer.versions.clear();
      else offer.versions.set(offer.version, event.olderTokensUntilAtMs);
      offer.version = event.priceVersion;
      offer.versions.set(offer.version, Infinity);
    } else {
      if (event.type === "offer.opened") must(offer.status !== "open", "an open offer is not opened", event);
      if (event.type === "offer.closed") must(offer.status !== "closed", "a closed one is not closed", event);
      const became = {
        "offer.opened": "open",
        "offer.closed": "closed",
        "offer.withdrawn": "withdrawn",
      } as const;
      offer.status = became[event.type];
    }
  }

  #reserved(event: Extract<Event, { type: "reservation.held" | "reservation.backordered" }>): void {
    const { reservation, atMs } = event;
    const namesake = this.latest(reservation.id);
    must(
      namesake === undefined || namesake.endedAtMs < atMs - FORGOTTEN_AFTER_MS,
      "a reservation's id is its own",
      event,
    );
    must(this.status === "live", "only a live session sells", event);
    for (const line of reservation.lines) this.#spend(line, reservation.viewer, atMs);
    for (const { sku, zone } of reservation.units) {
      const wanted = sum(reservation.lines.map((line) => line.quantity * this.perUnit(line.offer, sku)));
      must(unitsOf(reservation, `${zone}/${sku}`) === wanted, "promise 2: a SKU's demand is summed", event);
    }
    const held = event.type === "reservation.held";
    const fits = this.fits(reservation.units);
    must(held ? fits : !fits, "promise 1: held is what is available, and only the rest waits", event);
    if (!held) {
      const consented = reservation.lines.every((line) => this.offers.get(line.offer)?.consented);
      must(consented, "nobody waits without the seller's consent", event);
    }
    this.reservations.push({
      id: reservation.id,
      seq: event.seq,
      viewer: reservation.viewer,
      lines: reservation.lines,
      units: reservation.units,
      priority: reservation.priority,
      status: held ? "held" : "backordered",
      heldAtMs: atMs,
      deadlineMs: reservation.expiresAtMs ?? Infinity,
      extensions: 0,
      endedAtMs: Infinity,
    });
    this.#checkViewer(reservation.viewer, reservation.lines);
  }

  /** Promise 9: at its price, for its offer, by its viewer, once, in time, while it is honoured. */
  #spend(line: ReservationLine, viewer: string, atMs: number): void {
    const token = this.#issued.get(line.token);
    const offer = this.offers.get(line.offer);
    must(token !== undefined && offer !== undefined, "promise 9: a token was issued", line);
    if (!token || !offer) return;
    must(!this.spent.has(line.token), "promise 9: a token buys once", line);
    this.spent.add(line.token);
    must(JSON.stringify(token.item.price) === JSON.stringify(line.price), "promise 9: at its price", line);
    must(
      token.item.offer === line.offer && token.viewer === viewer,
      "promise 9: its offer, its viewer",
      line,
    );
    must(atMs < token.item.tokenExpiresAtMs, "promise 9: before it expires", line);
    must(line.quantity <= token.item.maxQuantity, "promise 9: no more than it says", line);
    must(offer.status === "open", "promise 9: while its offer is open", { line, offer });
    must(
      atMs <= (offer.versions.get(line.priceVersion) ?? -1),
      "promise 9: while its price is honoured",
      line,
    );
  }

  #checkViewer(viewer: string, lines: readonly ReservationLine[]): void {
    const standing = this.standing(viewer).flatMap((reservation) => reservation.lines);
    for (const { offer } of lines) {
      const { perViewer = Infinity, perOrder = Infinity } = this.offers.get(offer)?.limits ?? {};
      must(quantityOf(standing, offer) <= perViewer, "no viewer has more than the limit", { viewer, offer });
      must(quantityOf(lines, offer) <= perOrder, "no order has more than the limit", { viewer, offer });
    }
    const credit = creditIn(standing);
    const limits = lines.filter(({ price }) => price.due.amount < price.total.amount);
    for (const { token } of limits) {
      must(credit <= (this.#issued.get(token)?.item.creditLimit ?? 0), "credit is spent once", {
        viewer,
        credit,
      });
    }
  }

  #moved(
    event: Exclude<Recorded<ReservationEvent>, { type: "reservation.held" | "reservation.backordered" }>,
  ): void {
    const hold = this.latest(event.reservation);
    must(hold !== undefined, "only what was reserved moves", event);
    if (!hold) return;
    const was = hold.status;
    switch (event.type) {
      case "reservation.filled": {
        must(was === "backordered", "only who waits is served", event);
        must(this.fits(hold.units), "promise 1: served from what is available", event);
        const before = this.waiting().filter((other) => comesBefore(other, hold));
        must(
          !before.some(({ units }) => this.fits(units)),
          "the waitlist goes by priority, then first come",
          event,
        );
        Object.assign(hold, { status: "held", heldAtMs: event.atMs, deadlineMs: event.expiresAtMs });
        return;
      }
      case "reservation.extended":
        must(was === "held" && event.atMs < hold.deadlineMs, "only a hold is extended", event);
        must(event.expiresAtMs > hold.deadlineMs, "an extension is later", event);
        must(event.expiresAtMs <= hold.heldAtMs + LONGEST_HOLD_MS, "a hold has a longest time", event);
        hold.deadlineMs = event.expiresAtMs;
        hold.extensions += 1;
        must(hold.extensions <= EXTENSIONS, "a hold is extended so many times", event);
        return;
      case "reservation.released":
        must(was === "held" || was === "backordered", "only what is held or waits is released", event);
        hold.status = "released";
        break;
      case "reservation.expired":
        must(was === "held" && hold.deadlineMs <= event.atMs, "a hold has its time", event);
        hold.status = "expired";
        break;
      case "reservation.committed":
        must(was === "held" && event.atMs < hold.deadlineMs, "promise 3: no expired hold is sold", event);
        hold.status = "committed";
        break;
    }
    hold.endedAtMs = event.atMs;
  }

  #order(event: Recorded<OrderEvent>): void {
    if (event.type === "order.placed") {
      const hold = this.latest(event.order.reservation);
      must(!this.orders.has(event.order.id), "an order's id is its own", event);
      must(hold?.status === "held", "an order is for a hold", event);
      const { id, due } = event.order;
      if (hold)
        this.orders.set(id, { id, hold, due: due.amount, status: "placed", refunded: 0, returned: false });
      return;
    }
    const order = this.orders.get(event.order);
    must(order !== undefined, "only what was placed moves", event);
    if (!order) return;
    const was = order.status;
    switch (event.type) {
      case "order.pending":
        must(was === "placed", "only a placed order is pending", event);
        return;
      case "order.authorized":
        must(was === "placed" && order.hold.status === "held", "promise 10: money meets a hold", event);
        order.status = "authorized";
        return;
      case "order.captured":
        must(was === "authorized", "only what is authorized is captured", event);
        order.status = "captured";
        return;
      case "order.failed":
        must(was === "placed" || was === "authorized", "only an open order fails", event);
        must(event.unitsReturned === (was === "authorized"), "units come back when they were sold", event);
        Object.assign(order, { status: "failed", returned: event.unitsReturned });
        return;
      case "order.cancelled":
        must(was === "placed", "only a placed order is cancelled", event);
        order.status = "cancelled";
        return;
      case "order.refunded":
        must(was === "captured" || was === "refunded", "only what was captured is refunded", event);
        must(!(event.unitsReturned && order.returned), "units come back once", event);
        order.status = "refunded";
        order.refunded += event.amount.amount;
        order.returned ||= event.unitsReturned;
        must(order.refunded <= order.due, "no more is refunded than was paid", event);
        must(event.refundedTotal.amount === order.refunded, "refunds add up", event);
    }
  }

  latest(reservation: string): BookedReservation | undefined {
    return this.reservations.findLast(({ id }) => id === reservation);
  }
}

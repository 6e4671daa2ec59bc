/** Which viewer is told of what: the outcome of an order, the end or the filling of a hold. Pure. */
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, ViewerId } from "../domain/ids.ts";
import type { Order } from "../domain/order.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { SessionState } from "../domain/session.ts";

/** To one viewer: an order or a reservation as it stands. */
export interface Notice {
  readonly viewer: ViewerId;
  readonly order?: Order;
  readonly reservation?: Reservation;
}

/** Ids of what viewers must be told about, each once however often it changed. */
export class NoticeList {
  readonly #orders = new Set<OrderId>();
  readonly #reservations = new Set<ReservationId>();

  get size(): number {
    return this.#orders.size + this.#reservations.size;
  }

  add(event: Event): void {
    switch (event.type) {
      case "order.captured":
      case "order.failed":
      case "order.cancelled":
      case "order.refunded":
        this.#orders.add(event.order);
        break;
      case "reservation.filled":
      case "reservation.expired":
        this.#reservations.add(event.reservation);
        break;
      case "reservation.released":
        if (event.reason !== "viewer") this.#reservations.add(event.reservation);
        break;
      default:
    }
  }

  /** The notices, worded from the state as it is now; the list is empty afterwards. */
  take(state: SessionState): Notice[] {
    const notices: Notice[] = [];
    for (const id of this.#orders) {
      const order = state.orders.get(id);
      if (order) notices.push({ viewer: order.viewer, order });
    }
    for (const id of this.#reservations) {
      const reservation = state.reservations.get(id);
      if (reservation) notices.push({ viewer: reservation.viewer, reservation });
    }
    this.#orders.clear();
    this.#reservations.clear();
    return notices;
  }
}

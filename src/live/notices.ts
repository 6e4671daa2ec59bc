/** Which viewer is told of what: the outcome of an order, the filling, the extension or the end of a hold. Pure. */
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, ViewerId } from "../domain/ids.ts";
import type { Order } from "../domain/order.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { SessionState } from "../domain/session.ts";
import { toWire } from "../wire/instants.ts";

/** To one viewer: an order or a reservation as it stands. Worded once, however many relays pass it on. */
export interface Notice {
  readonly viewer: ViewerId;
  /** The message as it goes over the socket. */
  readonly text: string;
}

/** Ids of what viewers must be told about, each once however often it changed. */
export class NoticeList {
  readonly #orders = new Set<OrderId>();
  readonly #reservations = new Set<ReservationId>();

  add(event: Event): void {
    switch (event.type) {
      case "order.captured":
      case "order.failed":
      case "order.cancelled":
      case "order.refunded":
        this.#orders.add(event.order);
        break;
      // The viewer may have another page open, which did not ask for it.
      case "reservation.filled":
      case "reservation.extended":
      case "reservation.expired":
      case "reservation.released":
        this.#reservations.add(event.reservation);
        break;
      default:
    }
  }

  /** The notices, worded from the state as it is now; the list is empty afterwards. */
  take(state: SessionState): Notice[] {
    const notices: Notice[] = [];
    for (const id of this.#orders) {
      const order = state.orders.get(id);
      if (order) notices.push(noticeOf(order.viewer, { order }));
    }
    for (const id of this.#reservations) {
      const reservation = state.reservations.get(id);
      if (reservation) notices.push(noticeOf(reservation.viewer, { reservation }));
    }
    this.#orders.clear();
    this.#reservations.clear();
    return notices;
  }
}

function noticeOf(viewer: ViewerId, about: { order: Order } | { reservation: Reservation }): Notice {
  return { viewer, text: JSON.stringify(toWire({ type: "notice", ...about })) };
}

/** What falls due by itself: hold deadlines, offer windows, price steps. An index over the state, rebuilt, never stored. */
import TinyQueue from "tinyqueue";
import type { OfferId, ReservationId } from "./ids.ts";
import type { Offer } from "./offer.ts";
import type { Reservation } from "./reservation.ts";

/** Something to do at a time. It may be stale: whoever reads it checks it against the state. */
export type AgendaItem =
  | { readonly atMs: number; readonly kind: "hold"; readonly id: ReservationId }
  | { readonly atMs: number; readonly kind: "opens" | "closes" | "price_step"; readonly id: OfferId };

/** A heap by time; among equals by kind and id, so that what falls due together always does so in one order. */
export class Agenda {
  readonly #queue = new TinyQueue<AgendaItem>([], compare);

  addHold(reservation: Reservation): void {
    if (reservation.status === "held" && reservation.expiresAtMs !== undefined) {
      this.#queue.push({ atMs: reservation.expiresAtMs, kind: "hold", id: reservation.id });
    }
  }

  addOffer(offer: Offer): void {
    const { id } = offer;
    if (offer.opensAtMs !== undefined) this.#queue.push({ atMs: offer.opensAtMs, kind: "opens", id });
    if (offer.closesAtMs !== undefined) this.#queue.push({ atMs: offer.closesAtMs, kind: "closes", id });
    for (const step of offer.priceSteps) this.#queue.push({ atMs: step.atMs, kind: "price_step", id });
  }

  /** The earliest item that `isCurrent`; stale ones before it are dropped for good. */
  next(isCurrent: (item: AgendaItem) => boolean): AgendaItem | undefined {
    for (;;) {
      const item = this.#queue.peek();
      if (item === undefined || isCurrent(item)) return item;
      this.#queue.pop();
    }
  }
}

function compare(a: AgendaItem, b: AgendaItem): number {
  return a.atMs - b.atMs || compareText(a.kind, b.kind) || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

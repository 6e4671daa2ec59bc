/** Backordered reservations in the order they are served. An index over the state, rebuilt, never stored. */
import type { ReservationId } from "./ids.ts";
import type { Reservation } from "./reservation.ts";

type Place = Pick<Reservation, "id" | "priority" | "seq">;

/** Highest priority first, then first come. Kept sorted; a session's waitlist is bounded (`LIMITS.waitlistPerSession`). */
export class Waitlist {
  readonly #places: Place[] = [];

  get size(): number {
    return this.#places.length;
  }

  add({ id, priority, seq }: Reservation): void {
    const at = this.#indexFor({ id, priority, seq });
    this.#places.splice(at, 0, { id, priority, seq });
  }

  remove(reservation: Reservation): void {
    const at = this.#indexFor(reservation);
    if (this.#places[at]?.id === reservation.id) this.#places.splice(at, 1);
  }

  *[Symbol.iterator](): Iterator<ReservationId> {
    for (const place of this.#places) yield place.id;
  }

  /** Where a place stands or would stand. */
  #indexFor(place: Place): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#places[middle];
      if (other !== undefined && compare(other, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** `seq` is unique to a reservation within its event batch, `id` settles what is left. */
function compare(a: Place, b: Place): number {
  return b.priority - a.priority || a.seq - b.seq || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The front of a map that is filled at its end and emptied from its front. An index over it, made anew, never stored. */

/**
 * Walks a map from its oldest entry on with one iterator that it keeps: a new one would step over every deleted entry
 * again. Entries may be deleted by others meanwhile.
 */
export class Oldest<K, V> {
  readonly #map: Map<K, V>;
  #iterator: Iterator<[K, V]>;
  #oldest: [K, V] | undefined;

  constructor(map: Map<K, V>) {
    this.#map = map;
    this.#iterator = map.entries();
  }

  /** Deletes the oldest entries for as long as `isOver` says so of the oldest. */
  deleteWhile(isOver: (value: V, key: K) => boolean): void {
    for (let entry = this.#peek(); entry && isOver(entry[1], entry[0]); entry = this.#peek()) {
      this.#map.delete(entry[0]);
    }
  }

  /** The oldest entry that is still there. An iterator that has ended stays ended, so the next one begins anew. */
  #peek(): [K, V] | undefined {
    if (this.#oldest && this.#map.has(this.#oldest[0])) return this.#oldest;
    let next = this.#iterator.next();
    if (next.done && this.#map.size > 0) {
      this.#iterator = this.#map.entries();
      next = this.#iterator.next();
    }
    this.#oldest = next.done ? undefined : next.value;
    return this.#oldest;
  }
}

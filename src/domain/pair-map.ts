/**
 * A map by two keys. One text made of both would be made, hashed and looked up anew with every question, and that is
 * most of what a question costs. Pure.
 */

/** The first key should be the one with fewer values: each has a map of its own. */
export class PairMap<First, Second, Value> {
  readonly #maps = new Map<First, Map<Second, Value>>();

  constructor(entries: Iterable<readonly [First, Second, Value]> = []) {
    for (const [first, second, value] of entries) this.set(first, second, value);
  }

  get size(): number {
    let size = 0;
    for (const map of this.#maps.values()) size += map.size;
    return size;
  }

  get(first: First, second: Second): Value | undefined {
    return this.#maps.get(first)?.get(second);
  }

  set(first: First, second: Second, value: Value): void {
    const map = this.#maps.get(first);
    if (map) map.set(second, value);
    else this.#maps.set(first, new Map([[second, value]]));
  }

  delete(first: First, second: Second): void {
    const map = this.#maps.get(first);
    map?.delete(second);
    if (map?.size === 0) this.#maps.delete(first);
  }

  *values(): Generator<Value> {
    for (const map of this.#maps.values()) yield* map.values();
  }

  *[Symbol.iterator](): Generator<[First, Second, Value]> {
    for (const [first, map] of this.#maps) for (const [second, value] of map) yield [first, second, value];
  }
}

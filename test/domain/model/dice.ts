/** Chance made from a number: the same number, the same throws, so that a failure can be replayed and shrunk. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 to `count - 1` (mulberry32). */
  upTo(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  of<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)]!;
  }

  oneIn(count: number): boolean {
    return this.upTo(count) === 0;
  }
}

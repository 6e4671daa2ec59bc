// The simulation's clock, threads, chance and latency counts. Deterministic: the same seed, the same run.
import TinyQueue from "tinyqueue";

interface Happening {
  readonly atMs: number;
  readonly order: number;
  readonly happens: () => void;
}

/** Events in order of time; of the same time in the order they were asked for. */
export class Clock {
  nowMs = 0;
  #asked = 0;
  readonly #queue = new TinyQueue<Happening>(
    [],
    (one, other) => one.atMs - other.atMs || one.order - other.order,
  );

  at(atMs: number, happens: () => void): void {
    this.#asked += 1;
    this.#queue.push({ atMs: Math.max(atMs, this.nowMs), order: this.#asked, happens });
  }

  /** Until nothing is left to happen. */
  run(): void {
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) {
      this.nowMs = next.atMs;
      next.happens();
    }
  }
}

const SECOND_MS = 1_000;

/** One object's thread: takes work in the order it comes, one piece at a time. */
export class Thread {
  #freeAtMs = 0;
  readonly #busyMs: number[] = [];

  /** When work that comes now is done. */
  work(nowMs: number, takesMs: number): number {
    const fromMs = Math.max(nowMs, this.#freeAtMs);
    this.#freeAtMs = fromMs + takesMs;
    for (let atMs = fromMs; atMs < this.#freeAtMs;) {
      const second = Math.floor(atMs / SECOND_MS);
      const untilMs = Math.min(this.#freeAtMs, (second + 1) * SECOND_MS);
      this.#busyMs[second] = (this.#busyMs[second] ?? 0) + untilMs - atMs;
      atMs = untilMs;
    }
    return this.#freeAtMs;
  }

  /** Share of its busiest second in which it worked. */
  get peakShare(): number {
    return this.#busyMs.reduce((most, ms) => Math.max(most, ms ?? 0), 0) / SECOND_MS;
  }

  get freeAtMs(): number {
    return this.#freeAtMs;
  }
}

/** Counts by second, for the busiest of them. */
export class PerSecond {
  readonly #counts: number[] = [];

  add(nowMs: number, times = 1): void {
    const second = Math.floor(nowMs / SECOND_MS);
    this.#counts[second] = (this.#counts[second] ?? 0) + times;
  }

  get peak(): number {
    return this.#counts.reduce((most, count) => Math.max(most, count ?? 0), 0);
  }
}

const STEP = Math.log(1.02);

/** Latencies, counted in steps of two per cent. */
export class Latencies {
  readonly #counts = new Map<number, number>();
  total = 0;

  add(ms: number, times = 1): void {
    const bucket = Math.round(Math.log(Math.max(0.1, ms)) / STEP);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + times);
    this.total += times;
  }

  /** Milliseconds that this share of them did not pass; 0 when there are none. */
  quantile(share: number): number {
    let below = 0;
    for (const bucket of [...this.#counts.keys()].toSorted((one, other) => one - other)) {
      below += this.#counts.get(bucket) ?? 0;
      if (below >= share * this.total) return Math.exp(bucket * STEP);
    }
    return 0;
  }
}

/** Chance by a seed: mulberry32. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** How many of something that happens `mean` times on average; by its normal likeness where there are many. */
  poisson(mean: number): number {
    if (mean > 50) {
      const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
    }
    let count = 0;
    for (let left = Math.exp(-mean), product = this.next(); product > left; product *= this.next())
      count += 1;
    return count;
  }
}

/** Paces work: the first request runs at once, later ones at most once a tick. Keeps a timer only while one is due. */
export class Ticker {
  readonly #tickMs: number;
  readonly #work: () => void;
  #ranAtMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A pending timer keeps an object awake, so there is none while nothing asks. */
  constructor(tickMs: number, work: () => void) {
    this.#tickMs = tickMs;
    this.#work = work;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    // Never longer than a tick, should the clock be set back.
    const waitMs = Math.min(this.#tickMs, this.#ranAtMs + this.#tickMs - Date.now());
    if (waitMs <= 0) this.#run();
    else this.#timer = setTimeout(() => this.#run(), waitMs);
  }

  #run(): void {
    this.#timer = undefined;
    this.#ranAtMs = Date.now();
    this.#work();
  }
}

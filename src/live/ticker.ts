/**
 * Paces work: the first request runs at once, later ones at most once a tick. Keeps a timer only while one is due.
 * Holds no other object's state.
 */
import { LIMITS } from "../domain/limits.ts";

/** A timer that comes a whole tick late says that the thread is full; less may be the last frame still going out. */
const LATE_TICKS = 1;
/** How fast the tick widens while the thread is full, and how fast it comes back. */
const WIDEN = 1.5;
const RELAX = 0.8;

/**
 * The next factor by which a tick is widened, after a timer came `lateMs` late: objects on one machine share a thread,
 * and who sends less often leaves it to others. 1 is the tick as it was meant. Pure.
 */
export function strainAfter(strain: number, tickMs: number, lateMs: number): number {
  return lateMs > tickMs * LATE_TICKS ? strain * WIDEN : Math.max(1, strain * RELAX);
}

export class Ticker {
  readonly #meantMs: () => number;
  readonly #work: () => void;
  #ranAtMs = Number.NEGATIVE_INFINITY;
  #dueAtMs = 0;
  #strain = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `meantMs` is asked anew for each tick. A pending timer keeps an object awake, so there is none while nothing asks. */
  constructor(meantMs: () => number, work: () => void) {
    this.#meantMs = meantMs;
    this.#work = work;
  }

  /** Time between two runs as it is now. */
  get tickMs(): number {
    const meantMs = this.#meantMs();
    return Math.max(meantMs, Math.min(meantMs * this.#strain, LIMITS.frameTickMaxMs));
  }

  request(): void {
    if (this.#timer !== undefined) return;
    const { tickMs } = this;
    // Never longer than a tick, should the clock be set back.
    const waitMs = Math.min(tickMs, this.#ranAtMs + tickMs - Date.now());
    if (waitMs <= 0) return this.#run();
    this.#dueAtMs = Date.now() + waitMs;
    this.#timer = setTimeout(() => {
      const strain = strainAfter(this.#strain, tickMs, Date.now() - this.#dueAtMs);
      // Past the longest tick, wider has no meaning, and the way back would be long.
      this.#strain = Math.min(strain, Math.max(1, LIMITS.frameTickMaxMs / this.#meantMs()));
      this.#run();
    }, waitMs);
  }

  /** Forgets what was asked for. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #run(): void {
    this.#timer = undefined;
    this.#ranAtMs = Date.now();
    this.#work();
  }
}

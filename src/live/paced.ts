/** Asks a question at most so often, however many want the answer. Holds nothing but the question that is under way. */

export class Paced<Answer> {
  readonly #everyMs: number;
  readonly #ask: () => Promise<Answer>;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #next: Promise<Answer> | undefined;

  constructor(everyMs: number, ask: () => Promise<Answer>) {
    this.#everyMs = everyMs;
    this.#ask = ask;
  }

  /** The answer to a question that is asked from now on, never to one that was under way already. */
  answer(): Promise<Answer> {
    this.#next ??= this.#asked();
    return this.#next;
  }

  async #asked(): Promise<Answer> {
    const waitMs = Math.min(this.#everyMs, this.#askedAtMs + this.#everyMs - Date.now());
    if (waitMs > 0) await scheduler.wait(waitMs);
    this.#next = undefined;
    this.#askedAtMs = Date.now();
    return this.#ask();
  }
}

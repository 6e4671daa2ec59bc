/** What is being done and what was refused, so that buttons can say so. The truth comes by the feed. Touches nothing itself. */

export class Acts {
  readonly #changed: () => void;
  readonly #words: (error: unknown) => string;
  readonly #busy = new Set<string>();
  readonly #refusals = new Map<string, string>();

  /** `words` says why something was refused. */
  constructor(changed: () => void, words: (error: unknown) => string) {
    this.#changed = changed;
    this.#words = words;
  }

  /** The names of what is under way. */
  get busy(): ReadonlySet<string> {
    return this.#busy;
  }

  /** By place: an offer's id, or `session`. */
  get refusals(): ReadonlyMap<string, string> {
    return this.#refusals;
  }

  /** A second tap while the first of its name is under way is the same one. Says whether this one was done. */
  async run(place: string, name: string, act: () => Promise<void>): Promise<boolean> {
    if (this.#busy.has(name)) return false;
    this.#busy.add(name);
    this.#refusals.delete(place);
    this.#changed();
    let isDone = true;
    try {
      await act();
    } catch (error) {
      isDone = false;
      this.#refusals.set(place, this.#words(error));
    }
    this.#busy.delete(name);
    this.#changed();
    return isDone;
  }
}

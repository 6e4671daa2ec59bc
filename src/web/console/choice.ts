/** One of several things that is sent as soon as it is chosen: the last choice counts. Touches timers alone. */

/** The feed tells of what was done about when the answer does; so long after it, what it says is true. */
const HEARD_MS = 2_000;
/** Unless it is held up: then it is waited for so many times as long, and no longer. */
const MOST = 5;

export class Choice<T> {
  readonly #changed: () => void;
  readonly #isBehind: () => boolean;
  #wanted: T | undefined;
  #isSending = false;
  #hearing: ReturnType<typeof setTimeout> | undefined;

  /** `isBehind` says whether more has happened than was told of. */
  constructor(changed: () => void, isBehind: () => boolean) {
    this.#changed = changed;
    this.#isBehind = isBehind;
  }

  /** What is wanted, while it is sent and until it can be heard of; else what was `told`. */
  shown(told: T): T {
    return this.#wanted ?? told;
  }

  /** One is sent at a time: the network may let two overtake each other. `send` says whether it was done. */
  async make(wanted: T, send: (wanted: T) => Promise<boolean>): Promise<void> {
    clearTimeout(this.#hearing);
    this.#wanted = wanted;
    this.#changed();
    if (this.#isSending) return;
    this.#isSending = true;
    let sent: T;
    let isDone: boolean;
    do {
      sent = this.#wanted;
      isDone = await send(sent);
    } while (this.#wanted !== sent);
    this.#isSending = false;
    if (isDone) this.#hear(MOST);
    else this.#forget();
  }

  #hear(times: number): void {
    this.#hearing = setTimeout(() => {
      if (times > 1 && this.#isBehind()) this.#hear(times - 1);
      else this.#forget();
    }, HEARD_MS);
  }

  #forget(): void {
    this.#wanted = undefined;
    this.#changed();
  }
}

/** A card's subscription to its session: one client for all cards of a page, let go when the card leaves. */
import { clientOf, type ClientOptions, type SessionClient } from "../../sdk/index.ts";

export class Following {
  readonly #changed: () => void;
  #client: SessionClient | undefined;
  #stop: (() => void) | undefined;
  #key = "";

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get client(): SessionClient | undefined {
    return this.#client;
  }

  /** Follows this session from now on, and no other. True when it is another than before. */
  follow(options: ClientOptions): boolean {
    const key = `${options.api} ${options.session}`;
    if (this.#stop && key === this.#key) return false;
    this.stop();
    this.#key = key;
    this.#client = clientOf(options);
    this.#stop = this.#client.subscribe(this.#changed);
    return true;
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#client = undefined;
  }
}

/**
 * Keeps the object that has it in memory for a while: one with nothing to do is put to sleep after ten seconds, one that
 * waits for a timer is not. Costs its 128 MB for as long. Holds one timer.
 * @see https://developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle/
 */
import { LIMITS } from "../domain/limits.ts";

export class Awake {
  #untilMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Until then, or longer if it was told so before. */
  until(untilMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, untilMs);
    if (this.#timer === undefined) this.#wait();
  }

  end(): void {
    this.#untilMs = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    const leftMs = this.#untilMs - Date.now();
    this.#timer =
      leftMs > 0 ? setTimeout(() => this.#wait(), Math.min(leftMs, LIMITS.stayAwakeMs)) : undefined;
  }
}

/** The server's clock, from the times it puts on its messages. Pure but for the device's clock, an argument. */

/** Samples that count: a clock that was set anew, or that drifts, is followed after so many messages. */
const SAMPLES = 12;

export class Clock {
  readonly #deviceMs: () => number;
  /** Server's time less the device's when a message arrived: too small by the message's way, never too large. */
  readonly #offsets: number[] = [];
  #bestMs = 0;

  constructor(deviceMs: () => number) {
    this.#deviceMs = deviceMs;
  }

  /** Takes in when a message was sent by the server's clock, ISO 8601, right after it arrived. */
  heard(serverAt: string): void {
    const offsetMs = Date.parse(serverAt) - this.#deviceMs();
    if (!Number.isFinite(offsetMs)) return;
    this.#offsets.push(offsetMs);
    if (this.#offsets.length > SAMPLES) this.#offsets.shift();
    this.#bestMs = Math.max(...this.#offsets);
  }

  /** The device's clock until the server was heard; then the server's, late by the quickest message's way. */
  nowMs(): number {
    return this.#deviceMs() + this.#bestMs;
  }
}

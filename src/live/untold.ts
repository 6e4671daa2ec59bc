/**
 * Sees to it that what a relay counted of its taps goes up soon, also when no batch and no push takes it along: the last
 * taps of a rush, and those that the relay refused by itself. Keeps a timer for a second or two after a tap, no longer.
 */
import { LIMITS } from "../domain/limits.ts";
import type { Meter } from "./meter.ts";
import { Ticker } from "./ticker.ts";

export class Untold {
  readonly #meter: Pick<Meter, "hasUntold" | "isDue">;
  readonly #report: () => void;
  readonly #ticker = new Ticker(
    () => LIMITS.meterReportMs,
    () => this.#look(),
  );

  /** `report` takes what was counted. */
  constructor(meter: Pick<Meter, "hasUntold" | "isDue">, report: () => void) {
    this.#meter = meter;
    this.#report = report;
  }

  /** A tap was counted, maybe. */
  noted(): void {
    if (this.#meter.hasUntold) this.#ticker.request();
  }

  stop(): void {
    this.#ticker.stop();
  }

  /** In a rush batches take it along, and there is nothing to do but to look again. */
  #look(): void {
    if (!this.#meter.hasUntold) return;
    if (this.#meter.isDue(Date.now())) this.#report();
    else this.#ticker.request();
  }
}

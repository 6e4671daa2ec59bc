// The session and its hubs in the simulation: one thread, one stock, batches answered once they are durable.
import { PerSecond, Thread, type Clock } from "./engine.ts";
import { NETWORK, PLATFORM } from "./platform.ts";
import { Batcher, Pusher, type Cohort, type Downstream, type Upstream } from "./relay.ts";
import type { Costs } from "./scenario.ts";

/** The platform lets so many calls through to one object: a call takes this long at least, whatever it does. */
const CALL_MS = 1_000 / PLATFORM.requestsPerSecond.value;

export class Session implements Upstream {
  readonly distanceMs = 0;
  readonly thread = new Thread();
  readonly calls = new PerSecond();
  readonly commands = new PerSecond();
  readonly pusher: Pusher;
  stock: number;
  soldOutAtMs: number | undefined;
  readonly #clock: Clock;
  readonly #costs: Costs;

  constructor(clock: Clock, stock: number, costs: Costs) {
    this.#clock = clock;
    this.#costs = costs;
    this.stock = stock;
    this.pusher = new Pusher(clock, this.thread, costs);
  }

  /** First come, first served, in the order of the batch; what was sold is a change to show. */
  execute(cohorts: readonly Cohort[], reply: (soldOut: boolean) => void): void {
    const { nowMs } = this.#clock;
    const commands = cohorts.reduce((sum, { count }) => sum + count, 0);
    this.calls.add(nowMs);
    this.commands.add(nowMs, commands);
    const takesMs = Math.max(CALL_MS, this.#costs.turnMs + commands * this.#costs.commandMs);
    this.#clock.at(this.thread.work(nowMs, takesMs), () => {
      const before = this.stock;
      for (const cohort of cohorts) {
        cohort.sold = Math.min(cohort.count, this.stock);
        this.stock -= cohort.sold;
      }
      const turnedAtMs = this.#clock.nowMs;
      if (this.stock === 0) this.soldOutAtMs ??= turnedAtMs;
      const soldOut = this.stock === 0;
      this.#clock.at(turnedAtMs + NETWORK.commitMs, () => {
        if (before > this.stock) this.pusher.change(turnedAtMs, soldOut);
        reply(soldOut);
      });
    });
  }
}

/** At a distance from the session: a way up as a relay of some region has it. */
export function farFrom(up: Upstream, distanceMs: number): Upstream {
  return { distanceMs, execute: (cohorts, reply) => up.execute(cohorts, reply) };
}

/** Between the session and the relays of a region: their batches go up as one, and one push comes down for all. */
export class Hub implements Upstream, Downstream {
  readonly distanceMs: number;
  readonly batcher: Batcher;
  readonly pusher: Pusher;
  readonly #clock: Clock;
  readonly #callMs: number;

  constructor(clock: Clock, session: Session, distanceMs: number, costs: Costs) {
    this.#clock = clock;
    this.#callMs = costs.callMs;
    this.distanceMs = distanceMs;
    this.batcher = new Batcher(clock, farFrom(session, distanceMs), costs);
    this.pusher = new Pusher(clock, this.batcher.thread, costs);
    session.pusher.add(this);
  }

  execute(cohorts: readonly Cohort[], reply: (soldOut: boolean) => void): void {
    this.batcher.calls.add(this.#clock.nowMs);
    let open = cohorts.reduce((sum, { count }) => sum + count, 0);
    const readAtMs = this.batcher.thread.work(this.#clock.nowMs, this.#callMs);
    this.#clock.at(readAtMs, () => {
      for (const cohort of cohorts) {
        const answered = (piece: Cohort): void => {
          cohort.sold += piece.sold;
          open -= piece.count;
          if (open === 0) reply(this.batcher.soldOut);
        };
        this.batcher.add({ ...cohort, answered });
      }
    });
  }

  change(sinceMs: number, soldOut: boolean): void {
    this.batcher.calls.add(this.#clock.nowMs);
    this.batcher.soldOut ||= soldOut;
    this.pusher.change(sinceMs, soldOut);
  }
}

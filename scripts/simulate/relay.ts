// A relay, or a hub: takes taps in, sends them up one batch at a time, shows frames to its sockets or passes them on.
import { LIMITS } from "../../src/domain/limits.ts";
import { PerSecond, Thread, type Clock } from "./engine.ts";
import type { Costs } from "./scenario.ts";

/** Taps that came in at one place in one step of time. */
export interface Cohort {
  count: number;
  readonly bornMs: number;
  readonly attempt: number;
  /** Filled in by the session: of `count`. */
  sold: number;
  /** Called when the session's answer is back at the relay. */
  readonly answered: (cohort: Cohort) => void;
}

/** Whoever takes batches: a hub or the session. `reply` runs there, once the answer may leave. */
export interface Upstream {
  readonly distanceMs: number;
  execute(cohorts: readonly Cohort[], reply: (soldOut: boolean) => void): void;
}

/** What every object that stands between has: a thread, and a queue with one call under way. */
export class Batcher {
  readonly thread = new Thread();
  readonly calls = new PerSecond();
  soldOut = false;
  waiting = 0;
  mostWaiting = 0;
  readonly #clock: Clock;
  readonly #up: Upstream;
  readonly #costs: Costs;
  #queue: Cohort[] = [];
  #sentAtMs: number | undefined;
  #batchMs = 0;

  constructor(clock: Clock, up: Upstream, costs: Costs) {
    this.#clock = clock;
    this.#up = up;
    this.#costs = costs;
  }

  /** As `TapBatcher.waitMs` has it: what a tap that comes now would wait. */
  get waitMs(): number {
    if (this.waiting === 0 && this.#sentAtMs === undefined) return 0;
    if (this.waiting >= LIMITS.tapsWaiting) return Number.POSITIVE_INFINITY;
    const underWayMs = this.#sentAtMs === undefined ? 0 : this.#clock.nowMs - this.#sentAtMs;
    const ahead = Math.floor(this.waiting / LIMITS.commandsPerBatch) + 1;
    return Math.max(0, this.#batchMs - underWayMs) + ahead * Math.max(this.#batchMs, underWayMs);
  }

  add(cohort: Cohort): void {
    this.#queue.push(cohort);
    this.waiting += cohort.count;
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
    this.#pump();
  }

  #pump(): void {
    if (this.#sentAtMs !== undefined || this.waiting === 0) return;
    const batch = this.#next();
    const sentAtMs = this.#clock.nowMs;
    this.#sentAtMs = sentAtMs;
    const leavesMs = this.thread.work(sentAtMs, this.#costs.callMs);
    const { distanceMs } = this.#up;
    this.#clock.at(leavesMs + distanceMs, () =>
      this.#up.execute(batch, (soldOut) =>
        this.#clock.at(this.#clock.nowMs + distanceMs, () => this.#back(batch, soldOut)),
      ),
    );
  }

  #back(batch: readonly Cohort[], soldOut: boolean): void {
    const tookMs = this.#clock.nowMs - (this.#sentAtMs ?? this.#clock.nowMs);
    this.#batchMs += (tookMs - this.#batchMs) * LATEST_SHARE;
    this.#sentAtMs = undefined;
    this.soldOut ||= soldOut;
    for (const cohort of batch) cohort.answered(cohort);
    this.#pump();
  }

  /** Up to a batch's commands from the head; a cohort that does not fit is cut. */
  #next(): Cohort[] {
    const batch: Cohort[] = [];
    let room: number = LIMITS.commandsPerBatch;
    let taken = 0;
    for (const cohort of this.#queue) {
      if (room === 0) break;
      if (cohort.count > room) {
        batch.push({ ...cohort, count: room });
        cohort.count -= room;
        room = 0;
        break;
      }
      batch.push(cohort);
      room -= cohort.count;
      taken += 1;
    }
    this.#queue = this.#queue.slice(taken);
    this.waiting -= LIMITS.commandsPerBatch - room;
    return batch;
  }
}

/** As in `TapBatcher`. */
const LATEST_SHARE = 0.3;

/** Whoever is told of changes. `sinceMs` is when the oldest of them came about. */
export interface Downstream {
  readonly distanceMs: number;
  change(sinceMs: number, soldOut: boolean): void;
}

interface Child {
  readonly to: Downstream;
  sinceMs: number | undefined;
  inFlight: boolean;
}

/** Pushes to children: at most once a tick, one under way to each; as `live/fanout` does. */
export class Pusher {
  readonly #clock: Clock;
  readonly #thread: Thread;
  readonly #callMs: number;
  readonly #children: Child[] = [];
  #tickAtMs = Number.NEGATIVE_INFINITY;
  #isAsked = false;
  #soldOut = false;

  constructor(clock: Clock, thread: Thread, { callMs }: Costs) {
    this.#clock = clock;
    this.#thread = thread;
    this.#callMs = callMs;
  }

  get children(): number {
    return this.#children.length;
  }

  add(to: Downstream): void {
    this.#children.push({ to, sinceMs: undefined, inFlight: false });
  }

  change(sinceMs: number, soldOut: boolean): void {
    this.#soldOut = soldOut;
    for (const child of this.#children) child.sinceMs ??= sinceMs;
    this.#ask();
  }

  get #tickMs(): number {
    const most = Math.max(LIMITS.frameTickMs, LIMITS.frameTickMaxMs);
    return Math.min(most, Math.max(LIMITS.frameTickMs, this.#children.length * LIMITS.pushRelayMs));
  }

  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#clock.at(this.#tickAtMs + this.#tickMs, () => this.#tick());
  }

  #tick(): void {
    this.#isAsked = false;
    this.#tickAtMs = this.#clock.nowMs;
    for (const child of this.#children) if (!child.inFlight && child.sinceMs !== undefined) this.#push(child);
  }

  #push(child: Child): void {
    const sinceMs = child.sinceMs ?? this.#clock.nowMs;
    const soldOut = this.#soldOut;
    child.sinceMs = undefined;
    child.inFlight = true;
    const { to } = child;
    const leavesMs = this.#thread.work(this.#clock.nowMs, this.#callMs);
    this.#clock.at(leavesMs + to.distanceMs, () => {
      to.change(sinceMs, soldOut);
      this.#clock.at(this.#clock.nowMs + to.distanceMs, () => {
        child.inFlight = false;
        if (child.sinceMs !== undefined) this.#ask();
      });
    });
  }
}

/** The frames of one relay: at most once a tick, which widens with its sockets. */
export class Screens {
  readonly #clock: Clock;
  readonly #thread: Thread;
  readonly #sockets: number;
  readonly #sendMs: number;
  readonly #shown: (sinceMs: number, doneMs: number) => void;
  #sinceMs: number | undefined;
  #framedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    clock: Clock,
    thread: Thread,
    sockets: number,
    { sendMs }: Costs,
    shown: (sinceMs: number, doneMs: number) => void,
  ) {
    this.#clock = clock;
    this.#thread = thread;
    this.#sockets = sockets;
    this.#sendMs = sendMs;
    this.#shown = shown;
  }

  change(sinceMs: number): void {
    if (this.#sinceMs !== undefined) return;
    this.#sinceMs = sinceMs;
    const tickMs = Math.min(
      LIMITS.frameTickMaxMs,
      Math.max(LIMITS.frameTickMs, this.#sockets * LIMITS.frameSocketMs),
    );
    this.#clock.at(this.#framedAtMs + tickMs, () => this.#frame());
  }

  #frame(): void {
    const sinceMs = this.#sinceMs ?? this.#clock.nowMs;
    this.#sinceMs = undefined;
    this.#framedAtMs = this.#clock.nowMs;
    this.#shown(sinceMs, this.#thread.work(this.#clock.nowMs, this.#sockets * this.#sendMs));
  }
}

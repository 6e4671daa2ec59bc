// One run: a session, its hubs and relays, viewers who tap. Puts the parts together and gathers what became of them.
import { relaysPlaced, type Placed } from "./seats.ts";
import { Chance, Clock, Latencies } from "./engine.ts";
import { NETWORK } from "./platform.ts";
import { Batcher, Screens, type Cohort } from "./relay.ts";
import { OPENS_AT_MS, tapsAt, type Answers, type Outcome, type Scenario } from "./scenario.ts";
import { farFrom, Hub, Session } from "./session.ts";
import { usesOf } from "./uses.ts";
import { LIMITS } from "../../src/domain/limits.ts";

/** Taps that come within this are one cohort. */
const STEP_MS = 10;
/** After the rush the run goes on for this long. */
const TAIL_MS = 5_000;
/** Times that a viewer comes back after `overloaded`. */
const ATTEMPTS = 4;

/** A relay with the share of the audience that sits there. */
export interface Leaf {
  readonly batcher: Batcher;
  readonly viewers: number;
}

export interface World {
  readonly session: Session;
  readonly hubs: readonly Hub[];
  readonly leaves: readonly Leaf[];
}

class Run {
  readonly clock = new Clock();
  readonly chance: Chance;
  readonly answers: Answers = {
    sold: 0,
    soldOutBySession: 0,
    soldOutByRelay: 0,
    soldOutByEdge: 0,
    overloaded: 0,
  };
  readonly tapLatency = new Latencies();
  readonly soldLatency = new Latencies();
  readonly frameLatency = new Latencies();
  readonly scenario: Scenario;
  readonly world: World;
  taps = 0;
  viewersTaps = 0;
  gaveUp = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.chance = new Chance(scenario.seed);
    const session = new Session(this.clock, scenario.stock, scenario.costs);
    const placed = relaysPlaced(scenario);
    const regions = placed.map((seats) => {
      const { region, relays, hubs } = seats;
      const made = Array.from(
        { length: hubs },
        () => new Hub(this.clock, session, region.toSessionMs, scenario.costs),
      );
      const leaves = Array.from({ length: relays }, (_, at) => this.#leaf(session, seats, made, at));
      return { hubs: made, leaves };
    });
    this.world = {
      session,
      hubs: regions.flatMap(({ hubs }) => hubs),
      leaves: regions.flatMap(({ leaves }) => leaves),
    };
  }

  #leaf(
    session: Session,
    { region, socketsEach, viewersEach }: Placed,
    hubs: readonly Hub[],
    at: number,
  ): Leaf {
    const { costs } = this.scenario;
    const hub = hubs[Math.floor(at / LIMITS.relaysPerParent)];
    const up = hub ? farFrom(hub, NETWORK.withinRegionMs) : farFrom(session, region.toSessionMs);
    const batcher = new Batcher(this.clock, up, costs);
    const screens = new Screens(this.clock, batcher.thread, socketsEach, costs, (sinceMs, doneMs) =>
      this.frameLatency.add(doneMs - sinceMs + NETWORK.lastMileMs, socketsEach),
    );
    (hub ?? session).pusher.add({
      distanceMs: up.distanceMs,
      change: (sinceMs, soldOut) => {
        batcher.soldOut ||= soldOut;
        screens.change(sinceMs);
      },
    });
    return { batcher, viewers: viewersEach };
  }

  /** One step's taps at every relay, then the next step. */
  step(): void {
    const { nowMs } = this.clock;
    const { scenario, world } = this;
    const perViewer = (tapsAt(nowMs, scenario) * STEP_MS) / 1_000 / scenario.viewers;
    for (const leaf of world.leaves) {
      const count = this.chance.poisson(perViewer * leaf.viewers);
      if (count > 0) this.#tapped(leaf, count);
    }
    if (nowMs < OPENS_AT_MS + scenario.rushSeconds * 1_000 + TAIL_MS) {
      this.clock.at(nowMs + STEP_MS, () => this.step());
    }
  }

  #tapped(leaf: Leaf, count: number): void {
    const byHttp = this.chance.poisson(count * this.scenario.httpShare);
    this.viewersTaps += count;
    this.#offer(leaf, Math.min(count, byHttp), true, 1);
    this.#offer(leaf, count - Math.min(count, byHttp), false, 1);
  }

  #offer(leaf: Leaf, count: number, byHttp: boolean, attempt: number): void {
    if (count === 0) return;
    const { nowMs } = this.clock;
    const { batcher } = leaf;
    this.taps += count;
    const { soldOutAtMs } = this.world.session;
    if (byHttp && soldOutAtMs !== undefined && nowMs >= soldOutAtMs + LIMITS.pictureStaleMs) {
      return this.#refused("soldOutByEdge", count, nowMs, nowMs);
    }
    batcher.calls.add(nowMs, count);
    const readAtMs = batcher.thread.work(nowMs, count * this.scenario.costs.tapMs);
    this.clock.at(readAtMs, () => {
      if (batcher.soldOut) return this.#refused("soldOutByRelay", count, nowMs, readAtMs);
      if (batcher.waitMs > LIMITS.tapWaitMs) return this.#overloaded(leaf, count, byHttp, attempt, nowMs);
      const answered = (cohort: Cohort): void => this.#answered(cohort);
      batcher.add({ count, bornMs: nowMs, attempt, sold: 0, answered });
      return undefined;
    });
  }

  #refused(by: keyof Answers, count: number, bornMs: number, atMs: number): void {
    this.answers[by] += count;
    this.tapLatency.add(atMs - bornMs + 2 * NETWORK.lastMileMs, count);
  }

  #overloaded(leaf: Leaf, count: number, byHttp: boolean, attempt: number, bornMs: number): void {
    this.#refused("overloaded", count, bornMs, this.clock.nowMs);
    if (attempt >= ATTEMPTS) {
      this.gaveUp += count;
      return;
    }
    const waitMs = Math.min(LIMITS.overloadRetryMaxMs, Math.max(LIMITS.overloadRetryMs, leaf.batcher.waitMs));
    this.clock.at(this.clock.nowMs + waitMs * (1 + this.chance.next()), () =>
      this.#offer(leaf, count, byHttp, attempt + 1),
    );
  }

  #answered({ count, sold, bornMs }: Cohort): void {
    const tookMs = this.clock.nowMs - bornMs + 2 * NETWORK.lastMileMs;
    this.answers.sold += sold;
    this.answers.soldOutBySession += count - sold;
    this.tapLatency.add(tookMs, count);
    this.soldLatency.add(tookMs, count);
  }
}

/** The run and what became of it; the same scenario gives the same outcome. */
export function simulate(scenario: Scenario): Outcome {
  const run = new Run(scenario);
  run.clock.at(0, () => run.step());
  run.clock.run();
  const { world, answers, taps, viewersTaps, gaveUp, tapLatency, soldLatency, frameLatency } = run;
  return {
    scenario,
    relays: world.leaves.length,
    hubs: world.hubs.length,
    taps,
    viewersTaps,
    peakTapsPerSecond: scenario.tapsPerSecond * scenario.spike,
    answers,
    gaveUp,
    tapLatency,
    soldLatency,
    frameLatency,
    soldOutAtMs: world.session.soldOutAtMs,
    uses: usesOf(world, scenario),
  };
}

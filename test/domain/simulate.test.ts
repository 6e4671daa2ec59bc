/** The simulation past one machine: it loses no tap, sells no unit twice, and agrees with what a hand can work out. */
import { describe, expect, it } from "vitest";
import { costsOf } from "../../scripts/simulate/measured.ts";
import { NETWORK, REGIONS } from "../../scripts/simulate/platform.ts";
import { simulate } from "../../scripts/simulate/run.ts";
import type { Outcome, Scenario } from "../../scripts/simulate/scenario.ts";

const COSTS = { turnMs: 0.5, commandMs: 0.1, callMs: 0.2, tapMs: 0.3, sendMs: 0.05 };
const SCENARIO: Scenario = {
  viewers: 20_000,
  regions: REGIONS,
  tapsPerSecond: 20,
  spike: 20,
  rushSeconds: 5,
  stock: 300,
  httpShare: 0.2,
  costs: COSTS,
  seed: 7,
};

const answered = ({ answers }: Outcome): number =>
  Object.values(answers).reduce((sum, count) => sum + count, 0);
const usedOf = ({ uses }: Outcome, part: string): number => uses.find((use) => use.part === part)?.share ?? 0;

describe("a run", () => {
  it("answers every tap once and sells no unit twice, with one level, with two, and far beyond capacity", () => {
    const slow = { ...COSTS, commandMs: 20 };
    for (const over of [{}, { viewers: 400_000 }, { costs: slow, tapsPerSecond: 200, stock: 100_000 }]) {
      const outcome = simulate({ ...SCENARIO, ...over });
      const { answers, taps, viewersTaps, scenario } = outcome;
      expect(answered(outcome)).toBe(taps);
      expect(answers.sold).toBeLessThanOrEqual(scenario.stock);
      expect(taps).toBeGreaterThanOrEqual(viewersTaps);
      expect(outcome.tapLatency.total).toBe(taps);
    }
  });

  it("sells everything when more is wanted than there is, and then refuses before the session is asked", () => {
    const { answers, soldOutAtMs } = simulate(SCENARIO);
    expect(answers.sold).toBe(300);
    expect(soldOutAtMs).toBeGreaterThan(1_000);
    expect(answers.soldOutByRelay + answers.soldOutByEdge).toBeGreaterThan(5 * answers.soldOutBySession);
  });

  it("refuses cleanly what is too much, and sells on", () => {
    const slow = { ...COSTS, commandMs: 20 };
    const { answers } = simulate({ ...SCENARIO, costs: slow, tapsPerSecond: 200, stock: 100_000 });
    expect(answers.overloaded).toBeGreaterThan(0);
    expect(answers.sold).toBeGreaterThan(100);
  });

  it("is the same for the same seed", () => {
    const [one, again, other] = [SCENARIO, SCENARIO, { ...SCENARIO, seed: 8 }].map((scenario) =>
      simulate(scenario),
    );
    expect(again?.answers).toEqual(one?.answers);
    expect(again?.tapLatency.quantile(0.99)).toBe(one?.tapLatency.quantile(0.99));
    expect(other?.answers).not.toEqual(one?.answers);
  });

  it("gets slower with slower parts, and needs more relays for more viewers", () => {
    const plenty = { ...SCENARIO, stock: 100_000 };
    const quick = simulate(plenty);
    const slow = simulate({ ...plenty, costs: { ...COSTS, commandMs: 5 } });
    expect(slow.soldLatency.quantile(0.99)).toBeGreaterThan(quick.soldLatency.quantile(0.99));
    expect(usedOf(slow, "session: its thread")).toBeGreaterThan(usedOf(quick, "session: its thread"));
    const large = simulate({ ...SCENARIO, viewers: 200_000 });
    expect([quick.hubs, large.hubs > 0, large.relays > quick.relays]).toEqual([0, true, true]);
  });

  it("takes a lone tap as long as its way is: out, read, up, a turn, the disk, down, and back", () => {
    const region = { name: "NA", share: 1, toSessionMs: 30 };
    const alone = {
      ...SCENARIO,
      viewers: 1_000,
      regions: [region],
      tapsPerSecond: 0.2,
      spike: 1,
      httpShare: 0,
    };
    const { soldLatency } = simulate({ ...alone, costs: { ...COSTS, turnMs: 5 } });
    const { lastMileMs, commitMs } = NETWORK;
    const wayMs =
      lastMileMs + COSTS.tapMs + COSTS.callMs + 30 + (5 + COSTS.commandMs) + commitMs + 30 + lastMileMs;
    expect(soldLatency.total).toBeGreaterThan(0);
    expect(soldLatency.quantile(0.5) / wayMs).toBeCloseTo(1, 1);
  });
});

describe("the costs", () => {
  it("are a line through the batches that were measured, and say what they are not from", () => {
    const result = (name: string, medianUs: number) => ({ group: "in-object", name, medianUs });
    const { costs, sources } = costsOf({
      measuredAt: "2026-11-21T10:00:00.000Z",
      machine: { cpu: "a test's" },
      results: [result("batches of 8", 100), result("batches of 64", 30)],
    });
    // 8 × 100 = 800 = turn + 8 commands; 64 × 30 = 1,920 = turn + 64 commands.
    expect(costs.commandMs * 1_000).toBeCloseTo(20, 2);
    expect(costs.turnMs * 1_000).toBeCloseTo(640, 2);
    expect(sources.filter((line) => line.includes("measured 2026-11-21"))).toHaveLength(2);
    expect(sources.filter((line) => line.includes("not in that file"))).toHaveLength(3);
  });
});

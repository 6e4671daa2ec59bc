// What of each part's capacity a run used at its busiest: the platform's documented limits and the product's own.
import { LIMITS } from "../../src/domain/limits.ts";
import { PLATFORM } from "./platform.ts";
import type { World } from "./run.ts";
import type { Scenario, Use } from "./scenario.ts";
import { relaysPlaced } from "./seats.ts";

/** Most used first. What is used beyond its most is what gave way. */
export function usesOf({ session, hubs, leaves }: World, scenario: Scenario): Use[] {
  const { value: calls } = PLATFORM.requestsPerSecond;
  const placed = relaysPlaced(scenario);
  const uses: [part: string, used: number, most: number][] = [
    ["session: its thread", session.thread.peakShare, 1],
    ["session: calls in a second", session.calls.peak, calls],
    ["session: orders it keeps", scenario.stock - session.stock, LIMITS.ordersPerSession],
    ["relay: its thread", most(leaves.map(({ batcher }) => batcher.thread.peakShare)), 1],
    ["relay: taps in a second", most(leaves.map(({ batcher }) => batcher.calls.peak)), calls],
    ["relay: taps waiting", most(leaves.map(({ batcher }) => batcher.mostWaiting)), LIMITS.tapsWaiting],
    ["relay: viewers", most(leaves.map(({ viewers }) => viewers)), LIMITS.socketsPerRelay],
    ["region: relays", most(placed.map(({ relays }) => relays)), LIMITS.relaysPerRegion],
  ];
  if (hubs.length > 0) {
    uses.push(["hub: its thread", most(hubs.map(({ batcher }) => batcher.thread.peakShare)), 1]);
    uses.push(["hub: calls in a second", most(hubs.map(({ batcher }) => batcher.calls.peak)), calls]);
    uses.push([
      "hub: taps waiting",
      most(hubs.map(({ batcher }) => batcher.mostWaiting)),
      LIMITS.tapsWaiting,
    ]);
  }
  return uses
    .map(([part, used, limit]) => ({ part, used, most: limit, share: used / limit }))
    .toSorted((one, other) => other.share - one.share);
}

function most(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}

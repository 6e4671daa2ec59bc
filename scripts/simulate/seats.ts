// How many relays and hubs a scenario has, and how many sockets each: the placement's own rule. Pure.
import { LIMITS } from "../../src/domain/limits.ts";
import { relaysWanted } from "../../src/live/placement.ts";
import type { Region } from "./platform.ts";
import type { Scenario } from "./scenario.ts";

export interface Placed {
  readonly region: Region;
  readonly relays: number;
  readonly hubs: number;
  /** Sockets of each of its relays, no more than one takes. */
  readonly socketsEach: number;
  /** Viewers whose taps it takes, by socket or by HTTP. */
  readonly viewersEach: number;
  /** Viewers for whom there is no place: they follow by polling. */
  readonly unseated: number;
}

export function relaysPlaced({ viewers, regions }: Pick<Scenario, "viewers" | "regions">): Placed[] {
  const wanted = regions.map((region) => ({ region, here: viewers * region.share }));
  const relays = wanted.map(({ here }) => relaysWanted(0, here));
  const all = relays.reduce((sum, count) => sum + count, 0);
  return wanted.map(({ region, here }, at) => {
    const count = relays[at] ?? 1;
    const socketsEach = Math.min(LIMITS.socketsPerRelay, Math.ceil(here / count));
    return {
      region,
      relays: count,
      hubs: all > LIMITS.relaysPerParent ? Math.ceil(count / LIMITS.relaysPerParent) : 0,
      socketsEach,
      viewersEach: here / count,
      unseated: Math.max(0, Math.round(here - count * LIMITS.socketsPerRelay)),
    };
  });
}

/** Plans a warm-up: relays by region for the audience that is expected, media, and what all of it will cost. Pure. */
import { billOf, objectGbSeconds, type Quantities } from "../domain/cost/model.ts";
import { BILLING } from "../domain/cost/prices.ts";
import { LIMITS } from "../domain/limits.ts";
import { REGIONS, type PlannedCost, type WarmupPlan } from "../domain/warmup.ts";
import { firstPlaces, placementFor, type Placement } from "../live/placement.ts";
import type { Upkeep } from "../live/upkeep.ts";

/** The cron runs every minute, and calls what it keeps warm each time. */
const CRON_MS = 60_000;

/** For a session that opens then. */
export function planFor(upkeep: Upkeep, opensAtMs: number, nowMs: number): WarmupPlan {
  const { expectedViewers, images } = upkeep;
  const places = Object.entries(placementFor(viewersByRegion(upkeep)));
  const relays = Object.fromEntries(places.map(([region, { length }]) => [region, length]));
  const count = places.reduce((sum, [, { length }]) => sum + length, 0);
  const media = images.slice(0, LIMITS.mediaPerWarmup).map(({ offer }) => offer);
  const untilAtMs = opensAtMs + LIMITS.warmupHoldMs;
  const minutes = Math.ceil((untilAtMs - nowMs) / CRON_MS);
  return {
    opensAtMs,
    untilAtMs,
    expectedViewers,
    relays,
    tapsPerSecond: count * LIMITS.tapsPerRelaySecond,
    media,
    cost: costOf(usageOf({ relays: count, fetches: places.length * media.length, minutes })),
  };
}

/** The relays of a plan by their places. */
export function placementOf({ relays }: WarmupPlan): Placement {
  return Object.fromEntries(Object.entries(relays).map(([region, count]) => [region, firstPlaces(count)]));
}

/** Those whose continent is known there; of the others nobody knows, so that an equal share is expected everywhere. */
function viewersByRegion({ expectedViewers, expectedRegions }: Upkeep): Record<string, number> {
  const known = Object.values(expectedRegions).reduce((sum, viewers) => sum + viewers, 0);
  const elsewhere = Math.max(0, Math.ceil((expectedViewers - known) / REGIONS.length));
  const viewers: Record<string, number> = { ...expectedRegions };
  for (const region of elsewhere > 0 ? REGIONS : []) viewers[region] = (viewers[region] ?? 0) + elsewhere;
  return viewers;
}

/**
 * Objects kept awake, each called every minute; a row for each relay that subscribes, and one each time it is told until when; the two events of the warm-up,
 * each a block and a message to both queues, applied by the readers, who confirm it.
 */
function usageOf({
  relays,
  fetches,
  minutes,
}: Readonly<Record<"relays" | "fetches" | "minutes", number>>): Quantities {
  const calls = (2 + 2 * relays) * minutes;
  return {
    objectRequests: calls + fetches + EVENTS * (1 + READERS),
    objectGbSeconds: objectGbSeconds(1 + relays, minutes * CRON_MS),
    objectRowsWritten: relays * (1 + minutes) + EVENTS * (1 + 2 * READERS),
    queueOperations: EVENTS * READERS * BILLING.operationsPerMessage,
    d1RowsWritten: EVENTS * READERS * 2,
  };
}

const EVENTS = 2;
const READERS = 2;

function costOf(warmup: Quantities): PlannedCost {
  const { pricesAsOf, byItem, totalNanoUsd } = billOf({ warmup });
  return { pricesAsOf, byItem, totalNanoUsd };
}

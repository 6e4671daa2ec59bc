/** Warm-up and cool-down on the wire: as their events have them, and as a host reads them. */
import { z } from "zod";
import type { ArchivedJournal, CooledDown, WarmupDone, WarmupPlan, WarmupRecord } from "../domain/warmup.ts";
import type { Agrees } from "./agreement.ts";
import { head } from "./audit.ts";
import { durationMs, instant, offerId, sessionId } from "./primitives.ts";

const count = z.int().min(0);

const plannedCost = z
  .object({ pricesAsOf: z.string(), byItem: z.record(z.string(), count), totalNanoUsd: count })
  .meta({
    id: "PlannedCost",
    description:
      "Nano-dollars (10⁻⁹ USD) at the platform's public prices of a day, included amounts not taken off",
  });

export const warmupPlan = z
  .object({
    opensAt: instant,
    untilAt: instant.meta({ description: "What is warm stays so until then, whether anybody comes or not" }),
    expectedViewers: count,
    relays: z.record(z.string(), count).meta({ description: "Relays to have, by continent" }),
    tapsPerSecond: count.meta({ description: "Taps a second that so many relays let in" }),
    media: z
      .array(offerId)
      .meta({ description: "Offers whose images are fetched into those regions' caches" }),
    cost: plannedCost,
  })
  .meta({ id: "WarmupPlan" });

const steps = z.array(
  z.object({
    what: z.enum(["session", "relays", "media"]),
    done: count,
    failed: count,
    tookMs: durationMs,
  }),
);

export const warmupDone = z.object({ opensAt: instant, steps }).meta({ id: "WarmupDone" });

export const archivedJournal = z.object({ key: z.string(), head, parts: count, bytes: count }).meta({
  id: "ArchivedJournal",
  description: "Where the journal lies in the lake, and its last block there",
});

export const cooledDown = z
  .object({ archivedBlock: count, archivedSeq: count, steps })
  .meta({ id: "CooledDown" });

const record = z.object({
  plan: warmupPlan.extend({ plannedAt: instant }).exactOptional(),
  done: warmupDone.extend({ doneAt: instant }).exactOptional(),
  archive: archivedJournal.extend({ archivedAt: instant }).exactOptional(),
  cooled: cooledDown.extend({ cooledAt: instant }).exactOptional(),
});

/** What was done around a session's drops, and after its end; the latest of each. */
export const warmup = record.extend({ session: sessionId }).meta({ id: "Warmup" });

true satisfies Agrees<typeof warmupPlan, WarmupPlan>;
true satisfies Agrees<typeof warmupDone, WarmupDone>;
true satisfies Agrees<typeof archivedJournal, ArchivedJournal>;
true satisfies Agrees<typeof cooledDown, CooledDown>;
true satisfies Agrees<typeof record, WarmupRecord>;

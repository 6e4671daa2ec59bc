/** What a session costs: its use in billed units, turned into money at the platform's public prices. */
import { z } from "zod";
import { FEATURES } from "../domain/cost/model.ts";
import { PRICES } from "../domain/cost/prices.ts";
import { instant, sessionId } from "./primitives.ts";

const nanoUsd = z.int().min(0).meta({
  description: "Nano-dollars (10⁻⁹ USD): a session costs fractions of a cent",
});
const count = z.int().min(0);
const feature = z.enum(FEATURES);
const item = z.enum(Object.keys(PRICES) as [keyof typeof PRICES, ...(keyof typeof PRICES)[]]);

export const costLine = z
  .object({
    feature,
    item,
    unit: z.string(),
    quantity: z.number().min(0),
    nanoUsd,
    basis: z.enum(["metered", "estimated"]).meta({
      description:
        "`metered`: counted by the session's objects; `estimated`: from what they counted, by measured rates",
    }),
  })
  .meta({ id: "CostLine" });

export const sessionCost = z
  .object({
    session: sessionId,
    since: instant,
    until: instant,
    pricesAsOf: z.iso.date(),
    lines: z.array(costLine),
    byFeature: z.partialRecord(feature, nanoUsd),
    byItem: z.partialRecord(item, nanoUsd),
    totalNanoUsd: nanoUsd,
    /** What one of each came to, all lines together; null while there is none. */
    per: z.object({
      reservation: z.number().nullable(),
      order: z.number().nullable(),
      viewerHour: z.number().nullable(),
    }),
    counts: z.object({
      taps: count,
      reservations: count,
      orders: count,
      events: count,
      rowsWritten: count,
      rowsWrittenForTaps: count,
      socketMessages: count,
      framesOut: count,
      queueMessages: count,
      sessionAwakeMs: count,
      relaysAwakeMs: count,
      viewerHours: z.number().min(0),
    }),
    rules: z.array(z.string()).meta({ description: "How the figures came about" }),
    notMetered: z.array(z.string()).meta({ description: "What else is billed, and is not in the sum" }),
  })
  .meta({ id: "SessionCost", description: "A session's use and what it comes to, without included amounts" });

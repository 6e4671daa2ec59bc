/** What a session costs: its own meter, turned into money. For hosts; read from the session itself. */
import { Hono } from "hono";
import type { z } from "zod";
import { usageOf, type ByFeature } from "../../domain/cost/metered.ts";
import { billOf, type BillLine } from "../../domain/cost/model.ts";
import { BILLING } from "../../domain/cost/prices.ts";
import { RATES_AS_OF } from "../../domain/cost/rates.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { MeterReading } from "../../live/meter.ts";
import { sessionCost } from "../../wire/cost.ts";
import { isoOf } from "../../wire/instants.ts";
import { liveOf, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofSession } from "../input.ts";
import { READS } from "../rate-limit.ts";

export const cost = new Hono<AppEnv>();

cost.get(
  "/v1/sessions/:session/cost",
  endpoint({
    id: "sessionCost",
    tag: "record",
    summary: "What the session costs",
    description:
      "Requests, rows, messages and object seconds as the session's objects have counted them, at the platform's " +
      "public prices, by feature. Lines add up to the sums exactly.",
    who: ["platform", "seller"],
    host: ["platform", "seller"],
    rate: READS,
    answers: { 200: { description: "The bill so far", schema: sessionCost } },
  }),
  ofSession,
  async (c) => {
    const { session } = c.req.valid("param");
    return c.json({ session, ...billed(await liveOf(c).metered(session)) });
  },
);

/** A reading as it is shown. */
function billed({ counts, sinceMs, untilMs }: MeterReading): Omit<z.output<typeof sessionCost>, "session"> {
  const { metered, estimated } = usageOf(counts);
  const [own, rest] = [billOf(metered), billOf(estimated)];
  const lines = [...own.lines.map(based("metered")), ...rest.lines.map(based("estimated"))];
  const totalNanoUsd = own.totalNanoUsd + rest.totalNanoUsd;
  const viewerHours = counts.viewerMs / 3_600_000;
  const each = (of: number): number | null => (of > 0 ? totalNanoUsd / of : null);
  return {
    since: isoOf(sinceMs),
    until: isoOf(untilMs),
    pricesAsOf: own.pricesAsOf,
    lines,
    byFeature: added(own.byFeature, rest.byFeature),
    byItem: added(own.byItem, rest.byItem),
    totalNanoUsd,
    per: {
      reservation: each(counts.reservations),
      order: each(counts.orders),
      viewerHour: each(viewerHours),
    },
    counts: {
      taps: counts.taps,
      reservations: counts.reservations,
      orders: counts.orders,
      events: counts.events,
      rowsWritten: sumOf(counts.rowsWritten),
      rowsWrittenForTaps: counts.rowsWritten.taps ?? 0,
      socketMessages: counts.messages,
      framesOut: counts.framesOut,
      queueMessages: counts.queueMessages,
      sessionAwakeMs: counts.sessionAwakeMs,
      relaysAwakeMs: counts.relaysAwakeMs,
      viewerHours,
    },
    rules: RULES,
    notMetered: NOT_METERED,
  };
}

function based(basis: "metered" | "estimated") {
  return (line: BillLine) => ({ ...line, basis });
}

function added<Name extends string>(
  one: Partial<Record<Name, number>>,
  other: Partial<Record<Name, number>>,
): Partial<Record<Name, number>> {
  const sum = { ...one };
  for (const [name, nanoUsd] of Object.entries(other) as [Name, number][]) {
    sum[name] = (sum[name] ?? 0) + nanoUsd;
  }
  return sum;
}

function sumOf(tally: ByFeature): number {
  return Object.values(tally).reduce((sum, times) => sum + times, 0);
}

const RULES = [
  "Public prices of the paid plan; what the plan includes and its monthly fee are left out.",
  `An object counts as awake from one activity to the next when they are at most ${BILLING.sleepsAfterMs / 1_000} s apart: ` +
    "an upper bound, since time in which an object may hibernate is free.",
  `Each setAlarm is a row written; ${BILLING.messagesPerRequest} socket messages are a request; a queue message is ` +
    `${BILLING.operationsPerMessage} operations for each 64 KB, delivered once.`,
  `Lines marked estimated follow from what was counted by rates measured on ${RATES_AS_OF}.`,
  `Counts are written down every ${LIMITS.meterSaveMs / 1_000} s of work: what an object counted after that is lost when it is evicted.`,
];

const NOT_METERED = [
  "Requests that the edge answered from an isolate's memory or a data centre's cache, tokens it issued or refused among them.",
  "Storage by the month, and the cron's own requests and rows: they are of all sessions together.",
  "Retries of queue messages, and what payment providers charge.",
];

/** What a live session's objects count of themselves, and what that comes to in billed units. Pure. */
import { LATENCY_COUNTS } from "../latency.ts";
import { FEATURES, objectGbSeconds, type Feature, type Quantities, type Usage } from "./model.ts";
import { BILLING, type BilledItem } from "./prices.ts";
import { RATES } from "./rates.ts";

/** Counts by what they were for; what is not there is none. */
export type ByFeature = { readonly [F in Feature]?: number };

/**
 * Counts since the first activity. Each object counts what comes in to it and what it writes, never what it asks of
 * others, so that nothing is counted twice. Every field is optional on disk and between versions: missing is none.
 */
export interface Metered {
  /** Calls that came in to objects, upgrades and alarms; each is billed as a request. */
  readonly calls: ByFeature;
  /** Rows written by SQL, and one for each alarm set. */
  readonly rowsWritten: ByFeature;
  readonly rowsRead: ByFeature;
  /** Of the calls for taps, those that came by HTTP: each was a Worker request before. */
  readonly httpTaps: number;
  /** Messages that came in from sockets. */
  readonly messages: number;
  /** Frames and answers sent to sockets; free, and counted because they are what the relays are for. */
  readonly framesOut: number;
  /** Messages sent to queues, and the operations they are billed as when each is delivered once. */
  readonly queueMessages: number;
  readonly queueOperations: number;
  /** Parts of the journal that are in the lake. */
  readonly archivedParts: number;
  /** Time that objects were awake: see `BILLING.sleepsAfterMs`. */
  readonly sessionAwakeMs: number;
  readonly relaysAwakeMs: number;
  /** Viewers' commands decided, and of them reservations made and orders placed. */
  readonly taps: number;
  readonly reservations: number;
  readonly orders: number;
  /** Events in the journal, and of them those about orders. */
  readonly events: number;
  readonly orderEvents: number;
  /** Time that all viewers together had a socket or a stream open. */
  readonly viewerMs: number;
  /** Viewers who came, each once at a relay while that is awake; and taps for something to buy that it has answered. */
  readonly views: number;
  readonly tapsAnswered: number;
  /** Of the taps those refused. */
  readonly tapsRefused: number;
  /** By problem code, with those that were turned away and are no answered taps. */
  readonly refusals: { readonly [code: string]: number };
  /** How long the answered taps took, see `latency`. */
  readonly latency: readonly number[];
}

/** Nothing counted yet. */
export const NOTHING_METERED: Metered = {
  calls: {},
  rowsWritten: {},
  rowsRead: {},
  httpTaps: 0,
  messages: 0,
  framesOut: 0,
  queueMessages: 0,
  queueOperations: 0,
  archivedParts: 0,
  sessionAwakeMs: 0,
  relaysAwakeMs: 0,
  taps: 0,
  reservations: 0,
  orders: 0,
  events: 0,
  orderEvents: 0,
  viewerMs: 0,
  views: 0,
  tapsAnswered: 0,
  tapsRefused: 0,
  refusals: {},
  latency: Array<number>(LATENCY_COUNTS).fill(0),
};

/** Use that was counted, and use that follows from counts by rates measured elsewhere. */
export interface MeteredUsage {
  readonly metered: Usage;
  readonly estimated: Usage;
}

/** What the counts come to. */
export function usageOf(counts: Metered): MeteredUsage {
  const metered: { [F in Feature]?: { [Item in BilledItem]?: number } } = {};
  const add = (feature: Feature, item: BilledItem, quantity: number): void => {
    const quantities = (metered[feature] ??= {});
    quantities[item] = (quantities[item] ?? 0) + quantity;
  };
  for (const feature of FEATURES) {
    add(feature, "objectRequests", counts.calls[feature] ?? 0);
    add(feature, "objectRowsWritten", counts.rowsWritten[feature] ?? 0);
    add(feature, "objectRowsRead", counts.rowsRead[feature] ?? 0);
  }
  add("taps", "objectRequests", counts.messages / BILLING.messagesPerRequest);
  add("publishing", "queueOperations", counts.queueOperations);
  add("cooldown", "r2ClassA", counts.archivedParts * RATES.putsPerArchivedPart);
  add("fanout", "objectGbSeconds", objectGbSeconds(1, counts.relaysAwakeMs));
  add("taps", "objectGbSeconds", objectGbSeconds(1, counts.sessionAwakeMs));
  return { metered, estimated: estimatedOf(counts) };
}

/**
 * What no object sees: the Worker's own requests, taken from the calls they led to, and D1's rows, from the events that
 * queues carried. The rates are measured ones.
 */
function estimatedOf({ calls, httpTaps, events, orderEvents, queueMessages }: Metered): Usage {
  const byWorker = (requests = 0): Quantities => ({
    workerRequests: requests,
    workerCpuMs: requests * RATES.requestCpuMs,
  });
  // Half of the messages go to each of the two queues, and a reader takes several at once.
  const batches = queueMessages / 2 / RATES.messagesPerBatch;
  const readers = (rows: number, reads: number): Quantities => ({
    workerRequests: batches,
    workerCpuMs: batches * RATES.consumerCpuMs,
    d1RowsWritten: rows + batches * RATES.d1RowsPerBatch,
    d1RowsRead: reads + batches * RATES.d1ReadsPerBatch,
  });
  return {
    hydrate: byWorker(calls.hydrate),
    sockets: byWorker(calls.sockets),
    taps: byWorker(httpTaps),
    hosting: byWorker(calls.hosting),
    settlement: readers(
      orderEvents * RATES.settlementRowsPerOrderEvent,
      orderEvents * RATES.settlementReadsPerOrderEvent,
    ),
    reporting: readers(orderEvents * RATES.reportingRowsPerOrderEvent, events),
  };
}

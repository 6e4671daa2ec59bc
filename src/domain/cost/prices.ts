/** Cloudflare's public prices, as the documents named here had them on `PRICES_AS_OF`. Pure constants, touches nothing. */

/** When the prices were last compared with their pages. */
export const PRICES_AS_OF = "2026-11-21";

/** What one unit of something billed costs, and where that is written. */
export interface Price {
  /** What is counted. */
  readonly unit: string;
  /** Nano-dollars (10⁻⁹ USD) a unit: the public prices are whole numbers of them. */
  readonly nanoUsd: number;
  /** Title of the page on developers.cloudflare.com. */
  readonly source: string;
}

const WORKERS = "Workers: Pricing";
const OBJECTS = "Durable Objects: Pricing";
const D1 = "D1: Pricing";
const QUEUES = "Queues: Pricing";
const R2 = "R2: Pricing";

/**
 * Everything that this product is billed for, on the paid plan. Included amounts and the plan's monthly fee are left
 * out: they belong to an account, not to a session. Static assets, cache hits of the Cache API, outgoing WebSocket
 * messages and egress cost nothing.
 */
export const PRICES = {
  /** $0.30 a million. A WebSocket upgrade is one; what a Worker calls by binding is none. */
  workerRequests: { unit: "request", nanoUsd: 300, source: WORKERS },
  /** $0.02 a million. Objects have none: they are billed by duration. */
  workerCpuMs: { unit: "CPU ms", nanoUsd: 20, source: WORKERS },
  /** $0.15 a million: RPC calls, upgrades, alarms, and incoming WebSocket messages twenty for one. */
  objectRequests: { unit: "request", nanoUsd: 150, source: OBJECTS },
  /** $12.50 a million: 128 MB for as long as an object is at work or may not hibernate. */
  objectGbSeconds: { unit: "GB-s", nanoUsd: 12_500, source: OBJECTS },
  /** $1.00 a million; a deletion and each `setAlarm` are rows written too, and so is each index entry. */
  objectRowsWritten: { unit: "row", nanoUsd: 1_000, source: OBJECTS },
  /** $0.001 a million. */
  objectRowsRead: { unit: "row", nanoUsd: 1, source: OBJECTS },
  /** $0.20. */
  objectGbMonths: { unit: "GB-month", nanoUsd: 200_000_000, source: OBJECTS },
  /** $1.00 a million, index entries included. */
  d1RowsWritten: { unit: "row", nanoUsd: 1_000, source: D1 },
  /** $0.001 a million. */
  d1RowsRead: { unit: "row", nanoUsd: 1, source: D1 },
  /** $0.75. */
  d1GbMonths: { unit: "GB-month", nanoUsd: 750_000_000, source: D1 },
  /** $0.40 a million: a write, a read and a deletion for each 64 KB of a message. */
  queueOperations: { unit: "operation", nanoUsd: 400, source: QUEUES },
  /** $4.50 a million: puts, lists. */
  r2ClassA: { unit: "operation", nanoUsd: 4_500, source: R2 },
  /** $0.36 a million: gets, heads. */
  r2ClassB: { unit: "operation", nanoUsd: 360, source: R2 },
  /** $0.015. */
  r2GbMonths: { unit: "GB-month", nanoUsd: 15_000_000, source: R2 },
} as const satisfies Record<string, Price>;

/** Names of what is billed. */
export type BilledItem = keyof typeof PRICES;

/** How use is turned into billed units; from the same pages. */
export const BILLING = {
  /** An object's memory, in GB as the bill has it, whatever it uses of it. */
  objectGb: 0.128,
  /** Incoming WebSocket messages that make one request. */
  messagesPerRequest: 20,
  /** Operations of one queue message of up to 64 KB that is delivered once: written, read, deleted. */
  operationsPerMessage: 3,
  /**
   * An object that may hibernate is asleep after this long without work. An object counts as awake from one activity to
   * the next when they are no further apart; what is further apart counts nothing between. An upper bound: the pricing
   * page says that time in which an object may hibernate is free even before it does.
   */
  sleepsAfterMs: 10_000,
  /** Bytes of a message that one operation covers. */
  bytesPerOperation: 64_000,
} as const;

// What the platform documents of one object, and what is supposed of the network: each with where it comes from.
// Pages are those of developers.cloudflare.com.

/** A figure that nobody here measured, and why it is believed. */
export interface Given {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

const FAQ = 'Durable Objects: FAQ, "How much work can a single Durable Object do?"';
const LIMITS_PAGE = "Durable Objects: Limits";

export const PLATFORM = {
  requestsPerSecond: { value: 1_000, unit: "calls a second to one object (soft)", source: FAQ },
  sockets: { value: 32_768, unit: "sockets an object", source: LIMITS_PAGE },
  memoryMb: { value: 128, unit: "MB an object", source: "Durable Objects: Pricing" },
  cpuSeconds: { value: 30, unit: "s of CPU a request", source: LIMITS_PAGE },
  rowMb: { value: 2, unit: "MB a row", source: LIMITS_PAGE },
} as const satisfies Record<string, Given>;

/** Where viewers are: their share, and the one-way time between their region's objects and the session's. */
export interface Region {
  readonly name: string;
  readonly share: number;
  readonly toSessionMs: number;
}

/** Supposed: a session made in North America; half of the round trips that operators publish between continents. */
export const REGIONS: readonly Region[] = [
  { name: "NA", share: 0.35, toSessionMs: 15 },
  { name: "EU", share: 0.3, toSessionMs: 45 },
  { name: "AS", share: 0.2, toSessionMs: 85 },
  { name: "SA", share: 0.1, toSessionMs: 65 },
  { name: "OC", share: 0.05, toSessionMs: 100 },
];

export const NETWORK = {
  /** One way between a viewer and the relay of their region. Supposed. */
  lastMileMs: 20,
  /** One way between two objects of a region. Supposed. */
  withinRegionMs: 5,
  /** Until a block is durable, after the turn that wrote it: the output gate holds answers that long. Supposed. */
  commitMs: 10,
} as const;

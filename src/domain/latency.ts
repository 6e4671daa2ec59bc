/** How long answers took, as counts by length: small however many were counted, and two of them merge by adding. Pure. */

/** Upper bounds of the lengths, evenly on a logarithmic scale; one more is for what took longer. */
const BOUNDS_MS = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000,
  10_000,
] as const;

/** How many counts there are. */
export const LATENCY_COUNTS = BOUNDS_MS.length + 1;

/** So many of `count` took at most so long. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly count: number;
}

/** Which of the counts is for an answer that took so long. */
export function latencyIndex(tookMs: number): number {
  let index = 0;
  while (index < BOUNDS_MS.length && tookMs > (BOUNDS_MS[index] ?? 0)) index += 1;
  return index;
}

/** Undefined while nothing was counted. What took longer than the last bound is shown as that. */
export function latencyOf(counts: readonly number[]): Latency | undefined {
  const count = counts.reduce((sum, times) => sum + times, 0);
  if (count === 0) return undefined;
  const within = (share: number): number => {
    let reached = 0;
    const index = counts.findIndex((times) => (reached += times) >= count * share);
    return BOUNDS_MS[Math.min(index, BOUNDS_MS.length - 1)] ?? 0;
  };
  return { p50Ms: within(0.5), p95Ms: within(0.95), p99Ms: within(0.99), count };
}

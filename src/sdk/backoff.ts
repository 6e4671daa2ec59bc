/** How long to wait before trying again, and the waiting, which an event can cut short. Touches timers alone. */

const BASE_MS = 1_000;
const MOST_MS = 30_000;

/**
 * Full jitter: anything from nothing to a bound that doubles with each failure. A relay that restarts sends thousands away
 * at once; they must not come back together.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(MOST_MS, BASE_MS * 2 ** failures);
}

/** Resolves after the time; rejects with the reason of a signal that says it is no longer wanted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end);
  });
}

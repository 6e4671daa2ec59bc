// How long a client waits before it comes again.
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { backoffMs, sleep } from "../../src/sdk/backoff.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("waits anything up to a bound that doubles, and half a minute at most", () => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, dice) => {
      expect(backoffMs(failures, () => dice)).toBe(dice * Math.min(30_000, 1_000 * 2 ** failures));
    }),
  );
});

it("resolves after the time", async () => {
  const done = vi.fn<() => void>();
  void sleep(500).then(done);
  await vi.advanceTimersByTimeAsync(499);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
});

it("rejects as soon as it is no longer wanted, and leaves no timer", async () => {
  const wanted = new AbortController();
  const asleep = sleep(500, wanted.signal);
  wanted.abort();
  await expect(asleep).rejects.toThrow("aborted");
  await expect(sleep(500, wanted.signal)).rejects.toThrow("aborted");
  expect(vi.getTimerCount()).toBe(0);
});

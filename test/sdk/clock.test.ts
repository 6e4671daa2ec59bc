// The server's clock as a device with another one knows it.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Clock } from "../../src/sdk/clock.ts";

const iso = (ms: number): string => new Date(ms).toISOString();

it("is the device's until the server was heard", () => {
  expect(new Clock(() => 5_000).nowMs()).toBe(5_000);
});

it("is never early, and late by no more than the quickest of the last messages", () => {
  const ways = fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(ways, fc.integer({ min: -1e9, max: 1e9 }), (latencies, aheadMs) => {
      let serverMs = Date.UTC(2026, 0, 1);
      const clock = new Clock(() => serverMs - aheadMs);
      for (const latencyMs of latencies) {
        const sentAt = iso(serverMs);
        serverMs += latencyMs;
        clock.heard(sentAt);
      }
      expect(clock.nowMs()).toBe(serverMs - Math.min(...latencies));
    }),
  );
});

it("follows a device whose clock was set anew", () => {
  const serverMs = Date.UTC(2026, 0, 1);
  let deviceMs = serverMs;
  const clock = new Clock(() => deviceMs);
  clock.heard(iso(serverMs));
  deviceMs += 3_600_000;
  for (let nth = 0; nth < 12; nth += 1) clock.heard(iso(serverMs));
  expect(clock.nowMs()).toBe(serverMs);
});

it("leaves alone what is no time", () => {
  const clock = new Clock(() => 1_000);
  clock.heard("soon");
  expect(clock.nowMs()).toBe(1_000);
});

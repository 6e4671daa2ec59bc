/** What use costs, and what a session is expected to use: sums that agree, and the two figures everybody knows. */
import { describe, expect, it } from "vitest";
import { estimate, relaysOf, type Expected } from "../../src/domain/cost/estimate.ts";
import { NOTHING_METERED, usageOf } from "../../src/domain/cost/metered.ts";
import { addUsage, billOf, usdOf } from "../../src/domain/cost/model.ts";
import { PRICES } from "../../src/domain/cost/prices.ts";
import { relaysWanted } from "../../src/live/placement.ts";

const SESSION: Expected = {
  viewers: 10_000,
  minutes: 60,
  regions: 1,
  offers: 10,
  taps: 0,
  tapSeconds: 60,
  stock: 0,
  httpShare: 0.2,
  framesPerSecond: 5,
  delivery: { by: "relay" },
  warmup: false,
  cooldown: false,
};
const POLLING = { by: "polling", everySeconds: 5 } as const;

const usdFor = (over: Partial<Expected>): number =>
  usdOf(billOf(estimate({ ...SESSION, ...over })).totalNanoUsd);
const sumOf = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((sum, amount) => sum + amount, 0);

describe("a bill", () => {
  it("is quantity times public price, in whole nano-dollars", () => {
    const bill = billOf({ taps: { objectRequests: 1_000_000 }, publishing: { queueOperations: 2.5 } });
    expect(bill.lines).toMatchObject([
      { feature: "taps", item: "objectRequests", quantity: 1_000_000, nanoUsd: 150_000_000 },
      { feature: "publishing", item: "queueOperations", quantity: 2.5, nanoUsd: 1_000 },
    ]);
    expect(usdOf(bill.byItem.objectRequests ?? 0)).toBe(0.15);
  });

  it("adds up exactly by feature, by item and in all, however odd the quantities", () => {
    const usage = addUsage(
      estimate({
        ...SESSION,
        viewers: 12_345,
        taps: 6_789,
        stock: 1_234,
        regions: 3,
        warmup: true,
        cooldown: true,
      }),
      { taps: { workerCpuMs: 1 / 3, objectRowsRead: 0.7 } },
    );
    const bill = billOf(usage);
    const lines = bill.lines.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0);
    expect([sumOf(bill.byFeature), sumOf(bill.byItem), lines]).toEqual(Array(3).fill(bill.totalNanoUsd));
    expect(Number.isSafeInteger(bill.totalNanoUsd)).toBe(true);
  });

  it("has a whole price, a unit and a source for everything", () => {
    for (const { nanoUsd, unit, source } of Object.values(PRICES)) {
      expect([Number.isInteger(nanoUsd), unit.length > 0, source.length > 0]).toEqual([true, true, true]);
    }
  });
});

describe("an hour for 10,000 viewers at 5 frames a second", () => {
  it("is about seven cents by relay: relays awake, pushes, and opening sockets", () => {
    expect(usdFor({})).toBeGreaterThan(0.06);
    expect(usdFor({})).toBeLessThan(0.085);
    const { byFeature } = billOf(estimate(SESSION));
    // Six relays and the session, awake for the hour: 7 × 0.128 GB × 3,600 s × $12.50 a million.
    expect(usdOf(byFeature.fanout ?? 0)).toBeGreaterThan(0.0403);
  });

  it("is about 2.16 by polling a cached picture every 5 s: 7.2 million requests, and next to nothing else", () => {
    const bill = billOf(estimate({ ...SESSION, delivery: POLLING }));
    expect(usdOf(bill.byItem.workerRequests ?? 0)).toBe(2.16);
    expect(usdOf(bill.totalNanoUsd)).toBeLessThan(2.16 * 1.03);
  });
});

describe("an estimate", () => {
  it("grows with the audience, the time, the taps and the frames", () => {
    const selling = { taps: 2_000, stock: 500 };
    for (const more of [{ viewers: 40_000 }, { minutes: 120 }, { framesPerSecond: 9 }]) {
      expect(usdFor({ ...selling, ...more }), JSON.stringify(more)).toBeGreaterThan(usdFor(selling));
    }
    expect(usdFor({ taps: 4_000, stock: 500 })).toBeGreaterThan(usdFor(selling));
    expect(usdFor({ warmup: true })).toBeGreaterThan(usdFor({}));
  });

  it("has what is sold written once whatever the crowd: more taps for the same stock make few more rows", () => {
    const rows = (taps: number): number =>
      estimate({ ...SESSION, taps, stock: 500, tapSeconds: 10 }).taps?.objectRowsWritten ?? 0;
    expect(rows(100_000)).toBeLessThan(rows(1_000));
  });

  it("puts hubs between only where one object would push to too many", () => {
    expect(relaysOf(10_000, 1)).toEqual({ leaves: 6, hubs: 0 });
    expect(relaysOf(53_000, 1)).toEqual({ leaves: 32, hubs: 0 });
    expect(relaysOf(54_000, 1)).toEqual({ leaves: 33, hubs: 2 });
  });

  it("has as many relays as the session makes for so many who are there", () => {
    for (const viewers of [1, 1_667, 10_000, 400_000, 10_000_000]) {
      expect(relaysOf(viewers, 1).leaves).toBe(relaysWanted(viewers, 0));
    }
  });
});

describe("a meter's counts", () => {
  it("become billed units: calls, a twentieth of the messages, time awake, rows; the rest by rates", () => {
    const { metered, estimated } = usageOf({
      ...NOTHING_METERED,
      calls: { taps: 10, sockets: 4 },
      rowsWritten: { taps: 3 },
      httpTaps: 6,
      messages: 40,
      relaysAwakeMs: 1_000,
      queueMessages: 2,
      queueOperations: 6,
      archivedParts: 3,
    });
    // Each with the manifest after it.
    expect(metered.cooldown).toMatchObject({ r2ClassA: 6 });
    expect(metered.taps).toMatchObject({ objectRequests: 12, objectRowsWritten: 3 });
    expect(metered.fanout?.objectGbSeconds).toBe(0.128);
    expect(metered.publishing).toMatchObject({ queueOperations: 6 });
    expect(estimated.taps).toMatchObject({ workerRequests: 6 });
    expect(estimated.sockets).toMatchObject({ workerRequests: 4 });
  });

  it("cost nothing when there are none", () => {
    const { metered, estimated } = usageOf(NOTHING_METERED);
    expect(billOf(addUsage(metered, estimated))).toMatchObject({ totalNanoUsd: 0, lines: [] });
  });
});

/** A relay's desk: taps in the order of their arrival, and what becomes of too many. Pure, with a clock of the test's own. */
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { Envelope } from "../../src/domain/commands.ts";
import type { ViewerId } from "../../src/domain/ids.ts";
import { latencyOf } from "../../src/domain/latency.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { TapOutcome } from "../../src/live/client.ts";
import { Meter } from "../../src/live/meter.ts";
import { TapBatcher } from "../../src/live/tap-batcher.ts";
import { TapDesk, type Ticket } from "../../src/live/tap-desk.ts";
import { TapLimits } from "../../src/live/tap-limits.ts";

const NOW_MS = 1_000_000;
const REFUSED: TapOutcome = { reply: { ok: false, refusal: { code: "order_exists" } }, replayed: false };

let viewers = 0;

function newViewer(): ViewerId {
  viewers += 1;
  return `vwr_${viewers}`;
}

function tap(id: string): Envelope {
  return { id, fingerprint: id, command: { type: "order.cancel", v: 1, order: "ord_1" } };
}

describe("the order of taps", () => {
  it("is that of their arrival, however long each takes to verify, and at a hub behind relays as well", async () => {
    const batches: string[][] = [];
    const hub = new TapBatcher(async (batch) => {
      batches.push(batch.map(({ id }) => id));
      return batch.map(() => REFUSED);
    });
    const desk = new TapDesk({
      relay: "EU/0",
      send: (batch) => hub.pass(batch),
      scarcity: async () => undefined,
      known: () => undefined,
      meter: new Meter("relaysAwakeMs"),
    });
    const ids = ["slow", "forged", "quick", "last"];
    const [slow, forged, quick, last] = ids.map(() => desk.admit(newViewer(), Date.now()));
    if (!slow || !forged || !quick || !last) throw new Error("nobody came");
    if ("overloaded" in slow || "overloaded" in forged || "overloaded" in quick || "overloaded" in last)
      throw new Error("turned away");
    const answers = [last.take(tap("last")), quick.take(tap("quick"))];
    await setImmediate();
    expect(batches).toEqual([]);
    answers.push(slow.take(tap("slow")));
    await answers.at(-1);
    forged.drop();
    await Promise.all(answers);
    expect(batches).toEqual([["slow"], ["quick", "last"]]);
  });
});

describe("a relay that is asked too much", () => {
  it("takes a burst, then so many taps a second, and sends the rest away at once, not all to the same moment", () => {
    const limits = new TapLimits();
    const turnedAway = (taps: number, nowMs: number) =>
      Array.from({ length: taps }, () => limits.turnedAway(newViewer(), 0, nowMs)).filter(
        (turned) => turned !== undefined,
      );
    const away = turnedAway(LIMITS.tapsPerRelayBurst + 1_000, NOW_MS);
    expect(away).toHaveLength(1_000);
    expect(turnedAway(LIMITS.tapsPerRelaySecond + 7, NOW_MS + 1_000)).toHaveLength(7);
    const waits = away.map(({ retryAfterMs }) => retryAfterMs);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(LIMITS.overloadRetryMs);
    expect(Math.max(...waits)).toBeLessThanOrEqual(LIMITS.overloadRetryMaxMs);
    expect(new Set(waits).size).toBeGreaterThan(500);
    expect(limits.turnedAway(newViewer(), 0, NOW_MS + 2_000)).toBeUndefined();
  });

  it("tells a tap that would wait too long when its turn would be", () => {
    const limits = new TapLimits();
    expect(limits.turnedAway(newViewer(), LIMITS.tapWaitMs, NOW_MS)).toBeUndefined();
    const away = limits.turnedAway(newViewer(), 4_000, NOW_MS);
    expect(away?.because).toBeUndefined();
    expect(away?.retryAfterMs).toBeGreaterThanOrEqual(4_000);
  });

  it("reckons the wait from what batches take, the one under way included, and takes taps again when it is over", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
    let finish: () => void = () => undefined;
    const batcher = new TapBatcher(async (batch) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return batch.map(() => REFUSED);
    });
    expect(batcher.waitMs(NOW_MS)).toBe(0);
    const answer = batcher.place().fill(tap("a"));
    expect(batcher.waitMs(NOW_MS + 3_000)).toBeGreaterThan(LIMITS.tapWaitMs);
    vi.setSystemTime(NOW_MS + 3_000);
    finish();
    await answer;
    await setImmediate();
    expect(batcher.waitMs(Date.now())).toBe(0);
    vi.useRealTimers();
  });
});

describe("what becomes of taps", () => {
  function deskWith(meter: Meter, outcome: TapOutcome): TapDesk {
    return new TapDesk({
      relay: "EU/0",
      send: async (batch) => batch.map(() => outcome),
      scarcity: async () => undefined,
      known: () => undefined,
      meter,
    });
  }

  function admitted(desk: TapDesk, viewer: ViewerId): Ticket {
    const ticket = desk.admit(viewer, Date.now());
    if ("overloaded" in ticket) throw new Error("turned away");
    return ticket;
  }

  const reserving: Envelope = {
    ...tap("r"),
    command: {
      type: "reservation.reserve",
      v: 1,
      reservation: "rsv_1",
      viewer: "vwr_1",
      items: [],
      allowPartial: false,
      backorder: true,
    },
  };

  it("is counted when it was to buy and is answered, with how long that took; a repeat and other taps are not", async () => {
    const meter = new Meter("relaysAwakeMs");
    await admitted(deskWith(meter, REFUSED), newViewer()).take(reserving);
    await admitted(deskWith(meter, { ...REFUSED, replayed: true }), newViewer()).take(reserving);
    await admitted(deskWith(meter, REFUSED), newViewer()).take(tap("other"));
    admitted(deskWith(meter, REFUSED), newViewer()).refused("token_malformed");
    expect(meter.counts()).toMatchObject({
      tapsAnswered: 2,
      tapsRefused: 2,
      refusals: { order_exists: 1, token_malformed: 1 },
    });
    expect(latencyOf(meter.counts().latency)).toMatchObject({ count: 2 });
  });

  it("is a refusal and no tap where it was turned away", () => {
    const meter = new Meter("relaysAwakeMs");
    const desk = deskWith(meter, REFUSED);
    const viewer = newViewer();
    for (let taps = 0; taps <= LIMITS.tapsWaitingPerViewer; taps++) desk.admit(viewer, NOW_MS);
    expect(meter.counts()).toMatchObject({ tapsAnswered: 0, tapsRefused: 0, refusals: { rate_limited: 1 } });
  });

  it("is as long as most of them took, rounded up; counts of several relays add up", () => {
    const meters = [1, 40, 40, 900].map((tookMs) => {
      const meter = new Meter("relaysAwakeMs");
      for (let taps = 0; taps < 25; taps++) meter.answered(tookMs, undefined);
      return meter;
    });
    const session = new Meter("sessionAwakeMs", { tapsAnswered: 1 });
    for (const meter of meters) session.merge(meter.take(NOW_MS));
    expect(latencyOf(session.counts().latency)).toEqual({
      p50Ms: 50,
      p95Ms: 1_000,
      p99Ms: 1_000,
      count: 100,
    });
    expect(session.measured.taps).toBe(101);
    session.answered(1_000_000, undefined);
    expect(latencyOf(new Meter("sessionAwakeMs").counts().latency)).toBeUndefined();
  });
});

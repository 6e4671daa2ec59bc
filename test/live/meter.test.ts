/** What a session and its relays count of themselves, and what their host is told that it costs. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { Meter } from "../../src/live/meter.ts";
import { envelope, liveSession, newViewer, reserveCommand, stubOf } from "./stage.ts";
import { Watcher } from "./watcher.ts";
import { buy, get, must, newDrop, newViewer as newBuyer, refused, type Json } from "../edge/client.ts";

const sumOf = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((sum, amount) => sum + amount, 0);

describe("a session's meter", () => {
  it("counts taps, what they wrote and what it was asked, each once", async () => {
    const session = await liveSession(100);
    const stub = stubOf(session);
    const before = (await stub.metered()).counts;
    await stub.execute(Array.from({ length: 64 }, () => envelope(reserveCommand(session))));
    await stub.hydrate();
    const { counts } = await stub.metered();
    expect(counts.taps - before.taps).toBe(64);
    expect(counts.reservations - before.reservations).toBe(64);
    expect((counts.calls.taps ?? 0) - (before.calls.taps ?? 0)).toBe(1);
    expect((counts.calls.hydrate ?? 0) - (before.calls.hydrate ?? 0)).toBe(1);
    // One row for 64 reservations: a block.
    expect((counts.rowsWritten.taps ?? 0) - (before.rowsWritten.taps ?? 0)).toBe(1);
  });

  it("adds what its relays have counted, taps of theirs among it", async () => {
    const session = await liveSession(5);
    const viewer = newViewer();
    const relay = env.RELAY.getByName(`${session}/EU/0`);
    const { reply } = (await relay.tap(viewer, envelope(reserveCommand(session, viewer)))) as Json;
    expect(reply.ok).toBe(true);
    const { counts } = await stubOf(session).metered();
    expect(counts.httpTaps).toBe(1);
    // At the relay, and at the session.
    expect(counts.calls.taps).toBe(2);
  });

  it("knows sockets, what was sent to them, and how long how many watched", async () => {
    const session = await liveSession(50);
    const watcher = await Watcher.connect(session, newViewer());
    watcher.socket.send('{"type":"order","id":"not one"}');
    // Relays report with pushes, once a second at most.
    const counts = await vi.waitFor(
      async () => {
        await stubOf(session).execute([envelope(reserveCommand(session))]);
        const reading = (await stubOf(session).metered()).counts;
        expect(reading.framesOut).toBeGreaterThan(1);
        return reading;
      },
      { timeout: 4_000, interval: 200 },
    );
    expect(counts).toMatchObject({ messages: 1, calls: { sockets: 1 } });
    expect(counts.calls.fanout).toBeGreaterThan(1);
    expect(counts.viewerMs).toBeGreaterThan(0);
    expect(counts.relaysAwakeMs).toBeGreaterThan(0);
    watcher.socket.close();
  });

  it("is still there after the object was evicted, but for the last seconds", async () => {
    const session = await liveSession(5);
    const stub = stubOf(session);
    await stub.execute([envelope(reserveCommand(session))]);
    await runInDurableObject(stub, (instance) => instance.alarm());
    const { counts, sinceMs } = await stub.metered();
    await evictDurableObject(stub);
    const after = await stub.metered();
    expect(after.counts.taps).toBe(counts.taps);
    expect(after.counts.rowsWritten.taps).toBe(counts.rowsWritten.taps);
    expect(after.sinceMs).toBe(sinceMs);
  });

  it("counts a journal's parts in the lake once, however often it is archived", () => {
    const meter = new Meter("sessionAwakeMs");
    const archivedIn = (parts: number) => {
      const head = { number: parts, lastSeq: parts, hash: "h" };
      const archive = { key: "manifest.json", head, parts, bytes: 9 };
      meter.events([{ type: "warmup.archived", v: 1, archive, seq: parts, atMs: 0 }]);
      return meter.counts().archivedParts;
    };
    expect([archivedIn(1), archivedIn(2)]).toEqual([1, 2]);
  });
});

describe("time awake", () => {
  const awakeAfter = (act: (meter: Meter) => void): number => {
    const meter = new Meter("relaysAwakeMs");
    act(meter);
    return meter.counts().relaysAwakeMs;
  };

  it("is from one activity to the next, where an object would not have slept in between", () => {
    expect(awakeAfter((meter) => [0, 4_000, 14_000, 25_000, 26_000].forEach((ms) => meter.touch(ms)))).toBe(
      15_000,
    );
  });

  it("is all of it with a stream open or while kept warm, and no longer", () => {
    expect(
      awakeAfter((meter) => {
        meter.streaming(true, 0);
        meter.streaming(false, 60_000);
        meter.touch(120_000);
      }),
    ).toBe(60_000);
    expect(
      awakeAfter((meter) => {
        meter.warm(30_000, 0);
        meter.touch(100_000);
      }),
    ).toBe(30_000);
  });

  it("goes up from a relay once, and not with every batch", () => {
    const meter = new Meter("relaysAwakeMs");
    meter.call("taps", 1_000);
    expect(meter.takeDue(LIMITS.meterReportMs)?.calls.taps).toBe(1);
    meter.call("taps", 1_000);
    expect(meter.takeDue(LIMITS.meterReportMs + 1)).toBeUndefined();
    expect(meter.take(LIMITS.meterReportMs + 2).calls).toEqual({ taps: 1 });
    expect(meter.counts().calls).toEqual({});
  });
});

describe("GET /v1/sessions/{session}/cost", () => {
  it("tells a host what was used and what it comes to, in lines that add up exactly", async () => {
    const drop = await newDrop(3);
    const { token } = await newBuyer();
    await must(buy(drop, token));
    const cost: Json = await must(get(`${drop.at}/cost`, { as: drop.seller.key }));
    expect(cost.counts).toMatchObject({ reservations: 1, orders: 1 });
    const lines = cost.lines.reduce((sum: number, { nanoUsd }: Json) => sum + nanoUsd, 0);
    expect(cost.totalNanoUsd).toBeGreaterThan(0);
    expect([lines, sumOf(cost.byFeature), sumOf(cost.byItem)]).toEqual(Array(3).fill(cost.totalNanoUsd));
    expect(cost.byFeature.taps).toBeGreaterThan(0);
    expect(cost.per.order).toBe(cost.totalNanoUsd);
    expect(cost.per.viewerHour).toBeNull();
    expect(cost.notMetered.length).toBeGreaterThan(0);
    expect(new Set(cost.lines.map(({ basis }: Json) => basis))).toEqual(new Set(["metered", "estimated"]));
  });

  it("is for the platform and the seller; to others there is none", async () => {
    const [drop, other] = [await newDrop(1), await newDrop(1)];
    expect(refused(await get(`${drop.at}/cost`, { as: drop.creator.key }))).toBe("403 forbidden");
    expect(refused(await get(`${drop.at}/cost`, { as: other.seller.key }))).toBe("404 session_not_found");
    expect(refused(await get(`${drop.at}/cost`))).toBe("401 unauthenticated");
  });
});

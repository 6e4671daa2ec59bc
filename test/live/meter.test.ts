/** What a session and its relays count of themselves and of their audience, and what their host is told of it. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { NOTHING_METERED } from "../../src/domain/cost/metered.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { Meter } from "../../src/live/meter.ts";
import { soon } from "../soon.ts";
import {
  cursorOf,
  envelope,
  liveSession,
  newViewer,
  reserve,
  reserveCommand,
  send,
  stubOf,
} from "./stage.ts";
import { tokenFor, Watcher } from "./watcher.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newOffer,
  newViewer as newBuyer,
  refused,
  until,
  usd,
  type Json,
} from "../edge/client.ts";

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
    const counts = await soon(async () => {
      await stubOf(session).execute([envelope(reserveCommand(session))]);
      const reading = (await stubOf(session).metered()).counts;
      expect(reading.framesOut).toBeGreaterThan(1);
      return reading;
    });
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

describe("a session's live numbers", () => {
  it("are exact after a race for the last units", async () => {
    const drop = await newDrop(3);
    const buyers = await Promise.all(Array.from({ length: 8 }, () => newBuyer()));
    const answers = await Promise.all(buyers.map(({ token }) => buy(drop, token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const stats = await until(async () => {
      const now: Json = await must(get(`${drop.at}/stats`, { as: drop.creator.key }));
      return now.orders.captured === 3 ? now : undefined;
    });
    expect(stats).toMatchObject({
      session: drop.session,
      status: "live",
      held: 0,
      sold: 3,
      orders: { placed: 0, authorized: 0, captured: 3, failed: 0, cancelled: 0, refunded: 0 },
      captured: usd(6_000),
      refunded: usd(0),
      offers: { [drop.offer]: { held: 0, sold: 3, captured: usd(6_000) } },
    });
    const events: Json = await must(get(`${drop.at}/events?limit=200`, { as: drop.seller.key }));
    expect(stats.cursor).toBe(Number(events.data.at(-1).sequence));
  });

  it("have each viewer and each answered tap once, refusals by reason, and outlive the object's memory", async () => {
    const session = await liveSession(2);
    const viewers = [newViewer(), newViewer(), newViewer()];
    const watchers = await Promise.all(viewers.map((viewer) => Watcher.connect(session, viewer)));
    for (const [index, watcher] of watchers.entries()) {
      const token = await tokenFor(session, viewers[index]!);
      const reserving = { type: "reserve", id: "a", items: [{ token }] };
      watcher.tap(reserving);
      // A repeat gets the answer that was counted.
      if ((await watcher.answer("a")) === "ack") watcher.tap(reserving);
    }
    const [watcher] = watchers;
    watcher!.tap({ type: "reserve", id: "b", items: [{ token: await tokenFor(session, viewers[1]!) }] });
    await watcher!.answer("b");
    watcher!.tap({ type: "release", id: "c", reservation: `rsv_${"0".repeat(52)}` });
    await Watcher.connect(session, viewers[0]);
    const counted = { views: 3, taps: 4, refusals: { out_of_stock: 1, token_viewer_mismatch: 1 } };
    const stats = await soon(async () => {
      const now = await stubOf(session).stats();
      expect(now).toMatchObject({ ...counted, viewers: 4, viewersPeak: 4, held: 2, latency: { count: 4 } });
      return now!;
    });
    expect(stats.latency!.p50Ms).toBeLessThanOrEqual(stats.latency!.p99Ms);
    await soon(async () => {
      const kept = await runInDurableObject(stubOf(session), (_, { storage }) => storage.kv.get("meter"));
      expect(kept).toMatchObject({ views: 3, tapsAnswered: 4 });
    });
    await evictDurableObject(stubOf(session));
    expect(await stubOf(session).stats()).toMatchObject({ ...counted, held: 2, latency: { count: 4 } });
  });

  it("are for hosts; to others there is no such session", async () => {
    const [drop, other] = [await newDrop(1), await newDrop(1)];
    expect(refused(await get(`${drop.at}/stats`, { as: other.seller.key }))).toBe("404 session_not_found");
    expect(refused(await get(`${drop.at}/offers`, { as: other.creator.key }))).toBe("404 session_not_found");
    expect(refused(await get(`${drop.at}/stats`))).toBe("401 unauthenticated");
    const viewer = await newBuyer();
    expect(refused(await get(`${drop.at}/offers`, { as: viewer.token }))).toBe("403 forbidden");
  });

  it("stand beside the offers with their whole terms, page by page", async () => {
    const drop = await newDrop(1);
    const price = { headline: usd(3_000), floor: usd(1_000) };
    const second = await newOffer(drop, 1, { price });
    const first: Json = await must(get(`${drop.at}/offers?limit=1`, { as: drop.seller.key }));
    const rest: Json = await must(
      get(`${drop.at}/offers?limit=1&cursor=${first.nextCursor}`, { as: drop.creator.key }),
    );
    expect(rest.nextCursor).toBeNull();
    const offers: Json[] = [...first.data, ...rest.data];
    expect(offers.find(({ id }) => id === second.offer)).toMatchObject({
      price,
      priceVersion: 1,
      honoured: [],
    });
    expect(offers.find(({ id }) => id === drop.offer)).not.toHaveProperty("changedSeq");
  });
});

describe("the audience in the journal", () => {
  /** As a relay reports it. */
  const come = (session: SessionId, views: number) =>
    stubOf(session).presence(`${session}/EU/9`, 0, { ...NOTHING_METERED, views });
  const measuredIn = async (session: SessionId) =>
    (await stubOf(session).events(0, 200)).filter((event) => event.type === "session.measured");

  it("is a total once a minute, where somebody came; screens are not told", async () => {
    const session = await liveSession(5);
    const watcher = await Watcher.connect(session, newViewer());
    await soon(async () => {
      expect(await stubOf(session).stats()).toMatchObject({ views: 1 });
      expect(watcher.viewers).toBe(1);
    });
    const cursor = await cursorOf(session);
    expect(await measuredIn(session)).toEqual([]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.measureEveryMs });
    await come(session, 4);
    await come(session, 1);
    expect(await measuredIn(session)).toMatchObject([
      { v: 1, views: 5, viewersPeak: 1, taps: 0, refused: 0 },
    ]);
    vi.setSystemTime(Date.now() + LIMITS.measureEveryMs);
    await stubOf(session).stats();
    await stubOf(session).stats();
    expect((await measuredIn(session)).map(({ seq, views }) => [seq, views])).toEqual([
      [cursor + 1, 5],
      [cursor + 2, 6],
    ]);
    expect(await cursorOf(session)).toBe(cursor);
    vi.useRealTimers();
    const frames = () => watcher.messages.filter(({ type }) => type === "frame").length;
    const before = frames();
    await reserve(session);
    await soon(() => expect(watcher.cursor).toBe(cursor + 3));
    expect(frames()).toBe(before + 1);
    watcher.socket.close();
  });

  it("is written at the end, once more for what comes late, and never after", async () => {
    const session = await liveSession(5);
    const endsAtMs = Date.now() + 1_000;
    vi.useFakeTimers({ toFake: ["Date"], now: endsAtMs });
    await come(session, 1);
    await send(session, { type: "session.move", v: 1, action: "end" });
    const types = (await stubOf(session).events(0, 200)).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(["session.ended", "session.measured"]);
    for (const afterMs of [1, 1_000, LIMITS.measureLateMs, LIMITS.measureLateMs + 1, 10_000, 300_000]) {
      vi.setSystemTime(endsAtMs + afterMs);
      await come(session, 1);
    }
    expect((await measuredIn(session)).map(({ views }) => views)).toEqual([1, 4]);
    expect(await stubOf(session).check()).toMatchObject({ replayEqual: true });
    await evictDurableObject(stubOf(session));
    expect((await stubOf(session).stats())!.views).toBeGreaterThanOrEqual(4);
    vi.useRealTimers();
  });
});

/** Relay on workerd: frames, resume, who watches. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { relayName } from "../../src/live/placement.ts";
import { RelayPicture } from "../../src/live/relay-picture.ts";
import { Relay } from "../../src/live/relay.ts";
import { LiveSession } from "../../src/live/session.ts";
import { strainAfter } from "../../src/live/ticker.ts";
import { CLOSE } from "../../src/wire/live.ts";
import { usd } from "../domain/shop.ts";
import { soon } from "../soon.ts";
import { asBefore, lower } from "./otherwise.ts";
import { Reading } from "./reading.ts";
import { cursorOf, liveSession, newSession, newViewer, reserveCommand, send, stubOf, TEE } from "./stage.ts";
import { audience, live, Watcher } from "./watcher.ts";

afterEach(asBefore);

async function pictureOf(session: SessionId) {
  return (await stubOf(session).hydrate())?.picture;
}

describe("a socket", () => {
  it("is welcomed, gets the picture, then a frame for each change", async () => {
    const session = await liveSession(5);
    const watcher = await Watcher.connect(session);
    expect(await watcher.got("welcome")).toMatchObject({ session, viewer: null });
    expect((await watcher.got("snapshot")).picture.offers[TEE]).toMatchObject({ available: { main: 5 } });
    await send(session, reserveCommand(session));
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 4 } }));
    expect(watcher.messages.filter(({ type }) => type === "snapshot")).toHaveLength(1);
  });

  it("gets many changes within a tick as few frames, the last of which has the final stock", async () => {
    const session = await liveSession(500);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    for (let tap = 0; tap < 100; tap++) await send(session, reserveCommand(session));
    const { cursor } = (await pictureOf(session))!;
    await soon(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 400 } });
    expect(watcher.messages.filter(({ type }) => type === "frame").length).toBeLessThan(50);
  });

  it("resumes from its cursor fifty times without a gap or a repeat", async () => {
    const session = await liveSession(500);
    const steady = await Watcher.connect(session);
    let broken = await Watcher.connect(session);
    await broken.got("snapshot");
    for (let cut = 0; cut < 50; cut++) {
      const taps = Array.from({ length: 1 + (cut % 5) }, () => send(session, reserveCommand(session)));
      broken.socket.close(1000);
      await Promise.all(taps);
      broken = await Watcher.connect(session, undefined, broken);
    }
    const { cursor, offers } = (await pictureOf(session))!;
    await soon(() => expect([steady.cursor, broken.cursor]).toEqual([cursor, cursor]));
    expect(broken.offers).toEqual(steady.offers);
    expect(broken.offers[TEE]).toMatchObject({ available: { main: offers[TEE]!.available["main"] } });
    expect(broken.messages.some(({ type }) => type === "snapshot")).toBe(false);
  });

  it("gets a snapshot when its cursor is from another time", async () => {
    const session = await liveSession(5);
    const lost = await Watcher.connect(session);
    await lost.got("snapshot");
    lost.socket.close(1000);
    lost.cursor = 1_000_000;
    const back = await Watcher.connect(session, undefined, lost);
    await back.got("snapshot");
    expect(back.cursor).toBe((await pictureOf(session))!.cursor);
  });

  it("is told how many watch", async () => {
    const session = await liveSession(1);
    const first = await Watcher.connect(session);
    const second = await Watcher.connect(session);
    await soon(() => expect(first.viewers).toBe(2));
    second.socket.close(1000);
    await soon(() => expect(first.viewers).toBe(1));
  });

  it("of a monitor is shown all and counted as nobody, and by itself keeps its relay told of changes", async () => {
    const session = await liveSession(10);
    const monitor = await Watcher.connect(session, newViewer(), undefined, { isMonitor: true });
    await monitor.got("snapshot");
    const relay = env.RELAY.getByName(relayName(session, "EU", 0));
    expect(await runInDurableObject(relay, (_, { storage }) => storage.getAlarm())).not.toBeNull();
    await evictDurableObject(relay, { webSockets: "hibernate" });
    await send(session, reserveCommand(session));
    await soon(() => expect(monitor.offers[TEE]).toMatchObject({ available: { main: 9 } }));
    const stream = await Reading.open(session, {}, "", { isMonitor: true });
    const viewer = await Watcher.connect(session);
    await soon(() => expect([monitor.viewers, viewer.viewers]).toEqual([1, 1]));
    viewer.socket.close(1000);
    await soon(() => expect(monitor.viewers).toBe(0));
    expect(await stubOf(session).stats()).toMatchObject({ viewers: 0, viewersPeak: 1, views: 1 });
    await send(session, reserveCommand(session));
    await soon(() => expect(monitor.offers[TEE]).toMatchObject({ available: { main: 8 } }));
    await stream.close();
  });

  it("misses nothing when the session's object is evicted between changes", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    for (let round = 0; round < 3; round++) {
      await evictDurableObject(stubOf(session));
      await send(session, reserveCommand(session));
    }
    const { cursor } = (await pictureOf(session))!;
    await soon(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 7 } });
  });

  it("lives through its relay's sleep and starts from a snapshot after", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    const relay = env.RELAY.getByName(relayName(session, "EU", 0));
    await evictDurableObject(relay, { webSockets: "hibernate" });
    await send(session, reserveCommand(session));
    const { cursor } = (await pictureOf(session))!;
    await soon(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } });
  });

  it("is still counted after the session's object was evicted", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await Watcher.connect(session);
    await soon(() => expect(watcher.viewers).toBe(2));
    const heard = watcher.messages.length;
    // By then a change of the count alone is shown at once.
    await scheduler.wait(LIMITS.presenceTickMs);
    await evictDurableObject(stubOf(session));
    await send(session, reserveCommand(session));
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }));
    await soon(async () => expect((await stubOf(session).hydrate())?.viewers).toBe(2));
    expect(watcher.viewers).toBe(2);
    // Nor was anybody told in between that nobody watches.
    expect(watcher.messages.slice(heard).map((m) => "viewers" in m && m.viewers)).not.toContain(0);
  });

  it("catches up when its relay could not be reached for a while", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    const push = vi.spyOn(Relay.prototype, "push").mockRejectedValue(new Error("unreachable"));
    await send(session, reserveCommand(session));
    await soon(() => expect(push.mock.calls.length).toBeGreaterThanOrEqual(4));
    push.mockRestore();
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }));
  });

  it("misses no event that comes while its relay subscribes", async () => {
    const session = await liveSession(10);
    // oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
    const original = LiveSession.prototype.subscribe;
    const subscribe = vi.spyOn(LiveSession.prototype, "subscribe").mockImplementation(async function (
      this: LiveSession,
      ...asked: [relay: string, viewers: number]
    ) {
      const subscription = original.apply(this, asked);
      await send(session, reserveCommand(session));
      await scheduler.wait(300);
      return subscription;
    } as unknown as typeof original);
    const watcher = await Watcher.connect(session);
    subscribe.mockRestore();
    const { cursor } = (await pictureOf(session))!;
    await soon(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } });
  });

  it("is closed at once when there is no such session", async () => {
    const watcher = await Watcher.connect(newSession());
    await soon(() => expect(watcher.closed).toBe(CLOSE.unknown));
  });
});

it("money in a frame is what the offer says", async () => {
  const session = await liveSession(1, { price: { headline: usd(2_500) } });
  const watcher = await Watcher.connect(session);
  const { picture } = await watcher.got("snapshot");
  expect(picture.offers[TEE]?.price.total).toEqual(usd(2_500));
});

describe("frames", () => {
  it("a hundred changes between two ticks are one, the same bytes for everybody", async () => {
    const session = await liveSession(500);
    const watchers = await Promise.all([Watcher.connect(session), Watcher.connect(session)]);
    for (const watcher of watchers) await watcher.got("snapshot");
    const texts = watchers.map(({ socket }) => {
      const seen: unknown[] = [];
      socket.addEventListener("message", ({ data }) => void seen.push(data));
      return seen;
    });
    const { picture } = (await stubOf(session).hydrate())!;
    const offer = picture.offers[TEE]!;
    await runInDurableObject(env.RELAY.getByName(relayName(session, "EU", 0)), async (relay: Relay) => {
      for (let step = 0; step < 100; step++) {
        const after = picture.cursor + step;
        const offers = { [TEE]: { ...offer, available: { main: 499 - step } } };
        await relay.push({ change: { after, cursor: after + 1, offers }, viewers: 2, notices: [] });
      }
    });
    await soon(() => expect(watchers[0]?.offers[TEE]).toMatchObject({ available: { main: 400 } }));
    await soon(() => expect(texts[1]).toEqual(texts[0]));
    // The first change goes out at once; the other ninety-nine share the next tick, or two on a slow machine.
    expect(texts[0]!.length).toBeLessThanOrEqual(3);
  });

  it("have the recent buys when they are others, and who comes again gets those it has missed", () => {
    const session = { status: "live", title: "", currency: "USD", seller: "", defaultZone: "main" } as const;
    const buy = (bought: number) => ({ offer: TEE, quantity: 1, bought, atMs: 0 });
    const whole = { id: newSession(), cursor: 5, session, offers: {}, recentBuys: [buy(1)] };
    const seqs = { sessionChangedSeq: 1, buysChangedSeq: 4, offerChangedSeq: {} };
    const picture = new RelayPicture({ picture: whole, ...seqs, viewers: 1 });
    const take = (after: number, buys?: object): string | undefined => {
      picture.take({ change: { after, cursor: after + 1, offers: {}, ...buys }, viewers: 1 });
      return picture.isNews ? "urgent" : picture.nextFrame(0);
    };
    expect(picture.catchUp(4, 0)).not.toContain("recentBuys");
    expect(picture.catchUp(3, 0)).toContain('"bought":1');
    expect(take(5, { recentBuys: [buy(1), buy(2)] })).toContain('"bought":2');
    expect(take(6)).not.toContain("recentBuys");
    expect(picture.catchUp(5, 0)).toContain('"bought":2');
    expect(picture.subscription()).toMatchObject({
      buysChangedSeq: 6,
      picture: { recentBuys: [buy(1), buy(2)] },
    });
    expect(take(7, { recentBuys: [] })).toContain('"recentBuys":[]');
  });

  it("come less often while timers come late, and as before when they are in time again", () => {
    expect(strainAfter(1, 100, 10)).toBe(1);
    expect(strainAfter(1, 100, 120)).toBeGreaterThan(1);
    expect(strainAfter(2, 200, 20)).toBeLessThan(2);
  });

  it("never take back a client that knows more than its relay", async () => {
    const session = await liveSession(10);
    const first = await Watcher.connect(session);
    await first.got("snapshot");
    const push = vi.spyOn(Relay.prototype, "push").mockRejectedValue(new Error("unreachable"));
    await send(session, reserveCommand(session));
    const { picture } = (await stubOf(session).hydrate())!;
    expect(first.cursor).toBeLessThan(picture.cursor);
    const page = new Watcher(new WebSocketPair()[0]);
    page.cursor = picture.cursor;
    const hydrated = await Watcher.connect(session, undefined, page);
    push.mockRestore();
    await send(session, reserveCommand(session));
    const cursor = await cursorOf(session);
    await soon(() => expect(hydrated.cursor).toBe(cursor));
    expect(hydrated.messages.some(({ type }) => type === "snapshot")).toBe(false);
  });
});

describe("an event stream", () => {
  it("is welcomed, gets the picture, then frames, and resumes without a gap or a repeat", async () => {
    const session = await liveSession(10);
    const start = await cursorOf(session);
    const reading = await Reading.open(session);
    await reading.until(({ events }) => events.length === 2);
    expect(reading.events).toMatchObject([{ event: "welcome" }, { event: "snapshot", id: String(start) }]);
    await send(session, reserveCommand(session));
    await reading.until(({ events }) => events.at(-1)?.id === String(start + 1));
    expect(reading.events.at(-1)).toMatchObject({ event: "frame", data: { change: { after: start } } });
    await reading.close();
    await send(session, reserveCommand(session));
    const resumed = await Reading.open(session, { "Last-Event-ID": String(start + 1) }, `?after=${start}`);
    await resumed.until(({ events }) => events.at(-1)?.id === String(start + 2));
    const changes = resumed.events.slice(1).map(({ event, data }) => {
      expect(event).toBe("frame");
      return (data as { change: { after: number; cursor: number; offers: object } }).change;
    });
    expect(changes.map(({ after }) => after)).toEqual(
      [start + 1, ...changes.map(({ cursor }) => cursor)].slice(0, -1),
    );
    expect(changes.at(-1)?.offers).toMatchObject({ [TEE]: { available: { main: 8 } } });
    await resumed.close();
  });

  it("is counted as a viewer until it ends", async () => {
    const session = await liveSession(10);
    const reading = await Reading.open(session);
    const viewers = async () => (await stubOf(session).hydrate())?.viewers;
    await soon(async () => expect(await viewers()).toBe(1));
    await reading.close();
    await soon(async () => expect(await viewers()).toBe(0));
  });

  it("that is not read is ended", async () => {
    lower({ streamBacklogBytes: 3_000 });
    const session = await liveSession(50);
    const reading = await Reading.open(session);
    for (let tap = 0; tap < 40 && (await stubOf(session).relays()).length > 0; tap++) {
      await send(session, reserveCommand(session));
      await scheduler.wait(LIMITS.frameTickMs);
    }
    await reading.until(() => false);
    expect(reading.ended).toBe(true);
    expect(reading.events.length).toBeLessThan(30);
  });

  it("of no session is a 404, and of a full relay a 503 that says when to come back", async () => {
    const request = new Request("https://dropcast.test/live");
    expect((await live.stream(newSession(), audience(undefined), request)).status).toBe(404);
    lower({ streamsPerRelay: 0 });
    const full = await live.stream(await liveSession(1), audience(newViewer()), request);
    expect([full.status, full.headers.get("Retry-After")]).toEqual([503, "1"]);
  });

  it("leaves room for those who have a name, and one of them is no crowd", async () => {
    lower({ anonymousStreamsPerRelay: 1, socketsPerViewer: 2 });
    const session = await liveSession(1);
    const viewer = newViewer();
    const request = new Request("https://dropcast.test/live");
    const answers: Response[] = [];
    for (const who of [undefined, undefined, viewer, viewer, viewer, newViewer()]) {
      answers.push(await live.stream(session, audience(who), request));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 200, 200, 429, 200]);
    expect(answers[4]?.headers.get("Retry-After")).toBe("1");
    for (const { body } of answers) await body?.cancel();
  });
});

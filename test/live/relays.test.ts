/** Many relays of one session on workerd: where they are, hubs between, lost ones, slow readers, warm-up and cool-down. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import {
  firstPlaces,
  grown,
  hubPosition,
  placementFor,
  relayName,
  relaysFor,
  relaysWanted,
  replaced,
  type Placement,
} from "../../src/live/placement.ts";
import { notReading, unreadShare } from "../../src/live/readers.ts";
import { Relay } from "../../src/live/relay.ts";
import { LiveSession } from "../../src/live/session.ts";
import { Sockets } from "../../src/live/sockets.ts";
import { CLOSE } from "../../src/wire/live.ts";
import { soon } from "../soon.ts";
import { asBefore, later, lower } from "./otherwise.ts";
import { Reading } from "./reading.ts";
import { cursorOf, liveSession, newViewer, reserveCommand, send, stubOf, TEE } from "./stage.ts";
import { audience, live, tokenFor, Watcher } from "./watcher.ts";

function relayOf(session: SessionId, place: number | string = 0) {
  return env.RELAY.getByName(`${session}/EU/${place}`);
}

afterEach(asBefore);

describe("the number of relays", () => {
  it("is what the viewers and those to come need, or what was planned", () => {
    const full = LIMITS.viewersPerRelay;
    expect(relaysWanted(0, 0)).toBe(1);
    expect(relaysWanted(full / LIMITS.relayHeadroom, 0)).toBe(1);
    expect(relaysWanted(full / LIMITS.relayHeadroom + 1, 0)).toBe(2);
    expect(relaysWanted(10, 4 * full)).toBe(4);
    expect(relaysWanted(10_000_000_000, 0)).toBe(LIMITS.relaysPerRegion);
    expect(placementFor({ EU: 2 * full, ZZ: 1 })).toEqual({ EU: [0, 1], XX: [0] });
  });

  it("only grows, and a lost place's number is never given again", () => {
    expect(grown([0, 1], 1)).toEqual([0, 1]);
    expect(grown([0, 1], 4)).toEqual([0, 1, 2, 3]);
    expect(replaced([0, 1, 2], 1)).toEqual([0, 3, 2]);
    expect(replaced([0], 7)).toBeUndefined();
  });

  it("moves only the viewers that the new relays get", () => {
    const viewers = Array.from({ length: 1_000 }, newViewer);
    const placed = (count: number): (string | undefined)[] =>
      viewers.map(
        (viewer) =>
          relaysFor("ses_x", {
            viewer,
            region: "EU",
            expectedViewers: 1,
            placement: { EU: firstPlaces(count) },
          }).names[0],
      );
    const before = placed(4);
    const after = placed(5);
    const moved = before.flatMap((name, index) => (after[index] === name ? [] : [after[index]]));
    expect(new Set(moved)).toEqual(new Set([relayName("ses_x", "EU", 4)]));
    expect(moved.length).toBeGreaterThan(120);
    expect(moved.length).toBeLessThan(280);
  });

  it("follows a region's viewers while the session lives", async () => {
    const session = await liveSession(1);
    await runInDurableObject(stubOf(session), (object: LiveSession) => {
      object.subscribe(relayName(session, "EU", 0), 10);
      expect(object.hydrate()?.placement).toEqual({ EU: [0] });
      object.presence(relayName(session, "EU", 0), LIMITS.viewersPerRelay);
      expect(object.hydrate()?.placement).toEqual({ EU: [0, 1] });
      object.presence(relayName(session, "EU", 0), 1);
      // Monitors take room as well. An older relay speaks of viewers alone.
      object.presence(relayName(session, "EU", 0), 1, undefined, 2 * LIMITS.viewersPerRelay);
      expect(object.hydrate()).toMatchObject({ placement: { EU: [0, 1, 2] }, viewers: 1 });
      object.subscribe(relayName(session, "NA", 0), 5);
      expect(object.hydrate()?.placement).toEqual({ EU: [0, 1, 2], NA: [0] });
    });
  });
});

describe("a relay that is full", () => {
  const wide = { ...audience(newViewer()), placement: { EU: [0, 1, 2, 3] } };
  const upgrade = () => new Request("https://dropcast.test/live", { headers: { Upgrade: "websocket" } });

  it("leaves the viewer to the next one in the viewer's order", async () => {
    const session = await liveSession(1);
    vi.spyOn(Sockets.prototype, "isFullFor").mockReturnValueOnce(true);
    const { webSocket } = await live.connect(session, wide, upgrade());
    const watcher = new Watcher(webSocket!);
    await watcher.got("snapshot");
    const [, next] = relaysFor(session, wide).names;
    const sockets = await runInDurableObject(env.RELAY.getByName(next!), (_, state) => state.getWebSockets());
    expect(sockets).toHaveLength(1);
  });

  it("and has no neighbour with room sends the viewer away for a while", async () => {
    const session = await liveSession(1);
    const full = vi.spyOn(Sockets.prototype, "isFullFor").mockReturnValue(true);
    const { webSocket } = await live.connect(session, wide, upgrade());
    const watcher = new Watcher(webSocket!);
    await soon(() => expect(watcher.closed).toBe(CLOSE.resume));
    expect(full).toHaveBeenCalledTimes(LIMITS.relaysTried);
  });

  it("is passed over as well when it cannot be reached", async () => {
    const session = await liveSession(1);
    vi.spyOn(Relay.prototype, "fetch").mockRejectedValueOnce(new Error("unreachable"));
    const { webSocket } = await live.connect(session, wide, upgrade());
    expect(await new Watcher(webSocket!).got("snapshot")).toBeDefined();
  });
});

describe("more relays than one object should call", () => {
  const many: Placement = { EU: firstPlaces(LIMITS.relaysPerParent + 1) };

  it("stand behind hubs, in the order of their places", () => {
    expect(hubPosition({ EU: firstPlaces(LIMITS.relaysPerParent) }, "EU", 0)).toBeUndefined();
    expect(hubPosition(many, "EU", 0)).toBe(0);
    expect(hubPosition(many, "EU", LIMITS.relaysPerParent)).toBe(1);
    expect(hubPosition(many, "EU", 99)).toBeUndefined();
  });

  async function watched(viewer = newViewer()) {
    const session = await liveSession(100);
    const { placement } = await stubOf(session).planRelays(many);
    const connect = async (place: number, who = newViewer(), isMonitor = false): Promise<Watcher> => {
      const at = { ...audience(who), placement: { EU: [place] }, isMonitor };
      const request = new Request("https://dropcast.test/live", { headers: { Upgrade: "websocket" } });
      const watcher = new Watcher((await live.connect(session, at, request)).webSocket!);
      await watcher.got("snapshot");
      return watcher;
    };
    return { session, placement, connect, one: await connect(0, viewer), other: await connect(1) };
  }

  it("see the same frames and are counted together, and the session calls only hubs", async () => {
    const { session, placement, one, other, connect } = await watched();
    await connect(2, newViewer(), true);
    expect(placement).toEqual(many);
    expect(await stubOf(session).relays()).toEqual([`${session}/EU/hub-0`]);
    for (let tap = 0; tap < 5; tap++) await send(session, reserveCommand(session));
    const cursor = await cursorOf(session);
    await soon(() => expect([one.cursor, other.cursor]).toEqual([cursor, cursor]));
    expect(one.offers[TEE]).toMatchObject({ available: { main: 95 } });
    await soon(() => expect([one.viewers, other.viewers]).toEqual([2, 2]));
  });

  it("pass their taps up in the order they came, and what they counted of them", async () => {
    const viewer = newViewer();
    const { session, one } = await watched(viewer);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenFor(session, viewer)));
    tokens.forEach((token, index) => one.tap({ type: "reserve", id: `t${index}`, items: [{ token }] }));
    await soon(() => expect(one.messages.filter(({ type }) => type === "ack")).toHaveLength(20));
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 20 });
    const ids = one.messages.flatMap((message) => (message.type === "ack" ? [message.id] : []));
    expect(ids).toEqual(tokens.map((_, index) => `t${index}`));
    const counted = { taps: 20, refusals: {}, latency: { count: 20 }, views: 2 };
    await soon(async () => expect(await stubOf(session).stats()).toMatchObject(counted));
  });

  it("are found again after their hub slept", async () => {
    const { session, one } = await watched();
    await evictDurableObject(relayOf(session, "hub-0"));
    await send(session, reserveCommand(session));
    await soon(() => expect(one.offers[TEE]).toMatchObject({ available: { main: 99 } }));
  });

  it("go back to the session when their hub cannot be reached", async () => {
    const session = await liveSession(100);
    await stubOf(session).planRelays(many);
    vi.spyOn(Relay.prototype, "subscribe").mockRejectedValue(new Error("unreachable"));
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    expect(await stubOf(session).relays()).toEqual([`${session}/EU/0`]);
    await send(session, reserveCommand(session));
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 99 } }));
  });
});

describe("a relay that is lost", () => {
  it("is replaced by another, and subscribes again should it live after all", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    const push = vi.spyOn(Relay.prototype, "push").mockRejectedValue(new Error("unreachable"));
    await send(session, reserveCommand(session));
    await soon(() => expect(push).toHaveBeenCalled());
    later(LIMITS.relayLostMs);
    await soon(async () => expect((await stubOf(session).hydrate())?.placement).toEqual({ EU: [1] }));
    expect(await stubOf(session).relays()).toEqual([]);
    push.mockRestore();
    later(LIMITS.relaySilenceMs);
    await runDurableObjectAlarm(relayOf(session));
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }));
    expect(await stubOf(session).relays()).toEqual([`${session}/EU/0`]);
  });

  it("to its parent looks by itself when it hears nothing for long", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    await stubOf(session).unsubscribe(`${session}/EU/0`);
    await send(session, reserveCommand(session));
    later(LIMITS.relaySilenceMs);
    expect(await runDurableObjectAlarm(relayOf(session))).toBe(true);
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }));
    expect(watcher.messages.filter(({ type }) => type === "snapshot")).toHaveLength(1);
  });

  it("and gets a picture that a push has overtaken takes nobody back to it", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    // oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
    const original = LiveSession.prototype.subscribe;
    vi.spyOn(LiveSession.prototype, "subscribe").mockImplementationOnce(async function (
      this: LiveSession,
      ...asked: [relay: string, viewers: number]
    ) {
      const subscription = original.apply(this, asked);
      await send(session, reserveCommand(session));
      await scheduler.wait(300);
      return subscription;
    } as unknown as typeof original);
    await stubOf(session).unsubscribe(`${session}/EU/0`);
    later(LIMITS.relaySilenceMs);
    await runDurableObjectAlarm(relayOf(session));
    await send(session, reserveCommand(session));
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 8 } }));
    expect(watcher.messages.filter(({ type }) => type === "snapshot")).toHaveLength(1);
  });

  it("and finds nobody looks again later", async () => {
    const session = await liveSession(10);
    await (await Watcher.connect(session)).got("snapshot");
    vi.spyOn(LiveSession.prototype, "presence").mockRejectedValue(new Error("unreachable"));
    vi.spyOn(LiveSession.prototype, "subscribe").mockRejectedValue(new Error("unreachable"));
    later(LIMITS.relaySilenceMs);
    await runDurableObjectAlarm(relayOf(session));
    expect(await runInDurableObject(relayOf(session), (_, { storage }) => storage.getAlarm())).not.toBeNull();
  });
});

describe("a slow reader", () => {
  const reader = (aliveAtMs: number, sentBefore = 0) => ({ aliveAtMs, sentBefore });
  const silentMs = LIMITS.socketSilenceMs;

  it("may leave less unread the more of them there are", () => {
    expect(unreadShare(1)).toBe(LIMITS.socketBacklogBytes);
    expect(unreadShare(LIMITS.socketsPerRelay) * LIMITS.socketsPerRelay).toBe(LIMITS.relayBacklogBytes);
  });

  it("is one that showed no life while much was sent, and no other", () => {
    const sent = LIMITS.socketBacklogBytes + 1;
    const [slow, fresh, alive] = [reader(0), reader(0, sent - 10), reader(0)];
    const lifeOf = (one: object) => (one === alive ? silentMs - 1 : 0);
    expect(notReading([slow, fresh, alive], { sent, nowMs: silentMs, lifeOf })).toEqual([slow]);
    expect(alive).toEqual(reader(silentMs - 1, sent));
    expect(notReading([slow], { sent, nowMs: silentMs - 1, lifeOf })).toEqual([]);
  });

  it("is closed with the word to come back; one that pings stays", async () => {
    lower({ socketBacklogBytes: 100 });
    const session = await liveSession(10);
    const [silent, pinging] = [await Watcher.connect(session), await Watcher.connect(session)];
    await send(session, reserveCommand(session));
    await soon(() => expect(pinging.messages.some(({ type }) => type === "frame")).toBe(true));
    later(LIMITS.socketSilenceMs);
    pinging.tap('{"type":"ping"}');
    await pinging.got("pong");
    await send(session, reserveCommand(session));
    await soon(() => expect(silent.closed).toBe(CLOSE.resume));
    expect(pinging.closed).toBeUndefined();
  });
});

describe("warm-up and cool-down", () => {
  it("a warm relay has its picture before anybody comes, and is told of changes", async () => {
    const session = await liveSession(10);
    const warmed = await live.warm(session, { EU: [0, 1] }, Date.now() + 60_000);
    expect(warmed).toEqual({ placement: { EU: [0, 1] }, relays: 2, failed: 0 });
    await send(session, reserveCommand(session));
    const subscribe = vi.spyOn(LiveSession.prototype, "subscribe");
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }));
    expect(subscribe).not.toHaveBeenCalled();
    await live.cool(session);
  });

  it("a relay that is warm no longer, and that nobody watches, is told no more", async () => {
    const session = await liveSession(10);
    await live.warm(session, { EU: [0] }, Date.now() + 1_000);
    later(1_000);
    await send(session, reserveCommand(session));
    await soon(async () => expect(await stubOf(session).relays()).toEqual([]));
  });

  it("goes on where it was cut off, below hubs as well", async () => {
    const session = await liveSession(10);
    await stubOf(session).planRelays({ EU: firstPlaces(LIMITS.relaysPerParent + 1) });
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    // oxlint-disable-next-line typescript/unbound-method -- it is called with its own `this` below
    const original = Relay.prototype.cool;
    const cool = vi.spyOn(Relay.prototype, "cool").mockImplementation(async function (this: Relay) {
      const { name } = (this as unknown as { ctx: DurableObjectState }).ctx.id;
      if (name === `${session}/EU/0`) throw new Error("unreachable");
      return original.call(this);
    });
    await expect(live.cool(session)).rejects.toThrow("unreachable");
    cool.mockRestore();
    await live.cool(session);
    await soon(() => expect(watcher.closed).toBe(CLOSE.over));
  });

  it("a cool session has closed its sockets for good and left nothing behind at its relays", async () => {
    const session = await liveSession(10);
    const plan = { EU: firstPlaces(LIMITS.relaysPerParent + 1) };
    await live.warm(session, { EU: plan.EU.slice(0, 2) }, Date.now() + 60_000);
    await stubOf(session).planRelays(plan);
    const watcher = await Watcher.connect(session);
    const reading = await Reading.open(session);
    await watcher.got("snapshot");
    const known = [`${session}/EU/1`, `${session}/EU/hub-0`];
    await soon(async () => expect((await stubOf(session).relays()).toSorted()).toEqual(known));
    await live.cool(session);
    await live.cool(session);
    await soon(() => expect(watcher.closed).toBe(CLOSE.over));
    expect((await reading.until(() => false)).ended).toBe(true);
    expect(await stubOf(session).relays()).toEqual([]);
    expect((await stubOf(session).hydrate())?.placement).toEqual({});
    for (const place of [0, 1, "hub-0"]) {
      await runInDurableObject(relayOf(session, place), async (_, { storage }) => {
        expect(await storage.getAlarm()).toBeNull();
        expect([...storage.kv.list()]).toEqual([]);
      });
    }
  });
});

/** Relay on workerd: frames, resume, taps over the socket, what a hostile socket gets. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { SessionId, ViewerId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { priceOf } from "../../src/domain/pricing.ts";
import { LiveClient, type Audience } from "../../src/live/client.ts";
import { relayName } from "../../src/live/placement.ts";
import { Relay } from "../../src/live/relay.ts";
import { LiveSession } from "../../src/live/session.ts";
import { loadKeys } from "../../src/token/keys.ts";
import { issueOfferToken } from "../../src/token/offer-token.ts";
import { CLOSE, serverMessage, type ServerMessage } from "../../src/wire/live.ts";
import { offerTerms, usd } from "../domain/shop.ts";
import { liveSession, newSession, reserveCommand, send, stubOf, TEE, newViewer } from "./stage.ts";

const live = new LiveClient(env);

function audience(viewer: ViewerId | undefined): Audience {
  return { viewer, region: "EU", expectedViewers: 10 };
}

/** A client that keeps the picture as a card would, and fails on a gap. */
class Watcher {
  readonly messages: ServerMessage[] = [];
  readonly socket: WebSocket;
  cursor: number | undefined;
  viewers = 0;
  offers: Record<string, unknown> = {};
  session: unknown;
  closed: number | undefined;

  static async connect(session: SessionId, viewer?: ViewerId, from?: Watcher): Promise<Watcher> {
    const after = from?.cursor === undefined ? "" : `?after=${from.cursor}`;
    const request = new Request(`https://dropcast.test/live${after}`, { headers: { Upgrade: "websocket" } });
    const { webSocket } = await live.connect(session, audience(viewer), request);
    return new Watcher(webSocket!, from);
  }

  constructor(socket: WebSocket, from?: Watcher) {
    this.socket = socket;
    this.cursor = from?.cursor;
    this.offers = from?.offers ?? {};
    this.session = from?.session;
    socket.addEventListener("message", ({ data }) =>
      this.#read(serverMessage.parse(JSON.parse(data as string))),
    );
    socket.addEventListener("close", ({ code }) => {
      this.closed = code;
    });
    socket.accept();
  }

  #read(message: ServerMessage): void {
    this.messages.push(message);
    if (message.type === "snapshot") {
      this.cursor = message.picture.cursor;
      this.offers = message.picture.offers;
      this.session = message.picture.session;
      this.viewers = message.viewers;
    } else if (message.type === "frame") {
      const { after, cursor, offers, session } = message.change;
      if (after !== this.cursor) throw new Error(`gap or repeat: at ${this.cursor}, frame after ${after}`);
      this.cursor = cursor;
      this.offers = { ...this.offers, ...offers };
      if (session) this.session = session;
      this.viewers = message.viewers;
    }
  }

  tap(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits for a message of this type, for this id if given. */
  async got<T extends ServerMessage["type"]>(
    type: T,
    id?: string,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    return vi.waitFor(() => {
      const found = this.messages.find(
        (m) => m.type === type && (id === undefined || ("id" in m && m.id === id)),
      );
      if (!found)
        throw new Error(`no ${type} ${id ?? ""} among ${JSON.stringify(this.messages.map((m) => m.type))}`);
      return found as Extract<ServerMessage, { type: T }>;
    });
  }
}

async function tokenFor(session: SessionId, viewer: ViewerId): Promise<string> {
  const promise = {
    token: `tok_${crypto.randomUUID().replaceAll("-", "").slice(0, 26)}`,
    session,
    offer: TEE,
    viewer,
    priceVersion: 1,
    price: priceOf(offerTerms(TEE).price),
    quantity: 5,
    creditLimit: 0,
    priority: 0,
  } as const;
  return (await issueOfferToken(await loadKeys(env.TOKEN_KEYS), promise, Date.now())).token;
}

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
    await vi.waitFor(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 4 } }));
    expect(watcher.messages.filter(({ type }) => type === "snapshot")).toHaveLength(1);
  });

  it("gets many changes within a tick as few frames, the last of which has the final stock", async () => {
    const session = await liveSession(500);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    for (let tap = 0; tap < 100; tap++) await send(session, reserveCommand(session));
    const { cursor } = (await pictureOf(session))!;
    await vi.waitFor(() => expect(watcher.cursor).toBe(cursor));
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
    await vi.waitFor(() => expect([steady.cursor, broken.cursor]).toEqual([cursor, cursor]));
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
    await vi.waitFor(() => expect(first.viewers).toBe(2), { timeout: 4_000 });
    second.socket.close(1000);
    await vi.waitFor(() => expect(first.viewers).toBe(1), { timeout: 4_000 });
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
    await vi.waitFor(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 7 } });
  });

  it("lives through its relay's sleep and starts from a snapshot after", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    const relay = env.RELAY.getByName(relayName(session, audience(undefined)).name);
    await evictDurableObject(relay, { webSockets: "hibernate" });
    await send(session, reserveCommand(session));
    const { cursor } = (await pictureOf(session))!;
    await vi.waitFor(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } });
  });

  it("is still counted after the session's object was evicted", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await Watcher.connect(session);
    await vi.waitFor(() => expect(watcher.viewers).toBe(2), { timeout: 4_000 });
    await evictDurableObject(stubOf(session));
    await send(session, reserveCommand(session));
    await vi.waitFor(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }));
    await vi.waitFor(async () => expect((await stubOf(session).hydrate())?.viewers).toBe(2));
    expect(watcher.viewers).toBe(2);
  });

  it("catches up when its relay could not be reached for a while", async () => {
    const session = await liveSession(10);
    const watcher = await Watcher.connect(session);
    await watcher.got("snapshot");
    const push = vi.spyOn(Relay.prototype, "push").mockRejectedValue(new Error("unreachable"));
    await send(session, reserveCommand(session));
    await vi.waitFor(() => expect(push.mock.calls.length).toBeGreaterThanOrEqual(4), { timeout: 5_000 });
    push.mockRestore();
    await vi.waitFor(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } }), {
      timeout: 5_000,
    });
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
    await vi.waitFor(() => expect(watcher.cursor).toBe(cursor));
    expect(watcher.offers[TEE]).toMatchObject({ available: { main: 9 } });
  });

  it("is closed at once when there is no such session", async () => {
    const watcher = await Watcher.connect(newSession());
    await vi.waitFor(() => expect(watcher.closed).toBe(CLOSE.unknown));
  });
});

describe("taps over the socket", () => {
  it("reserve and release, each acknowledged by its id", async () => {
    const session = await liveSession(1);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    watcher.tap({ type: "reserve", id: "a", items: [{ token: await tokenFor(session, viewer) }] });
    const { result } = await watcher.got("ack", "a");
    expect(result.reservation).toMatchObject({ status: "held", viewer });
    watcher.tap({ type: "release", id: "b", reservation: result.reservation.id });
    expect((await watcher.got("ack", "b")).result.reservation).toMatchObject({ status: "released" });
  });

  it("sent twice under one id are one reservation", async () => {
    const session = await liveSession(5);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    const message = { type: "reserve", id: "same", items: [{ token: await tokenFor(session, viewer) }] };
    watcher.tap(message);
    watcher.tap(message);
    await vi.waitFor(() => expect(watcher.messages.filter(({ type }) => type === "ack")).toHaveLength(2));
    const [first, second] = watcher.messages.filter((m) => m.type === "ack");
    expect([first?.replayed, second?.replayed]).toEqual([false, true]);
    expect(second?.result).toEqual(first?.result);
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 1 });
  });

  it("are the same command as the HTTP tap with the same key", async () => {
    const session = await liveSession(5);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    const body = {
      items: [{ token: await tokenFor(session, viewer), quantity: 1 }],
      allowPartial: false,
      backorder: false,
    };
    watcher.tap({ type: "reserve", id: "key-1", ...body });
    const ack = await watcher.got("ack", "key-1");
    const { reserveTap } = await import("../../src/live/taps.ts");
    const by = { session, viewer, commandId: "key-1" };
    const tapped = await reserveTap(await loadKeys(env.TOKEN_KEYS), by, body, Date.now());
    const outcome = tapped.ok && (await live.tap(session, audience(viewer), tapped.envelope));
    expect(outcome).toMatchObject({
      replayed: true,
      reply: { reservation: { id: ack.result.reservation.id } },
    });
  });

  it("one of a hundred for the last unit wins, sockets and HTTP mixed", async () => {
    const session = await liveSession(1);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const viewer = newViewer();
        const body = { items: [{ token: await tokenFor(session, viewer), quantity: 1 }] };
        if (index % 2 === 0) {
          const watcher = await Watcher.connect(session, viewer);
          watcher.tap({ type: "reserve", id: "tap", ...body });
          return vi.waitFor(() => {
            const answer = watcher.messages.find(({ type }) => type === "ack" || type === "error");
            if (!answer) throw new Error("no answer yet");
            return answer.type === "error" ? answer.problem.code : "won";
          });
        }
        const { reserveTap } = await import("../../src/live/taps.ts");
        const by = { session, viewer, commandId: "tap" };
        const request = { ...body, allowPartial: false, backorder: false };
        const tapped = await reserveTap(await loadKeys(env.TOKEN_KEYS), by, request, Date.now());
        if (!tapped.ok) return tapped.fault;
        const outcome = await live.tap(session, audience(viewer), tapped.envelope);
        if ("overloaded" in outcome) return "overloaded";
        return outcome.reply.ok ? "won" : outcome.reply.refusal.code;
      }),
    );
    expect(outcomes.filter((outcome) => outcome === "won")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "out_of_stock")).toHaveLength(99);
  });

  it("without a viewer are refused, and nothing is held", async () => {
    const session = await liveSession(1);
    const watcher = await Watcher.connect(session);
    watcher.tap({ type: "reserve", id: "a", items: [{ token: await tokenFor(session, newViewer()) }] });
    expect((await watcher.got("error", "a")).problem).toMatchObject({ code: "unauthenticated", status: 401 });
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 0 });
  });

  it("with another viewer's token are refused", async () => {
    const session = await liveSession(1);
    const watcher = await Watcher.connect(session, newViewer());
    watcher.tap({ type: "reserve", id: "a", items: [{ token: await tokenFor(session, newViewer()) }] });
    expect((await watcher.got("error", "a")).problem.code).toBe("token_viewer_mismatch");
  });

  it("are told when a hold runs out", async () => {
    const session = await liveSession(1, { holdMs: LIMITS.holdMinMs });
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    watcher.tap({ type: "reserve", id: "a", items: [{ token: await tokenFor(session, viewer) }] });
    await watcher.got("ack", "a");
    await runInDurableObject(stubOf(session), async (object) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.holdMinMs });
      await object.alarm();
      vi.useRealTimers();
    });
    expect((await watcher.got("notice")).reservation).toMatchObject({ status: "expired" });
  });
});

describe("a hostile socket", () => {
  it.each([
    ["not JSON", "{"],
    ["another type", '{"type":"sell","id":"a"}'],
    ["no id", '{"type":"release","reservation":"rsv_1"}'],
    ["a member too many", '{"type":"ping","x":1}'],
    ["null", "null"],
    ["a deep nest", "[".repeat(20_000)],
  ])("that sends %s gets a problem and stays", async (_, message) => {
    const watcher = await Watcher.connect(await liveSession(1), newViewer());
    watcher.tap(message);
    expect((await watcher.got("error")).problem).toMatchObject({ code: "frame_invalid", status: 400 });
    expect(watcher.closed).toBeUndefined();
  });

  it("that sends binary gets a problem", async () => {
    const watcher = await Watcher.connect(await liveSession(1));
    watcher.socket.send(new Uint8Array([1, 2, 3]));
    expect((await watcher.got("error")).problem.code).toBe("frame_binary");
  });

  it("that sends too much at once gets a problem", async () => {
    const watcher = await Watcher.connect(await liveSession(1));
    watcher.tap(`"${"é".repeat(LIMITS.socketMessageBytes)}"`);
    expect((await watcher.got("error")).problem.code).toBe("frame_too_large");
  });

  it("is closed after a few messages that are not valid", async () => {
    const watcher = await Watcher.connect(await liveSession(1));
    for (let fault = 0; fault < LIMITS.socketFaults; fault++) watcher.tap("?");
    await vi.waitFor(() => expect(watcher.closed).toBe(CLOSE.faults));
  });

  it("is closed when it floods", async () => {
    const watcher = await Watcher.connect(await liveSession(1), newViewer());
    for (let count = 0; count <= LIMITS.socketMessagesPerWindow; count++) {
      watcher.tap({ type: "release", id: `r${count}`, reservation: `rsv_${"0".repeat(52)}` });
    }
    await vi.waitFor(() => expect(watcher.closed).toBe(CLOSE.flood));
  });
});

it("money in a frame is what the offer says", async () => {
  const session = await liveSession(1, { price: { headline: usd(2_500) } });
  const watcher = await Watcher.connect(session);
  const { picture } = await watcher.got("snapshot");
  expect(picture.offers[TEE]?.price.total).toEqual(usd(2_500));
});

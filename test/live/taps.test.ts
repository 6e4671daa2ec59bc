/** Taps on real workerd, over sockets and HTTP: answers, order, what is refused near the viewer, what a flood gets. */
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { Block } from "../../src/domain/block.ts";
import type { Envelope } from "../../src/domain/commands.ts";
import type { SessionId, ViewerId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { OfferTerms } from "../../src/domain/offer.ts";
import { PaymentMethods } from "../../src/live/payment-methods.ts";
import { LiveSession } from "../../src/live/session.ts";
import { releaseTap, reserveTap } from "../../src/live/taps.ts";
import { loadKeys } from "../../src/token/keys.ts";
import { CLOSE, type ServerMessage } from "../../src/wire/live.ts";
import { MINUTE } from "../domain/shop.ts";
import { soon } from "../soon.ts";
import { liveSession, newViewer, send, stubOf, TEE } from "./stage.ts";
import { audience, live, tokenFor, Watcher } from "./watcher.ts";

type Result = Extract<ServerMessage, { type: "ack" }>["result"];

function heldIn(result: Result) {
  if (!("reservation" in result) || typeof result.reservation === "string") throw new Error("no reservation");
  return result.reservation;
}

async function tapOf(session: SessionId, viewer: ViewerId, id: string): Promise<Envelope> {
  const body = {
    items: [{ token: await tokenFor(session, viewer), quantity: 1 }],
    allowPartial: false,
    backorder: false,
  };
  const tapped = await reserveTap(
    await loadKeys(env.TOKEN_KEYS),
    { session, viewer, commandId: id },
    body,
    Date.now(),
  );
  if (!tapped.ok) throw new Error(tapped.fault);
  return tapped.envelope;
}

describe("taps over the socket", () => {
  it("reserve, extend and release, each acknowledged by its id with what HTTP answers", async () => {
    const session = await liveSession(1);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    watcher.tap({ type: "reserve", id: "a", items: [{ token: await tokenFor(session, viewer) }] });
    const { result } = await watcher.got("ack", "a");
    expect(result).toMatchObject({ reservation: { status: "held", viewer }, shortfall: [] });
    const { id } = heldIn(result);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1_000 });
    watcher.tap({ type: "extend", id: "b", reservation: id });
    expect((await watcher.got("ack", "b")).result).toMatchObject({ id, status: "held", extensions: 1 });
    vi.useRealTimers();
    watcher.tap({ type: "release", id: "c", reservation: id });
    expect((await watcher.got("ack", "c")).result).toMatchObject({ id, status: "released" });
  });

  it("sent twice under one id are one reservation", async () => {
    const session = await liveSession(5);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    const message = { type: "reserve", id: "same", items: [{ token: await tokenFor(session, viewer) }] };
    watcher.tap(message);
    watcher.tap(message);
    await soon(() => expect(watcher.messages.filter(({ type }) => type === "ack")).toHaveLength(2));
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
    const by = { session, viewer, commandId: "key-1" };
    const tapped = await reserveTap(await loadKeys(env.TOKEN_KEYS), by, body, Date.now());
    const outcome = tapped.ok && (await live.tap(session, audience(viewer), tapped.envelope));
    expect(outcome).toMatchObject({
      replayed: true,
      reply: { reservation: { id: heldIn(ack.result).id } },
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
          return soon(() => {
            const answer = watcher.messages.find(({ type }) => type === "ack" || type === "error");
            if (!answer) throw new Error("no answer yet");
            return answer.type === "error" ? answer.problem.code : "won";
          });
        }
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

  it("after the viewer's token has expired are refused, and nothing is held", async () => {
    const session = await liveSession(1);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer, undefined, { expiresAtMs: Date.now() + MINUTE });
    const token = await tokenFor(session, viewer);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + MINUTE });
    watcher.tap({ type: "reserve", id: "a", items: [{ token }] });
    const { problem } = await watcher.got("error", "a");
    expect(problem).toMatchObject({ code: "unauthenticated", reason: "token_expired" });
    vi.useRealTimers();
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 0 });
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

  it("tell the viewer's other pages what became of a hold", async () => {
    const session = await liveSession(1);
    const viewer = newViewer();
    const [page, other, stranger] = await Promise.all(
      [viewer, viewer, newViewer()].map((of) => Watcher.connect(session, of)),
    );
    page!.tap({ type: "reserve", id: "a", items: [{ token: await tokenFor(session, viewer) }] });
    const { id } = heldIn((await page!.got("ack", "a")).result);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1_000 });
    page!.tap({ type: "extend", id: "b", reservation: id });
    await page!.got("ack", "b");
    vi.useRealTimers();
    const told = (watcher: Watcher) =>
      watcher.messages.flatMap((message) => (message.type === "notice" ? [message.reservation] : []));
    await soon(() => expect(told(other!)).toMatchObject([{ id, status: "held", extensions: 1 }]));
    page!.tap({ type: "release", id: "c", reservation: id });
    await soon(() => expect(told(other!)).toMatchObject([{}, { id, status: "released" }]));
    expect(told(stranger!)).toEqual([]);
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

describe("what is sold out", () => {
  /** A session whose only unit is bought, seen so by a watcher. */
  async function soldOut(over: Partial<OfferTerms> = {}) {
    const session = await liveSession(1, over);
    const [buyer, viewer] = [newViewer(), newViewer()];
    const watcher = await Watcher.connect(session, viewer);
    await watcher.got("snapshot");
    const first = await tapOf(session, buyer, "first");
    expect(await live.tap(session, audience(buyer), first)).toMatchObject({ reply: { ok: true } });
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ soldOut: true }));
    // The first to come asks the session, and has the relay ask it.
    const asked = vi.spyOn(LiveSession.prototype, "scarcity");
    watcher.tap({ type: "reserve", id: "asks", items: [{ token: await tokenFor(session, viewer) }] });
    expect(await watcher.answer("asks")).toBe("out_of_stock");
    await soon(() => expect(asked.mock.settledResults.map(({ type }) => type)).toEqual(["fulfilled"]));
    asked.mockRestore();
    return { session, watcher, viewer, buyer, first };
  }

  it("is refused at the relay: the session is not called, writes nothing, and no token is verified", async () => {
    const { session, watcher, viewer } = await soldOut();
    const { number } = await stubOf(session).head();
    const calls = [
      vi.spyOn(LiveSession.prototype, "execute"),
      vi.spyOn(LiveSession.prototype, "scarcity"),
      // What is refused whatever the signature says need not be verified: that is most of what a tap costs.
      vi.spyOn(crypto.subtle, "verify"),
    ] as const;
    for (const id of ["a", "b", "c"]) {
      watcher.tap({ type: "reserve", id, items: [{ token: await tokenFor(session, viewer) }] });
      expect((await watcher.got("error", id)).problem).toMatchObject({
        code: "out_of_stock",
        available: [{ sku: "tee", zone: "main", requested: 1, available: 0 }],
        waitlist: false,
      });
    }
    for (const call of calls) expect(call).not.toHaveBeenCalled();
    for (const call of calls) call.mockRestore();
    expect((await stubOf(session).head()).number).toBe(number);
  });

  it("is still answered with what it bought to whoever repeats the tap that did", async () => {
    const { session, buyer, first } = await soldOut();
    const again = await live.tap(session, audience(buyer), first);
    expect(again).toMatchObject({ replayed: true, reply: { ok: true, reservation: { viewer: buyer } } });
  });

  it("is told again to whoever repeats a refused tap, and sold to the next when it comes back", async () => {
    const { session, watcher, viewer } = await soldOut({ holdMs: LIMITS.holdMinMs });
    const tap = { type: "reserve", id: "x", items: [{ token: await tokenFor(session, viewer) }] };
    watcher.tap(tap);
    expect(await watcher.answer("x")).toBe("out_of_stock");
    await send(session, { type: "stock.allocate", v: 1, sku: "tee", zone: "main", allocated: 2 });
    await soon(() => expect(watcher.offers[TEE]).toMatchObject({ available: { main: 1 } }));
    watcher.messages.length = 0;
    watcher.tap(tap);
    expect(await watcher.answer("x")).toBe("out_of_stock");
    // It used up neither the token nor the id: the session never heard of them.
    watcher.tap({ ...tap, id: "y" });
    expect(await watcher.answer("y")).toBe("ack");
  });
});

describe("the order of taps", () => {
  it("is on the record, by relay", async () => {
    const session = await liveSession(3);
    const ids = Array.from({ length: 5 }, (_, index) => `tap-${index}`);
    const viewers = ids.map(() => newViewer());
    const watchers = await Promise.all(viewers.map((viewer) => Watcher.connect(session, viewer)));
    const tokens = await Promise.all(viewers.map((viewer) => tokenFor(session, viewer)));
    for (const [index, watcher] of watchers.entries()) {
      watcher.tap({ type: "reserve", id: ids[index], items: [{ token: tokens[index] }] });
    }
    const outcomes = await Promise.all(watchers.map((watcher, index) => watcher.answer(ids[index]!)));
    expect(outcomes.filter((outcome) => outcome === "ack")).toHaveLength(3);
    const blocks = await stubOf(session).blocks(0, 500, true);
    const answers = blocks.flatMap((block) =>
      "payload" in block ? (JSON.parse(block.payload) as Block).answers : [],
    );
    const taps = answers.filter(({ arrival }) => arrival !== undefined);
    expect(taps).toHaveLength(5);
    expect(taps.map(({ arrival }) => arrival?.number)).toEqual([1, 2, 3, 4, 5]);
    for (const { arrival } of taps)
      expect(arrival).toMatchObject({ relay: "EU/0", atMs: expect.any(Number) });
    // Whoever came first won.
    expect(taps.map(({ result }) => result.ok)).toEqual([true, true, true, false, false]);
    expect(await stubOf(session).check()).toMatchObject({ chainWhole: true, replayEqual: true });
  });
});

describe("a relay that is asked too much", () => {
  it("lets one viewer have a few taps waiting, and others go on", async () => {
    const session = await liveSession(50);
    const [greedy, modest] = [newViewer(), newViewer()];
    const taps = await Promise.all(
      Array.from({ length: LIMITS.tapsWaitingPerViewer + 2 }, (_, index) =>
        tapOf(session, greedy, `${index}`),
      ),
    );
    const other = await tapOf(session, modest, "1");
    const sent = taps.map((tap) => live.tap(session, audience(greedy), tap));
    expect(await live.tap(session, audience(modest), other)).toMatchObject({ reply: { ok: true } });
    const outcomes = await Promise.all(sent);
    const away = outcomes.filter((outcome) => "overloaded" in outcome);
    expect(away).toHaveLength(2);
    for (const outcome of away) expect(outcome).toMatchObject({ because: "viewer" });
  });

  it("counts a viewer's taps over sockets and HTTP together", async () => {
    const session = await liveSession(1);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    const none = `rsv_${"0".repeat(52)}` as const;
    const release = (id: string) => releaseTap({ session, viewer, commandId: id }, none);
    for (let tap = 0; tap < LIMITS.tapsPerWindow; tap++) {
      const tapped = release(`http-${tap}`);
      if (tapped.ok) await live.tap(session, audience(viewer), tapped.envelope);
    }
    watcher.tap({ type: "release", id: "one-more", reservation: none });
    const { problem } = await watcher.got("error", "one-more");
    expect(problem).toMatchObject({ code: "rate_limited", status: 429, retryAfterMs: expect.any(Number) });
    expect(watcher.closed).toBeUndefined();
  });
});

it("a payment method is asked about once, however many pay by it at once", async () => {
  const ask = vi.fn<(method: string) => Promise<boolean>>((method) => Promise.resolve(method === "card"));
  const methods = new PaymentMethods(ask);
  const answers = ["card", "shells", "card"].map(async (method) => methods.accepts(method));
  expect(await Promise.all(answers)).toEqual([true, false, true]);
  expect(methods.accepts("card")).toBe(true);
  expect(ask).toHaveBeenCalledTimes(2);
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
    await soon(() => expect(watcher.closed).toBe(CLOSE.faults));
  });

  it("is closed when it floods", async () => {
    const watcher = await Watcher.connect(await liveSession(1), newViewer());
    for (let count = 0; count <= LIMITS.socketMessagesPerWindow; count++) {
      watcher.tap({ type: "release", id: `r${count}`, reservation: `rsv_${"0".repeat(52)}` });
    }
    await soon(() => expect(watcher.closed).toBe(CLOSE.flood));
  });

  it("is not listened to any more once it is closed", async () => {
    const session = await liveSession(1);
    const viewer = newViewer();
    const watcher = await Watcher.connect(session, viewer);
    const items = [{ token: await tokenFor(session, viewer) }];
    for (let fault = 0; fault < LIMITS.socketFaults; fault++) watcher.tap("?");
    watcher.tap({ type: "reserve", id: "late", items });
    await soon(() => expect(watcher.closed).toBe(CLOSE.faults));
    // In the order they came: the answer to this one is after whatever became of that one.
    const body = { items: [{ ...items[0]!, quantity: 1 }], allowPartial: false, backorder: false };
    const by = { session, viewer, commandId: "after" };
    const tapped = await reserveTap(await loadKeys(env.TOKEN_KEYS), by, body, Date.now());
    if (!tapped.ok) throw new Error(tapped.fault);
    const outcome = await live.tap(session, audience(viewer), tapped.envelope);
    expect(outcome).toMatchObject({ reply: { ok: true }, replayed: false });
  });
});

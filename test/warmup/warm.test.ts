/** Warm-up: what is ready when a drop opens, planned and done once, however often and late the cron comes. */
import { createScheduledController, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { Journal } from "../../src/live/journal.ts";
import { LiveSession } from "../../src/live/session.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import { LiveClient } from "../../src/live/client.ts";
import worker from "../../src/worker.ts";
import * as http from "../edge/client.ts";
import { asBefore, lower } from "../live/otherwise.ts";
import { envelope, newViewer, reserveCommand, send, stubOf, TEE } from "../live/stage.ts";
import { soon } from "../soon.ts";
import { inEurope, live, MINUTE, newDrop, silently, typesOf, warmup } from "./stage.ts";

afterEach(asBefore);

/** A viewer comes and taps. What the objects had to do for it, and how long it took. */
async function firstTap(session: SessionId) {
  const loads = vi.spyOn(Journal.prototype, "load");
  const subscriptions = vi.spyOn(LiveSession.prototype, "subscribe");
  const viewer = newViewer();
  const startedAtMs = performance.now();
  const request = new Request("https://dropcast.test/live", { headers: { Upgrade: "websocket" } });
  const { webSocket } = await live.connect(session, inEurope(viewer), request);
  webSocket?.accept();
  const outcome = await live.tap(session, inEurope(viewer), envelope(reserveCommand(session, viewer)));
  const tookMs = performance.now() - startedAtMs;
  const did = { journalsLoaded: loads.mock.calls.length, subscriptions: subscriptions.mock.calls.length };
  vi.restoreAllMocks();
  webSocket?.close();
  return { outcome, did, tookMs };
}

async function openNow(session: SessionId): Promise<void> {
  await send(session, { type: "session.move", v: 1, action: "start" });
  await send(session, { type: "offer.move", v: 1, offer: TEE, action: "open" });
}

describe("the first tap of a drop", () => {
  it("finds everything cold without a warm-up, and everything ready with one", async () => {
    const due = { terms: { scheduledAtMs: Date.now() + 2 * MINUTE } };
    const [cold, warm] = [await newDrop(due), await newDrop(due)];
    for (const session of [cold, warm]) {
      await openNow(session);
      await evictDurableObject(stubOf(session));
    }
    await warmup([warm]);
    const first = await firstTap(cold);
    const ready = await firstTap(warm);
    console.log(`first tap: cold ${first.tookMs.toFixed(1)} ms, warm ${ready.tookMs.toFixed(1)} ms`);
    expect(first.did).toEqual({ journalsLoaded: 1, subscriptions: 1 });
    expect(ready.did).toEqual({ journalsLoaded: 0, subscriptions: 0 });
    for (const { outcome } of [first, ready]) expect(outcome).toMatchObject({ reply: { ok: true } });
  });
});

describe("the cron", () => {
  it("records the plan before it is done, and what was done", async () => {
    const image = "https://shop.example/tee.png";
    vi.spyOn(globalThis, "fetch").mockImplementation(
      async () => new Response("png", { headers: { "Content-Type": "image/png" } }),
    );
    const opensAtMs = Date.now() + 4 * MINUTE;
    const session = await newDrop({ offer: { opensAtMs, image } });
    await warmup([session]);
    expect(await typesOf(session)).toEqual(["warmup.planned", "warmup.done"]);
    const { record } = (await live.upkeep(session))!;
    expect(record.plan).toMatchObject({
      opensAtMs,
      untilAtMs: opensAtMs + LIMITS.warmupHoldMs,
      expectedViewers: 1_000,
      relays: { EU: 1 },
      media: [TEE],
    });
    expect(record.plan!.cost.totalNanoUsd).toBeGreaterThan(0);
    expect(record.done).toMatchObject({
      opensAtMs,
      steps: [
        { what: "session", done: 1, failed: 0 },
        { what: "relays", done: 1, failed: 0 },
        { what: "media", done: 1, failed: 0 },
      ],
    });
  });

  it("does it once, however often it runs, one after another and at once", async () => {
    const session = await newDrop({ terms: { scheduledAtMs: Date.now() + MINUTE } });
    await Promise.all([warmup([session]), warmup([session])]);
    await warmup([session]);
    expect(await typesOf(session)).toEqual(["warmup.planned", "warmup.done"]);
  });

  it("goes on where a run was cut off", async () => {
    const session = await newDrop({ terms: { scheduledAtMs: Date.now() + MINUTE } });
    silently();
    const stopped = vi.spyOn(LiveClient.prototype, "warm").mockRejectedValueOnce(new Error("gone"));
    await warmup([session]);
    expect(await typesOf(session)).toEqual(["warmup.planned"]);
    stopped.mockRestore();
    await warmup([session]);
    expect(await typesOf(session)).toEqual(["warmup.planned", "warmup.done"]);
  });

  it.each([
    ["opens in a minute", MINUTE, true],
    ["opened two minutes ago", -2 * MINUTE, true],
    ["opens within the hour", 40 * MINUTE, false],
    ["opened long ago", -40 * MINUTE, false],
  ])("whose last runs were missed, and that %s: %j", async (_, inMs, isWarmed) => {
    const session = await newDrop({ terms: { scheduledAtMs: Date.now() + inMs } });
    await warmup([session]);
    expect(await typesOf(session)).toEqual(isWarmed ? ["warmup.planned", "warmup.done"] : []);
  });

  it("plans anew for a later opening, and for none that an earlier plan covers", async () => {
    const nowMs = Date.now();
    const session = await newDrop({
      terms: { scheduledAtMs: nowMs + 2 * MINUTE },
      offer: { opensAtMs: nowMs + 4 * MINUTE },
    });
    await warmup([session], nowMs);
    const later = nowMs + 20 * MINUTE;
    const changes = { opensAtMs: later };
    await send(session, { type: "offer.update", v: 1, offer: TEE, changes, olderTokens: "honour" });
    await warmup([session], nowMs);
    expect(await typesOf(session)).toHaveLength(2);
    await warmup([session], later - MINUTE);
    expect(await typesOf(session)).toHaveLength(4);
    expect((await live.upkeep(session))?.record.plan?.opensAtMs).toBe(later);
  });

  it("leaves a session alone that is over, or never was", async () => {
    const session = await newDrop({ terms: { scheduledAtMs: Date.now() + MINUTE } });
    await send(session, { type: "session.move", v: 1, action: "cancel" });
    await warmup([session, `ses_${"0".repeat(26)}`]);
    expect(await typesOf(session)).toEqual([]);
  });

  it("takes the smallest first, so that one that expects the world has what is left", async () => {
    const due = (viewers: number) => ({
      terms: {
        scheduledAtMs: Date.now() + MINUTE,
        expectedViewers: viewers,
        expectedRegions: { EU: viewers },
      },
    });
    const large = await newDrop(due(2 * LIMITS.viewersPerRelay));
    const small = await newDrop(due(1));
    lower({ relaysWarmedPerRun: 1 });
    await warmup([large, small]);
    expect([await typesOf(small), await typesOf(large)]).toEqual([
      ["warmup.planned", "warmup.done"],
      ["warmup.planned"],
    ]);
    asBefore();
    await warmup([large, small]);
    expect(await typesOf(large)).toEqual(["warmup.planned", "warmup.done"]);
  });

  it("keeps no session waiting for another that fails", async () => {
    const due = { terms: { scheduledAtMs: Date.now() + MINUTE } };
    const [broken, whole] = [await newDrop(due), await newDrop(due)];
    silently();
    class Failing extends LiveClient {
      override upkeep(session: SessionId) {
        return session === broken ? Promise.reject(new Error("out of reach")) : super.upkeep(session);
      }
    }
    await warmup([broken, whole], Date.now(), { live: new Failing(env) });
    expect(await typesOf(broken)).toEqual([]);
    expect(await typesOf(whole)).toEqual(["warmup.planned", "warmup.done"]);
  });
});

describe("over HTTP", () => {
  it("a session that was made and scheduled is found, warmed and shown to its host alone", async () => {
    const shop = await http.newShop();
    const scheduledAt = new Date(Date.now() + 3 * MINUTE).toISOString();
    const body = { seller: shop.seller.id, title: "Drop", currency: "USD", scheduledAt };
    const { id } = await http.must(
      http.post("/v1/sessions", { as: shop.seller.key, body: { ...body, expectedRegions: { EU: 900 } } }),
    );
    const at = `/v1/sessions/${id}/warmup`;
    expect(await http.must(http.get(at, { as: shop.seller.key }))).toEqual({ session: id });
    await soon(async () => {
      const controller = createScheduledController({ scheduledTime: new Date() });
      await worker.scheduled(controller, env);
      expect(await typesOf(id)).toEqual(["warmup.planned", "warmup.done"]);
    });
    const shown = await http.must(http.get(at, { as: shop.seller.key }));
    expect(shown).toMatchObject({ plan: { opensAt: scheduledAt, relays: { EU: 1, AS: 1 } }, done: {} });
    expect(http.refused(await http.get(at))).toBe("401 unauthenticated");
    expect(http.refused(await http.get(at, { as: (await http.newSeller()).key }))).toBe(
      "404 session_not_found",
    );
  });
});

/** Cool-down: the journal whole and verifiable in the lake, nothing left awake, and refunds that still work after it. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { jwtVerify, createLocalJWKSet } from "jose";
import { typeid } from "typeid-js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { replayBlock, type Block } from "../../src/domain/block.ts";
import { nextDueAtMs } from "../../src/domain/due.ts";
import type { OrderId, SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { serialize } from "../../src/domain/state.ts";
import type { StoredBlock } from "../../src/live/journal.ts";
import { manifestKey, sha256Of } from "../../src/warmup/archive.ts";
import { verifyArchive } from "../../src/warmup/verify.ts";
import { CLOSE } from "../../src/wire/live.ts";
import { get, must } from "../edge/client.ts";
import { PAYMENT, usd } from "../domain/shop.ts";
import { envelope, newViewer, reserveCommand, send, stubOf, TEE } from "../live/stage.ts";
import { soon } from "../soon.ts";
import * as stage from "./stage.ts";
import {
  alarmOf,
  cooldown,
  fromLake,
  inEurope,
  live,
  manifestOf,
  newDrop,
  settled,
  typesOf,
} from "./stage.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function newOrder(): OrderId {
  return `ord_${typeid().getSuffix()}`;
}

/** A session with a sale, a refusal and a hold that was let go; over since long enough. */
async function over(order = newOrder()): Promise<SessionId> {
  const session = await newDrop();
  await send(session, { type: "session.move", v: 1, action: "start" });
  await send(session, { type: "offer.move", v: 1, offer: TEE, action: "open" });
  const { type: _, v: __, ...reserve } = reserveCommand(session);
  await send(session, { type: "order.buy", v: 1, order, paymentMethod: "pm_card", reserve });
  await send(session, { type: "order.authorize", v: 1, order, payment: PAYMENT });
  await send(session, { type: "order.capture", v: 1, order });
  const hold = reserveCommand(session);
  await send(session, hold);
  await send(session, {
    type: "reservation.release",
    v: 1,
    reservation: hold.reservation,
    viewer: hold.viewer,
  });
  await send(session, reserveCommand(session, newViewer(), 999));
  await send(session, { type: "session.move", v: 1, action: "end" });
  await settled(session);
  later();
  return session;
}

/** So long that answers, tokens and ended holds are past their use. */
function later(): void {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + LIMITS.coolAfterMs + 1);
}

function refund(session: SessionId, order: OrderId) {
  const refunded = { order, refund: `rfd_${"0".repeat(26)}`, amount: usd(500), returnUnits: false } as const;
  return send(session, { type: "order.refund", v: 1, ...refunded });
}

/** The state that the archive leads to, and then the blocks that came after it. */
async function replayed(session: SessionId): Promise<string> {
  const manifest = await manifestOf(session);
  const verified = await verifyArchive(manifest, fromLake);
  if (!verified.ok) throw new Error(JSON.stringify(verified));
  const { block } = await stage.snapshotOf(session);
  for (const after of await live.blocks(session, manifest.head.number, 100, true)) {
    if (after.number <= block)
      replayBlock(verified.state, JSON.parse((after as StoredBlock).payload) as Block);
  }
  return serialize(verified.state);
}

describe("a session that is over and at rest", () => {
  it("lies in the lake, whole: it verifies, replays to the same state, and its head is signed", async () => {
    const session = await over();
    await cooldown([session]);
    expect(await typesOf(session)).toEqual(["warmup.archived", "warmup.cooled"]);
    const manifest = await manifestOf(session);
    const { record } = (await live.upkeep(session))!;
    expect(record.archive).toMatchObject({ key: manifestKey(session), head: manifest.head, parts: 1 });
    const [stored] = await live.blocks(session, manifest.head.number - 1, 1, false);
    expect(stored).toMatchObject(manifest.head);
    const jwks = createLocalJWKSet(await must(get("/.well-known/jwks.json")));
    const { payload } = await jwtVerify(manifest.signedHead, jwks, { typ: "head+jwt", subject: session });
    expect(payload).toMatchObject(manifest.head);
    expect(await replayed(session)).toBe((await stage.snapshotOf(session)).text);
  });

  it("shows any edit: of a part, of a part and its checksum, beside what is hashed, of the head; and a part that is gone", async () => {
    const session = await over();
    await cooldown([session]);
    const manifest = await manifestOf(session);
    const [part] = manifest.parts;
    const text = new TextDecoder().decode(await fromLake(part!.key));
    const edited = new TextEncoder().encode(text.replace('\\"allocated\\":20', '\\"allocated\\":21'));
    expect(edited).not.toEqual(new TextEncoder().encode(text));
    const read = async () => edited;
    const forgedAs = (bytes: Uint8Array) => ({ ...manifest, parts: [{ ...part!, sha256: sha256Of(bytes) }] });
    const forged = forgedAs(edited);
    const renumbered = new TextEncoder().encode(text.replace(/"lastSeq":(\d+)/, '"lastSeq":1$1'));
    const beheaded = { ...manifest, head: { ...manifest.head, hash: "another" } };
    expect(await verifyArchive(manifest, read)).toMatchObject({ ok: false, fault: "part_changed" });
    expect(await verifyArchive(forged, read)).toMatchObject({ ok: false, fault: "chain_broken", block: 1 });
    expect(await verifyArchive(forgedAs(renumbered), async () => renumbered)).toMatchObject({
      fault: "chain_broken",
      block: 1,
    });
    expect(await verifyArchive(beheaded, fromLake)).toMatchObject({ ok: false, fault: "head_differs" });
    const longer = { ...manifest, head: { ...manifest.head, lastSeq: manifest.head.lastSeq + 1 } };
    expect(await verifyArchive(longer, fromLake)).toMatchObject({ ok: false, fault: "head_differs" });
    expect(await verifyArchive(manifest, async () => undefined)).toMatchObject({ fault: "part_missing" });
  });

  it("leaves nothing awake: no alarm, no relay, no socket, nothing due", async () => {
    const session = await over();
    const request = new Request("https://dropcast.test/live", { headers: { Upgrade: "websocket" } });
    const { webSocket } = await live.connect(session, inEurope(newViewer()), request);
    const closed = new Promise<number>((resolve) => {
      webSocket?.addEventListener("close", ({ code }) => resolve(code));
    });
    webSocket?.accept();
    expect(await stubOf(session).relays()).toHaveLength(1);
    const [relay] = await stubOf(session).relays();
    await cooldown([session]);
    expect(await closed).toBe(CLOSE.over);
    await settled(session);
    expect(await stubOf(session).relays()).toEqual([]);
    await soon(async () => expect(await alarmOf(stubOf(session))).toBeNull());
    const stub = env.RELAY.getByName(relay!);
    expect(await alarmOf(stub)).toBeNull();
    expect(await runInDurableObject(stub, (_, { storage }) => [...storage.kv.list()])).toEqual([]);
    const verified = await verifyArchive(await manifestOf(session), fromLake);
    expect(verified.ok && nextDueAtMs(verified.state)).toBeUndefined();
  });

  it("forgets what retention does not need: answers, refusals, ended holds, spent tokens", async () => {
    const session = await over();
    await cooldown([session]);
    const { text } = await stage.snapshotOf(session);
    const state = JSON.parse(text);
    expect(state.answers.map(([id]: [string]) => id)).toEqual([
      expect.stringMatching(/^system:warmup.archive/),
    ]);
    expect([state.refusals, state.ended, state.spentTokens]).toEqual([[], [], []]);
    expect(state.orders).toHaveLength(1);
  });

  it("is put away once, however often the cron runs", async () => {
    const session = await over();
    stage.silently();
    await Promise.all([cooldown([session]), cooldown([session])]);
    await settled(session);
    await cooldown([session]);
    expect(await typesOf(session)).toEqual(["warmup.archived", "warmup.cooled"]);
    expect(await verifyArchive(await manifestOf(session), fromLake)).toMatchObject({ ok: true });
  });

  it("is written by one run at a time: a manifest that is there already is not written over", async () => {
    const session = await over();
    const nothingYet = async () => null;
    const lake = new Proxy(env.LAKE, {
      get: (bucket, name: keyof R2Bucket) =>
        name === "get" ? nothingYet : (bucket[name] as () => void).bind(bucket),
    });
    const other = { session, version: 1 };
    await env.LAKE.put(manifestKey(session), JSON.stringify(other));
    stage.silently();
    await cooldown([session], { lake });
    expect(await (await env.LAKE.get(manifestKey(session)))?.json()).toEqual(other);
    expect(await typesOf(session)).toEqual([]);
  });
});

describe("a run that is cut off", () => {
  it.each([["before the manifest"], ["after the manifest"], ["before the session rests"]])(
    "%s leaves the next one to finish",
    async (where) => {
      const session = await over();
      stage.silently();
      const put = env.LAKE.put.bind(env.LAKE);
      const lake = new Proxy(env.LAKE, {
        get: (bucket, name: keyof R2Bucket) =>
          name === "put"
            ? async (key: string, ...rest: never[]) => {
                const isManifest = key === manifestKey(session);
                if (isManifest && where.startsWith("before the m")) throw new Error("cut off");
                const done = await (put as (...args: unknown[]) => unknown)(key, ...rest);
                if (isManifest && where.startsWith("after")) throw new Error("cut off");
                return done;
              }
            : (bucket[name] as () => void).bind(bucket),
      });
      const rest = vi.spyOn(Object.getPrototypeOf(live), "rest");
      if (where.startsWith("before the s")) rest.mockRejectedValueOnce(new Error("cut off"));
      await cooldown([session], { lake });
      expect(await typesOf(session)).not.toContain("warmup.cooled");
      await settled(session);
      await cooldown([session]);
      expect(await typesOf(session)).toEqual(["warmup.archived", "warmup.cooled"]);
      expect(await verifyArchive(await manifestOf(session), fromLake)).toMatchObject({ ok: true });
    },
  );
});

describe("a session that is not at rest", () => {
  it("is left as it is while it sells, while something is held and while an order is open", async () => {
    const session = await newDrop();
    await send(session, { type: "session.move", v: 1, action: "start" });
    await send(session, { type: "offer.move", v: 1, offer: TEE, action: "open" });
    await settled(session);
    await cooldown([session]);
    await live.command(session, envelope(reserveCommand(session)));
    await send(session, { type: "session.move", v: 1, action: "end" });
    await cooldown([session]);
    expect(await typesOf(session)).toEqual([]);
    expect(await env.LAKE.head(manifestKey(session))).toBeNull();
  });
});

describe("a refund after the archive", () => {
  it("works, and has the archive extended by what came after it", async () => {
    const order = newOrder();
    const session = await over(order);
    await cooldown([session]);
    const first = await manifestOf(session);
    expect(await refund(session, order)).toMatchObject({
      reply: { ok: true, order: { status: "refunded" } },
    });
    await settled(session);
    later();
    await cooldown([session]);
    const second = await manifestOf(session);
    expect(second.parts.slice(0, 1)).toEqual(first.parts);
    expect(second.parts).toHaveLength(2);
    expect(second.parts[1]?.firstBlock).toBe(first.head.number + 1);
    const verified = await verifyArchive(second, fromLake);
    expect(verified.ok && verified.state.orders.get(order)).toMatchObject({ status: "refunded" });
    expect(await replayed(session)).toBe((await stage.snapshotOf(session)).text);
    expect((await live.upkeep(session))?.record.cooled).toMatchObject({ archivedBlock: second.head.number });
  });
});

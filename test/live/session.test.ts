/** LiveSession on workerd: one block a turn, durable answers, deadlines, recovery. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SessionId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { LiveSession } from "../../src/live/session.ts";
import { soon } from "../soon.ts";
import { envelope, liveSession, newSession, reserve, reserveCommand, send, stubOf, TEE } from "./stage.ts";

/** Queues gather for a second before they deliver. */

afterEach(() => vi.useRealTimers());

/** Queues whose reader has not said that it has everything. */
function unconfirmed(session: SessionId): Promise<unknown[]> {
  return runInDurableObject(stubOf(session), (_, { storage }) => {
    const behind = "SELECT name FROM cursors WHERE seq < (SELECT max(last_seq) FROM blocks)";
    const names = storage.sql.exec(behind).toArray();
    const { n } = storage.sql.exec("SELECT count(*) AS n FROM cursors").one();
    return n === 4 ? names : ["not all have been heard of yet"];
  });
}

describe("a block", () => {
  it("is shared by the commands of one turn, across callers", async () => {
    const session = await liveSession(50);
    const before = (await stubOf(session).check()).blocks;
    await Promise.all(Array.from({ length: 40 }, () => send(session, reserveCommand(session))));
    const { blocks, pools } = await stubOf(session).check();
    expect(pools).toEqual([{ sku: "tee", zone: "main", allocated: 50, held: 40, committed: 0 }]);
    expect(blocks - before).toBeLessThan(40);
  });

  it("is of whatever came while the one before it went to the disk", async () => {
    const session = await liveSession(9);
    const before = (await stubOf(session).check()).blocks;
    const taps = Array.from({ length: 3 }, () => [1, 2, 3].map(() => envelope(reserveCommand(session))));
    await runInDurableObject(stubOf(session), async (object: LiveSession, { storage }) => {
      await storage.sync();
      const [first, ...gathered] = taps.map((batch) => object.execute(batch));
      await first;
      expect(object.head().number).toBe(before + 1);
      await Promise.all(gathered);
    });
    const { blocks, pools } = await stubOf(session).check();
    expect(blocks).toBe(before + 2);
    expect(pools).toMatchObject([{ held: 9 }]);
  });

  it("is not written when there is nothing to keep", async () => {
    const session = await liveSession(1);
    const { blocks } = await stubOf(session).check();
    await stubOf(session).execute([]);
    await stubOf(session).hydrate();
    expect((await stubOf(session).check()).blocks).toBe(blocks);
  });

  it("chains by hash, so that an edit anywhere shows", async () => {
    const session = await liveSession(3);
    await reserve(session);
    expect(await stubOf(session).check()).toMatchObject({ chainWhole: true, replayEqual: true });
    await runInDurableObject(stubOf(session), (_, { storage }) => {
      storage.sql.exec("UPDATE blocks SET payload = replace(payload, '\"allocated\":3', '\"allocated\":4')");
    });
    expect(await stubOf(session).check()).toMatchObject({ chainWhole: false, replayEqual: false });
  });
});

it("takes only so many commands at once, and says that it is overloaded", async () => {
  const session = await liveSession(1);
  const one = envelope(reserveCommand(session));
  const tooMany = Array.from({ length: LIMITS.commandsWaiting + 1 }, () => one);
  const refused: unknown = await stubOf(session)
    .execute(tooMany)
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ overloaded: true });
  expect((await stubOf(session).execute([one])).map(({ reply }) => reply.ok)).toEqual([true]);
});

describe("an answer", () => {
  it("is the same for the same id after an eviction, and holds nothing twice", async () => {
    const session = await liveSession(1);
    const tap = envelope(reserveCommand(session));
    const [first] = await stubOf(session).execute([tap]);
    await evictDurableObject(stubOf(session));
    const [again] = await stubOf(session).execute([tap]);
    expect(first?.replayed).toBe(false);
    expect(again).toEqual({ reply: first?.reply, replayed: true });
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 1 });
  });

  it("stays a refusal even when stock came back", async () => {
    const session = await liveSession(0);
    const tap = envelope(reserveCommand(session));
    await stubOf(session).execute([tap]);
    await send(session, { type: "stock.allocate", v: 1, sku: "tee", zone: "main", allocated: 5 });
    const [again] = await stubOf(session).execute([tap]);
    expect(again).toMatchObject({ replayed: true, reply: { ok: false, refusal: { code: "out_of_stock" } } });
  });
});

describe("recovery", () => {
  it("rebuilds the same state from the journal, with a snapshot and without", async () => {
    const session = await liveSession(500);
    for (let round = 0; round < 3; round++) {
      await stubOf(session).execute(Array.from({ length: 40 }, () => envelope(reserveCommand(session))));
      await runInDurableObject(stubOf(session), (_, { storage }) => {
        if (round === 1) expect(storage.sql.exec("SELECT count(*) AS n FROM snapshots").one()["n"]).toBe(0);
      });
      await evictDurableObject(stubOf(session));
      expect(await stubOf(session).check()).toMatchObject({ chainWhole: true, replayEqual: true });
    }
  });

  it("starts from a snapshot of the first lull, and ignores one of another version", async () => {
    const session = await liveSession(LIMITS.poolUnits);
    const rounds = Math.ceil(LIMITS.snapshotEveryEvents / LIMITS.commandsPerBatch) + 1;
    for (let round = 0; round < rounds; round++) {
      await stubOf(session).execute(
        Array.from({ length: LIMITS.commandsPerBatch }, () => envelope(reserveCommand(session))),
      );
    }
    const snapshots = () =>
      runInDurableObject(
        stubOf(session),
        (_, { storage }) => storage.sql.exec("SELECT count(*) AS n FROM snapshots").one()["n"],
      );
    expect(await snapshots()).toBe(0);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.snapshotQuietMs });
    await runDurableObjectAlarm(stubOf(session));
    expect(await snapshots()).toBeGreaterThan(0);
    const held = rounds * LIMITS.commandsPerBatch;
    for (const version of [undefined, 0]) {
      if (version !== undefined) {
        await runInDurableObject(stubOf(session), (_, { storage }) => {
          storage.sql.exec("UPDATE snapshots SET version = ?, text = 'of a shape that was'", version);
        });
      }
      await evictDurableObject(stubOf(session));
      expect((await stubOf(session).pools())[0]).toMatchObject({ held });
      expect(await stubOf(session).check()).toMatchObject({ chainWhole: true, replayEqual: true });
    }
  });

  it("resets the object when a block cannot be written, rather than go on with what was never stored", async () => {
    const session = await liveSession(5);
    await reserve(session);
    const before = await stubOf(session).check();
    await runInDurableObject(stubOf(session), (_, { storage }) => {
      storage.sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON blocks BEGIN SELECT RAISE(ABORT, 'disk full'); END",
      );
    });
    await expect(send(session, reserveCommand(session))).rejects.toThrow(/turn failed/);
    await runInDurableObject(stubOf(session), (_, { storage }) => {
      storage.sql.exec("DROP TRIGGER full");
    });
    expect(await stubOf(session).check()).toEqual({ ...before, published: expect.anything() as unknown });
    await reserve(session);
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 2 });
  });
});

describe("time", () => {
  it("expires a hold by alarm at its deadline; a late or second alarm changes nothing", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await liveSession(1, { holdMs: 5_000 });
    const { id } = await reserve(session);
    vi.setSystemTime(Date.now() + 4_999);
    expect((await stubOf(session).reservation(id))?.status).toBe("held");
    vi.setSystemTime(Date.now() + 1);
    await runDurableObjectAlarm(stubOf(session));
    await runDurableObjectAlarm(stubOf(session));
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 0, committed: 0 });
    const expired = (await stubOf(session).events(0, 100)).filter(
      ({ type }) => type === "reservation.expired",
    );
    expect(expired).toHaveLength(1);
  });

  it("never sells an expired hold, alarm or not: the next command finds the stock free", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const session = await liveSession(1, { holdMs: 5_000 });
    await reserve(session);
    vi.setSystemTime(Date.now() + 5_000);
    await reserve(session);
    expect((await stubOf(session).pools())[0]).toMatchObject({ held: 1 });
  });

  it("arms the alarm for the earliest deadline", async () => {
    const session = await liveSession(2, { holdMs: 60_000 });
    const { expiresAtMs } = await reserve(session);
    await soon(async () => {
      const { published, head } = await stubOf(session).check();
      expect(published).toEqual({ settlement: head.lastSeq, reporting: head.lastSeq });
    });
    await soon(async () => expect(await unconfirmed(session)).toEqual([]));
    await runDurableObjectAlarm(stubOf(session));
    const alarm = await runInDurableObject(stubOf(session), (_, { storage }) => storage.getAlarm());
    expect(alarm).toBe(expiresAtMs);
  });

  it("opens and closes an offer by its window", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const opensAtMs = Date.now() + 10_000;
    const session = await liveSession(1);
    await send(session, { type: "offer.move", v: 1, offer: TEE, action: "close" });
    const changes = { opensAtMs, closesAtMs: opensAtMs + 5_000 };
    await send(session, { type: "offer.update", v: 1, offer: TEE, changes, olderTokens: "honour" });
    const status = async () => (await stubOf(session).hydrate())?.picture.offers[TEE]?.status;
    expect(await status()).toBe("closed");
    vi.setSystemTime(opensAtMs);
    await runDurableObjectAlarm(stubOf(session));
    expect(await status()).toBe("open");
    vi.setSystemTime(opensAtMs + 5_000);
    await runDurableObjectAlarm(stubOf(session));
    expect(await status()).toBe("closed");
  });
});

describe("publishing", () => {
  const applied = async (session: SessionId): Promise<number> => {
    const row = await env.DB.prepare("SELECT seq FROM settlement_cursors WHERE session = ?")
      .bind(session)
      .first("seq");
    return Number(row ?? 0);
  };

  /** All readers have said that they have everything. */
  async function confirmed(session: SessionId): Promise<number> {
    const { lastSeq } = (await stubOf(session).check()).head;
    await soon(async () => {
      const cursors = await runInDurableObject(stubOf(session), (_, { storage }) =>
        storage.sql.exec("SELECT name, seq FROM cursors ORDER BY name").toArray(),
      );
      expect(cursors.map(({ name, seq }) => [name, seq])).toEqual([
        ["reporting", lastSeq],
        ["reporting:applied", lastSeq],
        ["settlement", lastSeq],
        ["settlement:applied", lastSeq],
      ]);
    });
    return lastSeq;
  }

  it("brings every event to its readers, who confirm it", async () => {
    const session = await liveSession(2);
    await reserve(session);
    const lastSeq = await confirmed(session);
    expect(await applied(session)).toBe(lastSeq);
  });

  it("sends again what a queue lost, once nobody has confirmed it for a while", async () => {
    const session = await liveSession(2);
    const lastSeq = await confirmed(session);
    // As if the message had been lost: the reader has nothing, and has said nothing.
    await env.DB.prepare("DELETE FROM settlement_cursors WHERE session = ?").bind(session).run();
    await runInDurableObject(stubOf(session), (_, { storage }) => {
      storage.sql.exec("DELETE FROM cursors WHERE name LIKE '%:applied'");
    });
    await evictDurableObject(stubOf(session));
    await stubOf(session).hydrate();
    expect(await applied(session)).toBe(0);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + LIMITS.confirmMs);
    await runDurableObjectAlarm(stubOf(session));
    vi.useRealTimers();
    await soon(async () => expect(await applied(session)).toBe(lastSeq));
  });
});

describe("a session that nobody created", () => {
  it("answers nothing and keeps nothing", async () => {
    const session = newSession();
    expect(await stubOf(session).hydrate()).toBeUndefined();
    expect(await stubOf(session).check()).toMatchObject({ blocks: 0, events: 0 });
    expect(await send(session, reserveCommand(session))).toMatchObject({
      reply: { ok: false, refusal: { code: "session_not_found" } },
    });
    const tables = await runInDurableObject(stubOf(session), (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'").toArray(),
    );
    expect(tables).toEqual([]);
  });
});

/** Listing the sessions of a seller or a creator. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { ContractId, CreatorId, SellerId, SessionId } from "../../src/domain/ids.ts";
import { consumeReporting } from "../../src/reporting/consumer.ts";
import { rebuildSummary } from "../../src/reporting/projection.ts";
import { findSummary, listSessions, type SessionsOf } from "../../src/reporting/readers.ts";
import { findOpening, findToCool } from "../../src/reporting/upcoming.ts";
import { MINUTE, offerTerms, Shop, T0 } from "../domain/shop.ts";
import { deliver, journalOf, message, noJournal, planOf } from "../settlement/deliver.ts";
import { eventsOf, newSessionId } from "../settlement/journal.ts";

const { DB: db } = env;
const seller: SellerId = "sel_pages";
const creator: CreatorId = "cre_pages";
const contract: ContractId = "con_pages";

async function listed(of: SessionsOf, limit: number): Promise<SessionId[]> {
  const found: SessionId[] = [];
  let cursor: string | undefined;
  do {
    const page = await listSessions(db, { ...of, cursor, limit });
    expect(page!.rows.length).toBeLessThanOrEqual(limit);
    found.push(...page!.rows.map(({ session }) => session));
    cursor = page!.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

describe("listSessions", () => {
  const made: SessionId[] = [];

  beforeAll(async () => {
    for (let n = 0; n < 7; n++) {
      const shop = new Shop();
      const id = newSessionId();
      shop.nowMs = T0 + Math.floor(n / 2) * 1_000;
      const terms = Shop.created({ id, seller, ...(n % 2 === 0 ? { creator, contract } : {}) }).state.terms!;
      shop.send({ type: "session.create", v: 1, terms });
      const ports = { db, journal: noJournal, log: () => undefined };
      await deliver(consumeReporting, [message(id, eventsOf(shop))], ports);
      made.push(id);
    }
  });

  it("shows every session once, newest first, whatever the page", async () => {
    const whole = await listed({ seller }, 100);
    expect(whole.toSorted()).toEqual(made.toSorted());
    const created = await Promise.all(whole.map(async (id) => (await findSummary(db, id))!.createdAtMs));
    expect(created).toEqual(created.toSorted((a, b) => b - a));
    for (const limit of [1, 2, 7]) expect(await listed({ seller }, limit)).toEqual(whole);
    const last = await listSessions(db, { seller, limit: made.length });
    expect(last!.nextCursor).toBeNull();
  });

  it("shows a creator the creator's own", async () => {
    const own = made.filter((_, n) => n % 2 === 0);
    expect((await listed({ creator }, 2)).toSorted()).toEqual(own.toSorted());
    expect(await listed({ creator: "cre_nobody" }, 2)).toEqual([]);
  });

  it("shows a creator what a seller without a contract made in their name only once it has been live", async () => {
    const named: CreatorId = "cre_named";
    const shop = Shop.created({ id: newSessionId(), creator: named });
    const id = await reported(shop);
    expect(await listed({ creator: named }, 2)).toEqual([]);
    shop.move("start");
    shop.move("cancel");
    await reported(shop);
    expect(await listed({ creator: named }, 2)).toEqual([id]);
  });

  it.each(["", "x", "1.ord_1", "1.ses_", " 1.ses_1", "9".repeat(99)])(
    "has no page for the cursor %j",
    async (cursor) => {
      expect(await listSessions(db, { seller, cursor, limit: 5 })).toBeUndefined();
    },
  );

  it.each<[string, SessionsOf]>([
    ["session_summaries_by_seller", { seller }],
    ["session_summaries_by_creator", { creator }],
  ])("is answered from the index %s, without sorting", async (index, of) => {
    const plan = await planOf(db, (on) => listSessions(on, { ...of, cursor: "1.ses_1", limit: 5 }));
    expect(plan).toContain(`SEARCH session_summaries USING INDEX ${index}`);
    expect(plan).not.toContain("TEMP B-TREE");
  });
});

const ports = { db, journal: noJournal, log: () => undefined };

async function reported(shop: Shop): Promise<SessionId> {
  const { id } = shop.state.terms!;
  await deliver(consumeReporting, [message(id, eventsOf(shop))], ports);
  return id;
}

/** A time of its own, so that other tests' sessions do not open then. */
let openings = 0;
function newTime(): number {
  openings += 1;
  return T0 + openings * 1_000 * MINUTE;
}

/** With ids of its own: an offer is in one session. */
function ofShop(shop: Shop, offer: "tee" | "mug"): `ofr_${string}` {
  return `ofr_${shop.state.terms!.id.slice(4)}${offer}`;
}

describe("what opens", () => {
  const opening = (atMs: number, limit = 10) =>
    findOpening(db, { fromMs: atMs - MINUTE, toMs: atMs + MINUTE, limit });

  it("is a session by its schedule and by its offers' windows, once, the soonest first", async () => {
    const atMs = newTime();
    const scheduled = Shop.created({ id: newSessionId(), scheduledAtMs: atMs + 1 });
    const windowed = Shop.created({ id: newSessionId(), scheduledAtMs: atMs });
    for (const offer of ["tee", "mug"] as const) {
      windowed.create(offerTerms(ofShop(windowed, offer), { opensAtMs: atMs - 5 }));
    }
    const ids = [await reported(scheduled), await reported(windowed)];
    expect(await opening(atMs)).toEqual(ids.toReversed());
    expect(await opening(atMs, 1)).toEqual(ids.slice(1));
    expect(await opening(atMs - 10 * MINUTE)).toEqual([]);
  });

  it("is one session of each seller before the second of any", async () => {
    const atMs = newTime();
    const [many, few] = ["sel_many", "sel_few"] as const;
    const drop = (of: SellerId, inMs: number) =>
      reported(Shop.created({ id: newSessionId(), seller: of, scheduledAtMs: atMs + inMs }));
    const crowd = [await drop(many, 0), await drop(many, 1), await drop(many, 2)];
    const [other, last] = [await drop(few, 3), await drop(few, 4)];
    expect(await opening(atMs)).toEqual([crowd[0], other, crowd[1], last, crowd[2]]);
    expect(await opening(atMs, 2)).toEqual([crowd[0], other]);
  });

  it("follows an opening that is moved, and a rebuild finds the same", async () => {
    const [before, after] = [newTime(), newTime()];
    const shop = Shop.created({ id: newSessionId() });
    const offer = ofShop(shop, "tee");
    shop.create(offerTerms(offer, { opensAtMs: before }));
    shop.send({
      type: "offer.update",
      v: 1,
      offer,
      changes: { opensAtMs: after },
      olderTokens: "honour",
    });
    const id = await reported(shop);
    expect([await opening(before), await opening(after)]).toEqual([[], [id]]);
    await rebuildSummary(db, id, journalOf({ [id]: eventsOf(shop) }));
    expect([await opening(before), await opening(after)]).toEqual([[], [id]]);
  });

  it("is no session that is over", async () => {
    const atMs = newTime();
    const shop = Shop.created({ id: newSessionId(), scheduledAtMs: atMs });
    shop.move("cancel");
    await reported(shop);
    expect(await opening(atMs)).toEqual([]);
  });

  it("is found by an index, as is what is to be let go", async () => {
    const span = { fromMs: T0, toMs: T0 + MINUTE, limit: 1 };
    const opens = await planOf(db, (on) => findOpening(on, span));
    const cools = await planOf(db, (on) => findToCool(on, { quietSinceMs: T0, limit: 1 }));
    expect(opens).toMatch(/session_summaries_scheduled[^]*reported_offers_by_opening/);
    expect(cools).toMatch(/session_summaries_to_cool/);
  });
});

describe("what is to be let go", () => {
  const toCool = (quietSinceMs: number) => findToCool(db, { quietSinceMs, limit: 1_000 });

  it("is over and quiet, until it is let go, and again once something happens", async () => {
    const shop = Shop.created({ id: newSessionId() });
    shop.move("start");
    const id = await reported(shop);
    expect(await toCool(shop.nowMs)).not.toContain(id);
    shop.move("end");
    await reported(shop);
    expect(await toCool(shop.nowMs - 1)).not.toContain(id);
    expect(await toCool(shop.nowMs)).toContain(id);
    const head = { number: shop.journal.length, lastSeq: shop.state.seq, hash: "h" };
    const { number: archivedBlock, lastSeq: archivedSeq } = head;
    shop.send({ type: "warmup.archive", v: 1, archive: { key: "k", head, parts: 1, bytes: 1 } });
    await reported(shop);
    expect(await toCool(shop.nowMs)).toContain(id);
    shop.send({ type: "warmup.cool", v: 1, cooled: { archivedBlock, archivedSeq, steps: [] } });
    await reported(shop);
    expect(await toCool(shop.nowMs)).not.toContain(id);
  });
});

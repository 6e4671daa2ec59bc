/** Listing the sessions of a seller or a creator. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { CreatorId, SellerId, SessionId } from "../../src/domain/ids.ts";
import { consumeReporting } from "../../src/reporting/consumer.ts";
import { findSummary, listSessions, type SessionsOf } from "../../src/reporting/readers.ts";
import { Shop, T0 } from "../domain/shop.ts";
import { deliver, message, noJournal, planOf } from "../settlement/deliver.ts";
import { eventsOf, newSessionId } from "../settlement/journal.ts";

const { DB: db } = env;
const seller: SellerId = "sel_pages";
const creator: CreatorId = "cre_pages";

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
      const terms = Shop.created({ id, seller, ...(n % 2 === 0 ? { creator } : {}) }).state.terms!;
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

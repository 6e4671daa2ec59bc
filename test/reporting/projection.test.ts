/** Promise 7 for reports: every event reaches the projection at least once and is applied exactly once. */
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../src/domain/events.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import { consumeReporting } from "../../src/reporting/consumer.ts";
import { rebuildSummary } from "../../src/reporting/projection.ts";
import { findSummary, type SessionSummary } from "../../src/reporting/readers.ts";
import { applyToReport, reportOf } from "../../src/reporting/summaries.ts";
import { reportedSales, type SalesOfHour } from "../../src/reporting/tables.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import type { Shop } from "../domain/shop.ts";
import {
  deliver,
  deliverAll,
  failing,
  journalOf,
  message,
  mistreat,
  mistreatment,
  noJournal,
  type Failure,
} from "../settlement/deliver.ts";
import { acts, EVERYTHING, eventsOf, live } from "../settlement/journal.ts";
import { expectedOf } from "./expected.ts";

const { DB: db } = env;
/** Many deliveries on a busy machine. */
const SLOW_MS = 60_000;

function silent(): void {}

function summaryInD1(shop: Shop): Promise<SessionSummary | undefined> {
  return findSummary(db, shop.state.terms!.id);
}

/** Every row that the session's sales are, as the projection has written them. */
async function salesInD1(shop: Shop): Promise<unknown[]> {
  const { session } = reportedSales;
  const rows = await drizzle(db).select().from(reportedSales).where(eq(session, shop.state.terms!.id));
  return sorted(rows);
}

/** The same, applied to nothing at once. */
function expectedSales(shop: Shop): unknown[] {
  const report = reportOf(undefined);
  applyToReport(report, shop.state.terms!.id, eventsOf(shop));
  return sorted([...report.sales.values()]);
}

function sorted(rows: readonly SalesOfHour[]): SalesOfHour[] {
  const keyOf = ({ offer, hourAtMs }: SalesOfHour): string => `${offer} ${hourAtMs}`;
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function story(): { shop: Shop; session: SessionId; events: Event[] } {
  const shop = live(EVERYTHING);
  return { shop, session: shop.state.terms!.id, events: eventsOf(shop) };
}

describe("a summary in D1", () => {
  it(
    "is the same however messages are cut, repeated, reordered, emptied, lost and consumed at once",
    async () => {
      await fc.assert(
        fc.asyncProperty(acts, mistreatment, async (life, treatment) => {
          const shop = live(life);
          const session = shop.state.terms!.id;
          const events = eventsOf(shop);
          const ports = { db, journal: journalOf({ [session]: events }, 7), log: silent };
          await deliverAll(consumeReporting, mistreat(session, events, treatment), treatment, () => ports);
          expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
          expect(await salesInD1(shop)).toEqual(expectedSales(shop));
        }),
        { numRuns: 15, seed: 9, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it(
    "is the same when database calls fail, before or after they took effect",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          acts,
          mistreatment,
          fc.array(fc.constantFrom<Failure>("before", "after", undefined, undefined), { maxLength: 60 }),
          async (life, treatment, failures) => {
            const shop = live(life);
            const session = shop.state.terms!.id;
            const events = eventsOf(shop);
            const script = failures.values();
            const weak = failing(db, () => script.next().value);
            const ports = { db: weak, journal: journalOf({ [session]: events }, 20), log: silent };
            await deliverAll(consumeReporting, mistreat(session, events, treatment), treatment, () => ports);
            expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
            expect(await salesInD1(shop)).toEqual(expectedSales(shop));
          },
        ),
        { numRuns: 15, seed: 10, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it("is the same when eight consumers apply the same events at once", async () => {
    const { shop, session, events } = story();
    const ports = { db, journal: noJournal, log: silent };
    await Promise.all(
      Array.from({ length: 8 }, () => deliver(consumeReporting, [message(session, events)], ports)),
    );
    expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
    expect(await salesInD1(shop)).toEqual(expectedSales(shop));
  });

  it.each([0, 1, 2])(
    "is whole when another consumer gets ahead a little before call %d",
    async (overtaken) => {
      const { shop, session, events } = story();
      const ports = { journal: noJournal, log: silent };
      let call = 0;
      const slow = failing(db, async () => {
        if (call++ === overtaken)
          await deliver(consumeReporting, [message(session, events, 1, 10)], { ...ports, db });
        return undefined;
      });
      const whole = message(session, events);
      expect(await deliver(consumeReporting, [whole], { ...ports, db: slow })).toEqual([]);
      expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
    },
  );

  it.each([0, 1, 2])("is not set back by a consumer that was overtaken before call %d", async (overtaken) => {
    const { shop, session, events } = story();
    const ports = { journal: noJournal, log: silent };
    let call = 0;
    const slow = failing(db, async () => {
      if (call++ === overtaken) await deliver(consumeReporting, [message(session, events)], { ...ports, db });
      return undefined;
    });
    const short = message(session, events, 1, 10);
    expect(await deliver(consumeReporting, [short], { ...ports, db: slow })).toEqual([]);
    expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
  });

  it("is whole when it goes back and forth between a consumer's calls", async () => {
    const { shop, session, events } = story();
    const ports = { db, journal: noJournal, log: silent };
    await deliver(consumeReporting, [message(session, events, 1, 10)], ports);
    let call = 0;
    const slow = failing(db, async () => {
      if (call === 1) await deliver(consumeReporting, [message(session, events, 11)], ports);
      if (call === 2) await rebuildSummary(db, session, journalOf({ [session]: events.slice(0, 10) }));
      call += 1;
      return undefined;
    });
    const rest = message(session, events, 11);
    expect(await deliver(consumeReporting, [rest], { ...ports, db: slow })).toEqual([]);
    expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
  });

  it("of a database that takes no writes waits for later after one try", async () => {
    const { session, events } = story();
    let calls = 0;
    const readOnly = failing(db, () => (++calls === 3 || calls > 5 ? "before" : undefined));
    const body = message(session, events);
    const ports = { db: readOnly, journal: noJournal, log: silent };
    expect(await deliver(consumeReporting, [body], ports)).toEqual([body]);
    expect(calls).toBe(5);
    expect(await findSummary(db, session)).toBeUndefined();
  });

  it("has its own place in the journal, whatever settlement has read", async () => {
    const { shop, session, events } = story();
    const ports = { db, journal: noJournal, log: silent };
    await deliver(consumeSettlement, [message(session, events)], ports);
    expect(await findSummary(db, session)).toBeUndefined();
    await deliver(consumeReporting, [message(session, events)], ports);
    expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
  });

  it("has a malformed message retried, and the others applied", async () => {
    const { shop, session, events } = story();
    const lines: unknown[] = [];
    const ports = { db, journal: noJournal, log: (line: unknown) => lines.push(line) };
    const again = await deliver(consumeReporting, [{ session }, message(session, events)], ports);
    expect(again).toEqual([{ session }]);
    expect(lines).toEqual([{ event: "message_malformed", projection: "summaries" }]);
    expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
  });

  it("is rebuilt from the journal to the same rows", async () => {
    const { shop, session, events } = story();
    const journal = journalOf({ [session]: events }, 5);
    await deliver(consumeReporting, [message(session, events)], { db, journal, log: silent });
    const orders = db.prepare("SELECT * FROM reported_orders WHERE session = ? ORDER BY id").bind(session);
    const before = (await orders.all()).results;
    expect(before).toHaveLength(shop.state.orders.size);
    await db.batch([
      db.prepare("UPDATE reported_sales SET captured = 1, hour_at_ms = 0 WHERE session = ?").bind(session),
      db.prepare("UPDATE session_summaries SET captured = 1 WHERE session = ?").bind(session),
      db.prepare("UPDATE reported_orders SET id = id || 'x', parts = '[]' WHERE session = ?").bind(session),
    ]);
    await rebuildSummary(db, session, journal);
    expect(await summaryInD1(shop)).toEqual(expectedOf(shop));
    expect(await salesInD1(shop)).toEqual(expectedSales(shop));
    expect((await orders.all()).results).toEqual(before);
  });
});

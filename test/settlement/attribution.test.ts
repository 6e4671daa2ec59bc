/** Attribution is decided once an order, however its events come; what refunds leave of it is exact. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Click, LinkId } from "../../src/domain/attribution.ts";
import type { Event } from "../../src/domain/events.ts";
import type { CreatorId, OrderId, SessionId } from "../../src/domain/ids.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { rebuildOrders } from "../../src/settlement/projection.ts";
import { readAttribution, readLinkSales } from "../../src/settlement/readers/attribution.ts";
import {
  deliver,
  deliverAll,
  failing,
  journalOf,
  message,
  mistreat,
  mistreatment,
  type Failure,
} from "./deliver.ts";
import { acts, EVERYTHING, eventsOf, live } from "./journal.ts";
import { rowsOf, silent } from "./stage.ts";

const { DB: db } = env;
const SLOW_MS = 60_000;

/** Three creators' links: for everybody's sales, for the journals' seller's, for another's. */
const LINKS: readonly { id: LinkId; creator: CreatorId; seller: "sel_1" | "sel_2" | null }[] = [
  { id: "lnk_everybody", creator: "cre_2", seller: null },
  { id: "lnk_seller", creator: "cre_3", seller: "sel_1" },
  { id: "lnk_other", creator: "cre_4", seller: "sel_2" },
];

beforeAll(async () => {
  const people = [
    ...["sel_1", "sel_2"].map((id) => db.prepare("INSERT INTO sellers VALUES (?1, 'S', NULL, 0)").bind(id)),
    ...LINKS.map(({ creator }) =>
      db.prepare("INSERT INTO creators VALUES (?1, 'C', ?1, NULL, 0)").bind(creator),
    ),
  ];
  const links = LINKS.map(({ id, creator, seller }) =>
    db
      .prepare(
        `INSERT INTO links (id, code, creator, seller, url, utm, created_at_ms)
        VALUES (?1, ?1, ?2, ?3, 'https://x.test', '{}', 0)`,
      )
      .bind(id, creator, seller),
  );
  await db.batch([...people, ...links]);
});

/** For each order in turn: which links its clicks are of, and how long before it they were. */
type Evidence = readonly (readonly { readonly link: number; readonly beforeMs: number }[])[];

const DAY = 86_400_000;
const evidence: fc.Arbitrary<Evidence> = fc.array(
  fc.array(
    // The fourth link is nobody's.
    fc.record({ link: fc.nat(3), beforeMs: fc.constantFrom(-2_000, 0, 5_000, 29 * DAY, 31 * DAY) }),
    { maxLength: 3 },
  ),
  { minLength: 3, maxLength: 5 },
);

/** The journal with clicks in its orders. */
function withClicks(events: readonly Event[], touched: Evidence): Event[] {
  let orders = 0;
  return events.map((event) => {
    if (event.type !== "order.placed") return event;
    const { placedAtMs } = event.order;
    const clicks = (touched[orders++ % touched.length] ?? []).map(({ link, beforeMs }, at): Click => {
      const { id, creator } = LINKS[link] ?? { id: "lnk_nobodys", creator: "cre_5" };
      return { click: `clk_${event.seq}_${at}`, link: id, creator, atMs: placedAtMs - beforeMs };
    });
    return clicks.length > 0 ? { ...event, clicks } : event;
  });
}

interface Record {
  readonly order: OrderId;
  readonly creator: CreatorId | null;
  readonly link: LinkId | null;
  readonly decision: string;
}

async function recordsOf(session: SessionId): Promise<Record[]> {
  const like = `ord_${session.slice("ses_".length)}%`;
  const { results } = await db
    .prepare(
      'SELECT "order", creator, link, decision FROM attributions WHERE "order" LIKE ?1 ORDER BY "order"',
    )
    .bind(like)
    .all<Record>();
  return results;
}

/** Records of one life in two sessions are alike but for the session's name. */
function anonymous(records: readonly Record[], session: SessionId): string {
  return JSON.stringify(records).replaceAll(session.slice("ses_".length), "");
}

function placedIn(events: readonly Event[]): OrderId[] {
  return events.flatMap((event) => (event.type === "order.placed" ? [event.order.id] : []));
}

describe("an order's attribution", () => {
  it(
    "is decided once, and the same, however messages come and database calls fail",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          acts,
          evidence,
          mistreatment,
          fc.array(fc.constantFrom<Failure>("before", "after", undefined, undefined), { maxLength: 40 }),
          async (life, touched, treatment, failures) => {
            const told = async (mistreated: boolean): Promise<string> => {
              const shop = live(life);
              const session = shop.state.terms!.id;
              const events = withClicks(eventsOf(shop), touched);
              const script = failures.values();
              const weak = failing(db, () => script.next().value);
              const ports = { db: weak, journal: journalOf({ [session]: events }, 9), log: silent };
              if (mistreated) {
                const bodies = mistreat(session, events, treatment);
                await deliverAll(consumeSettlement, bodies, treatment, () => ports);
              } else {
                await deliver(consumeSettlement, [message(session, events)], { ...ports, db });
              }
              const records = await recordsOf(session);
              expect(records.map(({ order }) => order)).toEqual(placedIn(events).toSorted());
              return anonymous(records, session);
            };
            expect(await told(true)).toBe(await told(false));
          },
        ),
        { numRuns: 25, seed: 7, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it(
    "leaves of each sale what refunds leave, and of a link's the sum, to the minor unit",
    async () => {
      await fc.assert(
        fc.asyncProperty(acts, evidence, async (life, touched) => {
          const before = await salesByLink();
          const shop = live(life);
          const session = shop.state.terms!.id;
          const events = withClicks(eventsOf(shop), touched);
          await deliver(consumeSettlement, [message(session, events)], {
            db,
            journal: journalOf({}),
            log: silent,
          });
          const won = new Map<string, number>();
          for (const row of await rowsOf(session)) {
            const found = await readAttribution(db, row, undefined);
            const back = shop.order(row.id).refunds.reduce((sum, { amount }) => sum + amount.amount, 0);
            const isSold = row.status === "captured" || row.status === "refunded";
            expect(found?.sale?.attributed.amount).toBe(found?.winner && isSold ? row.due - back : undefined);
            const { link } = found?.winner ?? {};
            if (link && isSold) won.set(link, (won.get(link) ?? 0) + row.due - back);
          }
          for (const [link, amount] of await salesByLink()) {
            expect(amount - (before.get(link) ?? 0)).toBe(won.get(link) ?? 0);
          }
        }),
        { numRuns: 25, seed: 7, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it("stays when the orders are built anew, though the link is another by then", async () => {
    const shop = live(EVERYTHING);
    const session = shop.state.terms!.id;
    const events = withClicks(eventsOf(shop), [[{ link: 1, beforeMs: 0 }]]);
    const journal = journalOf({ [session]: events }, 5);
    await deliver(consumeSettlement, [message(session, events)], { db, journal, log: silent });
    const before = await recordsOf(session);
    expect(before[0]).toMatchObject({ creator: "cre_3", link: "lnk_seller" });
    await db.prepare("UPDATE links SET seller = 'sel_2' WHERE id = 'lnk_seller'").run();
    await rebuildOrders(db, session, journal);
    await db.prepare("UPDATE links SET seller = 'sel_1' WHERE id = 'lnk_seller'").run();
    expect(await recordsOf(session)).toEqual(before);
  });

  it.each(["UPDATE attributions SET creator = 'cre_9'", "DELETE FROM attributions"])(
    "is not changed by %s",
    async (statement) => {
      await expect(db.prepare(statement).run()).rejects.toThrow("attributions are append-only");
    },
  );
});

async function salesByLink(): Promise<Map<LinkId, number>> {
  const sales = await Promise.all(
    LINKS.map(async ({ id }) => [id, await readLinkSales(db, id, {})] as const),
  );
  return new Map(sales.map(([id, [sale]]) => [id, sale?.attributed.amount ?? 0]));
}

/** Attribution is decided once an order, however its events come; the money follows it, and what refunds leave is exact. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Click, LinkId } from "../../src/domain/attribution.ts";
import type { Event, NewOrder } from "../../src/domain/events.ts";
import type { CreatorId, OrderId, SessionId } from "../../src/domain/ids.ts";
import type { Layer } from "../../src/domain/pricing.ts";
import { sumOfLegs } from "../../src/domain/split.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { createContract } from "../../src/settlement/contracts.ts";
import { settledOrder } from "../../src/settlement/ledger/projection.ts";
import { rebuildOrders } from "../../src/settlement/projection.ts";
import {
  readAttribution,
  readLinkSales,
  type Attribution,
} from "../../src/settlement/readers/attribution.ts";
import { contractTerms } from "../domain/contracts.ts";
import { BEN, usd } from "../domain/shop.ts";
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
import { agree, rowsOf, silent } from "./stage.ts";

const { DB: db } = env;
const SLOW_MS = 60_000;

/** Three creators' links: for everybody's sales, for the journals' seller's, for another's. */
const LINKS: readonly { id: LinkId; creator: CreatorId; seller: "sel_1" | "sel_2" | null }[] = [
  { id: "lnk_everybody", creator: "cre_2", seller: null },
  { id: "lnk_seller", creator: "cre_3", seller: "sel_1" },
  { id: "lnk_other", creator: "cre_4", seller: "sel_2" },
];

beforeAll(async () => {
  await agree();
  const people = [
    ...["sel_1", "sel_2"].map((id) => db.prepare("INSERT INTO sellers VALUES (?1, 'S', NULL, 0)").bind(id)),
    ...LINKS.map(({ creator }) =>
      db
        .prepare("INSERT INTO creators (id, name, handle, created_at_ms) VALUES (?1, 'C', ?1, 0)")
        .bind(creator),
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
  // The second creator is known to be one of the journals' viewers.
  const known = db.prepare("UPDATE creators SET viewer = ?1 WHERE id = 'cre_2'").bind(BEN);
  await db.batch([...people, ...links, known]);
  for (const [creator, referral] of [
    ["cre_2", { referral: { basisPoints: 1_250 } }],
    ["cre_3", { referral: { basisPoints: 8_000 } }],
    ["cre_4", {}],
  ] as const) {
    const terms = contractTerms({ creator, ...referral });
    const asked = { ...terms, creatorMay: [...terms.creatorMay] };
    const made = await createContract(db, asked, 0, `con_of_${creator}`);
    if (!made.ok) throw new Error(made.refusal.code);
  }
});

/** For each order in turn: which links its clicks are of, how long before it they were, and whose code it is bought with. */
interface Evidence {
  readonly clicks: readonly { readonly link: number; readonly beforeMs: number }[];
  readonly code?: CreatorId | undefined;
}

const DAY = 86_400_000;
const evidence: fc.Arbitrary<readonly Evidence[]> = fc.array(
  fc.record({
    clicks: fc.array(
      // The fourth link is nobody's.
      fc.record({ link: fc.nat(3), beforeMs: fc.constantFrom(-2_000, 0, 5_000, 29 * DAY, 31 * DAY) }),
      { maxLength: 3 },
    ),
    code: fc.constantFrom<CreatorId | undefined>(undefined, undefined, undefined, "cre_1", "cre_3"),
  }),
  { minLength: 3, maxLength: 5 },
);

/** The journal with clicks and codes in its orders. */
function withEvidence(events: readonly Event[], touched: readonly Evidence[]): Event[] {
  let orders = 0;
  return events.map((event) => {
    if (event.type !== "order.placed") return event;
    const { placedAtMs } = event.order;
    const { clicks: came = [], code } = touched[orders++ % touched.length] ?? {};
    const order = code === undefined ? event.order : coded(event.order, code);
    const clicks = came.map(({ link, beforeMs }, at): Click => {
      const { id, creator } = LINKS[link] ?? { id: "lnk_nobodys", creator: "cre_5" };
      return { click: `clk_${event.seq}_${at}`, link: id, creator, atMs: placedAtMs - beforeMs };
    });
    return { ...event, order, ...(clicks.length > 0 ? { clicks } : {}) };
  });
}

/** The session's own creator is not named in their codes. */
function coded(order: NewOrder, creator: CreatorId): NewOrder {
  const owner = creator === "cre_1" ? {} : { creator };
  const layer: Layer = { kind: "creator_code", code: "CODE", funder: "seller", amount: usd(0), ...owner };
  const lines = order.lines.map((line) => ({
    ...line,
    price: { ...line.price, layers: [...line.price.layers, layer] },
  }));
  return { ...order, lines };
}

/** What the decision makes of an order's money, and what is on the guest's accounts for it. */
async function auditMoney(order: OrderId, found: Attribution | undefined): Promise<void> {
  const settled = (await settledOrder(db, order))!;
  const { legs, basis, captured, guest, returnedLegs } = settled;
  const { winner, referral } = found ?? {};
  const rate = referral && "basisPoints" in referral ? referral.basisPoints : undefined;
  expect(sumOfLegs(legs)).toBe(captured);
  expect(guest).toBe(rate === undefined ? null : winner?.creator);
  const wanted = rate === undefined ? 0 : Math.floor((basis.base * rate * 2 + 10_000) / 20_000);
  expect(legs.referral).toBe(Math.min(wanted, legs.referral + legs.seller));
  const { results } = await db
    .prepare(`SELECT account, -sum(amount) AS owed FROM ledger_entries WHERE "order" = ?1 GROUP BY account`)
    .bind(order)
    .all<{ account: string; owed: number }>();
  const owed = results.find(({ account }) => account === `creator:${guest}:payable`)?.owed ?? 0;
  expect(owed).toBe(legs.referral - returnedLegs.referral);
  expect(results.reduce((sum, one) => sum + one.owed, 0)).toBe(0);
}

interface Record {
  readonly order: OrderId;
  readonly creator: CreatorId | null;
  readonly link: LinkId | null;
  readonly decision: string;
}

/** How the session's orders were split. */
async function splitsOf(session: SessionId): Promise<unknown[]> {
  const { results } = await db
    .prepare(
      'SELECT "order", guest, legs, returned_legs FROM settled_orders WHERE session = ?1 ORDER BY "order"',
    )
    .bind(session)
    .all();
  return results;
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
function anonymous(records: readonly unknown[], session: SessionId): string {
  return JSON.stringify(records).replaceAll(session.slice("ses_".length), "");
}

function placedIn(events: readonly Event[]): OrderId[] {
  return events.flatMap((event) => (event.type === "order.placed" ? [event.order.id] : []));
}

describe("an order's attribution", () => {
  const decided = new Set<string>();

  it(
    "is decided once, and its money is split the same, however messages come and database calls fail",
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
              const events = withEvidence(eventsOf(shop), touched);
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
              return anonymous([...records, ...(await splitsOf(session))], session);
            };
            expect(await told(true)).toBe(await told(false));
          },
        ),
        { numRuns: 10, seed: 7, endOnFailure: true },
      );
    },
    SLOW_MS,
  );

  it(
    "gives the winner their rate, leaves of each sale what refunds leave, and of a link's the sum, to the minor unit",
    async () => {
      await fc.assert(
        fc.asyncProperty(acts, evidence, async (life, touched) => {
          const before = await salesByLink();
          const shop = live(life);
          const session = shop.state.terms!.id;
          const events = withEvidence(eventsOf(shop), touched);
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
            if (isSold) await auditMoney(row.id, found);
            if (found?.winner)
              decided.add(found.referral && "none" in found.referral ? found.referral.none : "rate");
            for (const { creator, verdict } of found?.candidates ?? []) {
              const isOwn = creator === "cre_2" && row.viewer === BEN;
              if (isOwn) expect(["self_purchase", "outside_window"]).toContain(verdict);
              else expect(verdict).not.toBe("self_purchase");
            }
            const { link } = found?.winner ?? {};
            if (link && isSold) won.set(link, (won.get(link) ?? 0) + row.due - back);
          }
          for (const [link, amount] of await salesByLink()) {
            expect(amount - (before.get(link) ?? 0)).toBe(won.get(link) ?? 0);
          }
        }),
        { numRuns: 15, seed: 7, endOnFailure: true },
      );
      expect([...decided].toSorted()).toEqual(["is_host", "rate"]);
    },
    SLOW_MS,
  );

  it("is by a code its creator's alone, whoever's link carries it, and put down to a link of theirs with it", async () => {
    await db.prepare("UPDATE links SET coupon = 'CODE'").run();
    const winnerOf = async (link: number, code: CreatorId): Promise<object | undefined> => {
      const shop = live([{ kind: "buy", pick: 0, quantity: 1 }]);
      const session = shop.state.terms!.id;
      const events = withEvidence(eventsOf(shop), [{ clicks: [{ link, beforeMs: 5_000 }], code }]);
      await deliver(consumeSettlement, [message(session, events)], {
        db,
        journal: journalOf({}),
        log: silent,
      });
      const [row] = await rowsOf(session);
      return (await readAttribution(db, row!, undefined))?.winner;
    };
    expect(await winnerOf(0, "cre_3")).toMatchObject({ kind: "coupon", id: "CODE", creator: "cre_3" });
    expect(await winnerOf(0, "cre_3")).not.toHaveProperty("link");
    expect(await winnerOf(1, "cre_3")).toMatchObject({ creator: "cre_3", link: "lnk_seller" });
    expect(await winnerOf(0, "cre_1")).toMatchObject({ creator: "cre_1" });
    await db.prepare("UPDATE links SET coupon = NULL").run();
  });

  it("stays when the orders are built anew, though the link is another by then", async () => {
    const shop = live(EVERYTHING);
    const session = shop.state.terms!.id;
    const events = withEvidence(eventsOf(shop), [{ clicks: [{ link: 1, beforeMs: 0 }] }]);
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
  const ids = LINKS.map(({ id }) => id);
  const sales = await readLinkSales(db, ids, {});
  return new Map(ids.map((id) => [id, sales.get(id)?.[0]?.attributed.amount ?? 0]));
}

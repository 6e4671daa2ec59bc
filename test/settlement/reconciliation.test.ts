/** Reconciliation: the provider's books beside the ledger, line by line, in any number of runs. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { chargeOf, feeOf, refundSentOf, saleOf, transferSent } from "../../src/domain/ledger.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { NO_LEGS, type Split } from "../../src/domain/split.ts";
import type { OrderId } from "../../src/domain/ids.ts";
import { usd } from "../domain/shop.ts";
import { differing } from "../../src/settlement/reconciliation/run.ts";
import { planOf } from "./deliver.ts";
import { BooksStage, clear, LONG, SELLER } from "./reconciliation-stage.ts";
import { newOf } from "./sandbox-stage.ts";

let stage: BooksStage;

beforeEach(async () => {
  await clear();
  stage = new BooksStage();
});

function sale(order: OrderId) {
  const split = { currency: "USD", captured: 5_000, legs: { ...NO_LEGS, seller: 5_000 }, reserved: 0 };
  return saleOf(order, { seller: SELLER, creator: undefined }, split as Split);
}

const charge = (order: OrderId) => chargeOf(order, "bank", usd(5_000));
const fee = (order: OrderId, amount = 145) => feeOf("charge_fee", order, order, "bank", usd(amount));

/** A sale that both sides know all of. */
async function soldOrder(): Promise<OrderId> {
  const order = await stage.settled({ chargedAtMs: stage.nowMs, feeAmount: 145, feeCurrency: "USD" });
  stage.line("charge", order, 5_000, 145);
  await stage.book(sale(order), charge(order), fee(order));
  return order;
}

describe("the provider's books", () => {
  it("are not asked for before the first order was placed", async () => {
    expect(await stage.run()).toBe(true);
    expect(stage.readFromMs).toEqual([]);
    expect(await stage.report()).toMatchObject({ untilMs: undefined, equal: true });
  });

  it("are read from before the first order, then from where they are known, an hour over again", async () => {
    await stage.order("captured");
    const firstMs = stage.nowMs;
    await stage.runLater(LONG);
    await stage.runLater(LONG);
    expect(stage.readFromMs).toEqual([
      firstMs - LIMITS.reconcileOverlapMs,
      firstMs + LONG + 1 - LIMITS.reconcileOverlapMs,
    ]);
    expect((await stage.report()).untilMs).toBe(stage.nowMs + 1);
  });

  it("count each line once, however often it is read; one that comes late too", async () => {
    await stage.order("captured");
    const line = stage.line("charge", newOf("ord"), 5_000, 145);
    stage.lines.push(line);
    await stage.run();
    await stage.run();
    stage.lines.push({ ...line, id: "txn_late", amount: usd(100), fee: usd(-5) });
    await stage.runLater(LONG);
    expect((await stage.report()).currencies).toMatchObject([{ provider: usd(5_000 - 145 + 100 + 5) }]);
    const { results } = await env.DB.prepare("SELECT id FROM provider_entries").all();
    expect(results).toHaveLength(2);
  });

  it("keep a fee in its own currency", async () => {
    await stage.order("captured");
    const order = newOf("ord");
    stage.lines.push({
      ...stage.line("charge", order, 5_000),
      id: "txn_2",
      fee: { amount: 130, currency: "EUR" },
    });
    await stage.run();
    const { currencies } = await stage.report();
    expect(currencies.map(({ provider }) => provider)).toEqual([
      { amount: -130, currency: "EUR" },
      { amount: 10_000, currency: "USD" },
    ]);
  });

  it("that are long are read in several runs, none of their lines lost where a run ends", async () => {
    await stage.order("captured");
    const lines = LIMITS.reconcileLinesPerRun + 700;
    // All of one time: the second run begins where the first did not end.
    for (let at = 0; at < lines; at++) {
      stage.lines.push({ id: `txn_${at}`, kind: "other", amount: usd(1), fee: usd(0), atMs: stage.nowMs });
    }
    stage.nowMs += LONG;
    let runs = 1;
    while (!(await stage.run())) runs += 1;
    expect(runs).toBe(2);
    expect((await stage.report()).currencies).toMatchObject([{ provider: usd(lines) }]);
  });

  it("that cannot be read now leave the rest to be done, and nothing counts as missing there", async () => {
    const order = await stage.settled();
    await stage.run();
    stage.isDown = true;
    await stage.book(charge(order));
    expect(await stage.run()).toBe(false);
    await stage.runLater();
    expect(await stage.open()).toEqual([`buyers_clearing_open buyers ${order}: 0 -5000`]);
    expect(stage.log).toMatchObject([{ event: "books_not_read" }, { event: "books_not_read" }]);
    stage.isDown = false;
    await stage.run();
    expect(await stage.open()).toContain(`missing_at_provider charge ${order}: 0 5000`);
  });
});

describe("what both sides tell of", () => {
  it("agrees when it was sold, refunded and transferred on both", async () => {
    const order = await soldOrder();
    const [refund, transfer] = [newOf("rfd"), newOf("trf")];
    stage.line("refund", refund, -1_000);
    stage.line("transfer", transfer, -3_000);
    const moved = { id: transfer, party: SELLER, provider: "bank", amount: usd(3_000), order };
    await stage.book(refundSentOf(refund, order, "bank", usd(1_000)), transferSent(moved));
    await stage.run();
    expect(await stage.report()).toMatchObject({
      equal: true,
      currencies: [{ provider: usd(855), ledger: usd(855), difference: usd(0) }],
    });
  });

  it("and differs is a finding once it cannot just be late any more, with both sides", async () => {
    const order = newOf("ord");
    await stage.order("captured");
    const { id } = stage.line("charge", order, 5_000, 145);
    await stage.run();
    expect(await stage.report()).toMatchObject({ equal: false, open: 0 });
    await stage.runLater(LIMITS.reconcileGraceMs - 1);
    expect(await stage.open()).toEqual([]);
    await stage.runLater(1);
    expect(await stage.findings()).toMatchObject([
      {
        kind: "missing_in_ledger",
        about: "charge",
        subject: order,
        status: "open",
        providerAmount: 5_000,
        providerFee: 145,
        ledgerAmount: 0,
        firstSeenAtMs: stage.nowMs,
        lines: [{ id, kind: "charge", amount: usd(5_000), fee: usd(145) }],
      },
    ]);
    expect((await stage.report()).open).toBe(1);
  });

  it("is resolved by itself once both agree, and open again should they differ again", async () => {
    await stage.order("captured");
    const order = newOf("ord");
    stage.line("charge", order, 5_000);
    await stage.run();
    await stage.runLater();
    const firstMs = stage.nowMs;
    await stage.book(sale(order), charge(order));
    await stage.runLater(1_000);
    expect(await stage.open()).toEqual([]);
    expect(await stage.findings()).toMatchObject([
      { status: "resolved", firstSeenAtMs: firstMs, lastSeenAtMs: firstMs, resolvedAtMs: stage.nowMs },
    ]);
    stage.nowMs += LONG;
    stage.line("charge", order, -1);
    await stage.run();
    expect(await stage.open()).toEqual([]);
    await stage.runLater();
    expect(await stage.open()).toEqual([`amount_differs charge ${order}: 4999 5000`]);
    expect(await stage.findings()).toMatchObject([{ firstSeenAtMs: stage.nowMs, resolvedAtMs: null }]);
  });

  it.each([
    ["fee_differs charge", 5_000, 146],
    ["amount_differs charge", 4_900, 145],
    ["amount_differs charge", 4_900, 146],
  ])("is told apart: %s, of %i less %i", async (told, providerAmount, providerFee) => {
    const order = await stage.settled({ chargedAtMs: stage.nowMs, feeAmount: 145, feeCurrency: "USD" });
    stage.line("charge", order, providerAmount, providerFee);
    await stage.book(sale(order), charge(order), fee(order));
    await stage.run();
    await stage.runLater();
    expect(await stage.open()).toEqual([`${told} ${order}: ${providerAmount} 5000`]);
  });

  it("counts a line that Dropcast did not cause as one, at once", async () => {
    await stage.order("captured");
    const line = stage.line("other", undefined, -900);
    const nameless = stage.line("charge", undefined, 700);
    await stage.run();
    expect(await stage.open()).toEqual(
      [
        `unknown_at_provider other ${line.id}: -900 0`,
        `unknown_at_provider other ${nameless.id}: 700 0`,
      ].toSorted(),
    );
  });

  it("counts every entry on the clearing account, also of a kind that nobody foresaw", async () => {
    const order = await stage.settled();
    const { postings } = charge(order);
    await stage.book({ id: `adjustment:${order}`, kind: "adjustment", postings } as never);
    await stage.run();
    await stage.runLater();
    expect(await stage.open()).toContain(`missing_at_provider other adjustment:${order}: 0 5000`);
  });

  it("shows an order captured and never charged, until it is", async () => {
    const order = await stage.settled();
    await stage.book(sale(order));
    await stage.run();
    expect(await stage.open()).toEqual([]);
    await stage.runLater();
    expect(await stage.open()).toEqual([`buyers_clearing_open buyers ${order}: 0 5000`]);
    stage.line("charge", order, 5_000);
    await stage.book(charge(order));
    await stage.run();
    expect(await stage.open()).toEqual([]);
  });
});

describe("runs", () => {
  it("at the same time come to what one does", async () => {
    for (let at = 0; at < 5; at++) await soldOrder();
    await Promise.all([stage.run(), stage.run(), stage.run()]);
    await stage.run();
    expect(await stage.report()).toMatchObject({ equal: true });
    await stage.runLater();
    expect(await stage.open()).toEqual([]);
    const { results } = await env.DB.prepare(
      "SELECT sum(provider_lines) AS lines, sum(ledger_entries) AS entries FROM reconciliation_items WHERE kind = 'charge'",
    ).all();
    expect(results).toEqual([{ lines: 5, entries: 10 }]);
  });

  it("get round to everything, however much differs", async () => {
    await stage.order("captured");
    const lines = LIMITS.reconcileItemsPerRun + 5;
    for (let at = 0; at < lines; at++) stage.line("other", undefined, 1);
    await stage.run();
    expect((await stage.report()).open).toBe(LIMITS.reconcileItemsPerRun);
    await stage.runLater(1);
    expect((await stage.report()).open).toBe(lines);
  });

  it("find what differs, and what is open, by index", async () => {
    await soldOrder();
    await stage.run();
    const items = await planOf(env.DB, (db) => differing({ ...stage.treasury, db }));
    expect(items).toMatch(/USING INDEX reconciliation_items_differing \(provider=\?\)$/m);
    expect(items).not.toContain("TEMP B-TREE");
  });

  it("read what is new, and nothing from its beginning", async () => {
    await soldOrder();
    const asked = new Set<string>();
    const listen = (sql: string) => (asked.add(sql), env.DB.prepare(sql));
    stage.db = new Proxy(env.DB, {
      get: (db, key) =>
        key === "prepare" ? listen : key === "batch" ? db.batch.bind(db) : Reflect.get(db, key),
    });
    await stage.run();
    stage.line("other", undefined, 1);
    await stage.runLater();
    await stage.findings("open");
    expect(asked.size).toBeGreaterThan(10);
    for (const sql of asked) {
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...Array.from({ length: parametersOf(sql) }, () => 1))
        .all<{ detail: string }>();
      const plan = results.map(({ detail }) => detail);
      expect(
        plan.filter((step) => WALKS.test(step)),
        sql,
      ).toEqual([]);
    }
  });
});

/** All of a table, or all that an account ever had. Balances have few rows. */
const WALKS =
  /^SCAN (?!json_each|CONSTANT|\(|asked|looked|orders|provider_balances|.* VIRTUAL TABLE|.*USING INDEX reconciliation_findings_open)|ledger_entries_by/;

function parametersOf(sql: string): number {
  const numbered = [...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
  return Math.max(0, ...numbered) || sql.split("?").length - 1;
}

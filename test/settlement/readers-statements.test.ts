/** Statements: what was owed before and every line make what is owed after, in whatever pages, as JSON and CSV. */
import { env } from "cloudflare:workers";
import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  payoutPaid,
  payoutReturned,
  payoutStarted,
  reversalStarted,
  reserveReleasedOf,
  transferFailed,
  transferSent,
  transferStarted,
  type Transaction,
} from "../../src/domain/ledger.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { money } from "../../src/domain/money.ts";
import { statementCsv } from "../../src/edge/statement-rows.ts";
import {
  readStatement,
  type Statement,
  type StatementLine,
  type StatementOf,
} from "../../src/settlement/readers/statements.ts";
import { planOf } from "./deliver.ts";
import { movementOf, newId, newTwo, sale, wholeWay, write, type Two } from "./readers-stage.ts";

const { DB: db } = env;
const T0 = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;

async function whole(of: StatementOf, limit: number): Promise<Statement> {
  const first = (await readStatement(db, of, { limit }))!;
  const lines: StatementLine[] = [...first.lines];
  for (let cursor = first.nextCursor; cursor !== null;) {
    const { lines: more, nextCursor, ...same } = (await readStatement(db, of, { limit, cursor }))!;
    expect(first).toMatchObject(same);
    expect(same).not.toHaveProperty("totals");
    expect(more.length).toBeLessThanOrEqual(limit);
    lines.push(...more);
    cursor = nextCursor;
  }
  return { ...first, lines };
}

/** What anybody would find who adds up. */
function checkSums({ opening, closing, lines, totals }: Statement): void {
  const sum = lines.reduce((total, { amount }) => total + amount.amount, opening.amount);
  expect(sum).toBe(closing.amount);
  let owed = opening.amount;
  for (const line of lines) {
    const parts = Object.values(line.parts).reduce((total, part) => total + part.amount, 0);
    expect(parts).toBe(line.amount.amount);
    owed += line.amount.amount;
    expect(line.owed.amount).toBe(owed);
  }
  for (const { kind, amount, count } of totals ?? []) {
    const those = lines.filter((line) => line.kind === kind);
    expect(those).toHaveLength(count);
    expect(those.reduce((total, line) => total + line.amount.amount, 0)).toBe(amount.amount);
  }
}

describe("a statement", () => {
  it("has a line for each transaction, moves that change nothing owed included", async () => {
    const two = newTwo();
    const order = await wholeWay(two, T0, DAY);
    const found = await whole({ party: two.seller, currency: "USD", untilMs: T0 + 30 * DAY }, 50);
    checkSums(found);
    expect(found.lines.map(({ kind, amount, owed }) => [kind, amount.amount, owed.amount])).toEqual([
      ["sale", 70, 70],
      ["transfer_started", 0, 70],
      ["transfer_sent", 0, 70],
      ["payout_started", 0, 70],
      ["payout_paid", -63, 7],
    ]);
    expect(found.lines[0]).toMatchObject({
      transaction: `sale:${order}`,
      order,
      parts: { payable: money(63, "USD"), reserve: money(7, "USD") },
    });
    expect(found.lines[1]!.parts).toEqual({ payable: money(-63, "USD"), transit: money(63, "USD") });
    expect(found.lines[4]).not.toHaveProperty("order");
    expect([found.opening.amount, found.closing.amount]).toEqual([0, 7]);
  });

  it("of a period begins with what was owed before it, and ends before its end", async () => {
    const two = newTwo();
    await wholeWay(two, T0, DAY);
    const of = { party: two.seller, currency: "USD", fromMs: T0 + DAY, untilMs: T0 + 4 * DAY };
    const found = await whole(of, 50);
    checkSums(found);
    expect([found.opening.amount, found.closing.amount, found.lines.length]).toEqual([70, 70, 3]);
    const last = await whole({ ...of, fromMs: T0 + 4 * DAY, untilMs: T0 + 5 * DAY }, 50);
    expect([last.opening.amount, last.closing.amount]).toEqual([70, 7]);
    const before = await whole({ ...of, fromMs: T0 - DAY, untilMs: T0 }, 50);
    expect([before.opening.amount, before.closing.amount, before.lines]).toEqual([0, 0, []]);
  });

  it("is of one party and one currency", async () => {
    const two = newTwo();
    await wholeWay(two, T0, 1, "EUR");
    await write({ transaction: sale(two).transaction, atMs: T0 });
    const creators = await whole({ party: two.creator, currency: "EUR", untilMs: T0 + DAY }, 50);
    expect(creators.lines.map(({ amount }) => amount)).toEqual([money(20, "EUR")]);
    expect(creators.lines[0]!.parts).toEqual({ payable: money(20, "EUR") });
    const nobodys = await whole({ party: newTwo().seller, currency: "USD", untilMs: T0 + DAY }, 50);
    expect([nobodys.opening, nobodys.closing, nobodys.lines]).toEqual([money(0, "USD"), money(0, "USD"), []]);
  });

  it("adds up over any history, period and page", async () => {
    const steps = fc.array(
      fc.record({ kind: fc.nat(8), amount: fc.integer({ min: 1, max: 99 }), waitMs: fc.nat(3) }),
      { minLength: 1, maxLength: 30 },
    );
    // Within a day, and over the ends of some.
    const units = fc.constantFrom(1, DAY / 8, DAY / 4);
    const cuts = fc.tuple(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 9 }), units);
    await fc.assert(
      fc.asyncProperty(steps, cuts, async (history, [begin, span, limit, unitMs]) => {
        const two = newTwo();
        let atMs = T0;
        const [from, length] = [begin * unitMs, span * unitMs];
        const recorded = history.map(({ kind, amount, waitMs }) => {
          atMs += waitMs * unitMs;
          return { transaction: anyOf(two, kind, amount), atMs };
        });
        await write(...recorded);
        const of = { party: two.seller, currency: "USD", fromMs: T0 + from, untilMs: T0 + from + length };
        const found = await whole(of, limit);
        checkSums(found);
        const within = recorded.filter((one) => one.atMs >= of.fromMs && one.atMs < of.untilMs);
        expect(found.lines.map(({ transaction }) => transaction)).toEqual(
          within.map(({ transaction }) => transaction.id),
        );
        const [early, late] = await Promise.all([
          whole({ ...of, fromMs: 0, untilMs: of.fromMs + 1 }, 500),
          whole({ ...of, fromMs: of.fromMs + 1, untilMs: atMs + 1 }, 500),
        ]);
        expect(early.closing).toEqual(late.opening);
      }),
      { numRuns: 40 },
    );
  });

  it("is of one moment: what is entered while it is read, with an earlier time, is not on it", async () => {
    const two = newTwo();
    await wholeWay(two, T0, DAY);
    const of = { party: two.seller, currency: "USD", untilMs: T0 + 30 * DAY };
    const { nextCursor: cursor, closing } = (await readStatement(db, of, { limit: 2 }))!;
    await write({ transaction: sale(two).transaction, atMs: T0 + 3 * DAY });
    const rest = (await readStatement(
      db,
      { ...of, untilMs: T0 + 40 * DAY },
      { limit: 50, cursor: cursor! },
    ))!;
    expect(rest.lines.map(({ kind }) => kind)).toEqual(["transfer_sent", "payout_started", "payout_paid"]);
    expect([rest.closing, rest.lines.at(-1)!.owed, rest.to]).toEqual([
      closing,
      closing,
      new Date(of.untilMs).toISOString(),
    ]);
    checkSums(await whole(of, 2));
  });

  it("of a period to come is what is owed, and nothing more", async () => {
    const two = newTwo();
    await write({ transaction: sale(two).transaction, atMs: T0 });
    const of = { party: two.seller, currency: "USD", fromMs: T0 + DAY, untilMs: T0 + 1 };
    expect(await whole(of, 5)).toMatchObject({
      opening: money(70, "USD"),
      closing: money(70, "USD"),
      totals: [],
      lines: [],
    });
  });

  it("reads a page along an index from where the last one ended", async () => {
    const of = { party: newTwo().seller, currency: "USD", untilMs: T0 };
    const cursor = `${T0}.9.0.0.0.${T0 - DAY}.1`;
    const plan = await planOf(db, (listening) => readStatement(listening, of, { limit: 5, cursor }));
    const seek = "SEARCH i USING COVERING INDEX ledger_entries_by_time (account=? AND currency=? AND at_ms";
    expect(plan).toContain(`${seek}=? AND rowid>?)`);
    expect(plan).toContain(`${seek}>? AND at_ms<?)`);
    expect(plan).not.toMatch(/SCAN (?:e|i|b)\b/);
  });

  it("knows its own cursors", async () => {
    const of = { party: newTwo().seller, currency: "USD", untilMs: T0 };
    for (const cursor of ["x", `${T0}.1`, "1.2.3.4.5.6.-7", "1.2.3.4.5.6.7.8"]) {
      expect(await readStatement(db, of, { limit: 5, cursor }), cursor).toBeUndefined();
    }
  });
});

function anyOf(two: Two, kind: number, amount: number): Transaction {
  const { seller } = two;
  const of = movementOf(seller, amount);
  const makers: (() => Transaction)[] = [
    () => sale(two).transaction,
    () => transferStarted(of),
    () => transferSent(of),
    () => transferFailed(of),
    () => reversalStarted(of),
    () => reserveReleasedOf(newId("ord"), seller, money(amount, "USD")),
    () => payoutStarted(of),
    () => payoutPaid(of),
    () => payoutReturned(of),
  ];
  return makers[kind]!();
}

describe("a statement as CSV", () => {
  async function csvOf(of: StatementOf, name: string): Promise<Record<string, string>[]> {
    let text = "";
    for await (const piece of statementCsv(db, of, name)) text += piece;
    expect(text).toMatch(/^at,kind,transaction,order,currency,amount,[^\n]*\r\n/);
    return parse(text, { columns: true, record_delimiter: "\r\n" });
  }

  it.each([
    ["USD", ["0.70", "0.63", "0.07"], "-0.63"],
    ["JPY", ["70", "63", "7"], "-63"],
    ["KWD", ["0.070", "0.063", "0.007"], "-0.063"],
  ])("writes %s with its own decimals", async (currency, [all, payable, reserve], paid) => {
    const two = newTwo();
    await wholeWay(two, T0, 1, currency);
    const rows = await csvOf({ party: two.seller, currency, untilMs: T0 + DAY }, "Kiln & Loom");
    expect(rows.map(({ kind }) => kind)).toEqual([
      "opening",
      "sale",
      "transfer_started",
      "transfer_sent",
      "payout_started",
      "payout_paid",
      "closing",
    ]);
    expect(rows[1]).toMatchObject({
      amount: all,
      payable,
      reserve,
      owed: all,
      at: "2026-06-01T00:00:00.000Z",
    });
    expect(rows[5]).toMatchObject({ amount: paid, owed: reserve });
    expect(rows[6]).toMatchObject({ owed: reserve, amount: "" });
    expect(rows.every((row) => row["party"] === two.seller && row["name"] === "Kiln & Loom")).toBe(true);
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://evil")'])(
    "does not let a name like %j be run as a formula, and amounts be numbers",
    async (name) => {
      const two = newTwo();
      await wholeWay(two, T0, 1);
      const rows = await csvOf({ party: two.seller, currency: "USD", untilMs: T0 + DAY }, name);
      expect(rows[0]!["name"]).toBe(`'${name}`);
      expect(rows[5]!["amount"]).toBe("-0.63");
    },
  );

  it("nor one after a semicolon, which ends a cell in half of Europe", async () => {
    const two = newTwo();
    const rows = await csvOf({ party: two.seller, currency: "USD", untilMs: T0 + DAY }, "Kiln;=1+1");
    expect(rows[0]!["name"]).toBe("Kiln;'=1+1");
  });

  it("has every line of a statement longer than what is read at a time", async () => {
    const two = newTwo();
    const many = LIMITS.statementLinesRead + 7;
    const sales = Array.from({ length: many }, (_, n) => ({ ...sale(two), atMs: T0 + Math.floor(n / 3) }));
    await write(...sales);
    const rows = await csvOf({ party: two.creator, currency: "USD", untilMs: T0 + DAY }, "Maya");
    expect(rows).toHaveLength(many + 2);
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(many + 1);
    expect(rows.at(-1)!["owed"]).toBe((many * 0.2).toFixed(2));
  });
});

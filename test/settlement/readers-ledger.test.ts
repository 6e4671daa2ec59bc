/** Accounts, entries, transactions as they are read, and the check of the books. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { accountOf, disputeOpened, nettedOf, refundOf } from "../../src/domain/ledger.ts";
import { money } from "../../src/domain/money.ts";
import { checkBooks } from "../../src/settlement/ledger/books.ts";
import { holdingsOf, listAccounts } from "../../src/settlement/readers/accounts.ts";
import { listEntries } from "../../src/settlement/readers/entries.ts";
import {
  findTransaction,
  listTransactions,
  transactionsOf,
} from "../../src/settlement/readers/transactions.ts";
import { planOf } from "./deliver.ts";
import { everyPage, newId, newTwo, sale, wholeWay, write } from "./readers-stage.ts";

const { DB: db } = env;
const T0 = Date.UTC(2026, 5, 1);
const TABLES = ["entries", "balances", "positions", "days"];

describe("accounts", () => {
  it("are shown on their own side, positive where there is something", async () => {
    const two = newTwo();
    await write({ transaction: sale(two).transaction, atMs: T0 });
    const own = await everyPage((cursor) => listAccounts(db, { party: two.seller, limit: 1, cursor }));
    expect(own.map(({ account, side, balance }) => [account, side, balance])).toEqual([
      [`seller:${two.seller}:payable`, "credit", money(63, "USD")],
      [`seller:${two.seller}:reserve`, "credit", money(7, "USD")],
    ]);
    const all = await everyPage((cursor) => listAccounts(db, { limit: 2, currency: "USD", cursor }));
    const clearing = all.find(({ account }) => account === "buyers:clearing");
    expect(clearing).toMatchObject({ side: "debit", balance: { currency: "USD" } });
    expect(clearing!.balance.amount).toBeGreaterThan(0);
    expect(all.map(({ account }) => account)).toEqual(all.map(({ account }) => account).toSorted());
  });

  it("tell what a party has, by where it is and in which currency", async () => {
    const two = newTwo();
    await wholeWay(two, T0, 1);
    await write({ transaction: sale(two, "JPY").transaction, atMs: T0 });
    expect(await holdingsOf(db, two.seller)).toEqual([
      {
        currency: "JPY",
        owed: money(63, "JPY"),
        reserved: money(7, "JPY"),
        underWay: money(0, "JPY"),
        atProvider: money(0, "JPY"),
      },
      {
        currency: "USD",
        owed: money(0, "USD"),
        reserved: money(7, "USD"),
        underWay: money(0, "USD"),
        atProvider: money(0, "USD"),
      },
    ]);
    expect(await holdingsOf(db, newTwo().creator)).toEqual([]);
  });

  it("know their own cursors from others", async () => {
    expect(await listAccounts(db, { limit: 1, cursor: "nonsense" })).toBeUndefined();
    expect(await listAccounts(db, { limit: 1, cursor: "' OR 1=1 --.USD" })).toBeUndefined();
  });
});

describe("entries of an account", () => {
  it("come by currency and time, each once whatever the page, and of a period", async () => {
    const two = newTwo();
    for (const currency of ["USD", "EUR"])
      for (let n = 0; n < 4; n++) await wholeWay(two, T0 + n * 100, 10, currency);
    const payable = accountOf(two.seller, "payable");
    const whole = await everyPage((cursor) => listEntries(db, payable, { limit: 500, cursor }));
    expect(whole).toHaveLength(24);
    for (const limit of [1, 3, 7]) {
      expect(await everyPage((cursor) => listEntries(db, payable, { limit, cursor }))).toEqual(whole);
    }
    const sum = (side: "debit" | "credit") =>
      whole.reduce((total, entry) => total + (entry[side]?.amount ?? 0), 0);
    expect(sum("credit") - sum("debit")).toBe(0);
    const period = { fromMs: T0 + 100, untilMs: T0 + 110, currency: "EUR" };
    const some = await everyPage((cursor) => listEntries(db, payable, { ...period, limit: 1, cursor }));
    expect(some.map(({ transaction }) => transaction.split(":")[0])).toEqual(["sale", "sale"]);
    expect(some.every(({ atMs }) => atMs === T0 + 100)).toBe(true);
  });

  it("are read along an index", async () => {
    const query = { limit: 5, currency: "USD", fromMs: T0, untilMs: T0 + 1, cursor: `USD.${T0}.1` };
    const plan = await planOf(db, (listening) => listEntries(listening, "buyers:clearing", query));
    const seek = "USING INDEX ledger_entries_by_time (account=? AND currency=? AND at_ms";
    expect(plan).toContain(`${seek}=? AND rowid>?)`);
    expect(plan).toContain(`${seek}>? AND at_ms<?)`);
    expect(plan).not.toMatch(/SCAN (?:e|b|ledger_\w+)\b/);
  });
});

describe("transactions", () => {
  it("come newest first with their postings, each once whatever the page", async () => {
    const two = newTwo();
    const orders = [await wholeWay(two, T0, 1), await wholeWay(two, T0 + 2, 1)];
    const own = { party: two.seller };
    const whole = await everyPage((cursor) => listTransactions(db, { ...own, limit: 500, cursor }));
    expect(whole).toHaveLength(10);
    expect(whole.map(({ atMs }) => atMs)).toEqual(whole.map(({ atMs }) => atMs).toSorted((a, b) => b - a));
    for (const limit of [1, 3]) {
      expect(await everyPage((cursor) => listTransactions(db, { ...own, limit, cursor }))).toEqual(whole);
    }
    const ofOrder = await listTransactions(db, { order: orders[0], kind: "sale", limit: 10 });
    expect(ofOrder!.data.map(({ id }) => id)).toEqual([`sale:${orders[0]}`]);
    const period = { ...own, fromMs: T0 + 1, untilMs: T0 + 2, limit: 10 };
    expect((await listTransactions(db, period))!.data.map(({ kind }) => kind)).toEqual(["transfer_started"]);
  });

  it("of the same time come each once too, whatever the page and the kind", async () => {
    const two = newTwo();
    for (const currency of ["USD", "EUR"]) for (let n = 0; n < 5; n++) await wholeWay(two, T0, 0, currency);
    const own = { party: two.seller };
    const whole = await everyPage((cursor) => listTransactions(db, { ...own, limit: 500, cursor }));
    expect(new Set(whole.map(({ id }) => id)).size).toBe(50);
    for (const limit of [1, 2, 7, 49]) {
      expect(await everyPage((cursor) => listTransactions(db, { ...own, limit, cursor }))).toEqual(whole);
      const kind = "transfer_sent";
      expect(await everyPage((cursor) => listTransactions(db, { ...own, kind, limit, cursor }))).toEqual(
        whole.filter((one) => one.kind === kind),
      );
    }
    expect(await listTransactions(db, { ...own, limit: 1, cursor: `${T0}.sale:x` })).toBeUndefined();
    expect(await listTransactions(db, { limit: 1, cursor: "x" })).toBeUndefined();
  });

  it("show a party its part and hide those without one", async () => {
    const two = newTwo();
    const others = newTwo();
    const { order, transaction } = sale(two);
    await write({ transaction, atMs: T0 });
    const creators = await findTransaction(db, transaction.id, two.creator);
    expect(creators!.postings).toEqual([
      { account: `creator:${two.creator}:payable`, credit: money(20, "USD") },
    ]);
    expect(await findTransaction(db, transaction.id, others.creator)).toBeUndefined();
    expect((await listTransactions(db, { party: others.seller, order, limit: 9 }))!.data).toEqual([]);
    expect((await findTransaction(db, transaction.id, undefined))!.postings).toHaveLength(6);
  });

  it("of an order have those between it and others, and name the others' money", async () => {
    const two = newTwo();
    const [one, other] = [sale(two), sale(two)];
    const amount = money(5, "USD");
    const netted = nettedOf(`${one.order}/${other.order}/7`, two.seller, {
      from: one.order,
      to: other.order,
      amount,
    });
    await write(
      { transaction: one.transaction, atMs: T0 },
      { transaction: other.transaction, atMs: T0 },
      { transaction: netted, atMs: T0 + 1 },
    );
    for (const { order } of [one, other]) {
      const found = await transactionsOf(db, order, undefined, 9);
      expect(found.map(({ id }) => id)).toEqual([`sale:${order}`, netted.id]);
      expect(found[1]!.postings.map((posting) => posting.order)).toEqual([one.order, other.order]);
      expect(await transactionsOf(db, order, two.creator, 9)).toHaveLength(1);
    }
  });
});

describe("the check of the books", () => {
  it("finds them balanced, with what there is of each currency", async () => {
    const before = await checkBooks(db);
    const two = newTwo();
    const { order, transaction } = sale(two, "KWD");
    const legs = { platform: 1, creator: 2, referral: 0, seller: 7, tax: 0, loyalty: 0 };
    const given = { currency: "KWD", legs, beyond: 3, reserved: 0 };
    const disputed = {
      id: newId("dsp"),
      order,
      parties: two,
      provider: "sandbox",
      amount: money(40, "KWD"),
      legs: { platform: 4, creator: 8, referral: 0, seller: 28, tax: 0, loyalty: 0 },
    };
    await write(
      { transaction, atMs: T0 },
      { transaction: refundOf(newId("rfd"), order, two, given), atMs: T0 + 1 },
      { transaction: disputeOpened(disputed, 0), atMs: T0 + 2 },
    );
    const after = await checkBooks(db);
    expect(after).toMatchObject({
      balanced: true,
      transactions: before.transactions + 3,
      unbalancedTransactions: 0,
      differingBalances: 0,
      differingPositions: 0,
      differingDays: 0,
      differingSessions: 0,
    });
    expect(after.currencies.find(({ currency }) => currency === "KWD")).toEqual({
      currency: "KWD",
      sum: money(0, "KWD"),
      entries: 17,
      oldestAtMs: T0,
      newestAtMs: T0 + 2,
    });
  });

  it.each([
    ["an entry that was changed", "UPDATE ledger_entries SET amount = amount + 1 WHERE number = ?1", 1],
    [
      "a balance that was",
      "UPDATE ledger_balances SET amount = amount + 1 WHERE ?1 AND account LIKE 'seller:%:reserve'",
      1,
    ],
    ["a position that was", "UPDATE ledger_positions SET amount = amount + 1 WHERE ?1", 1],
    ["a day that was", "UPDATE ledger_days SET amount = amount + 1 WHERE ?1", 1],
    ["a day with a transaction too many", "UPDATE ledger_days SET transactions = transactions + ?1", 1],
    ["an entry that is gone", "DELETE FROM ledger_entries WHERE number = ?1", 1],
  ])("notices %s", async (_, tampering, bound) => {
    await write({ transaction: sale(newTwo()).transaction, atMs: T0 });
    const whole = await Promise.all(TABLES.map((table) => db.prepare(`SELECT * FROM ledger_${table}`).all()));
    await db.batch([
      // The database itself would not let entries be changed.
      ...["changed", "deleted"].map((done) =>
        db.prepare(`DROP TRIGGER IF EXISTS ledger_entries_are_not_${done}`),
      ),
      db.prepare(tampering).bind(bound),
    ]);
    expect((await checkBooks(db)).balanced).toBe(false);
    // As it was, for those who come after.
    for (const [at, table] of TABLES.entries()) {
      const rows = whole[at]!.results;
      const columns = Object.keys(rows[0]!);
      const names = columns.map((name) => `"${name}"`).join();
      const values = columns.map((name) => `value ->> '${name}'`).join();
      await db.batch([
        db.prepare(`DELETE FROM ledger_${table}`),
        db
          .prepare(`INSERT INTO ledger_${table} (${names}) SELECT ${values} FROM json_each(?1)`)
          .bind(JSON.stringify(rows)),
      ]);
    }
    expect((await checkBooks(db)).balanced).toBe(true);
  });
});

/** The database itself keeps the ledger as it was written. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { refundSentOf } from "../../src/domain/ledger.ts";
import { record } from "../../src/settlement/ledger/store.ts";

const TRANSACTION = refundSentOf("rfd_1", "ord_1", "sandbox", { amount: 5, currency: "USD" });

beforeAll(async () => {
  await env.DB.batch(record(env.DB, [{ transaction: TRANSACTION, atMs: 1 }]));
});

describe("the ledger", () => {
  it.each([
    ["a transaction changed", "UPDATE ledger_transactions SET at_ms = 2"],
    ["a transaction deleted", "DELETE FROM ledger_transactions"],
    ["an entry changed", "UPDATE ledger_entries SET amount = amount + 1"],
    ["an entry deleted", "DELETE FROM ledger_entries WHERE amount > 0"],
  ])("refuses %s", async (_what, statement) => {
    await expect(env.DB.prepare(statement).run()).rejects.toThrow("the ledger is append-only");
    const { results } = await env.DB.prepare("SELECT amount FROM ledger_entries ORDER BY amount").all();
    expect(results).toEqual([{ amount: -5 }, { amount: 5 }]);
  });

  it("refuses the same transaction twice", async () => {
    await expect(env.DB.batch(record(env.DB, [{ transaction: TRANSACTION, atMs: 1 }]))).rejects.toThrow(
      "UNIQUE",
    );
  });

  it("refuses one that does not sum to zero, before it is written", () => {
    const [first] = TRANSACTION.postings;
    const lopsided = { ...TRANSACTION, id: "refund_sent:rfd_2" as const, postings: [first!] };
    expect(() => record(env.DB, [{ transaction: lopsided, atMs: 1 }])).toThrow("does not sum to zero");
  });
});

/** All that settlement knows and all that the provider was asked, without times and counts of attempts. */
import { env } from "cloudflare:workers";
import type { CountingHouse } from "./counting-house.ts";

const QUERIES = {
  cursors: "SELECT projection, session, seq FROM settlement_cursors ORDER BY 1, 2",
  orders: "SELECT id, status, refunded FROM orders ORDER BY id",
  entries: `SELECT "transaction", account, currency, amount, "order" FROM ledger_entries ORDER BY 1, 2, 3, 4, 5`,
  transactions: `SELECT id, kind, "order", event_seq FROM ledger_transactions ORDER BY id`,
  balances: "SELECT account, currency, amount FROM ledger_balances ORDER BY 1, 2",
  positions: `SELECT account, "order", currency, amount FROM ledger_positions ORDER BY 1, 2, 3`,
  settled: `SELECT "order", contract_version, legs, reserved, reserved_until_at_ms IS NULL AS released, returned,
    returned_legs, returns, charge, fee_amount FROM settled_orders ORDER BY 1`,
  transfers: `SELECT id, party, "order", currency, amount, status, account, charge, provider_id, failure, reversed,
    payout, next_attempt_at_ms IS NULL AS done FROM transfers ORDER BY id`,
  reversals: `SELECT id, transfer, party, "order", currency, amount, status, account, provider_id, failure,
    next_attempt_at_ms IS NULL AS done FROM reversals ORDER BY id`,
  payouts: `SELECT id, party, currency, amount, status, account, provider_id, failure,
    (SELECT group_concat(transfer) FROM (
      SELECT transfer FROM payout_transfers WHERE payout = id ORDER BY transfer)) AS transfers
    FROM payouts ORDER BY party, currency, created_at_ms`,
  refunds: `SELECT id, "order", amount, status, provider_id, event_seq FROM refunds ORDER BY id`,
  disputes: `SELECT id, "order", amount, fee_amount, status, legs FROM disputes ORDER BY id`,
  accounts: "SELECT party, account, status FROM payment_accounts ORDER BY party",
} as const;

type Row = Readonly<Record<string, unknown>>;

export type Snapshot = Readonly<Record<string, readonly unknown[]>>;

export async function snapshot({ bank }: CountingHouse): Promise<Snapshot> {
  const names = Object.keys(QUERIES) as (keyof typeof QUERIES)[];
  const results = await env.DB.batch<Row>(names.map((name) => env.DB.prepare(QUERIES[name])));
  const found = Object.fromEntries(names.map((name, at) => [name, results[at]!.results]));
  const sorted = (calls: readonly { readonly key: string; readonly body: string }[]): string[] =>
    calls.map(({ key, body }) => `${key} ${body}`).toSorted();
  const all = { ...found, made: sorted(bank.made), asked: [...new Set(sorted(bank.calls))] };
  return canonical(all, found["payouts"] ?? []);
}

/** Payouts are named by whose and the how manieth they are, nettings without the number that tells repeats apart. */
function canonical(all: object, payouts: readonly Row[]): Snapshot {
  let text = JSON.stringify(all).replaceAll(/(netted:ord_\d+\/ord_\d+)\/\d+/g, "$1");
  for (const [at, { id, party }] of payouts.entries())
    text = text.replaceAll(String(id), `pyo_${String(party)}_${at}`);
  const read: Snapshot = JSON.parse(text);
  return Object.fromEntries(
    Object.entries(read).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row)).toSorted()]),
  );
}

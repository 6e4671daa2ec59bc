/**
 * Writes transactions to the ledger: entries, and what is summed from them, together, in the caller's batch. May touch
 * the ledger's tables; only adds to transactions and entries.
 */
import type { OrderId, PartyId } from "../../domain/ids.ts";
import { imbalanceOf, ownerOf, type Account, type Transaction } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { jsonPieces } from "../d1.ts";

/** A transaction, and when and why it was made. */
export interface Recorded {
  readonly transaction: Transaction;
  readonly atMs: number;
  /** The event that caused it, where one did. */
  readonly eventSeq?: number;
}

const TRANSACTIONS = `
INSERT INTO ledger_transactions (id, kind, "order", event_seq, at_ms)
SELECT value ->> 'id', value ->> 'kind', value ->> 'order', value ->> 'eventSeq', value ->> 'atMs' FROM json_each(?1)`;

const ENTRIES = `
INSERT INTO ledger_entries ("transaction", account, currency, amount, "order", at_ms)
SELECT value ->> 'transaction', value ->> 'account', value ->> 'currency', value ->> 'amount', value ->> 'order',
  value ->> 'atMs' FROM json_each(?1)`;

/** `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON. */
const BALANCES = `
INSERT INTO ledger_balances (account, currency, amount)
SELECT value ->> 'account', value ->> 'currency', sum(value ->> 'amount') FROM json_each(?1) WHERE true GROUP BY 1, 2
ON CONFLICT (account, currency) DO UPDATE SET amount = amount + excluded.amount`;

const POSITIONS = `
INSERT INTO ledger_positions (account, "order", currency, amount)
SELECT value ->> 'account', value ->> 'order', value ->> 'currency', sum(value ->> 'amount') FROM json_each(?1)
WHERE value ->> 'account' LIKE '%:%:payable' AND value ->> 'order' IS NOT NULL GROUP BY 1, 2, 3
ON CONFLICT (account, "order", currency) DO UPDATE SET amount = amount + excluded.amount`;

/** A row of the bound list is one transaction's part of one party's money. */
const DAYS = `
INSERT INTO ledger_days (party, currency, day, kind, amount, transactions)
SELECT value ->> 'party', value ->> 'currency', (value ->> 'atMs') / ${LIMITS.ledgerDayMs}, value ->> 'kind',
  sum(value ->> 'amount'), count(*) FROM json_each(?1) WHERE true GROUP BY 1, 2, 3, 4
ON CONFLICT (party, currency, day, kind) DO UPDATE SET
  amount = amount + excluded.amount, transactions = transactions + excluded.transactions`;

/** A row of the bound list is an entry of a party's: the order's session is known from its capture on. */
const SESSIONS = `
INSERT INTO ledger_sessions (party, session, currency, day, payable, transit, balance, reserve)
SELECT value ->> 'party', s.session, value ->> 'currency', (value ->> 'atMs') / ${LIMITS.ledgerDayMs},
  ${["payable", "transit", "balance", "reserve"]
    .map((which) => `sum(iif(value ->> 'account' LIKE '%:${which}', value ->> 'amount', 0))`)
    .join()}
FROM json_each(?1) CROSS JOIN settled_orders s ON s."order" = value ->> 'order' WHERE true GROUP BY 1, 2, 3, 4
ON CONFLICT (party, session, currency, day) DO UPDATE SET payable = payable + excluded.payable,
  transit = transit + excluded.transit, balance = balance + excluded.balance, reserve = reserve + excluded.reserve`;

/**
 * Statements that record transactions. In one batch they all hold or none does: a transaction that is there already
 * fails the batch, and so does whatever guard stands beside them. The orders they are of must be settled before them.
 *
 * @throws {Error} for a transaction that does not sum to zero, or whose amounts are not exact.
 */
export function record(db: D1Database, recorded: readonly Recorded[]): D1PreparedStatement[] {
  if (recorded.length === 0) return [];
  for (const { transaction } of recorded) {
    if (imbalanceOf(transaction).size > 0) throw new Error(`${transaction.id} does not sum to zero`);
    if (transaction.postings.some(({ amount }) => !Number.isSafeInteger(amount))) {
      throw new Error(`${transaction.id} has an amount that is not exact`);
    }
  }
  const transactions = recorded.map(({ transaction: { id, kind, order }, atMs, eventSeq }) => ({
    id,
    kind,
    order,
    eventSeq,
    atMs,
  }));
  const entries = recorded.flatMap(({ transaction: { id, order, postings }, atMs }) =>
    postings.map((posting) => ({ transaction: id, order, atMs, ...posting })),
  );
  return [
    ...jsonPieces(transactions).map((piece) => db.prepare(TRANSACTIONS).bind(piece)),
    ...jsonPieces(entries).flatMap((piece) =>
      [ENTRIES, BALANCES, POSITIONS].map((text) => db.prepare(text).bind(piece)),
    ),
    ...jsonPieces(recorded.flatMap(partsOf)).map((piece) => db.prepare(DAYS).bind(piece)),
    ...jsonPieces(entries.flatMap(ownedEntry)).map((piece) => db.prepare(SESSIONS).bind(piece)),
  ];
}

/** A transaction's parts by party and currency, also those that come to nothing: money that moved on. */
function partsOf({ transaction: { kind, postings }, atMs }: Recorded): object[] {
  const parts = new Map<string, { party: PartyId; currency: string; amount: number }>();
  for (const { account, currency, amount } of postings) {
    const party = ownerOf(account);
    if (party === undefined) continue;
    const key = `${party} ${currency}`;
    parts.set(key, { party, currency, amount: (parts.get(key)?.amount ?? 0) + amount });
  }
  return [...parts.values()].map((part) => ({ ...part, kind, atMs }));
}

/** An entry with its party, where it has one. */
function ownedEntry<E extends { readonly account: Account }>(entry: E): (E & { readonly party: PartyId })[] {
  const party = ownerOf(entry.account);
  return party === undefined ? [] : [{ ...entry, party }];
}

/** Whether a transaction is in the ledger. */
export async function isRecorded(db: D1Database, id: string): Promise<boolean> {
  const found = await db.prepare("SELECT 1 FROM ledger_transactions WHERE id = ?1").bind(id).first();
  return found !== null;
}

/**
 * Runs a batch that records a fact: true when it holds, false when somebody else has changed what the batch was
 * guarded by, or recorded the same. `isStale` looks again after a failure, also where the answer alone was lost.
 */
export async function attempt(
  db: D1Database,
  statements: readonly D1PreparedStatement[],
  isStale: () => Promise<boolean>,
): Promise<boolean> {
  try {
    await db.batch([...statements]);
    return true;
  } catch (error) {
    if (await isStale()) return false;
    throw error;
  }
}

/** What an account holds for one order, or in all; zero where nothing ever was. */
export async function positionOf(
  db: D1Database,
  account: string,
  order: OrderId,
  currency: string,
): Promise<number> {
  const row = await db
    .prepare('SELECT amount FROM ledger_positions WHERE account = ?1 AND "order" = ?2 AND currency = ?3')
    .bind(account, order, currency)
    .first<{ amount: number }>();
  return row?.amount ?? 0;
}

export async function balanceOf(db: D1Database, account: string, currency: string): Promise<number> {
  const row = await db
    .prepare("SELECT amount FROM ledger_balances WHERE account = ?1 AND currency = ?2")
    .bind(account, currency)
    .first<{ amount: number }>();
  return row?.amount ?? 0;
}

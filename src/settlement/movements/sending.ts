/**
 * What is the same about everything that is sent: one run at a time has it in hand, and its row and its ledger
 * transaction are written together. May touch the movements' tables and the ledger's.
 */
import type { Movement, Transaction } from "../../domain/ledger.ts";
import { money } from "../../domain/money.ts";
import { attempt, isRecorded, record } from "../ledger/store.ts";
import { nextAttemptAfter, type Treasury } from "../treasury.ts";
import type { PayoutRow, ReversalRow, TransferRow } from "./tables.ts";

type SendingRow = TransferRow | ReversalRow | PayoutRow;

/** A row whose amount is fixed and that the provider may know of: where it goes is known. */
export type Started<Row extends SendingRow> = Row & {
  readonly provider: string;
  readonly account: string;
  readonly startedAtMs: number;
};

/** @throws {Error} for a row that was never started: there is nothing to send. */
export function startedOf<Row extends SendingRow>(row: Row): Started<Row> {
  const { id, provider, account, startedAtMs } = row;
  if (provider === null || account === null || startedAtMs === null) {
    throw new Error(`${id} is ${row.status} and was never started`);
  }
  return { ...row, provider, account, startedAtMs };
}

/** What the ledger records of it. */
export function movementOf(row: Started<SendingRow>): Movement {
  const { id, party, provider, currency, amount } = row;
  const of = { id, party, provider, amount: money(amount, currency) };
  return "order" in row ? { ...of, order: row.order } : of;
}

const TABLES = ["transfers", "reversals", "payouts"] as const;
export type SendingTable = (typeof TABLES)[number];

const CLAIMS = Object.fromEntries(
  TABLES.map((table) => [
    table,
    `UPDATE ${table} SET attempts = attempts + 1, next_attempt_at_ms = ?3
     WHERE id = ?1 AND attempts = ?2 AND status = 'transferring' AND next_attempt_at_ms <= ?4`,
  ]),
) as Readonly<Record<SendingTable, string>>;

/**
 * Takes a row in hand before its call: one that dies in the middle was made, and is not made again at once. False when
 * another run has had it since it was read, or has it now: what that one was answered must not be undone by a second call.
 */
export async function claim(
  { db, nowMs }: Treasury,
  table: SendingTable,
  { id, attempts }: Pick<SendingRow, "id" | "attempts">,
): Promise<boolean> {
  const atMs = nowMs();
  const bound = [id, attempts, nextAttemptAfter(attempts, atMs), atMs];
  const { meta } = await db
    .prepare(CLAIMS[table])
    .bind(...bound)
    .run();
  return meta.changes > 0;
}

/** Rows and ledger together; nothing when somebody else has recorded the same. */
export async function conclude(
  db: D1Database,
  rows: readonly D1PreparedStatement[],
  transaction: Transaction,
  atMs: number,
): Promise<void> {
  const statements = [...rows, ...record(db, [{ transaction, atMs }])];
  await attempt(db, statements, () => isRecorded(db, transaction.id));
}

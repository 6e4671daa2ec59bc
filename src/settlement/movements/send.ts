/**
 * Takes started transfers and reversals to the provider and records what it says. A call is repeated with the same id
 * and amount until there is an answer; one that may be forgotten is looked up before it is sent again.
 */
import { and, asc, eq, lte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import {
  reversalFailed,
  reversalSent,
  transferFailed,
  transferSent,
  type Movement,
  type Transaction,
} from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import type { MovementState, Reversal, Transfer } from "../psp/port.ts";
import { ask, forEach, type Treasury } from "../treasury.ts";
import { claim, conclude, movementOf, startedOf, type Started } from "./sending.ts";
import { reversals, transfers, type ReversalRow, type TransferRow } from "./tables.ts";

/** Sends what is due. Answers how many calls were due. */
export async function sendMovements(treasury: Treasury): Promise<number> {
  const db = drizzle(treasury.db);
  const nowMs = treasury.nowMs();
  const { provider } = treasury.port;
  const [dueReversals, dueTransfers] = await db.batch([
    // What comes back is needed before more goes out.
    db
      // Under a name of its own: D1 answers a batch by column names, and of two equal ones only one is left.
      .select({
        reversal: reversals,
        transferId: sql<string | null>`${transfers.providerId}`.as("transfer_provider_id"),
      })
      .from(reversals)
      .innerJoin(transfers, eq(transfers.id, reversals.transfer))
      .where(and(eq(reversals.provider, provider), lte(reversals.nextAttemptAtMs, nowMs)))
      .orderBy(asc(reversals.nextAttemptAtMs))
      .limit(LIMITS.movementsPerRun),
    db
      .select()
      .from(transfers)
      .where(and(eq(transfers.provider, provider), lte(transfers.nextAttemptAtMs, nowMs)))
      .orderBy(asc(transfers.nextAttemptAtMs))
      .limit(LIMITS.movementsPerRun),
  ]);
  await forEach(
    treasury,
    dueReversals,
    ({ reversal, transferId }) => sendReversal(treasury, startedOf(reversal), transferId),
    ({ reversal: { id } }) => ({ reversal: id }),
  );
  await forEach(
    treasury,
    dueTransfers,
    (transfer) => sendTransfer(treasury, startedOf(transfer)),
    ({ id }) => ({ transfer: id }),
  );
  return dueReversals.length + dueTransfers.length;
}

async function sendTransfer(treasury: Treasury, row: Started<TransferRow>): Promise<void> {
  if (!(await claim(treasury, "transfers", row))) return;
  const { port } = treasury;
  const { id, order, account, charge, startedAtMs } = row;
  const transfer: Transfer = {
    id,
    order,
    account,
    amount: money(row.amount, row.currency),
    ...(charge === null ? {} : { charge }),
    startedAtMs,
  };
  const state = await ask(treasury, row, {
    send: () => port.transfer(transfer),
    find: () => port.findTransfer(transfer),
  });
  await note(treasury, TRANSFERS, row, state);
}

async function sendReversal(
  treasury: Treasury,
  row: Started<ReversalRow>,
  transfer: string | null,
): Promise<void> {
  if (transfer === null) throw new Error(`${row.id} is of ${row.transfer}, which the provider never had`);
  if (!(await claim(treasury, "reversals", row))) return;
  const { port } = treasury;
  const { id, account, startedAtMs } = row;
  const reversal: Reversal = {
    id,
    transfer,
    account,
    amount: money(row.amount, row.currency),
    startedAtMs,
  };
  const state = await ask(treasury, row, {
    send: () => port.reverse(reversal),
    find: () => port.findReversal(reversal),
  });
  await note(treasury, REVERSALS, row, state);
}

/** How one kind is recorded once the provider has decided. */
interface Kind<Row> {
  /** Takes the row's id, the provider's id and the time. */
  readonly done: string;
  /** Takes the row's id, the reason and the time. */
  readonly failed: string;
  readonly doneOf: (of: Movement) => Transaction;
  readonly failedOf: (of: Movement) => Transaction;
  /** What else is so when it is done. */
  readonly alsoDone: (db: D1Database, row: Row, atMs: number) => readonly D1PreparedStatement[];
}

function statementsOf(table: "transfers" | "reversals"): Pick<Kind<unknown>, "done" | "failed"> {
  const set = (status: string, column: string): string => `
UPDATE ${table} SET status = CASE WHEN status = 'transferring' THEN '${status}' END, ${column} = ?2,
  next_attempt_at_ms = NULL, updated_at_ms = ?3 WHERE id = ?1`;
  return { done: set("paid", "provider_id"), failed: set("failed", "failure") };
}

const TRANSFERS: Kind<TransferRow> = {
  ...statementsOf("transfers"),
  doneOf: transferSent,
  failedOf: transferFailed,
  alsoDone: () => [],
};

const REVERSED = `
UPDATE transfers SET reversed = reversed + ?2, updated_at_ms = ?3,
  status = CASE WHEN reversed + ?2 = amount THEN 'returned' ELSE status END WHERE id = ?1`;

const REVERSALS: Kind<ReversalRow> = {
  ...statementsOf("reversals"),
  doneOf: reversalSent,
  failedOf: reversalFailed,
  alsoDone: (db, { transfer, amount }, atMs) => [db.prepare(REVERSED).bind(transfer, amount, atMs)],
};

async function note<Row extends TransferRow | ReversalRow>(
  { db, nowMs }: Treasury,
  kind: Kind<Row>,
  row: Started<Row>,
  state: MovementState,
): Promise<void> {
  const atMs = nowMs();
  const of = movementOf(row);
  switch (state.status) {
    case "done": {
      const done = db.prepare(kind.done).bind(row.id, state.id, atMs);
      return conclude(db, [done, ...kind.alsoDone(db, row, atMs)], kind.doneOf(of), atMs);
    }
    case "refused": {
      const failed = db.prepare(kind.failed).bind(row.id, state.reason, atMs);
      return conclude(db, [failed], kind.failedOf(of), atMs);
    }
    case "unknown":
    case "pending":
    case "returned":
      // Stripe's transfers are done or refused; what else an adapter says is asked again.
      break;
  }
}

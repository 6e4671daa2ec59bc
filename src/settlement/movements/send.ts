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
} from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { attempt, isRecorded, record } from "../ledger/store.ts";
import type { MovementState, Reversal, Transfer } from "../psp/port.ts";
import { forEach, mayBeForgotten, nextAttemptAfter, type Treasury } from "../treasury.ts";
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
    ({ reversal, transferId }) => sendReversal(treasury, reversal, transferId ?? ""),
    ({ reversal: { id } }) => ({ reversal: id }),
  );
  await forEach(
    treasury,
    dueTransfers,
    (transfer) => sendTransfer(treasury, transfer),
    ({ id }) => ({ transfer: id }),
  );
  return dueReversals.length + dueTransfers.length;
}

/** The row of anything that is sent. */
type SendingRow =
  Pick<TransferRow, "id" | "attempts" | "startedAtMs"> | Pick<ReversalRow, "id" | "attempts" | "startedAtMs">;

/**
 * The provider's answer to a call: the first one is sent at once, a repeated one by the same key as long as the provider
 * knows keys that old, and then only when the provider has nothing of it.
 */
export async function ask(
  { nowMs }: Treasury,
  { attempts, startedAtMs }: Pick<SendingRow, "attempts" | "startedAtMs">,
  call: { readonly send: () => Promise<MovementState>; readonly find: () => Promise<MovementState> },
): Promise<MovementState> {
  if (attempts > 0 && mayBeForgotten(startedAtMs ?? 0, nowMs())) {
    const found = await call.find();
    if (found.status !== "unknown") return found;
  }
  return call.send();
}

const ATTEMPT_TRANSFER =
  "UPDATE transfers SET attempts = attempts + 1, next_attempt_at_ms = ?2 WHERE id = ?1";
const ATTEMPT_REVERSAL =
  "UPDATE reversals SET attempts = attempts + 1, next_attempt_at_ms = ?2 WHERE id = ?1";

async function sendTransfer(treasury: Treasury, row: TransferRow): Promise<void> {
  const { db, port, nowMs } = treasury;
  // Before the call: one that dies in the middle was made, and is not made again at once.
  await db.prepare(ATTEMPT_TRANSFER).bind(row.id, nextAttemptAfter(row.attempts, nowMs())).run();
  const transfer: Transfer = {
    id: row.id,
    order: row.order,
    account: row.account ?? "",
    amount: money(row.amount, row.currency),
    ...(row.charge === null ? {} : { charge: row.charge }),
    startedAtMs: row.startedAtMs ?? row.createdAtMs,
  };
  const state = await ask(treasury, row, {
    send: () => port.transfer(transfer),
    find: () => port.findTransfer(transfer),
  });
  await noteTransfer(treasury, row, state);
}

const TRANSFER_DONE = `
UPDATE transfers SET status = CASE WHEN status = 'transferring' THEN 'paid' END, provider_id = ?2,
  next_attempt_at_ms = NULL, updated_at_ms = ?3 WHERE id = ?1`;
const TRANSFER_FAILED = `
UPDATE transfers SET status = CASE WHEN status = 'transferring' THEN 'failed' END, failure = ?2,
  next_attempt_at_ms = NULL, updated_at_ms = ?3 WHERE id = ?1`;

async function noteTransfer({ db, nowMs }: Treasury, row: TransferRow, state: MovementState): Promise<void> {
  const atMs = nowMs();
  const of = movementOf(row);
  switch (state.status) {
    case "done":
      return conclude(db, db.prepare(TRANSFER_DONE).bind(row.id, state.id, atMs), transferSent(of), atMs);
    case "refused":
      return conclude(
        db,
        db.prepare(TRANSFER_FAILED).bind(row.id, state.reason, atMs),
        transferFailed(of),
        atMs,
      );
    case "unknown":
    case "pending":
    case "returned":
      // Stripe's transfers are done or refused; what else an adapter says is asked again.
      break;
  }
}

async function sendReversal(treasury: Treasury, row: ReversalRow, transfer: string): Promise<void> {
  const { db, port, nowMs } = treasury;
  await db.prepare(ATTEMPT_REVERSAL).bind(row.id, nextAttemptAfter(row.attempts, nowMs())).run();
  const reversal: Reversal = {
    id: row.id,
    transfer,
    account: row.account ?? "",
    amount: money(row.amount, row.currency),
    startedAtMs: row.startedAtMs ?? row.createdAtMs,
  };
  const state = await ask(treasury, row, {
    send: () => port.reverse(reversal),
    find: () => port.findReversal(reversal),
  });
  await noteReversal(treasury, row, state);
}

const REVERSAL_DONE = `
UPDATE reversals SET status = CASE WHEN status = 'transferring' THEN 'paid' END, provider_id = ?2,
  next_attempt_at_ms = NULL, updated_at_ms = ?3 WHERE id = ?1`;
const REVERSAL_FAILED = `
UPDATE reversals SET status = CASE WHEN status = 'transferring' THEN 'failed' END, failure = ?2,
  next_attempt_at_ms = NULL, updated_at_ms = ?3 WHERE id = ?1`;
const REVERSED = `
UPDATE transfers SET reversed = reversed + ?2, updated_at_ms = ?3,
  status = CASE WHEN reversed + ?2 = amount THEN 'returned' ELSE status END WHERE id = ?1`;

async function noteReversal({ db, nowMs }: Treasury, row: ReversalRow, state: MovementState): Promise<void> {
  const atMs = nowMs();
  const of = movementOf(row);
  switch (state.status) {
    case "done":
      return conclude(db, db.prepare(REVERSAL_DONE).bind(row.id, state.id, atMs), reversalSent(of), atMs, [
        db.prepare(REVERSED).bind(row.transfer, row.amount, atMs),
      ]);
    case "refused":
      return conclude(
        db,
        db.prepare(REVERSAL_FAILED).bind(row.id, state.reason, atMs),
        reversalFailed(of),
        atMs,
      );
    case "unknown":
    case "pending":
    case "returned":
      break;
  }
}

function movementOf(row: TransferRow | ReversalRow): Movement {
  const { id, party, order, currency, amount } = row;
  return { id, party, order, provider: row.provider ?? "", amount: money(amount, currency) };
}

/** Row and ledger together; nothing when somebody else has recorded the same. */
export async function conclude(
  db: D1Database,
  row: D1PreparedStatement,
  transaction: Parameters<typeof record>[1][number]["transaction"],
  atMs: number,
  more: readonly D1PreparedStatement[] = [],
): Promise<void> {
  const statements = [row, ...more, ...record(db, [{ transaction, atMs }])];
  await attempt(db, statements, () => isRecorded(db, transaction.id));
}

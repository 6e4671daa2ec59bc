/**
 * Refunds: written down before the provider is asked, sent once, recorded as the provider says. Reads and writes
 * settlement's tables; whoever asks for a refund tells the order's session afterwards, see `refundsToTell`.
 */
import { and, asc, eq, inArray, isNull, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { OrderId, RefundId } from "../../domain/ids.ts";
import { refundFailedOf, refundSentOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money, type Money } from "../../domain/money.ts";
import { attempt, record, type Recorded } from "../ledger/store.ts";
import type { RefundState } from "../psp/port.ts";
import { ask, forEach, nextAttemptAfter, type Treasury } from "../treasury.ts";
import { refunds, type RefundRow } from "./tables.ts";

/** What somebody asks to go back of an order. */
export interface RefundRequest {
  readonly id: RefundId;
  readonly order: OrderId;
  readonly amount: Money;
  /** What was captured of the order, in minor units. */
  readonly captured: number;
  readonly returnUnits: boolean;
}

/** What of an order is refunded or about to be is summed in the statement: no two can both be the last. */
const REQUEST = `
INSERT INTO refunds (id, "order", currency, amount, return_units, status, provider, attempts, next_attempt_at_ms,
  created_at_ms, updated_at_ms)
SELECT ?1, ?2, ?7, ?3, ?4, CASE WHEN ?3 = 0 THEN 'sent' ELSE 'requested' END, ?5, 0,
  CASE WHEN ?3 > 0 THEN ?6 END, ?6, ?6
WHERE ?3 <= ?8 - (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r."order" = ?2 AND r.status <> 'refused'
  AND r.replaced_by IS NULL)
ON CONFLICT (id) DO NOTHING`;

/**
 * Writes a refund down. Repeated with the same id it answers the first. Undefined when there is not that much left to
 * refund.
 */
export async function requestRefund(
  { db, port, nowMs }: Treasury,
  { id, order, amount, captured, returnUnits }: RefundRequest,
): Promise<RefundRow | undefined> {
  const bound = [id, order, amount.amount, returnUnits ? 1 : 0, port.provider, nowMs()];
  await db
    .prepare(REQUEST)
    .bind(...bound, amount.currency, captured)
    .run();
  return readRefund(db, id);
}

const RETRY = `
INSERT INTO refunds (id, "order", currency, amount, return_units, status, provider, event_seq, attempts,
  next_attempt_at_ms, created_at_ms, updated_at_ms)
SELECT ?2, "order", currency, amount, return_units, 'requested', provider, event_seq, 0, ?3, ?3, ?3
FROM refunds WHERE id = ?1 AND status = 'failed' AND replaced_by IS NULL
ON CONFLICT (id) DO NOTHING`;
const REPLACED = `
UPDATE refunds SET replaced_by = ?2, updated_at_ms = ?3
WHERE id = ?1 AND status = 'failed' AND replaced_by IS NULL`;

/**
 * Makes a refund that came back anew, under another id: the buyer is still owed it, and what sellers and creators gave
 * for it they gave with the first. Undefined for one that did not come back, or that another one stands for already.
 */
export async function retryRefund(
  { db, nowMs }: Treasury,
  failed: RefundId,
  id: RefundId,
): Promise<RefundRow | undefined> {
  const bound = [failed, id, nowMs()];
  await db.batch([db.prepare(RETRY).bind(...bound), db.prepare(REPLACED).bind(...bound)]);
  const first = await readRefund(db, failed);
  return first?.replacedBy === id ? readRefund(db, id) : undefined;
}

export async function readRefund(db: D1Database, id: RefundId): Promise<RefundRow | undefined> {
  return drizzle(db).select().from(refunds).where(eq(refunds.id, id)).get();
}

/** Refunds of an order, oldest first. */
export function refundsOf(db: D1Database, order: OrderId): Promise<RefundRow[]> {
  return drizzle(db).select().from(refunds).where(eq(refunds.order, order)).orderBy(asc(refunds.createdAtMs));
}

const ATTEMPT = "UPDATE refunds SET attempts = attempts + 1, next_attempt_at_ms = ?2 WHERE id = ?1";

/** Takes a refund to the provider, or asks how one is that is on its way. Answers the row as it stands then. */
export async function sendRefund(treasury: Treasury, row: RefundRow): Promise<RefundRow> {
  if (row.status !== "requested" && row.status !== "pending" && row.status !== "sent") return row;
  if (row.amount === 0) return row;
  const { db, nowMs } = treasury;
  await db.prepare(ATTEMPT).bind(row.id, nextAttemptAfter(row.attempts, nowMs())).run();
  await noteRefund(treasury, row, await stateOf(treasury, row));
  return (await readRefund(db, row.id)) ?? row;
}

function stateOf(treasury: Treasury, row: RefundRow): Promise<RefundState> {
  const { id, order, attempts, createdAtMs: startedAtMs } = row;
  const find = (): Promise<RefundState> => treasury.port.findRefund(order, id);
  if (row.providerId !== null) return find();
  const send = (): Promise<RefundState> => treasury.port.refund(order, id, money(row.amount, row.currency));
  return ask(treasury, { attempts, startedAtMs }, { send, find });
}

/** Of what somebody else has concluded meanwhile nothing is recorded: the status becomes NULL, and the batch fails. */
const NOTE = `
UPDATE refunds SET status = CASE WHEN status IN ('requested', 'pending', 'sent') THEN ?2 END,
  provider_id = coalesce(?3, provider_id), failure = ?4, next_attempt_at_ms = ?5,
  updated_at_ms = ?6 WHERE id = ?1`;

async function noteRefund({ db, nowMs }: Treasury, row: RefundRow, state: RefundState): Promise<void> {
  if (state.status === "unknown") return;
  const atMs = nowMs();
  const { id, order, provider } = row;
  const amount = money(row.amount, row.currency);
  const recorded: Recorded[] = [];
  if (state.status !== "refused" && row.providerId === null) {
    recorded.push({ transaction: refundSentOf(id, order, provider, amount), atMs });
  }
  if (state.status === "failed") {
    recorded.push({ transaction: refundFailedOf(id, order, provider, amount), atMs });
  }
  const looksAgain = state.status === "pending" || (state.status === "sent" && row.status !== "sent");
  const next = looksAgain ? atMs + LIMITS.payoutLookMs : null;
  const reference = "refund" in state ? state.refund : null;
  const failure = state.status === "refused" ? state.reason : null;
  const statements = [
    db.prepare(NOTE).bind(id, state.status, reference, failure, next, atMs),
    ...record(db, recorded),
  ];
  await attempt(db, statements, async () => (await readRefund(db, id))?.status !== row.status);
}

/** Sends refunds that a crash left behind, and looks at those on their way. Answers how many were due. */
export async function sendDueRefunds(treasury: Treasury): Promise<number> {
  const due = await drizzle(treasury.db)
    .select()
    .from(refunds)
    .where(and(eq(refunds.provider, treasury.port.provider), lte(refunds.nextAttemptAtMs, treasury.nowMs())))
    .orderBy(asc(refunds.nextAttemptAtMs))
    .limit(LIMITS.movementsPerRun);
  await forEach(
    treasury,
    due,
    (row) => sendRefund(treasury, row),
    ({ id }) => ({ refund: id }),
  );
  return due.length;
}

/** Refunds that the provider has and the order's session was not told of, asked for before a time. */
export function refundsToTell(db: D1Database, olderThanMs: number, limit: number): Promise<RefundRow[]> {
  return drizzle(db)
    .select()
    .from(refunds)
    .where(
      and(
        isNull(refunds.eventSeq),
        inArray(refunds.status, ["pending", "sent", "failed"]),
        lte(refunds.createdAtMs, olderThanMs),
      ),
    )
    .orderBy(asc(refunds.updatedAtMs))
    .limit(limit);
}

/** A session that would not hear of a refund is asked again after the others. */
export async function noteUntold(db: D1Database, id: RefundId, nowMs: number): Promise<void> {
  await drizzle(db).update(refunds).set({ updatedAtMs: nowMs }).where(eq(refunds.id, id));
}

const GIVEN = `
SELECT coalesce(sum(amount), 0) AS given FROM refunds
WHERE "order" = ?1 AND status <> 'refused' AND replaced_by IS NULL`;

/** What of an order is refunded or about to be, in minor units; also what its session was not told of yet. */
export async function refundedOf(db: D1Database, order: OrderId): Promise<number> {
  return (await db.prepare(GIVEN).bind(order).first<number>("given")) ?? 0;
}

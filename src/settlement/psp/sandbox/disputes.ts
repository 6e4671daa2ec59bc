/**
 * The sandbox's disputes: bound to come by the payment method, opened when the money is taken, decided by the clock.
 * May touch the sandbox's tables.
 */
import type { OrderId } from "../../../domain/ids.ts";
import { LIMITS } from "../../../domain/limits.ts";
import type { Charge, Dispute } from "../port.ts";
import { ask, inOneBatch, PLATFORM, writeLines, type Question } from "./books.ts";
import { disputeFeeOf } from "./fees.ts";
import { nameOf } from "./names.ts";
import type { sandboxDisputes } from "./tables.ts";
import { tell, type Sandbox } from "./tell.ts";

type Row = typeof sandboxDisputes.$inferSelect;

/** Whether the money of dispute `d` is with the buyer's bank at time ?2, as an SQL condition. */
export const BANK_KEEPS = `d.opened_at_ms IS NOT NULL AND NOT (d.outcome IS 'won' AND d.decided_at_ms <= ?2)`;

/** Of the payment that this charge has opened, not of one that was there before by another method. */
const PREPARE = `
  INSERT INTO sandbox_disputes ("order", id, amount, currency, fee, outcome)
  SELECT p."order", ?2, p.amount, p.currency, ?3, ?4 FROM sandbox_payments p WHERE p."order" = ?1 AND p.method = ?5
  ON CONFLICT DO NOTHING`;

const OPEN = `
  UPDATE sandbox_disputes SET opened_at_ms = ?2, decided_at_ms = CASE WHEN outcome IS NOT NULL THEN ?3 END
  WHERE "order" = ?1 AND opened_at_ms IS NULL
    AND EXISTS (SELECT 1 FROM sandbox_payments p WHERE p."order" = ?1 AND p.status = 'captured')`;

const LINES = writeLines(`
  SELECT 'txn_' || id, '${PLATFORM}', currency, 'dispute', id, -amount, fee, opened_at_ms
  FROM sandbox_disputes WHERE "order" = ?1 AND opened_at_ms IS NOT NULL
  UNION ALL
  SELECT 'txn_' || id || '_won', '${PLATFORM}', currency, 'dispute_won', id, amount, 0, decided_at_ms
  FROM sandbox_disputes WHERE "order" = ?1 AND opened_at_ms IS NOT NULL AND outcome = 'won'`);

const DISPUTE = `
  SELECT "order", id, amount, currency, fee, opened_at_ms AS openedAtMs, outcome, decided_at_ms AS decidedAtMs
  FROM sandbox_disputes WHERE opened_at_ms IS NOT NULL`;

/** For the batch that opens a payment. */
export function prepareDispute(
  db: D1Database,
  { order, amount: { currency }, paymentMethod }: Charge,
  end: "open" | "won" | "lost",
): D1PreparedStatement {
  const outcome = end === "open" ? null : end;
  return db.prepare(PREPARE).bind(order, nameOf("dp", order), disputeFeeOf(currency), outcome, paymentMethod);
}

/** For the batch that captures a payment. */
export function openDispute(db: D1Database, order: OrderId, nowMs: number): D1PreparedStatement[] {
  return [db.prepare(OPEN).bind(order, nowMs, nowMs + LIMITS.sandboxBankMs), db.prepare(LINES).bind(order)];
}

/** The order's dispute, once it is open. */
export function disputeOf(db: D1Database, order: OrderId): Question<Row> {
  return ask(db, `${DISPUTE} AND "order" = ?1`, order);
}

/** News now, and when it is decided. */
export async function announce(sandbox: Sandbox, { id, decidedAtMs }: Row): Promise<void> {
  await tell(sandbox, { dispute: id });
  if (decidedAtMs !== null) await tell(sandbox, { dispute: id }, LIMITS.sandboxBankMs);
}

export async function dispute({ env, clock }: Sandbox, id: string): Promise<Dispute | undefined> {
  const { rows } = await inOneBatch(env.DB, [], ask<Row>(env.DB, `${DISPUTE} AND id = ?1`, id));
  const [row] = rows;
  if (!row) return undefined;
  const { order, amount, currency, fee, outcome, decidedAtMs } = row;
  const isDecided = decidedAtMs !== null && decidedAtMs <= clock();
  return {
    dispute: id,
    order,
    amount: { amount, currency },
    fee: { amount: fee, currency },
    status: isDecided && outcome !== null ? outcome : "open",
    reason: "fraudulent",
  };
}

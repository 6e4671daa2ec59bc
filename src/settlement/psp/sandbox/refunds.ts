/** The sandbox's refunds: in parts, each id once, never more than was taken. May touch the sandbox's tables and the queue. */
import type { OrderId, RefundId } from "../../../domain/ids.ts";
import { LIMITS } from "../../../domain/limits.ts";
import type { Money } from "../../../domain/money.ts";
import type { RefundState } from "../port.ts";
import { ask, inOneBatch, PLATFORM, post, writeLines, type Question } from "./books.ts";
import { paymentOf, type Payment } from "./charges.ts";
import { BANK_KEEPS } from "./disputes.ts";
import { REFUND_FAILS } from "./methods.ts";
import { isMovable, nameOf } from "./names.ts";
import { isNotRefused, refuse, refusedAs, refusalOf } from "./refusals.ts";
import { tell, type Sandbox } from "./tell.ts";

interface Refund {
  readonly id: string;
  readonly order: OrderId;
  readonly amount: number;
  readonly currency: string;
  readonly failsAtMs: number | null;
}

/** One statement decides and records: what is refunded already is summed in it, so that no two can both be the last. */
const REFUND = `
  INSERT INTO sandbox_refunds (id, reference, "order", amount, fails_at_ms)
  SELECT ?3, ?4, p."order", ?5, CASE WHEN p.method = '${REFUND_FAILS}' THEN ?7 END FROM sandbox_payments p
  WHERE p."order" = ?1 AND p.status = 'captured' AND p.currency = ?6
    AND NOT EXISTS (SELECT 1 FROM sandbox_disputes d WHERE d."order" = ?1 AND ${BANK_KEEPS})
    AND ?5 <= p.amount - (
      SELECT coalesce(sum(r.amount), 0) FROM sandbox_refunds r
      WHERE r."order" = ?1 AND (r.fails_at_ms IS NULL OR r.fails_at_ms > ?2))
    AND ${isNotRefused("?3")}
  ON CONFLICT DO NOTHING`;

const LINES = writeLines(`
  SELECT 'txn_' || r.id, '${PLATFORM}', p.currency, 'refund', r.reference, -r.amount, 0, ?2
  FROM sandbox_refunds r JOIN sandbox_payments p ON p."order" = r."order" WHERE r.id = ?1
  UNION ALL
  SELECT 'txn_' || r.id || '_failed', '${PLATFORM}', p.currency, 'refund_failed', r.reference, r.amount, 0, r.fails_at_ms
  FROM sandbox_refunds r JOIN sandbox_payments p ON p."order" = r."order"
  WHERE r.id = ?1 AND r.fails_at_ms IS NOT NULL`);

const FOUND = `
  SELECT r.id, r."order", r.amount, p.currency, r.fails_at_ms AS failsAtMs
  FROM sandbox_refunds r JOIN sandbox_payments p ON p."order" = r."order" WHERE r.id = ?1`;

const DISPUTED = `SELECT 1 FROM sandbox_disputes d WHERE d."order" = ?1 AND ${BANK_KEEPS}`;

/** Refunds a part of what was captured. */
export async function refund(
  sandbox: Sandbox,
  order: OrderId,
  reference: RefundId,
  { amount, currency }: Money,
): Promise<RefundState> {
  if (!isMovable(amount)) return refused("invalid_amount");
  const db = sandbox.env.DB;
  const nowMs = sandbox.clock();
  const id = nameOf("re", reference);
  const failsAtMs = nowMs + LIMITS.sandboxBankMs;
  const facts = [order, amount, currency];
  const {
    touched: [made = 0],
    rows: [given, refusal, payment, disputed],
  } = await inOneBatch(
    db,
    [
      db.prepare(REFUND).bind(order, nowMs, id, reference, amount, currency, failsAtMs),
      db.prepare(LINES).bind(id, nowMs),
      post(db, nowMs),
    ],
    refundOf(db, id),
    refusalOf(db, id),
    paymentOf(db, order),
    ask<object>(db, DISPUTED, order, nowMs),
  );
  if (given) {
    const isSame = given.order === order && given.amount === amount && given.currency === currency;
    if (!isSame) return refused("id_reused");
    if (made > 0 && given.failsAtMs !== null) {
      await tell(sandbox, { refund: reference, of: order }, LIMITS.sandboxBankMs);
    }
    return stateOf(given, nowMs);
  }
  if (refusal) return refusedAs(refusal, { id, facts });
  const reason = whyNot(payment, currency) ?? (disputed ? "charge_disputed" : "exceeds_captured");
  return refuse(db, "sandbox_refunds", { id, facts }, reason);
}

function whyNot(payment: Payment | undefined, currency: string): string | undefined {
  if (!payment) return "unknown_order";
  if (payment.status !== "captured") return `payment_${payment.status}`;
  return payment.currency === currency ? undefined : "currency_mismatch";
}

export async function findRefund(
  { env, clock }: Sandbox,
  order: OrderId,
  reference: RefundId,
): Promise<RefundState> {
  const { rows } = await inOneBatch(env.DB, [], refundOf(env.DB, nameOf("re", reference)));
  const [found] = rows;
  if (!found) return { status: "unknown" };
  return found.order === order ? stateOf(found, clock()) : refused("id_reused");
}

function refundOf(db: D1Database, id: string): Question<Refund> {
  return ask(db, FOUND, id);
}

function stateOf({ id, failsAtMs }: Refund, nowMs: number): RefundState {
  return { status: failsAtMs !== null && failsAtMs <= nowMs ? "failed" : "sent", refund: id };
}

function refused(reason: string): RefundState {
  return { status: "refused", reason };
}

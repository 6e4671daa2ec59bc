/**
 * The sandbox's charges: authorized, captured, given back. A pending payment settles by the clock: whoever looks at it
 * after its time finds it settled. May touch the sandbox's tables and the queue.
 */
import type { OrderId } from "../../../domain/ids.ts";
import type { CapturedCharge, Charge, PaymentState } from "../port.ts";
import { ask, inOneBatch, PLATFORM, post, writeLines, type Question } from "./books.ts";
import { announce, BANK_KEEPS, disputeOf, openDispute, prepareDispute } from "./disputes.ts";
import { chargeFeeOf } from "./fees.ts";
import { challengeUrl } from "./links.ts";
import { behaviourOf, CHALLENGED, declineReasonOf, type Settles } from "./methods.ts";
import { nameOf } from "./names.ts";
import type { sandboxPayments } from "./tables.ts";
import { tell, type Sandbox } from "./tell.ts";

export type Payment = Pick<
  typeof sandboxPayments.$inferSelect,
  "order" | "id" | "method" | "amount" | "currency" | "fee" | "status" | "capturedAtMs"
>;

/** A method nobody has heard of, which `acceptsMethod` should have kept out. */
const UNHEARD_OF: Settles = { kind: "settles", outcome: "declined", afterMs: 0 };

const OPEN = `
  INSERT INTO sandbox_payments ("order", id, method, amount, currency, fee, status, outcome, settles_at_ms)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING`;

/** A pending payment whose time has come becomes what it was bound to be. */
const SETTLE = `
  UPDATE sandbox_payments SET status = outcome
  WHERE "order" = ?1 AND status = 'pending' AND settles_at_ms <= ?2`;

const CAPTURE = `
  UPDATE sandbox_payments SET status = 'captured', captured_at_ms = ?2
  WHERE "order" = ?1 AND status = 'authorized'`;

const CHARGED = writeLines(`
  SELECT 'txn_' || id, '${PLATFORM}', currency, 'charge', "order", amount, fee, captured_at_ms
  FROM sandbox_payments WHERE "order" = ?1 AND captured_at_ms IS NOT NULL`);

/** Money that the buyer's bank has taken already, or may still leave, is not given back a second time. */
const GIVE_BACK = `
  UPDATE sandbox_payments SET status = 'returned'
  WHERE "order" = ?1 AND (status IN ('pending', 'authorized') OR (status = 'captured' AND NOT EXISTS (
    SELECT 1 FROM sandbox_disputes d WHERE d."order" = ?1 AND ${BANK_KEEPS})))`;

/** What a refund or a lost dispute had left of it goes back too. */
const GIVEN_BACK = writeLines(`
  SELECT 'txn_' || p.id || '_returned', '${PLATFORM}', p.currency, 'refund', p."order", given.amount - p.amount, 0, ?2
  FROM sandbox_payments p, (
    SELECT coalesce(sum(amount), 0) AS amount FROM sandbox_refunds
    WHERE "order" = ?1 AND (fails_at_ms IS NULL OR fails_at_ms > ?2)) given
  WHERE p."order" = ?1 AND p.status = 'returned' AND p.captured_at_ms IS NOT NULL AND given.amount < p.amount`);

const PAYMENT = `
  SELECT "order", id, method, amount, currency, fee, status, captured_at_ms AS capturedAtMs
  FROM sandbox_payments WHERE "order" = ?1`;

/** How an order's payment stands. */
export function paymentOf(db: D1Database, order: OrderId): Question<Payment> {
  return ask(db, PAYMENT, order);
}

/** The order's payment: the first charge opens it, a repeated one finds it as it stands. */
export async function authorize(
  sandbox: Sandbox,
  charge: Charge,
  signal: AbortSignal,
): Promise<PaymentState> {
  const behaviour = behaviourOf(charge.paymentMethod) ?? UNHEARD_OF;
  if (behaviour.kind === "never_answers") return aborted(signal);
  const db = sandbox.env.DB;
  const nowMs = sandbox.clock();
  const { order } = charge;
  const {
    touched: [opened = 0],
    rows: [payment],
  } = await inOneBatch(
    db,
    [
      open(db, charge, behaviour, nowMs),
      ...(behaviour.dispute ? [prepareDispute(db, charge, behaviour.dispute)] : []),
      db.prepare(SETTLE).bind(order, nowMs),
    ],
    paymentOf(db, order),
  );
  // Sent after the payment's time was fixed, so that it cannot arrive before.
  if (opened > 0 && behaviour.afterMs > 0) await tell(sandbox, { order }, behaviour.afterMs);
  return stateOf(sandbox, payment);
}

function open(
  db: D1Database,
  { order, amount, paymentMethod }: Charge,
  { outcome, afterMs }: Settles,
  nowMs: number,
): D1PreparedStatement {
  const status = afterMs > 0 ? "pending" : outcome;
  return db
    .prepare(OPEN)
    .bind(
      order,
      nameOf("pay", order),
      paymentMethod,
      amount.amount,
      amount.currency,
      chargeFeeOf(amount),
      status,
      outcome,
      nowMs + afterMs,
    );
}

export async function capture(sandbox: Sandbox, order: OrderId): Promise<PaymentState> {
  const db = sandbox.env.DB;
  const nowMs = sandbox.clock();
  const {
    touched: [, captures = 0],
    rows: [payment, dispute],
  } = await inOneBatch(
    db,
    [
      db.prepare(SETTLE).bind(order, nowMs),
      db.prepare(CAPTURE).bind(order, nowMs),
      db.prepare(CHARGED).bind(order),
      ...openDispute(db, order, nowMs),
      post(db, nowMs),
    ],
    paymentOf(db, order),
    disputeOf(db, order),
  );
  if (captures > 0 && dispute) await announce(sandbox, dispute);
  return stateOf(sandbox, payment);
}

export async function giveBack(sandbox: Sandbox, order: OrderId): Promise<PaymentState> {
  const db = sandbox.env.DB;
  const nowMs = sandbox.clock();
  const changes = [SETTLE, GIVE_BACK, GIVEN_BACK].map((step) => db.prepare(step).bind(order, nowMs));
  const { rows } = await inOneBatch(db, [...changes, post(db, nowMs)], paymentOf(db, order));
  return stateOf(sandbox, rows[0]);
}

export async function find(sandbox: Sandbox, order: OrderId): Promise<PaymentState> {
  const db = sandbox.env.DB;
  const settle = db.prepare(SETTLE).bind(order, sandbox.clock());
  const { rows } = await inOneBatch(db, [settle], paymentOf(db, order));
  return stateOf(sandbox, rows[0]);
}

export async function captured(sandbox: Sandbox, order: OrderId): Promise<CapturedCharge | undefined> {
  const { rows } = await inOneBatch(sandbox.env.DB, [], paymentOf(sandbox.env.DB, order));
  const [payment] = rows;
  if (!payment || payment.capturedAtMs === null) return undefined;
  const { amount, currency, fee } = payment;
  return { charge: nameOf("chg", order), amount: { amount, currency }, fee: { amount: fee, currency } };
}

function stateOf({ env }: Sandbox, payment: Payment | undefined): PaymentState {
  if (!payment) return { status: "unknown" };
  const { status, id, method } = payment;
  if (status === "declined") return { status, payment: id, reason: declineReasonOf(method) };
  if (status === "pending" && method === CHALLENGED) {
    return { status, payment: id, action: { url: challengeUrl(env, id) } };
  }
  return { status, payment: id };
}

/** Rejects when the caller has waited long enough, and never before. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}

/**
 * The sandbox: a payment provider of our own, so that everything runs on one machine. Its books are in D1, keyed by
 * order. Every step is one guarded statement, so that calls at the same time end as if one had come after the other.
 * A pending payment settles by the clock: whoever looks at it after its time finds it settled.
 */
import { and, eq, inArray, lte, sql } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import type { OrderId } from "../../domain/ids.ts";
import type { Money } from "../../domain/money.ts";
import { sandboxPayments, sandboxRefunds } from "../tables.ts";
import type { PaymentBindings } from "./bindings.ts";
import type { Charge, PaymentPort, PaymentState } from "./port.ts";
import { behaviourOf, type Behaviour } from "./sandbox-methods.ts";
import { readSandboxWebhook } from "./sandbox-webhook.ts";

const PROVIDER = "sandbox";

type SandboxPayment = typeof sandboxPayments.$inferSelect;
type Settles = Extract<Behaviour, { kind: "settles" }>;
type Refunded = Awaited<ReturnType<PaymentPort["refund"]>>;

/** A method nobody has heard of, which `acceptsMethod` should have kept out. */
const UNHEARD_OF: Behaviour = { kind: "settles", outcome: "declined", afterMs: 0 };

/** The sandbox adapter. `clock` answers in epoch milliseconds. */
export function sandbox(env: PaymentBindings, clock: () => number): PaymentPort {
  const db = drizzle(env.DB);
  return {
    provider: PROVIDER,
    acceptsMethod: (method) => behaviourOf(method) !== undefined,
    async authorize(charge, signal) {
      const behaviour = behaviourOf(charge.paymentMethod) ?? UNHEARD_OF;
      if (behaviour.kind === "never_answers") return aborted(signal);
      const { payment, isNew } = await openPayment(db, charge, behaviour, clock());
      if (isNew && behaviour.afterMs > 0) {
        // Sent after the payment's time was fixed, so that it cannot arrive before.
        const delaySeconds = Math.ceil(behaviour.afterMs / 1_000);
        await env.PAYMENTS_QUEUE.send({ provider: PROVIDER, order: charge.order }, { delaySeconds });
      }
      return stateOf(payment);
    },
    async capture(order) {
      return stateOf(await movePayment(db, order, ["authorized"], "captured", clock()));
    },
    async giveBack(order) {
      const from = ["pending", "authorized", "captured"] as const;
      return stateOf(await movePayment(db, order, from, "returned", clock()));
    },
    async find(order) {
      const [, [payment]] = await db.batch([settle(db, order, clock()), paymentOf(db, order)]);
      return stateOf(payment);
    },
    refund: (order, refund, amount) => refundPayment(db, order, refund, amount),
    readWebhook: (request) => readSandboxWebhook(request, env.PLATFORM_KEY, clock()),
  };
}

function stateOf(payment: SandboxPayment | undefined): PaymentState {
  if (!payment) return { status: "unknown" };
  const { status, id, method } = payment;
  if (status !== "declined") return { status, payment: id };
  return { status, payment: id, reason: behaviourOf(method) ? "card_declined" : "unknown_method" };
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

/** The order's payment: the first charge opens it, a repeated one finds it as it stands. */
async function openPayment(
  db: DrizzleD1Database,
  { order, amount, paymentMethod }: Charge,
  { outcome, afterMs }: Settles,
  nowMs: number,
): Promise<{ readonly payment: SandboxPayment | undefined; readonly isNew: boolean }> {
  const payment: SandboxPayment = {
    order,
    id: `pay_${order.slice("ord_".length)}`,
    method: paymentMethod,
    amount: amount.amount,
    currency: amount.currency,
    status: afterMs > 0 ? "pending" : outcome,
    outcome,
    settlesAtMs: nowMs + afterMs,
  };
  const [inserted, , [found]] = await db.batch([
    db.insert(sandboxPayments).values(payment).onConflictDoNothing(),
    settle(db, order, nowMs),
    paymentOf(db, order),
  ]);
  return { payment: found, isNew: inserted.meta.changes > 0 };
}

/** A pending payment whose time has come becomes what it was bound to be. */
function settle(db: DrizzleD1Database, order: OrderId, nowMs: number) {
  return db
    .update(sandboxPayments)
    .set({ status: sql`${sandboxPayments.outcome}` })
    .where(
      and(
        eq(sandboxPayments.order, order),
        eq(sandboxPayments.status, "pending"),
        lte(sandboxPayments.settlesAtMs, nowMs),
      ),
    );
}

function paymentOf(db: DrizzleD1Database, order: OrderId) {
  return db.select().from(sandboxPayments).where(eq(sandboxPayments.order, order));
}

/** Moves a payment that stands where it may be moved from; answers how it stands afterwards, moved or not. */
async function movePayment(
  db: DrizzleD1Database,
  order: OrderId,
  from: readonly SandboxPayment["status"][],
  to: SandboxPayment["status"],
  nowMs: number,
): Promise<SandboxPayment | undefined> {
  const [, , [payment]] = await db.batch([
    settle(db, order, nowMs),
    db
      .update(sandboxPayments)
      .set({ status: to })
      .where(and(eq(sandboxPayments.order, order), inArray(sandboxPayments.status, [...from]))),
    paymentOf(db, order),
  ]);
  return payment;
}

/** One statement decides and records: what is refunded already is summed in it, so that no two can both be the last. */
async function refundPayment(
  db: DrizzleD1Database,
  order: OrderId,
  refund: string,
  { amount, currency }: Money,
): Promise<Refunded> {
  if (!Number.isSafeInteger(amount) || amount <= 0) return { ok: false, reason: "invalid_amount" };
  const [, [made], [payment]] = await db.batch([
    db
      .insert(sandboxRefunds)
      .select(
        sql`
          SELECT ${refund}, p."order", ${amount} FROM sandbox_payments p
          WHERE p."order" = ${order} AND p.status = 'captured' AND p.currency = ${currency}
            AND ${amount} <= p.amount
              - (SELECT coalesce(sum(r.amount), 0) FROM sandbox_refunds r WHERE r."order" = p."order")`,
      )
      .onConflictDoNothing(),
    db.select().from(sandboxRefunds).where(eq(sandboxRefunds.id, refund)),
    paymentOf(db, order),
  ]);
  if (made) {
    const same = made.order === order && made.amount === amount && payment?.currency === currency;
    return same ? { ok: true } : { ok: false, reason: "refund_id_reused" };
  }
  if (!payment) return { ok: false, reason: "unknown_order" };
  if (payment.status !== "captured") return { ok: false, reason: `payment_${payment.status}` };
  if (payment.currency !== currency) return { ok: false, reason: "currency_mismatch" };
  return { ok: false, reason: "exceeds_captured" };
}

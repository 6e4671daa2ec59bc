/**
 * Payouts from an account to its bank, which takes its time and may send them back, by the clock. What a bank does is
 * provoked by the party's name: "refused payouts" or "returned payouts" in it. May touch the sandbox's tables and queue.
 */
import { LIMITS } from "../../../domain/limits.ts";
import type { MovementState, Payout } from "../port.ts";
import { accountOf, type Account } from "./accounts.ts";
import { ask, balanceOf, inOneBatch, post, writeLines, type Question } from "./books.ts";
import { isMovable, nameOf } from "./names.ts";
import { isNotRefused, refuse, refusedAs, refusalOf } from "./refusals.ts";
import type { sandboxPayouts } from "./tables.ts";
import { tell, type Sandbox } from "./tell.ts";

type Paid = typeof sandboxPayouts.$inferSelect;

const REFUSED = "refused payouts";
const RETURNED = "returned payouts";

const PAY = `
  INSERT INTO sandbox_payouts (id, reference, account, amount, currency, done_at_ms, returns_at_ms)
  SELECT ?1, ?2, a.id, ?4, ?5, ?6, CASE WHEN instr(a.name, '${RETURNED}') > 0 THEN ?7 END FROM sandbox_accounts a
  WHERE a.id = ?3 AND a.enabled_at_ms IS NOT NULL AND instr(a.name, '${REFUSED}') = 0
    AND ?4 <= ${balanceOf("a.id", "?5")} AND ${isNotRefused("?1")}
  ON CONFLICT DO NOTHING`;

const LINES = writeLines(`
  SELECT 'txn_' || id, account, currency, 'payout', reference, -amount, 0, ?2
  FROM sandbox_payouts WHERE id = ?1
  UNION ALL
  SELECT 'txn_' || id || '_returned', account, currency, 'payout_returned', reference, amount, 0, returns_at_ms
  FROM sandbox_payouts WHERE id = ?1 AND returns_at_ms IS NOT NULL`);

const PAID = `
  SELECT id, reference, account, amount, currency, done_at_ms AS doneAtMs, returns_at_ms AS returnsAtMs
  FROM sandbox_payouts WHERE id = ?1`;

export async function payout(sandbox: Sandbox, asked: Payout): Promise<MovementState> {
  const { id: reference, account, amount } = asked;
  if (!isMovable(amount.amount)) return refused("invalid_amount");
  const id = nameOf("po", reference);
  const [db, nowMs] = [sandbox.env.DB, sandbox.clock()];
  const doneAtMs = nowMs + LIMITS.sandboxBankMs;
  const returnsAtMs = doneAtMs + LIMITS.sandboxBankMs;
  const facts = [account, amount.amount, amount.currency];
  const {
    touched: [, made = 0],
    rows: [paid, refusal, holder],
  } = await inOneBatch(
    db,
    [
      post(db, nowMs),
      db.prepare(PAY).bind(id, reference, ...facts, doneAtMs, returnsAtMs),
      db.prepare(LINES).bind(id, nowMs),
      post(db, nowMs),
    ],
    payoutOf(db, id),
    refusalOf(db, id),
    accountOf(db, account),
  );
  if (paid) {
    if (made > 0) await announce(sandbox, asked, paid);
    return stateOf(paid, asked, nowMs);
  }
  if (refusal) return refusedAs(refusal, { id, facts });
  return refuse(db, "sandbox_payouts", { id, facts }, whyNot(holder));
}

function whyNot(holder: Account | undefined): string {
  if (!holder) return "account_unknown";
  if (holder.enabledAtMs === null) return "account_not_enabled";
  return holder.name.includes(REFUSED) ? "bank_account_unusable" : "insufficient_funds";
}

/** News for when the bank has it, and for when it sends it back. */
async function announce(sandbox: Sandbox, { id }: Payout, { returnsAtMs }: Paid): Promise<void> {
  await tell(sandbox, { payout: id }, LIMITS.sandboxBankMs);
  if (returnsAtMs !== null) await tell(sandbox, { payout: id }, 2 * LIMITS.sandboxBankMs);
}

export async function findPayout({ env, clock }: Sandbox, asked: Payout): Promise<MovementState> {
  const { rows } = await inOneBatch(env.DB, [], payoutOf(env.DB, nameOf("po", asked.id)));
  return rows[0] ? stateOf(rows[0], asked, clock()) : { status: "unknown" };
}

function payoutOf(db: D1Database, id: string): Question<Paid> {
  return ask(db, PAID, id);
}

function stateOf(paid: Paid, { account, amount }: Payout, nowMs: number): MovementState {
  const { id, doneAtMs, returnsAtMs } = paid;
  const isSame =
    paid.account === account && paid.amount === amount.amount && paid.currency === amount.currency;
  if (!isSame) return refused("id_reused");
  if (returnsAtMs !== null && returnsAtMs <= nowMs) {
    return { status: "returned", id, reason: "account_closed" };
  }
  return { status: doneAtMs <= nowMs ? "done" : "pending", id };
}

function refused(reason: string): MovementState {
  return { status: "refused", reason };
}

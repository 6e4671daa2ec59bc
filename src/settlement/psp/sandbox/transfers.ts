/**
 * Transfers from the platform's money to an account, and back. One statement decides and records, so that calls at the
 * same time end as if one had come after the other. May touch the sandbox's tables.
 */
import type { MovementState, Reversal, Transfer } from "../port.ts";
import { accountOf, type Account } from "./accounts.ts";
import { ask, balanceOf, inOneBatch, PLATFORM, post, writeLines, type Question } from "./books.ts";
import { isMovable, nameOf } from "./names.ts";
import { isNotRefused, refuse, refusedAs, refusalOf } from "./refusals.ts";
import type { sandboxReversals, sandboxTransfers } from "./tables.ts";
import type { Sandbox } from "./tell.ts";

type Sent = typeof sandboxTransfers.$inferSelect;
type Reversed = typeof sandboxReversals.$inferSelect;

/** All that was ever transferred from a charge, reversed or not, as an SQL expression of another. */
function namedBy(charge: string): string {
  return `(SELECT coalesce(sum(named.amount), 0) FROM sandbox_transfers named WHERE named.charge = ${charge})`;
}

const TRANSFER = `
  INSERT INTO sandbox_transfers (id, reference, "order", account, amount, currency, charge)
  SELECT ?1, ?2, ?3, a.id, ?5, ?6, ?7 FROM sandbox_accounts a
  WHERE a.id = ?4 AND a.enabled_at_ms IS NOT NULL AND ?5 <= ${balanceOf(`'${PLATFORM}'`, "?6")}
    AND (?7 IS NULL OR EXISTS (
      SELECT 1 FROM sandbox_payments p
      WHERE p."order" = ?3 AND p.captured_at_ms IS NOT NULL AND ?5 <= p.amount - ${namedBy("?7")}))
    AND ${isNotRefused("?1")}
  ON CONFLICT DO NOTHING`;

const TRANSFER_LINES = writeLines(`
  SELECT 'txn_' || id, '${PLATFORM}', currency, 'transfer', reference, -amount, 0, ?2
  FROM sandbox_transfers WHERE id = ?1
  UNION ALL
  SELECT 'txn_' || id || '_in', account, currency, 'transfer', reference, amount, 0, ?2
  FROM sandbox_transfers WHERE id = ?1`);

const SENT = `
  SELECT id, reference, "order", account, amount, currency, charge FROM sandbox_transfers WHERE id = ?1`;

const LEFT = `
  SELECT p.amount - ${namedBy("?2")} AS amount
  FROM sandbox_payments p WHERE p."order" = ?1 AND p.captured_at_ms IS NOT NULL`;

const REVERSE = `
  INSERT INTO sandbox_reversals (id, reference, transfer, amount)
  SELECT ?1, ?2, t.id, ?5 FROM sandbox_transfers t
  WHERE t.id = ?3 AND t.account = ?4 AND t.currency = ?6 AND ?5 <= ${balanceOf("t.account", "t.currency")}
    AND ?5 <= t.amount - (SELECT coalesce(sum(r.amount), 0) FROM sandbox_reversals r WHERE r.transfer = t.id)
    AND ${isNotRefused("?1")}
  ON CONFLICT DO NOTHING`;

const REVERSAL_LINES = writeLines(`
  SELECT 'txn_' || r.id, '${PLATFORM}', t.currency, 'reversal', r.reference, r.amount, 0, ?2
  FROM sandbox_reversals r JOIN sandbox_transfers t ON t.id = r.transfer WHERE r.id = ?1
  UNION ALL
  SELECT 'txn_' || r.id || '_out', t.account, t.currency, 'reversal', r.reference, -r.amount, 0, ?2
  FROM sandbox_reversals r JOIN sandbox_transfers t ON t.id = r.transfer WHERE r.id = ?1`);

const REVERSED = `SELECT id, reference, transfer, amount FROM sandbox_reversals WHERE id = ?1`;

const REST = `
  SELECT t.amount - coalesce(sum(r.amount), 0) AS amount
  FROM sandbox_transfers t LEFT JOIN sandbox_reversals r ON r.transfer = t.id WHERE t.id = ?1`;

export async function transfer({ env, clock }: Sandbox, asked: Transfer): Promise<MovementState> {
  const { id: reference, order, account, amount, charge } = asked;
  if (!isMovable(amount.amount)) return refused("invalid_amount");
  if (charge !== undefined && charge !== nameOf("chg", order)) return refused("charge_unknown");
  const id = nameOf("tr", reference);
  const [db, nowMs] = [env.DB, clock()];
  const facts = [order, account, amount.amount, amount.currency];
  const {
    rows: [sent, refusal, holder, left],
  } = await inOneBatch(
    db,
    [
      post(db, nowMs),
      db.prepare(TRANSFER).bind(id, reference, ...facts, charge ?? null),
      db.prepare(TRANSFER_LINES).bind(id, nowMs),
      post(db, nowMs),
    ],
    transferOf(db, id),
    refusalOf(db, id),
    accountOf(db, account),
    ask<{ amount: number }>(db, LEFT, order, charge ?? null),
  );
  if (sent) return isSameTransfer(sent, asked) ? { status: "done", id } : refused("id_reused");
  if (refusal) return refusedAs(refusal, { id, facts });
  const sourced = charge === undefined ? undefined : whyNotFrom(left, amount.amount);
  const reason = whyNotTo(holder) ?? sourced ?? "insufficient_funds";
  return refuse(db, "sandbox_transfers", { id, facts }, reason);
}

function whyNotTo(holder: Account | undefined): string | undefined {
  if (!holder) return "account_unknown";
  return holder.enabledAtMs === null ? "account_not_enabled" : undefined;
}

function whyNotFrom(left: { readonly amount: number } | undefined, amount: number): string | undefined {
  if (!left) return "charge_unknown";
  return amount > left.amount ? "exceeds_charge" : undefined;
}

export async function findTransfer({ env }: Sandbox, asked: Transfer): Promise<MovementState> {
  const id = nameOf("tr", asked.id);
  const { rows } = await inOneBatch(env.DB, [], transferOf(env.DB, id));
  const [sent] = rows;
  if (!sent) return { status: "unknown" };
  return isSameTransfer(sent, asked) ? { status: "done", id } : refused("id_reused");
}

function transferOf(db: D1Database, id: string): Question<Sent> {
  return ask(db, SENT, id);
}

function isSameTransfer(sent: Sent, { order, account, amount: { amount, currency } }: Transfer): boolean {
  return (
    sent.order === order && sent.account === account && sent.amount === amount && sent.currency === currency
  );
}

export async function reverse({ env, clock }: Sandbox, asked: Reversal): Promise<MovementState> {
  const { id: reference, transfer: of, account, amount } = asked;
  if (!isMovable(amount.amount)) return refused("invalid_amount");
  const id = nameOf("trr", reference);
  const [db, nowMs] = [env.DB, clock()];
  const facts = [of, account, amount.amount, amount.currency];
  const {
    rows: [reversed, refusal, sent, rest],
  } = await inOneBatch(
    db,
    [
      post(db, nowMs),
      db.prepare(REVERSE).bind(id, reference, ...facts),
      db.prepare(REVERSAL_LINES).bind(id, nowMs),
      post(db, nowMs),
    ],
    ask<Reversed>(db, REVERSED, id),
    refusalOf(db, id),
    transferOf(db, of),
    ask<{ amount: number | null }>(db, REST, of),
  );
  if (reversed) return isSameReversal(reversed, sent, asked) ? { status: "done", id } : refused("id_reused");
  if (refusal) return refusedAs(refusal, { id, facts });
  return refuse(db, "sandbox_reversals", { id, facts }, whyNotBack(sent, rest?.amount ?? 0, asked));
}

function whyNotBack(sent: Sent | undefined, rest: number, { account, amount }: Reversal): string {
  if (!sent || sent.account !== account) return "transfer_unknown";
  if (sent.currency !== amount.currency) return "currency_mismatch";
  return amount.amount > rest ? "exceeds_transfer" : "insufficient_funds";
}

export async function findReversal({ env }: Sandbox, asked: Reversal): Promise<MovementState> {
  const id = nameOf("trr", asked.id);
  const { rows } = await inOneBatch(
    env.DB,
    [],
    ask<Reversed>(env.DB, REVERSED, id),
    transferOf(env.DB, asked.transfer),
  );
  const [reversed, sent] = rows;
  if (!reversed) return { status: "unknown" };
  return isSameReversal(reversed, sent, asked) ? { status: "done", id } : refused("id_reused");
}

/** Account and currency are the transfer's. */
function isSameReversal(reversed: Reversed, sent: Sent | undefined, asked: Reversal): boolean {
  return (
    reversed.transfer === asked.transfer &&
    reversed.amount === asked.amount.amount &&
    sent?.account === asked.account &&
    sent.currency === asked.amount.currency
  );
}

function refused(reason: string): MovementState {
  return { status: "refused", reason };
}

/** From a plan to the statements that fix it: intents of transfers and reversals, and their ledger transactions. */
import { reversalIdOf, transferIdOf, type OrderId, type TransferId } from "../../domain/ids.ts";
import { nettedOf, reversalStarted, transferStarted } from "../../domain/ledger.ts";
import { money } from "../../domain/money.ts";
import { record, type Recorded } from "../ledger/store.ts";
import type { Plan } from "./plan.ts";
import { reversibleOf, type Standing } from "./standing.ts";

/**
 * The order's charge, as long as all that was ever transferred from it, to whomever, stays within it: what came back
 * counts too. What is beyond comes from the platform's balance.
 * @see https://docs.stripe.com/connect/separate-charges-and-transfers#transfer-availability
 */
const CHARGE = `
(SELECT s.charge FROM settled_orders s WHERE s."order" = ?3 AND s.captured >= ?5 + (
  SELECT coalesce(sum(t.amount), 0) FROM transfers t
  WHERE t."order" = ?3 AND t.charge = s.charge AND t.status <> 'failed'))`;

const START_TRANSFER = `
INSERT INTO transfers (id, party, "order", currency, amount, status, provider, account, charge, attempts, reversed,
  next_attempt_at_ms, created_at_ms, started_at_ms, updated_at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, 'transferring', ?6, ?7, ${CHARGE}, 0, 0, ?8, ?8, ?8, ?8)
ON CONFLICT (id) DO UPDATE SET
  status = CASE WHEN status IN ('accrued', 'payable') THEN excluded.status END, amount = excluded.amount,
  provider = excluded.provider, account = excluded.account, charge = excluded.charge,
  next_attempt_at_ms = excluded.next_attempt_at_ms, started_at_ms = excluded.started_at_ms,
  updated_at_ms = excluded.updated_at_ms`;

const START_REVERSAL = `
INSERT INTO reversals (id, transfer, party, "order", currency, amount, status, provider, account, attempts,
  next_attempt_at_ms, created_at_ms, started_at_ms, updated_at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'transferring', ?7, ?8, 0, ?9, ?9, ?9, ?9)`;

/** None when there is nothing to do. An intent that is there already fails the batch. */
export function intentsOf(
  db: D1Database,
  standing: Standing,
  plan: Plan,
  atMs: number,
): D1PreparedStatement[] {
  const { account, currency } = standing;
  const { party, provider } = account;
  const statements: D1PreparedStatement[] = [];
  const recorded: Recorded[] = [];
  for (const { order, amount } of plan.transfers) {
    const id = nextTransfer(standing, order);
    const bound = [id, party, order, currency, amount, provider, account.account, atMs];
    statements.push(db.prepare(START_TRANSFER).bind(...bound));
    const of = { id, party, provider, order, amount: money(amount, currency) };
    recorded.push({ transaction: transferStarted(of), atMs });
  }
  for (const { order, amount } of plan.reversals) {
    for (const part of partsOf(standing, order, amount, atMs)) {
      const bound = [part.id, part.transfer, party, order, currency, part.amount, provider, account.account];
      statements.push(db.prepare(START_REVERSAL).bind(...bound, atMs));
      const of = { id: part.id, party, provider, order, amount: money(part.amount, currency) };
      recorded.push({ transaction: reversalStarted(of), atMs });
    }
  }
  for (const { from, to, amount } of plan.nettings) {
    // One order's debt may be taken from the same earnings again later: the last entry before makes it another fact.
    const subject = `${from}/${to}/${standing.payable.lastEntry}`;
    recorded.push({
      transaction: nettedOf(subject, party, { from, to, amount: money(amount, currency) }),
      atMs,
    });
  }
  return [...statements, ...record(db, recorded)];
}

/** The transfer that waits for this order's money, or a new one. */
function nextTransfer({ sides, transfers }: Standing, order: OrderId): TransferId {
  const made = transfers.filter((row) => row.order === order);
  const waiting = made.find(({ status }) => status === "accrued" || status === "payable");
  if (waiting) return waiting.id;
  const side = sides.get(order);
  if (!side) throw new Error(`nothing stands open for order ${order}`);
  return transferIdOf(order, side, made.length + 1);
}

/** Takes an amount back from an order's transfers, the latest first. */
function partsOf(
  standing: Standing,
  order: OrderId,
  amount: number,
  atMs: number,
): {
  readonly id: ReturnType<typeof reversalIdOf>;
  readonly transfer: TransferId;
  readonly amount: number;
}[] {
  let left = amount;
  return standing.transfers
    .filter((row) => row.order === order)
    .toReversed()
    .flatMap((row) => {
      const part = Math.min(left, reversibleOf(standing, row, atMs));
      if (part <= 0) return [];
      left -= part;
      const made = standing.reversals.filter(({ transfer }) => transfer === row.id).length;
      return [{ id: reversalIdOf(row.id, made + 1), transfer: row.id, amount: part }];
    });
}

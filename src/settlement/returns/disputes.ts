/**
 * Disputes: a buyer's bank has taken money back, and gives it back or keeps it. What sellers and creators have at stake
 * is kept back meanwhile. Reads the provider; writes disputes, settled orders and the ledger.
 */
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { DisputeId } from "../../domain/ids.ts";
import { disputeLost, disputeOpened, disputeWon, feeOf, type Disputed } from "../../domain/ledger.ts";
import { money } from "../../domain/money.ts";
import { returnStatement, settledOrder } from "../ledger/projection.ts";
import { giveBack, partiesOf, takeBack } from "../ledger/settle.ts";
import { attempt, record } from "../ledger/store.ts";
import { followOwed } from "../movements/accrual.ts";
import type { Dispute } from "../psp/port.ts";
import type { Treasury } from "../treasury.ts";
import { disputes, type DisputeRow } from "./tables.ts";

/** The same dispute always gets the same id. */
export function disputeIdOf(provider: string, dispute: string): DisputeId {
  return `dsp_${createHash("sha256").update(`${provider}\n${dispute}`).digest("hex").slice(0, 32)}`;
}

export async function readDispute(db: D1Database, id: DisputeId): Promise<DisputeRow | undefined> {
  return drizzle(db).select().from(disputes).where(eq(disputes.id, id)).get();
}

/**
 * Records where a dispute stands, whatever was heard of it before. Throws when its order is not settled yet: the news
 * came before the order's own, and is to be looked at again.
 */
export async function followDispute(treasury: Treasury, dispute: string): Promise<void> {
  const { db, port } = treasury;
  const found = await port.dispute(dispute);
  if (!found) return;
  const id = disputeIdOf(port.provider, dispute);
  const known = (await readDispute(db, id)) ?? (await open(treasury, id, found));
  if (found.fee) await noteFee(treasury, known, found.fee);
  if (known.status === "open" && found.status !== "open") await close(treasury, known, found.status);
}

const OPEN = `
INSERT INTO disputes (id, provider, provider_id, "order", currency, amount, fee_amount, fee_currency, status, reason,
  legs, opened_at_ms, updated_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?5, 'open', ?7, ?8, ?9, ?9)`;

async function open({ db, port, nowMs }: Treasury, id: DisputeId, found: Dispute): Promise<DisputeRow> {
  const { order, dispute, amount, reason } = found;
  const before = await settledOrder(db, order);
  if (!before) throw new Error(`dispute ${dispute} is of order ${order}, which is not settled yet`);
  const { after, legs, reserved } = giveBack(before, amount.amount);
  const of: Disputed = { id, order, parties: partiesOf(before), provider: port.provider, amount, legs };
  const atMs = nowMs();
  const bound = [id, port.provider, dispute, order, amount.currency, amount.amount, reason];
  const statements = [
    returnStatement(db, before, after),
    db.prepare(OPEN).bind(...bound, JSON.stringify(legs), atMs),
    ...record(db, [{ transaction: disputeOpened(of, reserved), atMs }]),
    ...followOwed(db, [order], atMs),
  ];
  await attempt(db, statements, async () => (await readDispute(db, id)) !== undefined);
  const row = await readDispute(db, id);
  if (!row) throw new Error(`dispute ${dispute} was not recorded`);
  return row;
}

const FEE = `
UPDATE disputes SET fee_amount = CASE WHEN fee_amount = ?4 THEN ?2 END, fee_currency = ?3 WHERE id = ?1`;

/** What the fee has become since it was last heard of; a provider may give it back with a dispute won. */
async function noteFee(
  { db, nowMs }: Treasury,
  row: DisputeRow,
  fee: Dispute["fee"] & object,
): Promise<void> {
  const more = fee.amount - row.feeAmount;
  if (more === 0) return;
  const subject = `${row.id}/${fee.amount}`;
  const transaction = feeOf("dispute_fee", subject, row.order, row.provider, money(more, fee.currency));
  const statements = [
    db.prepare(FEE).bind(row.id, fee.amount, fee.currency, row.feeAmount),
    ...record(db, [{ transaction, atMs: nowMs() }]),
  ];
  await attempt(db, statements, async () => (await readDispute(db, row.id))?.feeAmount === fee.amount);
}

const CLOSE = `
UPDATE disputes SET status = CASE WHEN status = 'open' THEN ?2 END, updated_at_ms = ?3 WHERE id = ?1`;

async function close({ db, nowMs }: Treasury, row: DisputeRow, status: "won" | "lost"): Promise<void> {
  const settled = await settledOrder(db, row.order);
  if (!settled) throw new Error(`order ${row.order} is not settled`);
  const { id, order, provider, legs } = row;
  const amount = money(row.amount, row.currency);
  const of: Disputed = { id, order, parties: partiesOf(settled), provider, amount, legs };
  const atMs = nowMs();
  const { after, legs: regained } = takeBack(settled, row.amount);
  const transaction = status === "won" ? disputeWon(of, regained) : disputeLost(of);
  const statements = [
    db.prepare(CLOSE).bind(id, status, atMs),
    ...(status === "won" ? [returnStatement(db, settled, after)] : []),
    ...record(db, [{ transaction, atMs }]),
    ...followOwed(db, [order], atMs),
  ];
  await attempt(db, statements, async () => (await readDispute(db, id))?.status !== "open");
}

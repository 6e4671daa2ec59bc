/**
 * Repairs what may be repaired without a person: what is known at the provider and was missed here, and money of orders
 * that came to nothing. Asks the provider; writes the ledger. Whatever else waits to be done is done by its own step of
 * the run that moves money.
 */
import type { OrderId, RefundId } from "../../domain/ids.ts";
import { chargeOf, feeOf, providersOwnOf, refundSentOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { attempt, isRecorded, record, type Recorded } from "../ledger/store.ts";
import { followDispute } from "../returns/disputes.ts";
import { readRefund, sendRefund } from "../returns/refunds.ts";
import { forEach, type Treasury } from "../treasury.ts";
import type { ReconciliationItem } from "./tables.ts";

const OF_NOTHING = `
SELECT id FROM orders WHERE status IN ('failed', 'cancelled') AND id IN (SELECT value FROM json_each(?1))`;

/** Does what may be done about items whose sides differ. What is for a person, or for time, is left. */
export async function repairItems(treasury: Treasury, items: readonly ReconciliationItem[]): Promise<void> {
  const subjects = JSON.stringify(items.map(({ subject }) => subject));
  const { results } = await treasury.db.prepare(OF_NOTHING).bind(subjects).all<{ id: string }>();
  const ofNothing = new Set(results.map(({ id }) => id));
  await forEach(
    treasury,
    items,
    (item) => repair(treasury, item, ofNothing.has(item.subject)),
    ({ kind, subject }) => ({ item: kind, subject }),
  );
}

/** `isOfNothing`: it is of an order that came to nothing, and so has no sale that its charge belongs to. */
async function repair(treasury: Treasury, item: ReconciliationItem, isOfNothing: boolean): Promise<void> {
  switch (item.kind) {
    case "charge":
      return repairCharge(treasury, item, isOfNothing);
    case "refund":
    case "refund_failed":
      return repairRefund(treasury, item, isOfNothing);
    case "dispute":
      return repairDispute(treasury, item);
    case "buyers":
      return isOfNothing ? returnCharge(treasury, item) : undefined;
    case "platform_payout":
    case "provider_fee":
      return recordOwn(treasury, item, item.kind);
    case "transfer":
    case "reversal":
    case "other":
      break;
  }
}

/** The charge of an order that came to nothing is recorded as it stands in the books, and any fee that came late. */
async function repairCharge(
  treasury: Treasury,
  item: ReconciliationItem,
  isOfNothing: boolean,
): Promise<void> {
  const { db, port } = treasury;
  const { provider } = port;
  const { currency, providerAmount, providerFee, providerLines, ledgerEntries } = item;
  const order = item.subject as OrderId;
  if (providerLines === 0) return;
  if (ledgerEntries === 0 && isOfNothing) {
    await recordOnce(treasury, chargeOf(order, provider, money(providerAmount, currency)));
  }
  const isFeeMissing = providerFee !== 0 && item.ledgerFee === 0;
  if (isFeeMissing && (await isRecorded(db, `charge:${order}`))) {
    const fee = money(providerFee, currency);
    const noted = db.prepare(NOTE_FEE).bind(order, fee.amount, fee.currency);
    await recordOnce(treasury, feeOf("charge_fee", order, order, provider, fee), [noted]);
  }
}

/** A fee that was noted before makes the batch fail, as its transaction does. */
const NOTE_FEE = `UPDATE settled_orders SET fee_amount = ?2, fee_currency = ?3 WHERE "order" = ?1 AND fee_amount IS NULL`;

/**
 * A refund whose answer was lost is asked for again. A payment that was given back in whole has no refund of its own
 * here: it is recorded by its order.
 */
async function repairRefund(
  treasury: Treasury,
  item: ReconciliationItem,
  isOfNothing: boolean,
): Promise<void> {
  const { db, port } = treasury;
  const { subject, providerAmount, providerLines, ledgerEntries, currency } = item;
  if (providerLines === 0) return;
  if (isOfNothing && item.kind === "refund" && ledgerEntries === 0) {
    const order = subject as OrderId;
    const given = money(-providerAmount, currency);
    return recordOnce(treasury, refundSentOf(order, order, port.provider, given));
  }
  const row = await readRefund(db, subject as RefundId);
  if (row) await sendRefund(treasury, row);
}

/** What the provider does by itself is known from its books alone. */
async function recordOwn(
  treasury: Treasury,
  { subject, currency, providerAmount, providerFee, ledgerEntries }: ReconciliationItem,
  kind: "platform_payout" | "provider_fee",
): Promise<void> {
  // No payout of the platform's has a fee that we know of: one that has is for a person to see.
  if (ledgerEntries > 0 || providerAmount === 0 || providerFee !== 0) return;
  const transaction = providersOwnOf(kind, subject, treasury.port.provider, money(providerAmount, currency));
  await recordOnce(treasury, transaction);
}

const DISPUTE = `
SELECT reference FROM provider_entries WHERE provider = ?1 AND item = 'dispute' AND subject = ?2 LIMIT 1`;

/** The news of it, or of its end, was lost. */
async function repairDispute(treasury: Treasury, { provider, subject }: ReconciliationItem): Promise<void> {
  const { db } = treasury;
  const reference = await db.prepare(DISPUTE).bind(provider, subject).first<string>("reference");
  if (reference !== null) await followDispute(treasury, reference);
}

const GIVEN_BACK = `
SELECT 1 FROM provider_entries WHERE provider = ?1 AND item = 'refund' AND subject = ?2 LIMIT 1`;

/**
 * Checkout gives back the money of orders that came to nothing; what it took for settled, or was never asked to do, is
 * done here: an order declined and charged all the same.
 */
async function returnCharge(treasury: Treasury, item: ReconciliationItem): Promise<void> {
  const { db, port, nowMs } = treasury;
  const isOwed = item.ledgerAmount < 0;
  if (!isOwed || nowMs() - item.changedAtMs < LIMITS.reconcileGraceMs) return;
  // What is in the books is back already, and recorded by the line that says so.
  if ((await db.prepare(GIVEN_BACK).bind(port.provider, item.subject).first()) !== null) return;
  await port.giveBack(item.subject as OrderId);
}

/** Nothing when somebody else has recorded the same. */
async function recordOnce(
  { db, nowMs }: Treasury,
  transaction: Recorded["transaction"],
  more: readonly D1PreparedStatement[] = [],
): Promise<void> {
  if (await isRecorded(db, transaction.id)) return;
  const statements = [...more, ...record(db, [{ transaction, atMs: nowMs() }])];
  await attempt(db, statements, () => isRecorded(db, transaction.id));
}

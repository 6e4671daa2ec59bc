/**
 * Looks at what sums do not tell: payouts at the provider, disputes whose end may have been missed, and movements that
 * failed until somebody has mended them. Reads the provider and settlement's tables; writes findings.
 */
import { and, asc, eq, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { DisputeId, PayoutId, RefundId, ReversalId, TransferId } from "../../domain/ids.ts";
import { accountOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { positionOf } from "../ledger/store.ts";
import { findPayout, followPayout } from "../movements/payouts.ts";
import { reversals, transfers, type PayoutRow } from "../movements/tables.ts";
import { followDispute, readDispute } from "../returns/disputes.ts";
import { readRefund } from "../returns/refunds.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { payoutAgrees } from "./compare.ts";
import { noteFindings, resolveFinding, type Found } from "./findings.ts";
import { reconciliationWatches, type ReconciliationWatch } from "./tables.ts";

/** What became of a look: what is wrong, if anything, and when to look again; absent when that is over. */
interface Look {
  readonly currency: string;
  readonly found?: Omit<Found, "provider" | "about" | "subject" | "watched" | "currency">;
  readonly nextLookAtMs?: number;
}

/** Looks at what is due, longest waiting first. Answers how many it looked at. */
export async function lookAtWatches(treasury: Treasury): Promise<number> {
  const { db, port, nowMs } = treasury;
  const due = await drizzle(db)
    .select()
    .from(reconciliationWatches)
    .where(
      and(
        eq(reconciliationWatches.provider, port.provider),
        lte(reconciliationWatches.nextLookAtMs, nowMs()),
      ),
    )
    .orderBy(asc(reconciliationWatches.nextLookAtMs))
    .limit(LIMITS.reconcileWatchesPerRun);
  await forEach(
    treasury,
    due,
    (watch) => lookAt(treasury, watch),
    ({ kind, subject }) => ({ watch: kind, subject }),
  );
  return due.length;
}

const LOOK_AGAIN = `
UPDATE reconciliation_watches SET next_look_at_ms = ?4 WHERE provider = ?1 AND kind = ?2 AND subject = ?3`;
const FORGET = `DELETE FROM reconciliation_watches WHERE provider = ?1 AND kind = ?2 AND subject = ?3`;

async function lookAt(treasury: Treasury, watch: ReconciliationWatch): Promise<void> {
  const { db, nowMs } = treasury;
  const { provider, kind, subject } = watch;
  const key = [provider, kind, subject];
  // Before the look: one that fails must not keep others from theirs.
  await db
    .prepare(LOOK_AGAIN)
    .bind(...key, nowMs() + LIMITS.providerRetryMs)
    .run();
  const look = await LOOKS[kind](treasury, subject);
  if (look) {
    const about = { provider, about: kind, subject, currency: look.currency };
    if (look.found) await noteFindings(db, [{ ...about, watched: true, ...look.found }], nowMs());
    else await resolveFinding(db, about, nowMs());
  }
  const next = look?.nextLookAtMs;
  const statement =
    next === undefined ? db.prepare(FORGET).bind(...key) : db.prepare(LOOK_AGAIN).bind(...key, next);
  await statement.run();
}

/** Undefined for what is not there, or not this provider's. */
const LOOKS: Readonly<
  Record<ReconciliationWatch["kind"], (treasury: Treasury, subject: string) => Promise<Look | undefined>>
> = {
  payout: lookAtPayout,
  transfer: lookAtTransfer,
  reversal: lookAtReversal,
  refund: lookAtRefund,
  dispute: lookAtDispute,
};

/** A payout that did not arrive waits for a later one that does; any other must stand at the provider as it does here. */
async function lookAtPayout(treasury: Treasury, subject: string): Promise<Look | undefined> {
  const { db, port, nowMs } = treasury;
  let row = await findPayout(db, subject as PayoutId);
  if (row?.provider !== port.provider) return undefined;
  const { currency } = row;
  if (didNotArrive(row) && (await wasPaidLater(db, row))) return { currency };
  if (row.status === "transferring" && row.providerId === null) {
    return { currency, nextLookAtMs: nowMs() + LIMITS.providerRetryMs };
  }
  const state = await port.findPayout({
    id: row.id,
    account: row.account ?? "",
    amount: money(row.amount, currency),
    startedAtMs: row.startedAtMs ?? row.createdAtMs,
  });
  if (!payoutAgrees(row.status, state.status) && row.providerId !== null) {
    await followPayout(treasury, row);
    row = (await findPayout(db, row.id)) ?? row;
  }
  const isOut = row.status === "transferring" || row.status === "paid";
  const isOutThere = state.status === "pending" || state.status === "done";
  const sides = {
    providerAmount: isOutThere ? row.amount : 0,
    providerFee: 0,
    providerState: state.status,
    ledgerAmount: isOut ? row.amount : 0,
    ledgerFee: 0,
    ledgerState: row.status,
    ...(row.failure === null ? {} : { reason: row.failure }),
  };
  if (isOut && payoutAgrees(row.status, state.status)) {
    const isOver = row.status === "paid" && nowMs() - row.updatedAtMs > LIMITS.payoutReturnMs;
    return { currency, ...(isOver ? {} : { nextLookAtMs: nowMs() + LIMITS.payoutLookMs }) };
  }
  const kind = payoutAgrees(row.status, state.status) ? "movement_failed" : "payout_differs";
  return { currency, found: { kind, ...sides }, nextLookAtMs: nowMs() + LIMITS.reconcileGraceMs };
}

function didNotArrive({ status }: PayoutRow): boolean {
  return status === "failed" || status === "returned";
}

const PAID_LATER = `
SELECT 1 FROM payouts WHERE party = ?1 AND currency = ?2 AND created_at_ms >= ?3 AND id <> ?4 AND status = 'paid' LIMIT 1`;

async function wasPaidLater(
  db: D1Database,
  { id, party, currency, createdAtMs }: PayoutRow,
): Promise<boolean> {
  const later = await db.prepare(PAID_LATER).bind(party, currency, createdAtMs, id).first();
  return later !== null;
}

/** A refused transfer's money is owed again, and waits to be transferred anew. */
async function lookAtTransfer(treasury: Treasury, subject: string): Promise<Look | undefined> {
  const { db, port } = treasury;
  const row = await drizzle(db)
    .select()
    .from(transfers)
    .where(eq(transfers.id, subject as TransferId))
    .get();
  if (row?.provider !== port.provider) return undefined;
  const { party, order, currency } = row;
  const position = await positionOf(db, accountOf(party, "payable"), order, currency);
  return failed(treasury, row, row.status === "failed" && position < 0);
}

/** A refused reversal's money is owed by the party still. */
async function lookAtReversal(treasury: Treasury, subject: string): Promise<Look | undefined> {
  const { db, port } = treasury;
  const row = await drizzle(db)
    .select()
    .from(reversals)
    .where(eq(reversals.id, subject as ReversalId))
    .get();
  if (row?.provider !== port.provider) return undefined;
  const { party, order, currency } = row;
  const position = await positionOf(db, accountOf(party, "payable"), order, currency);
  return failed(treasury, row, row.status === "failed" && position > 0);
}

interface FailedRow {
  readonly currency: string;
  readonly amount: number;
  readonly status: string;
  readonly failure: string | null;
}

function failed(
  { nowMs }: Treasury,
  { currency, amount, status, failure }: FailedRow,
  isWaiting: boolean,
): Look {
  if (!isWaiting) return { currency };
  return {
    currency,
    found: {
      kind: "movement_failed",
      providerAmount: 0,
      providerFee: 0,
      ledgerAmount: amount,
      ledgerFee: 0,
      ledgerState: status,
      ...(failure === null ? {} : { reason: failure }),
    },
    nextLookAtMs: nowMs(),
  };
}

const BUYERS = `
SELECT ledger_amount AS amount FROM reconciliation_items
WHERE provider = ?1 AND kind = 'buyers' AND subject = ?2 AND currency = ?3`;

/** A refund that the buyer's bank sent back is owed until it is made anew, or the buyer has got it in some other way. */
async function lookAtRefund({ db, port, nowMs }: Treasury, subject: string): Promise<Look | undefined> {
  const row = await readRefund(db, subject as RefundId);
  if (row?.provider !== port.provider) return undefined;
  const { order, currency, amount, status, replacedBy } = row;
  const owed = await db.prepare(BUYERS).bind(port.provider, order, currency).first<number>("amount");
  if (status !== "failed" || replacedBy !== null || owed === 0) return { currency };
  return {
    currency,
    found: {
      kind: "refund_failed",
      providerAmount: 0,
      providerFee: 0,
      providerState: "failed",
      ledgerAmount: -amount,
      ledgerFee: 0,
      ledgerState: status,
    },
    nextLookAtMs: nowMs(),
  };
}

/** Looked up now and then until it is decided: a dispute lost makes no line in the provider's books. */
async function lookAtDispute(treasury: Treasury, subject: string): Promise<Look | undefined> {
  const { db, port, nowMs } = treasury;
  const row = await readDispute(db, subject as DisputeId);
  if (row?.provider !== port.provider) return undefined;
  await followDispute(treasury, row.providerId);
  const { status, currency } = (await readDispute(db, row.id)) ?? row;
  return { currency, ...(status === "open" ? { nextLookAtMs: nowMs() + LIMITS.payoutLookMs } : {}) };
}

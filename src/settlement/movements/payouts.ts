/** Payouts: a party's balance at the provider goes to its bank, by schedule or when asked for. */
import { and, asc, eq, lte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { typeid } from "typeid-js";
import type { PartyId, PayoutId } from "../../domain/ids.ts";
import {
  accountOf,
  payoutFailed,
  payoutPaid,
  payoutReturned,
  payoutStarted,
  type Movement,
} from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { ledgerBalances } from "../ledger/tables.ts";
import { attempt, record } from "../ledger/store.ts";
import type { MovementState, Payout } from "../psp/port.ts";
import { ask, forEach, type Treasury } from "../treasury.ts";
import { haveMoved, readMark, unchanged, type AccountMark } from "./guard.ts";
import { nextPayoutAt } from "./schedule.ts";
import { claim, conclude, movementOf, startedOf, type Started } from "./sending.ts";
import { paymentAccounts, payouts, type PaymentAccountRow, type PayoutRow } from "./tables.ts";

/** Starts the payouts of accounts whose time has come. Answers how many were started. */
export async function startDuePayouts(treasury: Treasury): Promise<number> {
  const { db: d1, port, nowMs } = treasury;
  const db = drizzle(d1);
  const due = await db
    .select()
    .from(paymentAccounts)
    .where(
      and(
        eq(paymentAccounts.provider, port.provider),
        eq(paymentAccounts.status, "enabled"),
        lte(paymentAccounts.nextPayoutAtMs, nowMs()),
      ),
    )
    .orderBy(asc(paymentAccounts.nextPayoutAtMs))
    .limit(LIMITS.movementsPerRun);
  let started = 0;
  await forEach(
    treasury,
    due,
    async (account) => {
      const starts: PayoutStart[] = [];
      for (const { currency } of await balancesOf(d1, account.party)) {
        starts.push(await startPayout(treasury, account, currency));
      }
      started += starts.filter(({ outcome }) => outcome === "started").length;
      // Its day is not over as long as something of the balance has not been looked at in peace.
      if (starts.some(({ outcome }) => outcome === "moving")) return;
      const nextPayoutAtMs = nextPayoutAt(account.payoutInterval, nowMs());
      await db
        .update(paymentAccounts)
        .set({ nextPayoutAtMs })
        // Still due: the schedule may have been changed meanwhile.
        .where(and(eq(paymentAccounts.party, account.party), lte(paymentAccounts.nextPayoutAtMs, nowMs())));
    },
    ({ party }) => ({ party }),
  );
  return started;
}

/** Currencies in which a party has money at the provider. */
export function balancesOf(d1: D1Database, party: PartyId) {
  return drizzle(d1)
    .select({ currency: ledgerBalances.currency, amount: sql<number>`-${ledgerBalances.amount}` })
    .from(ledgerBalances)
    .where(and(eq(ledgerBalances.account, accountOf(party, "balance")), sql`${ledgerBalances.amount} < 0`));
}

/** All of them, or, when the payout is a part of the balance, the oldest that it covers. */
const TRANSFERS_IN = `
INSERT INTO payout_transfers (payout, transfer)
SELECT ?1, id FROM (
  SELECT id, sum(amount - reversed) OVER (ORDER BY started_at_ms, id) AS covered FROM transfers
  WHERE party = ?2 AND currency = ?3 AND status = 'paid' AND payout IS NULL)
WHERE ?4 = 0 OR covered <= ?5`;
const ITS_TRANSFERS = "id IN (SELECT transfer FROM payout_transfers WHERE payout = ?1)";
const PAID_OUT = `UPDATE transfers SET payout = ?1 WHERE ${ITS_TRANSFERS}`;
const START = `
INSERT INTO payouts (id, party, currency, amount, status, provider, account, attempts, next_attempt_at_ms,
  created_at_ms, started_at_ms, updated_at_ms)
VALUES (?1, ?2, ?3, ?4, 'transferring', ?5, ?6, 0, ?7, ?7, ?7, ?7)`;

/** What a party must give back of its balance, less what is on its way back. */
const DEBTS = `
SELECT coalesce(sum(max(0, p.amount - coalesce((
  SELECT sum(r.amount) FROM reversals r
  WHERE r."order" = p."order" AND r.party = ?3 AND r.currency = ?2 AND r.status = 'transferring'), 0))), 0) AS amount
FROM ledger_positions p WHERE p.account = ?1 AND p.currency = ?2 AND p.amount > 0`;

/** What of an account could be paid out now, in minor units, and the accounts it follows from. */
export interface Free {
  readonly payable: AccountMark;
  readonly balance: AccountMark;
  readonly amount: number;
  /** The least that is paid out. */
  readonly minimum: number;
}

/** What the party has and does not owe, as far as the provider has it at hand and units to pay it out in. */
export async function readFree(
  { db, port }: Treasury,
  { party, account, payoutMinimums }: PaymentAccountRow,
  currency: string,
): Promise<Free> {
  const payable = await readMark(db, accountOf(party, "payable"), currency);
  const balance = await readMark(db, accountOf(party, "balance"), currency);
  const debts = await db.prepare(DEBTS).bind(payable.account, currency, party).first<{ amount: number }>();
  const free = -balance.amount - (debts?.amount ?? 0);
  const atHand = Math.max(0, Math.min(free, free > 0 ? await port.available(account, currency) : 0));
  const amount = port.payable(money(atHand, currency));
  return { payable, balance, amount, minimum: Math.max(1, payoutMinimums[currency] ?? 0) };
}

/** What became of starting a payout. */
export type PayoutStart =
  | { readonly outcome: "started"; readonly payout: PayoutRow }
  /** What could be paid out is less than the account's minimum, both in minor units. */
  | { readonly outcome: "too_small"; readonly amount: number; readonly minimum: number }
  /** Others moved the balance meanwhile. */
  | { readonly outcome: "moving" };

/**
 * Starts a payout of all that an account has in a currency and the provider can pay out now, less what its party owes;
 * with an `id` it is made once.
 */
export async function startPayout(
  treasury: Treasury,
  row: PaymentAccountRow,
  currency: string,
  id: PayoutId = `pyo_${typeid().getSuffix()}`,
): Promise<PayoutStart> {
  const { db, nowMs } = treasury;
  const { party, account, provider } = row;
  const made = await findPayout(db, id);
  if (made) return { outcome: "started", payout: made };
  const { payable, balance, amount, minimum } = await readFree(treasury, row, currency);
  if (amount < minimum) return { outcome: "too_small", amount, minimum };
  const atMs = nowMs();
  const of: Movement = { id, party, provider, amount: money(amount, currency) };
  const statements = [
    unchanged(db, payable),
    unchanged(db, balance),
    db.prepare(TRANSFERS_IN).bind(id, party, currency, amount < -balance.amount ? 1 : 0, amount),
    db.prepare(PAID_OUT).bind(id),
    db.prepare(START).bind(id, party, currency, amount, provider, account, atMs),
    ...record(db, [{ transaction: payoutStarted(of), atMs }]),
  ];
  await attempt(db, statements, () => haveMoved(db, [payable, balance]));
  // Also where the answer alone was lost.
  const payout = await findPayout(db, id);
  return payout ? { outcome: "started", payout } : { outcome: "moving" };
}

export async function findPayout(db: D1Database, id: PayoutId): Promise<PayoutRow | undefined> {
  return drizzle(db).select().from(payouts).where(eq(payouts.id, id)).get();
}

/** Sends started payouts, and asks how those are that are with the bank. Answers how many were due. */
export async function sendPayouts(treasury: Treasury): Promise<number> {
  const due = await drizzle(treasury.db)
    .select()
    .from(payouts)
    .where(and(eq(payouts.provider, treasury.port.provider), lte(payouts.nextAttemptAtMs, treasury.nowMs())))
    .orderBy(asc(payouts.nextAttemptAtMs))
    .limit(LIMITS.movementsPerRun);
  await forEach(
    treasury,
    due,
    (row) => followPayout(treasury, row),
    ({ id }) => ({ payout: id }),
  );
  return due.length;
}

const LOOKED_AT = "UPDATE payouts SET next_attempt_at_ms = ?2 WHERE id = ?1 AND provider_id IS NOT NULL";

/**
 * The next step of a payout: sent when the provider does not have it, looked up when it does, or when another run is
 * sending it.
 */
export async function followPayout(treasury: Treasury, known: PayoutRow): Promise<void> {
  if (known.status !== "transferring" && known.status !== "paid") return;
  const { db, port, nowMs } = treasury;
  const row = startedOf(known);
  const { id, account, startedAtMs } = row;
  const payout: Payout = { id, account, amount: money(row.amount, row.currency), startedAtMs };
  const find = (): Promise<MovementState> => port.findPayout(payout);
  const isToSend = row.providerId === null && (await claim(treasury, "payouts", row));
  if (!isToSend)
    await db
      .prepare(LOOKED_AT)
      .bind(id, nowMs() + LIMITS.payoutLookMs)
      .run();
  const state = isToSend ? await ask(treasury, row, { send: () => port.payout(payout), find }) : await find();
  await notePayout(treasury, row, state);
}

const SENT = "UPDATE payouts SET provider_id = ?2, updated_at_ms = ?3 WHERE id = ?1 AND provider_id IS NULL";
const PAID = `
UPDATE payouts SET status = CASE WHEN status = 'transferring' THEN 'paid' END, provider_id = ?2, updated_at_ms = ?3,
  next_attempt_at_ms = ?4 WHERE id = ?1`;
const NOT_PAID = `
UPDATE payouts SET status = CASE WHEN status = ?5 THEN ?2 END, failure = ?3, updated_at_ms = ?4,
  next_attempt_at_ms = NULL WHERE id = ?1`;
const TRANSFERS_OUT = `UPDATE transfers SET payout = NULL WHERE ${ITS_TRANSFERS} AND payout = ?1`;
const FORGET = "UPDATE payouts SET next_attempt_at_ms = NULL WHERE id = ?1 AND status = 'paid'";

/** Records where a payout stands. One that came back opens the balance again, whether or not it had been paid. */
async function notePayout(
  { db, nowMs }: Treasury,
  row: Started<PayoutRow>,
  state: MovementState,
): Promise<void> {
  const atMs = nowMs();
  const of = movementOf(row);
  const reopen = (status: "failed" | "returned", reason: string) => [
    db.prepare(NOT_PAID).bind(row.id, status, reason, atMs, row.status),
    db.prepare(TRANSFERS_OUT).bind(row.id),
  ];
  switch (state.status) {
    case "pending":
      if (row.providerId === null) await db.prepare(SENT).bind(row.id, state.id, atMs).run();
      return;
    case "done": {
      if (row.status === "paid") {
        if (atMs - row.updatedAtMs > LIMITS.payoutReturnMs) await db.prepare(FORGET).bind(row.id).run();
        return;
      }
      const paid = db.prepare(PAID).bind(row.id, state.id, atMs, atMs + LIMITS.payoutLookMs);
      return conclude(db, [paid], payoutPaid(of), atMs);
    }
    case "returned": {
      const transaction = row.status === "paid" ? payoutReturned(of) : payoutFailed(of);
      return conclude(db, reopen("returned", state.reason), transaction, atMs);
    }
    case "refused": {
      if (row.status === "paid") return;
      return conclude(db, reopen("failed", state.reason), payoutFailed(of), atMs);
    }
    case "unknown":
      break;
  }
}

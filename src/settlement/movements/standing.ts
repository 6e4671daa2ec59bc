/** A party's money in one currency as it stands at one moment. Reads settlement's tables. */
import { and, asc, eq, gt, inArray, isNull, lt, ne, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { PartyId } from "../../domain/ids.ts";
import { accountOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { ledgerPositions, settledOrders } from "../ledger/tables.ts";
import { markOf, selectMark, type AccountMark } from "./guard.ts";
import type { Position } from "./plan.ts";
import {
  paymentAccounts,
  reversals,
  transfers,
  type PaymentAccountRow,
  type ReversalRow,
  type TransferRow,
} from "./tables.ts";

export interface Standing {
  readonly account: PaymentAccountRow;
  readonly currency: string;
  readonly payable: AccountMark;
  readonly balance: AccountMark;
  /** Debts first, then earnings, what was charged before what was not, each oldest first; so many of each at most. */
  readonly positions: readonly (Position & { readonly charge: string | null })[];
  /** Transfers and reversals of the orders with a position. */
  readonly transfers: readonly TransferRow[];
  readonly reversals: readonly ReversalRow[];
}

/** Undefined for a party that has no account that can be paid. */
export async function readStanding(
  d1: D1Database,
  party: PartyId,
  currency: string,
  nowMs: number,
): Promise<Standing | undefined> {
  const db = drizzle(d1);
  const payable = accountOf(party, "payable");
  const balance = accountOf(party, "balance");
  const isOpen = and(
    eq(ledgerPositions.account, payable),
    eq(ledgerPositions.currency, currency),
    ne(ledgerPositions.amount, 0),
  );
  const ofOpenOrders = db.select({ order: ledgerPositions.order }).from(ledgerPositions).where(isOpen);
  const selectPositions = (which: SQL) =>
    db
      .select({
        order: ledgerPositions.order,
        amount: ledgerPositions.amount,
        charge: settledOrders.charge,
        chargedAtMs: settledOrders.chargedAtMs,
      })
      .from(ledgerPositions)
      .innerJoin(settledOrders, eq(settledOrders.order, ledgerPositions.order))
      .where(and(isOpen, which))
      .orderBy(
        asc(isNull(settledOrders.chargedAtMs)),
        asc(settledOrders.capturedAtMs),
        asc(ledgerPositions.order),
      )
      .limit(LIMITS.movementsPerRun);
  const [accounts, payables, balances, debts, earnings, transferRows, reversalRows] = await db.batch([
    db.select().from(paymentAccounts).where(eq(paymentAccounts.party, party)),
    selectMark(db, payable, currency),
    selectMark(db, balance, currency),
    selectPositions(gt(ledgerPositions.amount, 0)),
    selectPositions(lt(ledgerPositions.amount, 0)),
    db
      .select()
      .from(transfers)
      .where(and(eq(transfers.party, party), inArray(transfers.order, ofOpenOrders))),
    db
      .select()
      .from(reversals)
      .where(and(eq(reversals.party, party), inArray(reversals.order, ofOpenOrders))),
  ]);
  const [account] = accounts;
  if (account?.status !== "enabled") return undefined;
  // Nothing leaves beside debts that are not in sight: they come first, run by run.
  const areDebtsInSight = debts.length < LIMITS.movementsPerRun;
  return {
    account,
    currency,
    payable: markOf(payable, currency, payables),
    balance: markOf(balance, currency, balances),
    positions: [...debts, ...earnings].map(({ order, amount, charge, chargedAtMs }) => {
      const own = transferRows.filter((row) => row.order === order);
      return {
        order,
        owed: -amount,
        charge,
        canLeave: areDebtsInSight && chargedAtMs !== null && !isResting(own, nowMs),
        reversible: own.reduce((sum, row) => sum + reversibleOf(row, reversalRows, nowMs), 0),
        isUnderWay: [...own, ...reversalRows.filter((row) => row.order === order)].some(
          ({ status }) => status === "transferring",
        ),
      };
    }),
    transfers: transferRows,
    reversals: reversalRows,
  };
}

/** What was refused is tried anew, each time after twice as long: somebody must mend what it was refused for. */
function isResting(made: readonly (TransferRow | ReversalRow)[], nowMs: number): boolean {
  const failed = made.filter(({ status }) => status === "failed");
  const restMs = Math.min(LIMITS.movementRenewMs * 2 ** (failed.length - 1), LIMITS.movementRenewMaxMs);
  return failed.some(({ updatedAtMs }) => nowMs - updatedAtMs < restMs);
}

/** What of a transfer can still come back; nothing while a refused reversal of it rests. */
export function reversibleOf(
  { id, status, amount, reversed }: TransferRow,
  reversalRows: readonly ReversalRow[],
  nowMs: number,
): number {
  const made = reversalRows.filter(({ transfer }) => transfer === id);
  return status === "paid" && !isResting(made, nowMs) ? amount - reversed : 0;
}

/** Whether something was transferred that must come back. */
export function isOwing({ positions }: Standing): boolean {
  return positions.some(({ owed, reversible }) => owed < 0 && reversible > 0);
}

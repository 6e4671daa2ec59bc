/** A party's money in one currency as it stands at one moment. Reads settlement's tables. */
import { and, asc, eq, gt, inArray, isNull, lt, ne, sql, type SQL } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import type { OrderId, OrderSide, PartyId } from "../../domain/ids.ts";
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
  readonly positions: readonly Position[];
  /** On which side of each of these orders the party is. */
  readonly sides: ReadonlyMap<OrderId, OrderSide>;
  /** Transfers and reversals of the orders with a position. */
  readonly transfers: readonly TransferRow[];
  readonly reversals: readonly ReversalRow[];
}

/**
 * Undefined for a party that has no account that can be paid. What was entered on its accounts meanwhile makes the marks
 * stale, and whatever is planned by them.
 */
export async function readStanding(
  d1: D1Database,
  party: PartyId,
  currency: string,
  nowMs: number,
): Promise<Standing | undefined> {
  const db = drizzle(d1);
  const payable = accountOf(party, "payable");
  const balance = accountOf(party, "balance");
  const [accounts, payables, balances, debts, earnings] = await db.batch([
    db.select().from(paymentAccounts).where(eq(paymentAccounts.party, party)),
    selectMark(db, payable, currency),
    selectMark(db, balance, currency),
    selectPositions(db, party, currency, gt(ledgerPositions.amount, 0)),
    selectPositions(db, party, currency, lt(ledgerPositions.amount, 0)),
  ]);
  const [account] = accounts;
  if (account?.status !== "enabled") return undefined;
  const open = [...debts, ...earnings];
  const moved = await readMoved(
    db,
    party,
    open.map(({ order }) => order),
  );
  const made = { account, reversals: moved.reversals };
  const transfersOf = Map.groupBy(moved.transfers, ({ order }) => order);
  const underWay = new Set(
    [...moved.transfers, ...moved.reversals]
      .filter(({ status }) => status === "transferring")
      .map(({ order }) => order),
  );
  // Nothing leaves beside debts that are not in sight: they come first, run by run.
  const areDebtsInSight = debts.length < LIMITS.movementsPerRun;
  return {
    account,
    currency,
    payable: markOf(payable, currency, payables),
    balance: markOf(balance, currency, balances),
    positions: open.map(({ order, amount, provider, chargedAtMs }) => {
      const own = transfersOf.get(order) ?? [];
      // What came in at another provider cannot go out at this one.
      const isThere = chargedAtMs !== null && provider === account.provider;
      return {
        order,
        owed: -amount,
        canLeave: areDebtsInSight && isThere && !isResting(own, nowMs),
        reversible: own.reduce((sum, row) => sum + reversibleOf(made, row, nowMs), 0),
        isUnderWay: underWay.has(order),
      };
    }),
    sides: new Map(open.map(({ order, seller, guest }) => [order, sideOf(party, seller, guest)])),
    ...moved,
  };
}

function sideOf(party: PartyId, seller: PartyId, guest: PartyId | null): OrderSide {
  if (party === seller) return "seller";
  return party === guest ? "guest" : "creator";
}

function selectPositions(db: DrizzleD1Database, party: PartyId, currency: string, which: SQL) {
  return db
    .select({
      order: ledgerPositions.order,
      amount: ledgerPositions.amount,
      provider: settledOrders.provider,
      chargedAtMs: settledOrders.chargedAtMs,
      seller: settledOrders.seller,
      guest: settledOrders.guest,
    })
    .from(ledgerPositions)
    .innerJoin(settledOrders, eq(settledOrders.order, ledgerPositions.order))
    .where(
      and(
        eq(ledgerPositions.account, accountOf(party, "payable")),
        eq(ledgerPositions.currency, currency),
        ne(ledgerPositions.amount, 0),
        which,
      ),
    )
    .orderBy(
      asc(isNull(settledOrders.chargedAtMs)),
      asc(settledOrders.capturedAtMs),
      asc(ledgerPositions.order),
    )
    .limit(LIMITS.movementsPerRun);
}

/** What was ever moved to and from a party for some orders. */
async function readMoved(
  db: DrizzleD1Database,
  party: PartyId,
  orders: readonly OrderId[],
): Promise<Pick<Standing, "transfers" | "reversals">> {
  const among = sql`(SELECT value FROM json_each(${JSON.stringify(orders)}))`;
  const [transferRows, reversalRows] = await db.batch([
    db
      .select()
      .from(transfers)
      .where(and(eq(transfers.party, party), inArray(transfers.order, among))),
    db
      .select()
      .from(reversals)
      .where(and(eq(reversals.party, party), inArray(reversals.order, among))),
  ]);
  return { transfers: transferRows, reversals: reversalRows };
}

/** What was refused is tried anew, each time after twice as long: somebody must mend what it was refused for. */
function isResting(made: readonly (TransferRow | ReversalRow)[], nowMs: number): boolean {
  const failed = made.filter(({ status }) => status === "failed");
  const restMs = Math.min(LIMITS.movementRenewMs * 2 ** (failed.length - 1), LIMITS.movementRenewMaxMs);
  return failed.some(({ updatedAtMs }) => nowMs - updatedAtMs < restMs);
}

/** What of a transfer can still come back from the account; nothing while a refused reversal of it rests. */
export function reversibleOf(
  { account, reversals: made }: Pick<Standing, "account" | "reversals">,
  { id, status, provider, amount, reversed }: TransferRow,
  nowMs: number,
): number {
  if (status !== "paid" || provider !== account.provider) return 0;
  const own = made.filter(({ transfer }) => transfer === id);
  return isResting(own, nowMs) ? 0 : amount - reversed;
}

/** Whether something was transferred that must come back. */
export function isOwing({ positions }: Standing): boolean {
  return positions.some(({ owed, reversible }) => owed < 0 && reversible > 0);
}

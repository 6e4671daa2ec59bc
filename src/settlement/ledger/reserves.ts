/** Reserves: what is still kept back of a seller's share is owed once its time is over. Writes settled orders and the ledger. */
import { asc, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { reserveReleasedOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { followOwed } from "../movements/accrual.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { returnStatement, settledOrder } from "./projection.ts";
import { lessReserved } from "./settle.ts";
import { attempt, record } from "./store.ts";
import { settledOrders, type SettledOrder } from "./tables.ts";

/** Releases what is due, oldest first. Answers how many were. */
export async function releaseReserves(treasury: Treasury): Promise<number> {
  const { db, nowMs } = treasury;
  const due = await drizzle(db)
    .select()
    .from(settledOrders)
    .where(lte(settledOrders.reservedUntilAtMs, nowMs()))
    .orderBy(asc(settledOrders.reservedUntilAtMs))
    .limit(LIMITS.movementsPerRun);
  await forEach(
    treasury,
    due,
    (settled) => release(treasury, settled),
    ({ order }) => ({ order }),
  );
  return due.length;
}

/** What was taken from it meanwhile makes this the wrong amount: the next run has the right one. */
async function release({ db, nowMs }: Treasury, before: SettledOrder): Promise<void> {
  const { order, seller, reserved, currency, returns } = before;
  const atMs = nowMs();
  const after = { ...lessReserved(before, reserved), returns: returns + 1 };
  const transaction = reserveReleasedOf(order, seller, money(reserved, currency));
  const statements = [
    returnStatement(db, before, after),
    ...record(db, [{ transaction, atMs }]),
    ...followOwed(db, [order], atMs),
  ];
  await attempt(db, statements, async () => (await settledOrder(db, order))?.returns !== returns);
}

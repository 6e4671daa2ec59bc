/** Reserves: what was kept back of a seller's share is owed once its time is over. Writes settled orders and the ledger. */
import { asc, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { reserveReleasedOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money } from "../../domain/money.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { attempt, isRecorded, record } from "./store.ts";
import { settledOrders } from "./tables.ts";

const RELEASE = 'UPDATE settled_orders SET reserved_until_at_ms = NULL WHERE "order" = ?1';

/** Releases what is due, oldest first. Answers how many were. */
export async function releaseReserves(treasury: Treasury): Promise<number> {
  const { db, nowMs } = treasury;
  const atMs = nowMs();
  const due = await drizzle(db)
    .select()
    .from(settledOrders)
    .where(lte(settledOrders.reservedUntilAtMs, atMs))
    .orderBy(asc(settledOrders.reservedUntilAtMs))
    .limit(LIMITS.movementsPerRun);
  await forEach(
    treasury,
    due,
    async ({ order, seller, reserved, currency }) => {
      const transaction = reserveReleasedOf(order, seller, money(reserved, currency));
      const statements = [db.prepare(RELEASE).bind(order), ...record(db, [{ transaction, atMs }])];
      await attempt(db, statements, () => isRecorded(db, transaction.id));
    },
    ({ order }) => ({ order }),
  );
  return due.length;
}

/** Charges and their fees as the provider reports them. Reads the provider; writes settled orders and the ledger. */
import { and, asc, eq, isNull, lt, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { chargeOf, feeOf } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import { noteLooks } from "../order-readers.ts";
import { orderLooks } from "../tables.ts";
import { forEach, type Treasury } from "../treasury.ts";
import { attempt, record, type Recorded } from "./store.ts";
import { settledOrders, type SettledOrder } from "./tables.ts";

/** Credit has no charge to wait for: what it paid comes from the platform's money at the provider there is. */
const PAID_BY_CREDIT = `
UPDATE settled_orders SET provider = ?1, charged_at_ms = ?2 WHERE charged_at_ms IS NULL AND captured = 0`;

/** Asks for the charges of captured orders that have none yet, or whose fee was not known. Answers how many it asked for. */
export async function noteCharges(treasury: Treasury): Promise<number> {
  const nowMs = treasury.nowMs();
  const { provider } = treasury.port;
  await treasury.db.prepare(PAID_BY_CREDIT).bind(provider, nowMs).run();
  const rows = await drizzle(treasury.db)
    .select({ settled: settledOrders })
    .from(settledOrders)
    .leftJoin(orderLooks, eq(orderLooks.order, settledOrders.order))
    .where(
      and(
        sql`(${settledOrders.chargedAtMs} IS NULL OR (${settledOrders.captured} > 0 AND ${settledOrders.feeAmount} IS NULL))`,
        eq(settledOrders.provider, provider),
        or(isNull(orderLooks.order), lt(orderLooks.restsUntilMs, nowMs)),
      ),
    )
    .orderBy(asc(settledOrders.capturedAtMs))
    .limit(LIMITS.movementsPerRun);
  const orders = rows.map(({ settled }) => settled);
  if (orders.length > 0) {
    const ids = orders.map(({ order }) => order);
    await noteLooks(treasury.db, ids, nowMs);
  }
  await forEach(
    treasury,
    orders,
    (order) => noteCharge(treasury, order),
    ({ order }) => ({ order }),
  );
  return orders.length;
}

const CHARGED = `
UPDATE settled_orders SET charge = ?2, provider = ?3, charged_at_ms = coalesce(charged_at_ms, ?4),
  fee_amount = coalesce(fee_amount, ?5), fee_currency = coalesce(fee_currency, ?6) WHERE "order" = ?1`;

/** Records what the provider says of an order's charge, each part once: who asked earlier may write later. */
async function noteCharge({ db, port, nowMs }: Treasury, settled: SettledOrder): Promise<void> {
  const { order } = settled;
  const found = await port.captured(order);
  if (!found) return;
  const { charge, amount, fee } = found;
  const atMs = nowMs();
  const recorded: Recorded[] = [];
  if (settled.chargedAtMs === null) {
    recorded.push({ transaction: chargeOf(order, port.provider, amount), atMs });
  }
  if (fee && settled.feeAmount === null) {
    recorded.push({ transaction: feeOf("charge_fee", order, order, port.provider, fee), atMs });
  }
  const row = [order, charge, port.provider, atMs, fee?.amount ?? null, fee?.currency ?? null];
  const statements = [...record(db, recorded), db.prepare(CHARGED).bind(...row)];
  await attempt(db, statements, async () => {
    const now = await drizzle(db).select().from(settledOrders).where(eq(settledOrders.order, order)).get();
    return now?.chargedAtMs !== settled.chargedAtMs || now?.feeAmount !== settled.feeAmount;
  });
}

/** Reads orders from D1: one, pages of many, and those the repairing cron must look at. May touch settlement's tables. */
import { and, asc, desc, eq, getTableColumns, isNull, lt, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { OrderId, SellerId, SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { orderLooks, orders, returnedPayments, type OrderRow } from "./tables.ts";

export type { OrderRow };

export interface OrderPage {
  readonly rows: readonly OrderRow[];
  readonly nextCursor: string | null;
}

/** Whose orders are listed. */
export type OrdersOf = { readonly seller: SellerId } | { readonly session: SessionId };

/** An order by its id; `orderOf` makes a domain `Order` of it. */
export async function findOrder(db: D1Database, id: OrderId): Promise<OrderRow | undefined> {
  return drizzle(db).select().from(orders).where(eq(orders.id, id)).get();
}

/** Newest first. Undefined when the cursor is not one of ours. */
export async function listOrders(
  db: D1Database,
  query: OrdersOf & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<OrderPage | undefined> {
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  if (query.cursor !== undefined && !after) return undefined;
  const found = await drizzle(db)
    .select()
    .from(orders)
    .where(
      and(
        "seller" in query ? eq(orders.seller, query.seller) : eq(orders.session, query.session),
        after && sql`(${orders.placedAtMs}, ${orders.id}) < (${after.placedAtMs}, ${after.id})`,
      ),
    )
    .orderBy(desc(orders.placedAtMs), desc(orders.id))
    .limit(query.limit + 1);
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  return { rows, nextCursor: last && found.length > rows.length ? `${last.placedAtMs}.${last.id}` : null };
}

function positionOf(cursor: string): { readonly placedAtMs: number; readonly id: string } | undefined {
  const [, placedAtMs, id] = /^(\d{1,15})\.(ord_[0-9a-z]+)$/.exec(cursor) ?? [];
  return placedAtMs === undefined || id === undefined ? undefined : { placedAtMs: Number(placedAtMs), id };
}

/**
 * Orders placed before `olderThanMs` that are still placed or authorized, oldest first; without those that were looked
 * at and rest, see `noteLooks`.
 */
export async function openOrders(db: D1Database, olderThanMs: number, limit: number): Promise<OrderRow[]> {
  return drizzle(db)
    .select(getTableColumns(orders))
    .from(orders)
    .leftJoin(orderLooks, eq(orderLooks.order, orders.id))
    .where(
      and(
        sql`${orders.status} IN ('placed', 'authorized')`,
        lt(orders.placedAtMs, olderThanMs),
        isRested(olderThanMs),
      ),
    )
    .orderBy(asc(orders.placedAtMs))
    .limit(limit);
}

/**
 * Orders that came to nothing before `olderThanMs` and whose money nobody has noted as given back. They failed with
 * money promised (hold lost, capture failed), and a crash may have come between the failure and the giving back; or
 * they were cancelled, and the provider may promise the money yet. Longest waiting first, without those that rest.
 */
export async function ordersToGiveBack(
  db: D1Database,
  olderThanMs: number,
  limit: number,
): Promise<OrderRow[]> {
  return drizzle(db)
    .select(getTableColumns(orders))
    .from(orders)
    .leftJoin(returnedPayments, eq(returnedPayments.order, orders.id))
    .leftJoin(orderLooks, eq(orderLooks.order, orders.id))
    .where(
      and(
        sql`(${orders.failure} IN ('hold_lost', 'capture_failed') OR (${orders.status} = 'cancelled' AND ${orders.due} > 0))`,
        lt(orders.updatedAtMs, olderThanMs),
        isNull(returnedPayments.order),
        isRested(olderThanMs),
      ),
    )
    .orderBy(asc(orders.updatedAtMs))
    .limit(limit);
}

function isRested(olderThanMs: number) {
  return or(isNull(orderLooks.order), lt(orderLooks.restsUntilMs, olderThanMs));
}

/** Counts a look at each order. ?1 the orders, ?2 now, ?3 the first rest, ?4 the longest. */
const LOOK = `
INSERT INTO order_looks ("order", looks, rests_until_ms) SELECT value, 1, ?2 + ?3 FROM json_each(?1) WHERE true
ON CONFLICT ("order") DO UPDATE SET looks = looks + 1, rests_until_ms = ?2 + min(?3 << min(looks, 30), ?4)`;

/** What has not been looked at for long after its rest is settled. */
const FORGET_LOOKS = "DELETE FROM order_looks WHERE rests_until_ms < ?1";

/**
 * Notes that orders are being looked at. What is not finished by it rests, each time for twice as long, so that others
 * get their turn.
 */
export async function noteLooks(db: D1Database, ids: readonly OrderId[], nowMs: number): Promise<void> {
  await db.batch([
    db.prepare(LOOK).bind(JSON.stringify(ids), nowMs, LIMITS.orderRestMs, LIMITS.orderRestMaxMs),
    db.prepare(FORGET_LOOKS).bind(nowMs - LIMITS.orderPendingMs),
  ]);
}

/** Notes that the provider has nothing more of an order's payment. */
export async function noteGivenBack(db: D1Database, order: OrderId, nowMs: number): Promise<void> {
  await drizzle(db).insert(returnedPayments).values({ order, returnedAtMs: nowMs }).onConflictDoNothing();
}

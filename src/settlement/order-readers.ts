/** Reads orders from D1: one, pages of many, and those the repairing cron must look at. May touch settlement's tables. */
import { and, asc, desc, eq, getTableColumns, isNull, lt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { OrderId, SellerId, SessionId } from "../domain/ids.ts";
import { orders, returnedPayments, type OrderRow } from "./tables.ts";

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

/** Orders placed before `olderThanMs` that are still placed or authorized, oldest first. */
export async function openOrders(db: D1Database, olderThanMs: number, limit: number): Promise<OrderRow[]> {
  return drizzle(db)
    .select()
    .from(orders)
    .where(and(sql`${orders.status} IN ('placed', 'authorized')`, lt(orders.placedAtMs, olderThanMs)))
    .orderBy(asc(orders.placedAtMs))
    .limit(limit);
}

/**
 * Orders that failed before `olderThanMs` with money promised (hold lost, capture failed) of which nobody has noted
 * that it was given back: a crash may have come between the failure and the giving back. Longest waiting first.
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
    .where(
      and(
        sql`${orders.failure} IN ('hold_lost', 'capture_failed')`,
        lt(orders.updatedAtMs, olderThanMs),
        isNull(returnedPayments.order),
      ),
    )
    .orderBy(asc(orders.updatedAtMs))
    .limit(limit);
}

/** Notes that the provider has given an order's payment back. */
export async function noteGivenBack(db: D1Database, order: OrderId, nowMs: number): Promise<void> {
  await drizzle(db).insert(returnedPayments).values({ order, returnedAtMs: nowMs }).onConflictDoNothing();
}

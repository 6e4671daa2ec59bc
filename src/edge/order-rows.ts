/** Orders as CSV, a row each. Reads D1. */
import { LIMITS } from "../domain/limits.ts";
import { listOrders, type OrderRow, type OrdersOf } from "../settlement/order-readers.ts";
import { orderOf } from "../settlement/orders.ts";
import { isoOf } from "../wire/instants.ts";
import { amountCell, csvOfPages, type Cells } from "./csv.ts";

const COLUMNS = [
  "order",
  "placed_at",
  "session",
  "status",
  "failure",
  "units",
  "skus",
  "currency",
  "total",
  "due",
  "refunded",
  "provider",
  "payment",
  "contract",
  "creator",
  "viewer",
];

/** All orders of theirs, newest first. */
export function ordersCsv(db: D1Database, of: OrdersOf): AsyncGenerator<string, void, undefined> {
  return csvOfPages(COLUMNS, ["skus"], async (cursor) => {
    const page = await listOrders(db, { ...of, limit: LIMITS.listRowsRead, cursor });
    return page && { rows: page.rows.map(orderCells), nextCursor: page.nextCursor };
  });
}

function orderCells(row: OrderRow): Cells {
  const { total, due, refunded, units, payment, contract, failure, ...order } = orderOf(row);
  return {
    order: order.id,
    placed_at: isoOf(order.placedAtMs),
    session: row.session,
    status: order.status,
    ...(failure === undefined ? {} : { failure }),
    units: String(units.reduce((sum, { quantity }) => sum + quantity, 0)),
    skus: units.map(({ quantity, sku }) => `${quantity} x ${sku}`).join("; "),
    currency: due.currency,
    total: amountCell(total),
    due: amountCell(due),
    refunded: amountCell(refunded),
    ...(payment ? { provider: payment.provider, payment: payment.id } : {}),
    ...(contract === undefined ? {} : { contract }),
    ...(row.creator === null ? {} : { creator: row.creator }),
    viewer: order.viewer,
  };
}

/** Orders as lists have them: with what was bought by its name, on the wire or as CSV. Reads D1. */
import type { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import { offerTitles } from "../reporting/readers.ts";
import { listOrders, type OrderRow, type OrdersOf } from "../settlement/order-readers.ts";
import { orderOf } from "../settlement/orders.ts";
import { isoOf, type Code } from "../wire/instants.ts";
import type { listedOrder } from "../wire/orders.ts";
import { amountCell, csvOfPages, type Cells } from "./csv.ts";

type Shown = Code<z.output<typeof listedOrder>>;

type TitleOf = Awaited<ReturnType<typeof offerTitles>>;

/** A page of orders; what their offers are called is read at once. */
export async function ordersShown(db: D1Database, rows: readonly OrderRow[]): Promise<Shown[]> {
  const titleOf = await titlesIn(db, rows);
  return rows.map((row) => shownOf(row, titleOf));
}

function titlesIn(db: D1Database, rows: readonly OrderRow[]): Promise<TitleOf> {
  return offerTitles(
    db,
    rows.flatMap(({ session, lines }) => lines.map(({ offer }) => ({ session, offer }))),
  );
}

function shownOf(row: OrderRow, titleOf: TitleOf): Shown {
  const lines = row.lines.map((line) => {
    const title = titleOf({ session: row.session, offer: line.offer });
    return { ...line, ...(title === undefined ? {} : { title }) };
  });
  return { ...orderOf(row), lines };
}

const COLUMNS = [
  "order",
  "placed_at",
  "session",
  "status",
  "failure",
  "units",
  "offers",
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
  return csvOfPages(COLUMNS, ["offers", "skus"], async (cursor) => {
    const page = await listOrders(db, { ...of, limit: LIMITS.listRowsRead, cursor });
    if (!page) return undefined;
    const titleOf = await titlesIn(db, page.rows);
    const rows = page.rows.map((row) => orderCells(row, shownOf(row, titleOf)));
    return { rows, nextCursor: page.nextCursor };
  });
}

function orderCells(row: OrderRow, order: Shown): Cells {
  const { lines, units, due, payment, contract, failure } = order;
  return {
    order: order.id,
    placed_at: isoOf(order.placedAtMs),
    session: row.session,
    status: order.status,
    ...(failure === undefined ? {} : { failure }),
    units: String(units.reduce((sum, { quantity }) => sum + quantity, 0)),
    offers: lines.map(({ quantity, offer, title }) => `${quantity} x ${title ?? offer}`).join("; "),
    skus: units.map(({ quantity, sku }) => `${quantity} x ${sku}`).join("; "),
    currency: due.currency,
    total: amountCell(order.total),
    due: amountCell(due),
    refunded: amountCell(order.refunded),
    ...(payment ? { provider: payment.provider, payment: payment.id } : {}),
    ...(contract === undefined ? {} : { contract }),
    ...(row.creator === null ? {} : { creator: row.creator }),
    viewer: order.viewer,
  };
}

/** Settlement's tables in D1. `migrations/` is generated from here. Money is integer minor units beside its currency. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type {
  ContractId,
  CreatorId,
  OrderId,
  ReservationId,
  SellerId,
  SessionId,
  ViewerId,
} from "../domain/ids.ts";
import type { FailureReason, Order, OrderStatus } from "../domain/order.ts";

/** How far each of settlement's projections has come in each session's journal. */
export const settlementCursors = sqliteTable(
  "settlement_cursors",
  {
    projection: text().notNull(),
    session: text().$type<SessionId>().notNull(),
    /** NOT NULL is what fails a batch whose cursor was moved by somebody else. */
    seq: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.projection, table.session] })],
);

/** Whose a session is: all that settlement knows of it, learnt from its first event. */
export const settlementSessions = sqliteTable("settlement_sessions", {
  session: text().$type<SessionId>().primaryKey(),
  seller: text().$type<SellerId>().notNull(),
  creator: text().$type<CreatorId>(),
});

/** Orders as their events tell them. Total, due and refunded share one currency: their session's. */
export const orders = sqliteTable(
  "orders",
  {
    id: text().$type<OrderId>().primaryKey(),
    session: text().$type<SessionId>().notNull(),
    seller: text().$type<SellerId>().notNull(),
    creator: text().$type<CreatorId>(),
    contract: text().$type<ContractId>(),
    viewer: text().$type<ViewerId>().notNull(),
    reservation: text().$type<ReservationId>().notNull(),
    status: text().$type<OrderStatus>().notNull(),
    currency: text().notNull(),
    total: integer().notNull(),
    due: integer().notNull(),
    refunded: integer().notNull(),
    paymentMethod: text("payment_method").notNull(),
    paymentProvider: text("payment_provider"),
    paymentId: text("payment_id"),
    paymentPending: integer("payment_pending", { mode: "boolean" }).notNull(),
    failure: text().$type<FailureReason>(),
    lines: text({ mode: "json" }).$type<Order["lines"]>().notNull(),
    units: text({ mode: "json" }).$type<Order["units"]>().notNull(),
    refunds: text({ mode: "json" }).$type<Order["refunds"]>().notNull(),
    placedAtMs: integer("placed_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    /** The last event applied to this order. */
    seq: integer().notNull(),
  },
  (table) => [
    index("orders_by_seller").on(table.seller, table.placedAtMs, table.id),
    index("orders_by_session").on(table.session, table.placedAtMs, table.id),
    index("orders_open")
      .on(table.placedAtMs)
      .where(sql`status IN ('placed', 'authorized')`),
    index("orders_come_to_nothing")
      .on(table.updatedAtMs)
      .where(sql`failure IN ('hold_lost', 'capture_failed') OR (status = 'cancelled' AND due > 0)`),
  ],
);

/** An order as D1 has it. */
export type OrderRow = typeof orders.$inferSelect;
export type SessionRow = typeof settlementSessions.$inferSelect;

/**
 * When the repairing cron looks at an order again that it could not finish. Not a projection: events do not tell it,
 * and a rebuild leaves it alone.
 */
export const orderLooks = sqliteTable(
  "order_looks",
  {
    order: text().$type<OrderId>().primaryKey(),
    looks: integer().notNull(),
    restsUntilMs: integer("rests_until_ms").notNull(),
  },
  (table) => [index("order_looks_rests_until").on(table.restsUntilMs)],
);

/**
 * Payments of failed and cancelled orders that the provider has confirmed as given back, or never heard of. Not a
 * projection either.
 */
export const returnedPayments = sqliteTable("returned_payments", {
  order: text().$type<OrderId>().primaryKey(),
  returnedAtMs: integer("returned_at_ms").notNull(),
});

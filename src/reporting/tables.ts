/** Reporting's tables in D1. `migrations/` is generated from here. Money is integer minor units beside its currency. */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ContractId, CreatorId, OfferId, OrderId, SellerId, SessionId } from "../domain/ids.ts";
import type { OrderStatus } from "../domain/order.ts";
import type { SessionStatus } from "../domain/session.ts";

/** How far each of reporting's projections has come in each session's journal. */
export const reportingCursors = sqliteTable(
  "reporting_cursors",
  {
    projection: text().notNull(),
    session: text().$type<SessionId>().notNull(),
    /** NOT NULL is what fails a batch whose cursor was moved by somebody else. */
    seq: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.projection, table.session] })],
);

/** Over, with events since it was let go, if it was. As text without parameters, so that it is an index's condition too. */
export const TO_COOL = sql.raw("status IN ('ended', 'cancelled') AND active_seq > cooled_seq");

/** One row a session: what a seller's or creator's list shows. */
export const sessionSummaries = sqliteTable(
  "session_summaries",
  {
    session: text().$type<SessionId>().primaryKey(),
    seller: text().$type<SellerId>().notNull(),
    creator: text().$type<CreatorId>(),
    contract: text().$type<ContractId>(),
    title: text().notNull(),
    status: text().$type<SessionStatus>().notNull(),
    currency: text().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    scheduledAtMs: integer("scheduled_at_ms"),
    startedAtMs: integer("started_at_ms"),
    endedAtMs: integer("ended_at_ms"),
    /** Reservations that got their units, at once or from the waitlist. */
    reservationsHeld: integer("reservations_held").notNull(),
    reservationsExpired: integer("reservations_expired").notNull(),
    /** Orders by the status they have now. */
    ordersPlaced: integer("orders_placed").notNull(),
    ordersAuthorized: integer("orders_authorized").notNull(),
    ordersCaptured: integer("orders_captured").notNull(),
    ordersFailed: integer("orders_failed").notNull(),
    ordersCancelled: integer("orders_cancelled").notNull(),
    ordersRefunded: integer("orders_refunded").notNull(),
    /** What the session last measured of its viewers: cumulative, zero before the first time. */
    views: integer().notNull(),
    viewersPeak: integer("viewers_peak").notNull(),
    taps: integer().notNull(),
    refused: integer().notNull(),
    /** Units of orders whose payment was captured, less those that came back with a refund. */
    unitsSold: integer("units_sold").notNull(),
    /** Minor units captured, refunds not taken off. */
    captured: integer().notNull(),
    refunded: integer().notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    /** The last event applied. */
    seq: integer().notNull(),
    /** The last of these that was news of the session: neither the warm-up's own, nor a measurement. */
    activeSeq: integer("active_seq").notNull(),
    /** The last event that was in the lake when the session was let go; 0 before it was. */
    cooledSeq: integer("cooled_seq").notNull(),
  },
  (table) => [
    index("session_summaries_by_seller").on(table.seller, table.createdAtMs, table.session),
    index("session_summaries_by_creator").on(table.creator, table.createdAtMs, table.session),
    index("session_summaries_scheduled").on(table.scheduledAtMs),
    /** Sessions that are over and not let go: few at any time. */
    index("session_summaries_to_cool").on(table.updatedAtMs).where(TO_COOL),
  ],
);

export type SessionSummary = typeof sessionSummaries.$inferSelect;

/** What an order has of one offer: the units and the minor units due of all its lines of it, and what of these was refunded. */
export type OrderPart = readonly [offer: OfferId, units: number, due: number, refunded: number];

/** What reporting must remember of an order so that its later events, which name it only, can be counted. */
export const reportedOrders = sqliteTable(
  "reported_orders",
  {
    id: text().$type<OrderId>().primaryKey(),
    session: text().$type<SessionId>().notNull(),
    status: text().$type<OrderStatus>().notNull(),
    parts: text({ mode: "json" }).$type<readonly OrderPart[]>().notNull(),
    /** The last event applied to this order. */
    seq: integer().notNull(),
  },
  (table) => [index("reported_orders_by_session").on(table.session)],
);

export type ReportedOrder = typeof reportedOrders.$inferSelect;

/** Offers: what they are called, how much of the stock one of them takes, and when they open by themselves. */
export const reportedOffers = sqliteTable(
  "reported_offers",
  {
    session: text().$type<SessionId>().notNull(),
    offer: text().$type<OfferId>().notNull(),
    title: text().notNull(),
    /** Units in one of the offer: more than one of a bundle. */
    units: integer().notNull(),
    opensAtMs: integer("opens_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.session, table.offer] }),
    /** So that the warm-up finds them in time. */
    index("reported_offers_by_opening")
      .on(table.opensAtMs)
      .where(sql`opens_at_ms IS NOT NULL`),
  ],
);

export type ReportedOffer = typeof reportedOffers.$inferSelect;

/** Sales of an offer in an hour, with all that they are summed by. Minor units of the session's currency. */
export const reportedSales = sqliteTable(
  "reported_sales",
  {
    session: text().$type<SessionId>().notNull(),
    offer: text().$type<OfferId>().notNull(),
    /** Where the hour (UTC) begins in which it happened: the capture, or the refund. */
    hourAtMs: integer("hour_at_ms").notNull(),
    seller: text().$type<SellerId>().notNull(),
    creator: text().$type<CreatorId>(),
    currency: text().notNull(),
    /** Captured orders, each with one of its offers alone: they may be added up. */
    orders: integer().notNull(),
    /** Captured orders with this offer, whatever else is in them: of several offers they may not. */
    ordersWith: integer("orders_with").notNull(),
    units: integer().notNull(),
    unitsReturned: integer("units_returned").notNull(),
    captured: integer().notNull(),
    refunded: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.session, table.offer, table.hourAtMs] }),
    index("reported_sales_by_seller").on(table.seller, table.hourAtMs),
    index("reported_sales_by_creator")
      .on(table.creator, table.hourAtMs)
      .where(sql`creator IS NOT NULL`),
  ],
);

export type SalesOfHour = typeof reportedSales.$inferSelect;

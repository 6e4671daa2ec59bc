/** What goes back to buyers, in D1: refunds that somebody asked for, and disputes that a buyer's bank opened. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { DisputeId, OrderId, RefundId } from "../../domain/ids.ts";
import { legsColumn } from "../ledger/tables.ts";

/** `requested` is written before the provider is called; `failed` was sent and came back; `refused` never left. */
export type RefundStatus = "requested" | "pending" | "sent" | "failed" | "refused";

export const refunds = sqliteTable(
  "refunds",
  {
    id: text().$type<RefundId>().primaryKey(),
    order: text().$type<OrderId>().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
    /** Whether the units go back to stock. */
    returnUnits: integer("return_units", { mode: "boolean" }).notNull(),
    status: text().$type<RefundStatus>().notNull(),
    provider: text().notNull(),
    providerId: text("provider_id"),
    failure: text(),
    /** The refund by which one that failed was made anew. */
    replacedBy: text("replaced_by").$type<RefundId>(),
    /** The event by which the order's session knows it; absent until it was told. */
    eventSeq: integer("event_seq"),
    attempts: integer().notNull(),
    nextAttemptAtMs: integer("next_attempt_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("refunds_by_order").on(table.order),
    index("refunds_untold")
      .on(table.createdAtMs)
      .where(sql`event_seq IS NULL`),
    index("refunds_due")
      .on(table.nextAttemptAtMs)
      .where(sql`next_attempt_at_ms IS NOT NULL`),
  ],
);

export const disputes = sqliteTable(
  "disputes",
  {
    id: text().$type<DisputeId>().primaryKey(),
    provider: text().notNull(),
    /** The provider's id. */
    providerId: text("provider_id").notNull(),
    order: text().$type<OrderId>().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
    feeAmount: integer("fee_amount").notNull(),
    feeCurrency: text("fee_currency").notNull(),
    status: text({ enum: ["open", "won", "lost"] }).notNull(),
    reason: text().notNull(),
    /** What each leg has at stake; the platform also what is beyond what was captured. */
    legs: legsColumn().notNull(),
    openedAtMs: integer("opened_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("disputes_by_order").on(table.order),
    index("disputes_by_time").on(table.openedAtMs, table.id),
  ],
);

export type RefundRow = typeof refunds.$inferSelect;
export type DisputeRow = typeof disputes.$inferSelect;

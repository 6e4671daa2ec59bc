/** The attribution's table in D1: the record of each decision. `migrations/` is generated from here. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AttributionDecision, LinkId } from "../../domain/attribution.ts";
import type { CreatorId, OrderId } from "../../domain/ids.ts";

/**
 * One decision an order, made with the order's row and never again: the database refuses to change it, and a rebuild of
 * the orders leaves it alone. What refunds leave of it is computed when it is read.
 */
export const attributions = sqliteTable(
  "attributions",
  {
    order: text().$type<OrderId>().primaryKey(),
    /** Whose the order is by the decision, and by which link. */
    creator: text().$type<CreatorId>(),
    link: text().$type<LinkId>(),
    placedAtMs: integer("placed_at_ms").notNull(),
    decision: text({ mode: "json" }).$type<AttributionDecision>().notNull(),
  },
  (table) => [
    index("attributions_by_link")
      .on(table.link, table.placedAtMs)
      .where(sql`link IS NOT NULL`),
  ],
);

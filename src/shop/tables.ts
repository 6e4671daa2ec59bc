/** The shop's tables in D1. Touches nothing: migrations/ is generated from here (`npm run migrations`). */
import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { CreatorId, SellerId, ViewerId } from "../domain/ids.ts";

export const sellers = sqliteTable("sellers", {
  id: text().$type<SellerId>().primaryKey(),
  name: text().notNull(),
  email: text(),
  createdAtMs: integer("created_at_ms").notNull(),
});

export const creators = sqliteTable(
  "creators",
  {
    id: text().$type<CreatorId>().primaryKey(),
    name: text().notNull(),
    handle: text().notNull(),
    email: text(),
    /** Who they are when they buy, where the platform says so. */
    viewer: text().$type<ViewerId>(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("creators_handle").on(table.handle),
    index("creators_viewer")
      .on(table.viewer)
      .where(sql`viewer IS NOT NULL`),
  ],
);

/** API keys. A key belongs to a seller or to a creator, never to both. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text().$type<`key_${string}`>().primaryKey(),
    /** SHA-256 of the secret, in hex: the secret is random to its full length, so there is nothing to guess or to salt. */
    secretHash: text("secret_hash").notNull(),
    label: text().notNull(),
    sellerId: text("seller_id")
      .$type<SellerId>()
      .references(() => sellers.id),
    creatorId: text("creator_id")
      .$type<CreatorId>()
      .references(() => creators.id),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
  },
  (table) => [
    uniqueIndex("api_keys_secret_hash").on(table.secretHash),
    index("api_keys_seller").on(table.sellerId, table.id),
    index("api_keys_creator").on(table.creatorId, table.id),
    check("api_keys_one_owner", sql`(${table.sellerId} IS NULL) <> (${table.creatorId} IS NULL)`),
  ],
);

/**
 * Products with their variants as JSON: a product is imported, compared, listed and shown as a whole, and D1 bills
 * by the row. The key is what lists walk, the index is what imports look up by.
 */
export const products = sqliteTable(
  "products",
  {
    sellerId: text("seller_id")
      .$type<SellerId>()
      .notNull()
      .references(() => sellers.id),
    id: text().$type<`prd_${string}`>().notNull(),
    handle: text().notNull(),
    title: text().notNull(),
    /** Plain text, never HTML; escaped where it is shown. */
    description: text().notNull(),
    vendor: text(),
    status: text().notNull(),
    /** JSON arrays, of the wire's shapes. */
    tags: text().notNull(),
    images: text().notNull(),
    optionNames: text("option_names").notNull(),
    variants: text().notNull(),
    /** Of all that an import can change: equal hashes need no write. */
    contentHash: text("content_hash").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sellerId, table.id] }),
    uniqueIndex("products_handle").on(table.sellerId, table.handle),
  ],
);

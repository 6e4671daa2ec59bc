/** Creators' links and their clicks in D1. Touches nothing: migrations/ is generated from here (`npm run migrations`). */
import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { MINUTE_MS, type ClickId, type LinkId } from "../../domain/attribution.ts";
import type { CreatorId, SellerId, SessionId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { creators, sellers } from "../tables.ts";

/** Never deleted: a code that is in print stays its creator's. */
export const links = sqliteTable(
  "links",
  {
    id: text().$type<LinkId>().primaryKey(),
    code: text().notNull(),
    creator: text()
      .$type<CreatorId>()
      .notNull()
      .references(() => creators.id),
    /** Whose sales it counts for; without one everybody's. */
    seller: text()
      .$type<SellerId>()
      .references(() => sellers.id),
    /** Where it leads: an address or a session. */
    url: text(),
    session: text().$type<SessionId>(),
    /** JSON, of the wire's shape. */
    utm: text().notNull(),
    coupon: text(),
    /** How long a click speaks for the creator. Links from before there was a choice have the longest. */
    windowMinutes: integer("window_minutes")
      .notNull()
      .default(LIMITS.attributionWindowMaxMs / MINUTE_MS),
    createdAtMs: integer("created_at_ms").notNull(),
    archivedAtMs: integer("archived_at_ms"),
  },
  (table) => [
    uniqueIndex("links_code").on(table.code),
    index("links_creator").on(table.creator, table.id),
    index("links_seller").on(table.seller, table.id),
    check("links_one_target", sql`(${table.url} IS NULL) <> (${table.session} IS NULL)`),
  ],
);

/** Clicks by their ids, so that none is counted twice; each is counted by a trigger when its row is new. */
export const clicks = sqliteTable(
  "clicks",
  {
    id: text().$type<ClickId>().primaryKey(),
    link: text().$type<LinkId>().notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [index("clicks_by_time").on(table.atMs)],
);

/** How many there were in each hour; only the trigger writes. */
export const clickHours = sqliteTable(
  "click_hours",
  {
    link: text().$type<LinkId>().notNull(),
    /** When the hour begins. */
    atMs: integer("at_ms").notNull(),
    clicks: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.link, table.atMs] })],
);

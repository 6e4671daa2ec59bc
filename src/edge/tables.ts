/** The edge's table in D1. Touches nothing: migrations/ is generated from here (`npm run migrations`). */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Requests that are carried out once, by their `Idempotency-Key`. Claimed before the work, completed with the answer. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** SHA-256 of the principal and the key: two principals may use the same key. */
    keyHash: text("key_hash").primaryKey(),
    /** Of method, path and body: the same key with another request is refused. */
    fingerprint: text().notNull(),
    /** An id made with the claim for what the request creates: who carries on after a crash creates the same thing. */
    subject: text().notNull(),
    claimedAtMs: integer("claimed_at_ms").notNull(),
    /** The sealed answer, see `sealed.ts`; null while the request is being worked on. */
    answer: text(),
  },
  (table) => [index("idempotency_keys_claimed").on(table.claimedAtMs)],
);

/** Sign-ins in D1. Touches nothing: migrations/ is generated from here (`npm run migrations`). */
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { KeyId, SessionId, SignInId } from "../../domain/ids.ts";
import { apiKeys } from "../tables.ts";

/** A code that was handed out, then the browser it let in. Of code and token only hashes are kept. */
export const signIns = sqliteTable(
  "sign_ins",
  {
    id: text().$type<SignInId>().primaryKey(),
    /** It holds no longer than its key does. */
    keyId: text("key_id")
      .$type<KeyId>()
      .notNull()
      .references(() => apiKeys.id),
    /** What it is limited to. */
    session: text().$type<SessionId>(),
    /** SHA-256 in hex. */
    codeHash: text("code_hash").notNull(),
    codeExpiresAtMs: integer("code_expires_at_ms").notNull(),
    /** When the code was used; it is used once. */
    redeemedAtMs: integer("redeemed_at_ms"),
    /** SHA-256 in hex, of what is in the browser's cookie. */
    tokenHash: text("token_hash"),
    expiresAtMs: integer("expires_at_ms").notNull(),
    /** When somebody signed out, or was signed out. */
    endedAtMs: integer("ended_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("sign_ins_code_hash").on(table.codeHash),
    uniqueIndex("sign_ins_token_hash").on(table.tokenHash),
    index("sign_ins_key").on(table.keyId, table.id),
    index("sign_ins_by_expiry").on(table.expiresAtMs),
  ],
);

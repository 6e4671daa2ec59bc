/** Messages that a queue gave up on, in D1. */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export type DeadLetterId = `dlt_${string}`;

/** The queues whose messages are kept, by the names that people know them by. */
export const DEAD_LETTER_QUEUES = ["settlement", "reporting", "payments", "clicks"] as const;
export type DeadLetterQueue = (typeof DEAD_LETTER_QUEUES)[number];

export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: text().$type<DeadLetterId>().primaryKey(),
    /** The queue that gave it up. */
    queue: text().$type<DeadLetterQueue>().notNull(),
    /** The queue's own id of the message: one that is handed over twice is kept once. */
    message: text().notNull(),
    /** JSON, without what the journal has where that is too much; absent where it is not JSON, or far too much. */
    body: text(),
    /** What it is about, for people. */
    about: text().notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    /** When it was last sent to its queue again; absent while it waits. */
    replayedAtMs: integer("replayed_at_ms"),
    replays: integer().notNull(),
  },
  (table) => [
    uniqueIndex("dead_letters_by_message").on(table.queue, table.message),
    index("dead_letters_by_time").on(table.receivedAtMs, table.id),
    index("dead_letters_waiting")
      .on(table.receivedAtMs, table.id)
      .where(sql`replayed_at_ms IS NULL`),
  ],
);

export type DeadLetter = typeof deadLetters.$inferSelect;

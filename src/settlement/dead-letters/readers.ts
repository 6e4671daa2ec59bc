/** Reads dead letters: one, and pages of many. May touch the dead letters' table. */
import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { pageOf, startOf, type Page, type PageQuery } from "../readers/pages.ts";
import { deadLetters, type DeadLetter, type DeadLetterId, type DeadLetterQueue } from "./tables.ts";

export async function findDeadLetter(db: D1Database, id: DeadLetterId): Promise<DeadLetter | undefined> {
  return drizzle(db).select().from(deadLetters).where(eq(deadLetters.id, id)).get();
}

const CURSOR = /^(\d{1,15})\.(dlt_[0-9a-z]{1,64})$/;

/** A letter of a list, without its body. */
export type ListedLetter = Omit<DeadLetter, "body"> & { readonly isReplayable: boolean };

/** Newest first. Undefined when the cursor is not one of ours. */
export async function listDeadLetters(
  db: D1Database,
  query: PageQuery & {
    readonly queue?: DeadLetterQueue | undefined;
    readonly status?: "waiting" | "replayed" | undefined;
  },
): Promise<Page<ListedLetter> | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const { queue, status, limit } = query;
  const { body, ...columns } = columnsOf();
  const rows = await drizzle(db)
    .select({ ...columns, isReplayable: sql<number>`${body} IS NOT NULL` })
    .from(deadLetters)
    .where(
      and(
        queue && eq(deadLetters.queue, queue),
        status === "waiting" ? isNull(deadLetters.replayedAtMs) : undefined,
        status === "replayed" ? isNotNull(deadLetters.replayedAtMs) : undefined,
        start.after &&
          sql`(${deadLetters.receivedAtMs}, ${deadLetters.id}) < (${Number(start.after[0])}, ${start.after[1]})`,
      ),
    )
    .orderBy(desc(deadLetters.receivedAtMs), desc(deadLetters.id))
    .limit(limit + 1);
  return pageOf(
    rows,
    limit,
    (row) => [row.receivedAtMs, row.id],
    (row) => ({ ...row, isReplayable: row.isReplayable === 1 }),
  );
}

function columnsOf() {
  const { id, queue, message, body, about, receivedAtMs, replayedAtMs, replays } = deadLetters;
  return { id, queue, message, body, about, receivedAtMs, replayedAtMs, replays };
}

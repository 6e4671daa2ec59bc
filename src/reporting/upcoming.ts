/** Which sessions need the warm-up's cron: those about to open, and those that are over. Reads reporting's tables. */
import { and, asc, between, eq, inArray, lte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { unionAll } from "drizzle-orm/sqlite-core";
import type { SessionId } from "../domain/ids.ts";
import { reportedOffers, sessionSummaries, TO_COOL } from "./tables.ts";

/** Some sessions at most. */
interface Some {
  readonly limit: number;
}

/**
 * Sessions of which something opens in the span: the session as scheduled, or an offer by its window. Each seller's
 * soonest first, then each one's next, so that nobody with many keeps others out. Some seconds behind, and some may be
 * over or have changed their mind: the session itself knows.
 */
export async function findOpening(
  d1: D1Database,
  { fromMs, toMs, limit }: Some & { readonly fromMs: number; readonly toMs: number },
): Promise<SessionId[]> {
  const db = drizzle(d1);
  const { status, scheduledAtMs, seller } = sessionSummaries;
  const scheduled = db
    .select({
      session: sessionSummaries.session,
      seller: sql<string>`${seller}`.as("of_seller"),
      opensAtMs: sql<number>`${scheduledAtMs}`.as("opens"),
    })
    .from(sessionSummaries)
    .where(
      and(between(scheduledAtMs, fromMs, toMs), inArray(status, ["draft", "scheduled", "live", "paused"])),
    );
  const offers = db
    .select({
      session: reportedOffers.session,
      seller: sql<string>`${seller}`.as("of_seller"),
      opensAtMs: sql<number>`${reportedOffers.opensAtMs}`.as("opens"),
    })
    .from(reportedOffers)
    .innerJoin(sessionSummaries, eq(sessionSummaries.session, reportedOffers.session))
    .where(between(reportedOffers.opensAtMs, fromMs, toMs));
  const opening = unionAll(scheduled, offers).as("opening");
  const soonest = sql`min(${opening.opensAtMs})`;
  const turn = sql`row_number() over (partition by ${opening.seller} order by ${soonest})`;
  const rows = await db
    .select({ session: opening.session })
    .from(opening)
    .groupBy(sql`${opening.session}, ${opening.seller}`)
    .orderBy(asc(turn), asc(soonest))
    .limit(limit);
  return rows.map(({ session }) => session);
}

/**
 * Sessions that are over, of which nothing has happened since then, and that were not let go since then. In no
 * order: one that cannot be let go yet must not keep others waiting.
 */
export async function findToCool(
  d1: D1Database,
  { quietSinceMs, limit }: Some & { readonly quietSinceMs: number },
): Promise<SessionId[]> {
  const rows = await drizzle(d1)
    .select({ session: sessionSummaries.session })
    .from(sessionSummaries)
    .where(and(TO_COOL, lte(sessionSummaries.updatedAtMs, quietSinceMs)))
    .orderBy(sql`random()`)
    .limit(limit);
  return rows.map(({ session }) => session);
}

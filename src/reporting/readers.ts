/** Reads reports from D1: one session's summary, pages of many, what sessions and offers are called. May touch reporting's tables. */
import { and, desc, eq, inArray, isNotNull, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { CreatorId, OfferId, SellerId, SessionId } from "../domain/ids.ts";
import { sessionSummaries, type SessionSummary } from "./tables.ts";

export type { SessionSummary };

export interface SummaryPage {
  readonly rows: readonly SessionSummary[];
  readonly nextCursor: string | null;
}

/** Whose sessions are listed. */
export type SessionsOf = { readonly seller: SellerId } | { readonly creator: CreatorId };

/** A session's summary, as far as its events have been reported. */
export async function findSummary(db: D1Database, session: SessionId): Promise<SessionSummary | undefined> {
  return drizzle(db).select().from(sessionSummaries).where(eq(sessionSummaries.session, session)).get();
}

/** What sessions are called, by id, as far as they have been reported. */
export async function titlesOf(
  db: D1Database,
  sessions: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, string>> {
  const { session, title } = sessionSummaries;
  const rows = await drizzle(db)
    .select({ session, title })
    .from(sessionSummaries)
    .where(inArray(session, sql`(SELECT value FROM json_each(${JSON.stringify(sessions)}))`));
  return new Map(rows.map((row) => [row.session, row.title]));
}

/** An offer: its id is its session's own. */
export interface OfferOf {
  readonly session: SessionId;
  readonly offer: OfferId;
}

const OFFER_TITLES = `
SELECT o.session, o.offer, o.title FROM json_each(?1) AS asked
CROSS JOIN reported_offers o ON o.session = asked.value ->> 'session' AND o.offer = asked.value ->> 'offer'`;

/** What offers are called now, as far as they have been reported: undefined of those that have not. */
export async function offerTitles(
  db: D1Database,
  asked: readonly OfferOf[],
): Promise<(of: OfferOf) => string | undefined> {
  const keyOf = ({ session, offer }: OfferOf): string => `${session}/${offer}`;
  // A rush is thousands of orders of one offer.
  const distinct = [...new Map(asked.map((of) => [keyOf(of), of])).values()];
  const { results } = await db
    .prepare(OFFER_TITLES)
    .bind(JSON.stringify(distinct))
    .all<OfferOf & { readonly title: string }>();
  const titles = new Map(results.map((row) => [keyOf(row), row.title]));
  return (of) => titles.get(keyOf(of));
}

/**
 * Newest first. Undefined when the cursor is not one of ours. Any seller may name any creator: without a contract between the
 * two, which the platform makes, a session is on the creator's list once it has been live and not while it is a draft.
 */
export async function listSessions(
  db: D1Database,
  query: SessionsOf & { readonly cursor?: string | undefined; readonly limit: number },
): Promise<SummaryPage | undefined> {
  const after = query.cursor === undefined ? undefined : positionOf(query.cursor);
  if (query.cursor !== undefined && !after) return undefined;
  const { createdAtMs, session } = sessionSummaries;
  const found = await drizzle(db)
    .select()
    .from(sessionSummaries)
    .where(
      and(
        "seller" in query
          ? eq(sessionSummaries.seller, query.seller)
          : and(
              eq(sessionSummaries.creator, query.creator),
              or(isNotNull(sessionSummaries.contract), isNotNull(sessionSummaries.startedAtMs)),
            ),
        after && sql`(${createdAtMs}, ${session}) < (${after.createdAtMs}, ${after.session})`,
      ),
    )
    .orderBy(desc(createdAtMs), desc(session))
    .limit(query.limit + 1);
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: last && found.length > rows.length ? `${last.createdAtMs}.${last.session}` : null,
  };
}

function positionOf(cursor: string): { readonly createdAtMs: number; readonly session: string } | undefined {
  const [, createdAtMs, session] = /^(\d{1,15})\.(ses_[0-9a-z]+)$/.exec(cursor) ?? [];
  if (createdAtMs === undefined || session === undefined) return undefined;
  return { createdAtMs: Number(createdAtMs), session };
}

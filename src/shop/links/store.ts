/** Creators' links: made, read, archived. Reads and writes D1; what the redirect goes by is in `published.ts`. */
import { and, count, desc, eq, isNull, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { LinkId } from "../../domain/attribution.ts";
import type { CreatorId, SellerId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Code } from "../../wire/instants.ts";
import * as wire from "../../wire/links.ts";
import { done, refused, type Outcome } from "../outcome.ts";
import { pageOf, present, startOf, type Page, type PageQuery } from "../rows.ts";
import { links } from "./tables.ts";

/** A link without its short address, which depends on where it is asked. */
export type Link = Omit<Code<z.output<typeof wire.link>>, "url">;

/** What is asked for, once it is known for whom. */
export type NewLink = Omit<Code<z.output<typeof wire.createLink>>, "creator"> & {
  readonly creator: CreatorId;
};

/** Whose links: a seller's, a creator's, or those for both. */
export interface LinksOf {
  readonly seller?: SellerId;
  readonly creator?: CreatorId;
}

/**
 * `conflict` when the code is another link's, `limit_reached` when the creator has too many for the seller. Made once: whoever comes
 * again with the id gets the link there is. That creator, seller and session exist is for whoever asks to see to.
 */
export async function createLink(
  db: D1Database,
  input: NewLink,
  nowMs: number,
  id: LinkId,
): Promise<Outcome<Link, "conflict" | "limit_reached">> {
  const known = await getLink(db, id);
  if (known) return done(known);
  if (await isFull(db, input)) {
    return refused("limit_reached", `A creator has at most ${LIMITS.linksPerCreator} links for a seller.`);
  }
  for (let attempt = 0; attempt < LIMITS.linkCodeAttempts; attempt++) {
    const made = await inserted(db, { ...input, code: input.code ?? newCode() }, nowMs, id);
    if (made) return done(made);
    if (input.code !== undefined) return refused("conflict", `The code ${input.code} is another link's.`);
  }
  return refused("conflict", "No free code was found; try again.");
}

/** Counted by the seller: whoever names a creator as a session's host may make links for them, and must not use up theirs. */
async function isFull(db: D1Database, { creator, seller }: NewLink): Promise<boolean> {
  const row = await drizzle(db)
    .select({ links: count() })
    .from(links)
    .where(
      and(eq(links.creator, creator), seller === undefined ? isNull(links.seller) : eq(links.seller, seller)),
    )
    .get();
  return (row?.links ?? 0) >= LIMITS.linksPerCreator;
}

/** Undefined when the code is taken. Somebody who makes the same link at the same time makes it once. */
async function inserted(
  db: D1Database,
  { code, creator, seller, target, utm, coupon, windowMinutes }: NewLink & { readonly code: string },
  nowMs: number,
  id: LinkId,
): Promise<Link | undefined> {
  await drizzle(db)
    .insert(links)
    .values({
      id,
      code,
      creator,
      seller: seller ?? null,
      url: "url" in target ? target.url : null,
      session: "session" in target ? target.session : null,
      utm: JSON.stringify(utm ?? {}),
      coupon: coupon ?? null,
      windowMinutes,
      createdAtMs: nowMs,
    })
    .onConflictDoNothing();
  return getLink(db, id);
}

/** No letter or digit that is taken for another one: people read codes out. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const CODE_CHARS = 7;

function newCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(CODE_CHARS));
  return Array.from(random, (byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
}

export async function getLink(db: D1Database, id: LinkId): Promise<Link | undefined> {
  const row = await drizzle(db).select().from(links).where(eq(links.id, id)).get();
  return row && shown(row);
}

/** Newest first, archived ones too. `bad_request` for a cursor that is none. */
export async function listLinks(
  db: D1Database,
  { seller, creator }: LinksOf,
  query: PageQuery,
): Promise<Outcome<Page<Link>, "bad_request">> {
  const start = startOf("lnk", query);
  if (!start.ok) return start;
  const rows = await drizzle(db)
    .select()
    .from(links)
    .where(
      and(
        seller && eq(links.seller, seller),
        creator && eq(links.creator, creator),
        start.value && lt(links.id, start.value),
      ),
    )
    .orderBy(desc(links.id))
    .limit(query.limit + 1);
  return done(pageOf(rows, query.limit, shown));
}

/** Archiving again changes nothing: the first time stands. */
export async function archiveLink(
  db: D1Database,
  id: LinkId,
  nowMs: number,
): Promise<Outcome<Link, "not_found">> {
  await drizzle(db)
    .update(links)
    .set({ archivedAtMs: nowMs })
    .where(and(eq(links.id, id), isNull(links.archivedAtMs)));
  const link = await getLink(db, id);
  return link ? done(link) : refused("not_found", `There is no link ${id}.`);
}

function shown({ url, session, utm, ...row }: typeof links.$inferSelect): Link {
  return { ...present(row), target: targetOf(url, session), utm: wire.utm.parse(JSON.parse(utm)) };
}

function targetOf(url: string | null, session: typeof links.$inferSelect.session): Link["target"] {
  if (url !== null) return { url };
  if (session !== null) return { session };
  throw new Error("The table's check gives every link a target.");
}

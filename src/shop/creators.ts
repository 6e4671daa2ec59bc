/** Creators: who hosts sessions. Reads and writes D1. */
import { eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { CreatorId } from "../domain/ids.ts";
import type * as wire from "../wire/identities.ts";
import type { Code } from "../wire/instants.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import { newId, present } from "./rows.ts";
import { creators } from "./tables.ts";

export type Creator = Code<z.output<typeof wire.creator>>;
/** A platform's reference stays with it: what is kept is the viewer that follows from it. */
export type NewCreator = Omit<Code<z.output<typeof wire.createCreator>>, "reference"> &
  Pick<Creator, "viewer">;

/**
 * `conflict` when another creator has the handle; whoever is first has it, also when both ask at once. With an `id` it
 * is made once: whoever comes again with it gets the creator there is.
 */
export async function createCreator(
  db: D1Database,
  input: NewCreator,
  nowMs: number,
  id: CreatorId = newId("cre"),
): Promise<Outcome<Creator, "conflict">> {
  const creator: Creator = { id, ...input, createdAtMs: nowMs };
  const inserted = await drizzle(db)
    .insert(creators)
    .values(creator)
    .onConflictDoNothing()
    .returning({ id: creators.id });
  if (inserted.length > 0) return done(creator);
  const known = await getCreator(db, id);
  return known ? done(known) : refused("conflict", `The handle ${input.handle} is another creator's.`);
}

/** The first of some creators that there is not. */
export async function findMissing(db: D1Database, ids: readonly CreatorId[]): Promise<CreatorId | undefined> {
  if (ids.length === 0) return undefined;
  const missing = await db
    .prepare("SELECT value AS id FROM json_each(?1) WHERE value NOT IN (SELECT id FROM creators) LIMIT 1")
    .bind(JSON.stringify(ids))
    .first<{ id: CreatorId }>();
  return missing?.id;
}

export async function getCreator(db: D1Database, id: CreatorId): Promise<Creator | undefined> {
  const row = await drizzle(db).select().from(creators).where(eq(creators.id, id)).get();
  return row && present(row);
}

/** What creators call themselves, by id; whoever does not exist is left out. */
export async function namesOfCreators(
  db: D1Database,
  ids: readonly CreatorId[],
): Promise<ReadonlyMap<CreatorId, string>> {
  const rows = await drizzle(db)
    .select({ id: creators.id, name: creators.name })
    .from(creators)
    .where(inArray(creators.id, sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

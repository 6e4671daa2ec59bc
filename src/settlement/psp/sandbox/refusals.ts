/**
 * What the sandbox has refused, and refuses for good: who wants it after all asks under another id, so that what is
 * refused to one call is not made by another of the same id. May touch sandbox_refusals.
 */
import { ask, inOneBatch, type Question } from "./books.ts";
import type { sandboxRefusals } from "./tables.ts";

type Refusal = typeof sandboxRefusals.$inferSelect;

/** Where things are that were made; something is made or refused, never both. */
type Table = "sandbox_refunds" | "sandbox_transfers" | "sandbox_reversals" | "sandbox_payouts";

/** Something that was asked for, by the sandbox's id of it. */
interface Asked {
  readonly id: string;
  /** What tells it from all others; under the same id it is the same. */
  readonly facts: readonly (string | number)[];
}

/** For the statement that makes something: that its id, an SQL expression, was not refused. */
export function isNotRefused(id: string): string {
  return `NOT EXISTS (SELECT 1 FROM sandbox_refusals refusal WHERE refusal.id = ${id})`;
}

const REFUSAL = "SELECT id, asked, reason FROM sandbox_refusals WHERE id = ?1";

export function refusalOf(db: D1Database, id: string): Question<Refusal> {
  return ask(db, REFUSAL, id);
}

/** What is said to one who asks again. */
export function refusedAs(
  { asked, reason }: Refusal,
  { facts }: Asked,
): { readonly status: "refused"; readonly reason: string } {
  return { status: "refused", reason: asked === JSON.stringify(facts) ? reason : "id_reused" };
}

/**
 * Refuses for good.
 * @throws {Error} when another call has made it meanwhile: to be asked again.
 */
export async function refuse(
  db: D1Database,
  table: Table,
  asked: Asked,
  reason: string,
): Promise<{ readonly status: "refused"; readonly reason: string }> {
  const write = db.prepare(`
    INSERT INTO sandbox_refusals (id, asked, reason)
    SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM ${table} made WHERE made.id = ?1)
    ON CONFLICT DO NOTHING`);
  const { id, facts } = asked;
  const bound = write.bind(id, JSON.stringify(facts), reason);
  const { rows } = await inOneBatch(db, [bound], refusalOf(db, id));
  if (!rows[0]) throw new Error(`${id} was just made for another call`);
  return refusedAs(rows[0], asked);
}

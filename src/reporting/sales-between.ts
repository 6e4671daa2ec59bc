/** Whether two have sold together. Reads reporting's tables. */
import { and, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { CreatorId, SellerId } from "../domain/ids.ts";
import { sessionSummaries } from "./tables.ts";

/**
 * Whether anything was ever paid for in a session of a seller's that a creator hosted, as the record has it: some seconds
 * behind. Sessions alone say nothing: a seller makes one with any creator, who need not know of it.
 */
export async function haveSold(db: D1Database, seller: SellerId, creator: CreatorId): Promise<boolean> {
  const { session, seller: of, creator: host, captured } = sessionSummaries;
  const found = await drizzle(db)
    .select({ session })
    .from(sessionSummaries)
    .where(and(eq(host, creator), eq(of, seller), gt(captured, 0)))
    .limit(1)
    .get();
  return found !== undefined;
}

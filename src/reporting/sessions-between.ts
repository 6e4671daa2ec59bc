/** Whether two have sold together. Reads reporting's tables. */
import { and, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { CreatorId, SellerId } from "../domain/ids.ts";
import { sessionSummaries } from "./tables.ts";

/** Whether a seller ever had a session with a creator, as the record has it: some seconds behind. */
export async function haveSession(db: D1Database, seller: SellerId, creator: CreatorId): Promise<boolean> {
  const found = await drizzle(db)
    .select({ session: sessionSummaries.session })
    .from(sessionSummaries)
    .where(and(eq(sessionSummaries.creator, creator), eq(sessionSummaries.seller, seller)))
    .limit(1)
    .get();
  return found !== undefined;
}

/** Sellers: who owns catalogue, stock and the money that is left. Reads and writes D1. */
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { SellerId } from "../domain/ids.ts";
import type * as wire from "../wire/identities.ts";
import type { Code } from "../wire/instants.ts";
import { newId, present } from "./rows.ts";
import { sellers } from "./tables.ts";

export type Seller = Code<z.output<typeof wire.seller>>;
export type NewSeller = Code<z.output<typeof wire.createSeller>>;

/** With an `id` it is made once: whoever comes again with it gets the seller there is. */
export async function createSeller(
  db: D1Database,
  input: NewSeller,
  nowMs: number,
  id: SellerId = newId("sel"),
): Promise<Seller> {
  const seller: Seller = { id, ...input, createdAtMs: nowMs };
  await drizzle(db).insert(sellers).values(seller).onConflictDoNothing({ target: sellers.id });
  return (await getSeller(db, id)) ?? seller;
}

export async function getSeller(db: D1Database, id: SellerId): Promise<Seller | undefined> {
  const row = await drizzle(db).select().from(sellers).where(eq(sellers.id, id)).get();
  return row && present(row);
}

/** Which transactions of those with known names are in the ledger. Reads the ledger's tables. */
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { Code } from "../../wire/instants.ts";
import type { recorded } from "../../wire/transfers.ts";
import { ledgerTransactions } from "../ledger/tables.ts";
import { among } from "./own.ts";

export type Recorded = Code<z.output<typeof recorded>>;

/** By id; names of what never happened are left out. */
export async function recordedById(db: D1Database, names: readonly string[]): Promise<Map<string, Recorded>> {
  const { id, kind, atMs } = ledgerTransactions;
  const rows = await drizzle(db).select({ id, kind, atMs }).from(ledgerTransactions).where(among(id, names));
  return new Map(rows.map((row) => [row.id, row]));
}

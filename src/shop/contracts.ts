/** Contracts: the terms between a seller and a creator. They are made and read, never changed. Reads and writes D1. */
import { and, asc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { ContractId, CreatorId, SellerId } from "../domain/ids.ts";
import type * as wire from "../wire/identities.ts";
import type { Code } from "../wire/instants.ts";
import { getCreator } from "./creators.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import { newId, pageOf, present, startOf, type Page, type PageQuery } from "./rows.ts";
import { getSeller } from "./sellers.ts";
import { contracts } from "./tables.ts";

export type Contract = Code<z.output<typeof wire.contract>>;
export type NewContract = Code<z.output<typeof wire.createContract>>;

/** Whose contracts: a seller's, a creator's, or those between the two. */
export interface Parties {
  readonly seller?: SellerId;
  readonly creator?: CreatorId;
}

/**
 * `not_found` when seller or creator do not exist. Shares and dates are checked by the wire's schema. With an `id` it is
 * made once: whoever comes again with it gets the contract there is.
 */
export async function createContract(
  db: D1Database,
  input: NewContract,
  nowMs: number,
  id: ContractId = newId("con"),
): Promise<Outcome<Contract, "not_found">> {
  const [seller, creator] = await Promise.all([getSeller(db, input.seller), getCreator(db, input.creator)]);
  if (!seller) return refused("not_found", `There is no seller ${input.seller}.`);
  if (!creator) return refused("not_found", `There is no creator ${input.creator}.`);
  const contract: Contract = { id, ...input, createdAtMs: nowMs };
  await drizzle(db).insert(contracts).values(contract).onConflictDoNothing({ target: contracts.id });
  return done((await getContract(db, id)) ?? contract);
}

export async function getContract(db: D1Database, id: ContractId): Promise<Contract | undefined> {
  const row = await drizzle(db).select().from(contracts).where(eq(contracts.id, id)).get();
  return row && present(row);
}

/** In the order they were made. `bad_request` for a cursor that is none. */
export async function listContracts(
  db: D1Database,
  parties: Parties,
  query: PageQuery,
): Promise<Outcome<Page<Contract>, "bad_request">> {
  const start = startOf("con", query);
  if (!start.ok) return start;
  const rows = await drizzle(db)
    .select()
    .from(contracts)
    .where(
      and(
        parties.seller && eq(contracts.seller, parties.seller),
        parties.creator && eq(contracts.creator, parties.creator),
        start.value && gt(contracts.id, start.value),
      ),
    )
    .orderBy(asc(contracts.id))
    .limit(query.limit + 1);
  return done(pageOf(rows, query.limit, present));
}

/** Contracts in D1: who they are between, and every version of their terms. Rows are added, never changed. */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { ContractTerms } from "../../domain/contract.ts";
import type { ContractId, CreatorId, SellerId } from "../../domain/ids.ts";

export const contracts = sqliteTable(
  "contracts",
  {
    id: text().$type<ContractId>().primaryKey(),
    seller: text().$type<SellerId>().notNull(),
    creator: text().$type<CreatorId>(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    index("contracts_by_seller").on(table.seller, table.id),
    index("contracts_by_creator").on(table.creator, table.id),
  ],
);

export const contractVersions = sqliteTable(
  "contract_versions",
  {
    contract: text().$type<ContractId>().notNull(),
    version: integer().notNull(),
    /** The request that made it: one that comes again finds its version here. */
    request: text().notNull(),
    terms: text({ mode: "json" }).$type<ContractTerms>().notNull(),
    effectiveAtMs: integer("effective_at_ms").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    // Of two that come at once only one can have a number.
    primaryKey({ columns: [table.contract, table.version] }),
    uniqueIndex("contract_versions_request").on(table.contract, table.request),
  ],
);

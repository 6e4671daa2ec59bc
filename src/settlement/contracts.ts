/**
 * Contracts: the terms between platform, seller and creator, in versions that are made and read, never changed. Reads
 * and writes D1. That seller and creator exist is for whoever asks to see to.
 */
import { and, asc, desc, eq, gt, inArray, isNull, lte, or, sql, type SQL } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import { earliestEffectAtMs } from "../domain/contract-versions.ts";
import { versionFor, type ContractVersion } from "../domain/contract.ts";
import type { ContractId, CreatorId, SellerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { contracts, contractVersions } from "./contracts/tables.ts";
import { faultsOf, termsOf, type NewContract, type NewVersion, type TermsFault } from "./contracts/terms.ts";

export type { NewContract, NewVersion };

/** Why there is no new contract or version. */
export type ContractRefusal =
  | { readonly code: "not_found" }
  /** `errors` as a schema would have them. */
  | { readonly code: "bad_request"; readonly errors: readonly TermsFault[] }
  /** It is worse for the creator, and cannot be in force before then. */
  | { readonly code: "rate_locked"; readonly earliestAtMs: number }
  | { readonly code: "limit_reached"; readonly limit: "versionsPerContract"; readonly max: number }
  /** Others kept making versions at the same time. */
  | { readonly code: "conflict" };

export type Made =
  | { readonly ok: true; readonly version: ContractVersion }
  | { readonly ok: false; readonly refusal: ContractRefusal };

/** Whose contracts: a seller's, a creator's, or those between the two. */
export interface ContractsOf {
  readonly seller?: SellerId;
  readonly creator?: CreatorId;
}

const VERSION = {
  contract: contractVersions.contract,
  version: contractVersions.version,
  terms: contractVersions.terms,
  effectiveAtMs: contractVersions.effectiveAtMs,
  createdAtMs: contractVersions.createdAtMs,
};

/** The first version, in force at once. Made once: whoever comes again with the id gets the one there is. */
export async function createContract(
  db: D1Database,
  { seller, creator, currency, ...asked }: NewContract,
  nowMs: number,
  id: ContractId,
): Promise<Made> {
  const parties = { seller, currency, ...(creator === undefined ? {} : { creator }) };
  const terms = termsOf(parties, asked);
  const errors = faultsOf(terms);
  if (errors.length > 0) return refused({ code: "bad_request", errors });
  const times = { effectiveAtMs: nowMs, createdAtMs: nowMs };
  const d1 = drizzle(db);
  await d1.batch([
    d1
      .insert(contracts)
      .values({ id, seller, creator: creator ?? null, createdAtMs: nowMs })
      .onConflictDoNothing(),
    d1
      .insert(contractVersions)
      .values({ contract: id, version: 1, request: id, terms, ...times })
      .onConflictDoNothing(),
  ]);
  const [first] = await readContractVersions(db, id);
  return { ok: true, version: first ?? { contract: id, version: 1, terms, ...times } };
}

/**
 * The next version. What is no worse for the creator may be in force at once; what is worse, at the earliest when the
 * lock and the notice of what it takes the place of are over, which is also what a request without a time gets.
 * `request` tells requests apart: one that comes again gets the version it made.
 */
export async function addContractVersion(
  db: D1Database,
  contract: ContractId,
  asked: NewVersion,
  request: string,
  nowMs: number,
): Promise<Made> {
  for (let attempt = 0; attempt < LIMITS.versionAttempts; attempt += 1) {
    const rows = await selectVersions(db, contract);
    const known = rows.find((row) => row.request === request);
    if (known) return { ok: true, version: versionOf(known) };
    // Clocks differ: a version is never older than the one before.
    const atMs = Math.max(nowMs, rows.at(-1)?.createdAtMs ?? 0);
    const next = nextVersion(rows.map(versionOf), asked, atMs);
    if (!next.ok) return next;
    const inserted = await drizzle(db)
      .insert(contractVersions)
      .values({ ...next.version, request })
      // Somebody else has the number: what they agreed on is what the next attempt is compared with.
      .onConflictDoNothing()
      .returning({ version: contractVersions.version });
    if (inserted.length > 0) return next;
  }
  return refused({ code: "conflict" });
}

function nextVersion(
  versions: readonly ContractVersion[],
  { effectiveAtMs: wantedAtMs, ...asked }: NewVersion,
  nowMs: number,
): Made {
  const last = versions.at(-1);
  if (!last) return refused({ code: "not_found" });
  if (versions.length >= LIMITS.versionsPerContract) {
    const max = LIMITS.versionsPerContract;
    return refused({ code: "limit_reached", limit: "versionsPerContract", max });
  }
  const terms = termsOf(last.terms, asked);
  const errors = [
    ...faultsOf(terms),
    ...(wantedAtMs !== undefined && wantedAtMs < nowMs
      ? [{ path: "effectiveAt", message: "must not be past" }]
      : []),
  ];
  if (errors.length > 0) return refused({ code: "bad_request", errors });
  const earliestAtMs = earliestEffectAtMs(versions, terms, nowMs);
  if (wantedAtMs !== undefined && wantedAtMs < earliestAtMs) {
    return refused({ code: "rate_locked", earliestAtMs });
  }
  const { contract, version } = last;
  const effectiveAtMs = wantedAtMs ?? earliestAtMs;
  return {
    ok: true,
    version: { contract, version: version + 1, terms, effectiveAtMs, createdAtMs: nowMs },
  };
}

/** Every version of a contract, from the first; none where there is no such contract. */
export async function readContractVersions(db: D1Database, contract: ContractId): Promise<ContractVersion[]> {
  return (await selectVersions(db, contract)).map(versionOf);
}

/** The version in force at a time; for a time before the first, that one. */
export async function contractAt(
  db: D1Database,
  contract: ContractId,
  atMs: number,
): Promise<ContractVersion | undefined> {
  const versions = await readContractVersions(db, contract);
  return versionFor(versions, atMs);
}

/** Who sells, with whom, and in what currency. */
export interface Between {
  readonly seller: SellerId;
  /** None where the seller sells without one. */
  readonly creator?: CreatorId;
  readonly currency: string;
}

/**
 * What holds for a session that names no contract: the newest of those between exactly these, in their currency, whose
 * version in force has begun and not ended. Undefined where there is none.
 */
export async function contractBetween(
  db: D1Database,
  { seller, creator, currency }: Between,
  nowMs: number,
): Promise<ContractVersion | undefined> {
  const d1 = drizzle(db);
  const between = d1
    .select({ id: contracts.id })
    .from(contracts)
    .where(
      and(
        eq(contracts.seller, seller),
        creator === undefined ? isNull(contracts.creator) : eq(contracts.creator, creator),
      ),
    );
  const latest = latestAmong(d1, inArray(contractVersions.contract, between), nowMs);
  const { terms } = contractVersions;
  const [found] = await d1
    .select(VERSION)
    .from(contractVersions)
    .innerJoin(latest, isLatest(latest))
    .innerJoin(contracts, eq(contracts.id, contractVersions.contract))
    .where(
      // As `isInForce` has it.
      sql`json_extract(${terms}, '$.currency') = ${currency}
        AND coalesce(json_extract(${terms}, '$.startsAtMs'), 0) <= ${nowMs}
        AND coalesce(json_extract(${terms}, '$.endsAtMs') > ${nowMs}, true)`,
    )
    .orderBy(desc(contracts.createdAtMs), desc(contracts.id))
    .limit(1);
  return found;
}

export interface ContractPage {
  readonly data: readonly ContractVersion[];
  readonly nextCursor: string | null;
}

/** Contracts in the order they were made, each as it is in force. Undefined when the cursor is not one of ours. */
export async function listContracts(
  db: D1Database,
  { seller, creator }: ContractsOf,
  query: { readonly limit: number; readonly cursor?: string | undefined },
  nowMs: number,
): Promise<ContractPage | undefined> {
  const { cursor, limit } = query;
  if (cursor !== undefined && !/^con_[0-9a-z]+$/.test(cursor)) return undefined;
  const d1 = drizzle(db);
  const found = await d1
    .select({ id: contracts.id })
    .from(contracts)
    .where(
      and(
        seller && eq(contracts.seller, seller),
        creator && eq(contracts.creator, creator),
        cursor === undefined ? undefined : gt(contracts.id, cursor as ContractId),
      ),
    )
    .orderBy(asc(contracts.id))
    .limit(limit + 1);
  const ids = found.slice(0, limit).map(({ id }) => id);
  const data = await versionsInForce(db, ids, nowMs);
  return { data, nextCursor: found.length > limit ? (ids.at(-1) ?? null) : null };
}

/** Of each contract the latest version that has taken effect; the first one has, whatever the clock says. */
async function versionsInForce(
  db: D1Database,
  ids: readonly ContractId[],
  nowMs: number,
): Promise<ContractVersion[]> {
  const d1 = drizzle(db);
  const among = inArray(
    contractVersions.contract,
    sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  );
  const latest = latestAmong(d1, among, nowMs);
  return d1
    .select(VERSION)
    .from(contractVersions)
    .innerJoin(latest, isLatest(latest))
    .orderBy(asc(contractVersions.contract));
}

/** The numbers of those versions, as a table to join. */
function latestAmong(d1: DrizzleD1Database, among: SQL, nowMs: number) {
  return d1
    .select({
      contract: contractVersions.contract,
      version: sql<number>`max(${contractVersions.version})`.as("latest_version"),
    })
    .from(contractVersions)
    .where(and(among, or(eq(contractVersions.version, 1), lte(contractVersions.effectiveAtMs, nowMs))))
    .groupBy(contractVersions.contract)
    .as("latest");
}

function isLatest({ contract, version }: ReturnType<typeof latestAmong>) {
  return and(eq(contractVersions.contract, contract), eq(contractVersions.version, version));
}

function selectVersions(db: D1Database, contract: ContractId) {
  return drizzle(db)
    .select()
    .from(contractVersions)
    .where(eq(contractVersions.contract, contract))
    .orderBy(asc(contractVersions.version));
}

function versionOf(row: typeof contractVersions.$inferSelect): ContractVersion {
  const { request: _, ...version } = row;
  return version;
}

function refused(refusal: ContractRefusal): Made {
  return { ok: false, refusal };
}

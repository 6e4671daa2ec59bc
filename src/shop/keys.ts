/** API keys of sellers and creators: made, listed, revoked, and found by their secret. Reads and writes D1. */
import { and, asc, eq, gt, lte, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { CreatorId, KeyId, SellerId } from "../domain/ids.ts";
import type * as wire from "../wire/identities.ts";
import type { Code } from "../wire/instants.ts";
import { getCreator, type Creator } from "./creators.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import { newId, pageOf, present, startOf, type Page, type PageQuery } from "./rows.ts";
import { getSeller, type Seller } from "./sellers.ts";
import { apiKeys, creators, sellers } from "./tables.ts";

export type Key = Code<z.output<typeof wire.key>>;
export type CreatedKey = Code<z.output<typeof wire.createdKey>>;
export type NewKey = Code<z.output<typeof wire.createKey>>;
export type KeyOwner = NewKey["for"];

/** Who sent a request. */
export type Principal =
  | { readonly kind: "seller"; readonly seller: Seller; readonly keyId: KeyId }
  | { readonly kind: "creator"; readonly creator: Creator; readonly keyId: KeyId };

/** 256 bits: as hard to guess as the hash is to reverse. */
const SECRET_BYTES = 32;
/** The prefix tells a person, and a scanner of leaked secrets, what the secret is. */
const SECRET = /^[sc]k_[A-Za-z0-9_-]{43}$/;

/**
 * The only answer that has the secret: `sk_…` for a seller, `ck_…` for a creator. `not_found` when the owner does not
 * exist, `bad_request` when the key would have expired already. With an `id` it is made once: whoever comes again with
 * it, since the first answer was lost, gets the same key with a new secret, and the old one opens nothing. Whoever
 * began before the one who made the key last is too late: `idempotency_in_flight`.
 */
export async function createKey(
  db: D1Database,
  input: NewKey,
  nowMs: number,
  id: KeyId = newId("key"),
): Promise<Outcome<CreatedKey, "not_found" | "bad_request" | "idempotency_in_flight">> {
  const { for: owner, label, expiresAtMs } = input;
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    return refused("bad_request", "expiresAt must be in the future.");
  }
  const forSeller = "seller" in owner;
  const exists = forSeller ? await getSeller(db, owner.seller) : await getCreator(db, owner.creator);
  if (!exists) return refused("not_found", `There is no ${forSeller ? owner.seller : owner.creator}.`);
  const secret = newSecret(forSeller ? "sk" : "ck");
  const key: Key = {
    id,
    label,
    for: owner,
    createdAtMs: nowMs,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
  const secretHash = await hashOf(secret);
  const made = await drizzle(db)
    .insert(apiKeys)
    .values({
      id,
      secretHash,
      label,
      sellerId: forSeller ? owner.seller : null,
      creatorId: forSeller ? null : owner.creator,
      createdAtMs: nowMs,
      expiresAtMs: expiresAtMs ?? null,
    })
    .onConflictDoUpdate({
      target: apiKeys.id,
      set: { secretHash, createdAtMs: nowMs },
      setWhere: lte(apiKeys.createdAtMs, nowMs),
    })
    .returning({ id: apiKeys.id });
  if (made.length === 0) return refused("idempotency_in_flight", `Somebody else has made ${id} meanwhile.`);
  return done({ ...key, secret });
}

/** An owner's keys in the order they were made, expired and revoked ones too. `bad_request` for a cursor that is none. */
export async function listKeys(
  db: D1Database,
  owner: KeyOwner,
  query: PageQuery,
): Promise<Outcome<Page<Key>, "bad_request">> {
  const start = startOf("key", query);
  if (!start.ok) return start;
  const rows = await drizzle(db)
    .select()
    .from(apiKeys)
    .where(and(isOwners(owner), start.value && gt(apiKeys.id, start.value)))
    .orderBy(asc(apiKeys.id))
    .limit(query.limit + 1);
  return done(pageOf(rows, query.limit, shown));
}

/** The keys of one seller or creator. */
export function isOwners(owner: KeyOwner): SQL {
  return "seller" in owner ? eq(apiKeys.sellerId, owner.seller) : eq(apiKeys.creatorId, owner.creator);
}

export async function getKey(db: D1Database, id: KeyId): Promise<Key | undefined> {
  const row = await drizzle(db).select().from(apiKeys).where(eq(apiKeys.id, id)).get();
  return row && shown(row);
}

/** From now on the key opens nothing. Revoking again changes nothing: the first time stands. */
export async function revokeKey(
  db: D1Database,
  id: KeyId,
  nowMs: number,
): Promise<Outcome<Key, "not_found">> {
  const statement = "UPDATE api_keys SET revoked_at_ms = ?2 WHERE id = ?1 AND revoked_at_ms IS NULL";
  await db.prepare(statement).bind(id, nowMs).run();
  const key = await getKey(db, id);
  return key ? done(key) : refused("not_found", `There is no key ${id}.`);
}

/**
 * Whose secret this is; undefined when it is nobody's, has expired or was revoked: callers cannot tell which.
 * Secrets are compared by looking up their hash, so how long it takes says nothing about the secret.
 */
export async function findKey(db: D1Database, secret: string, nowMs: number): Promise<Principal | undefined> {
  if (!SECRET.test(secret)) return undefined;
  const row = await drizzle(db)
    .select({ key: apiKeys, seller: sellers, creator: creators })
    .from(apiKeys)
    .leftJoin(sellers, eq(sellers.id, apiKeys.sellerId))
    .leftJoin(creators, eq(creators.id, apiKeys.creatorId))
    .where(eq(apiKeys.secretHash, await hashOf(secret)))
    .get();
  return row && principalOf(row, nowMs);
}

/** A key as it is joined with its owner. */
interface JoinedKey {
  readonly key: typeof apiKeys.$inferSelect;
  readonly seller: typeof sellers.$inferSelect | null;
  readonly creator: typeof creators.$inferSelect | null;
}

/** Undefined once the key has expired or was revoked. */
export function principalOf({ key, seller, creator }: JoinedKey, nowMs: number): Principal | undefined {
  if (key.revokedAtMs !== null) return undefined;
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return undefined;
  if (seller) return { kind: "seller", seller: present(seller), keyId: key.id };
  return creator ? { kind: "creator", creator: present(creator), keyId: key.id } : undefined;
}

function newSecret(prefix: "sk" | "ck"): string {
  const random = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `${prefix}_${Buffer.from(random).toString("base64url")}`;
}

/** SHA-256, in hex. */
export async function hashOf(secret: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return Buffer.from(hash).toString("hex");
}

function shown(row: typeof apiKeys.$inferSelect): Key {
  const { sellerId, creatorId, secretHash: _, ...rest } = row;
  return { ...present(rest), for: ownerOf(sellerId, creatorId) };
}

function ownerOf(seller: SellerId | null, creator: CreatorId | null): KeyOwner {
  if (seller) return { seller };
  if (creator) return { creator };
  throw new Error("The table's check gives every key an owner.");
}

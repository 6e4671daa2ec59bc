/** Ids that the edge makes: new ones, and ones that follow from what they are for. Pure but for randomness. */
import { createHash, createHmac } from "node:crypto";
import { typeid, TypeID } from "typeid-js";
import type { OfferId, RefundId, TokenId, ViewerId } from "../domain/ids.ts";

/** A new id: prefix and a UUIDv7 in base32, so ids sort by the time they were made. */
export function newId<P extends string>(prefix: P): `${P}_${string}` {
  return `${prefix}_${typeid(prefix).getSuffix()}`;
}

/** A new id of a request: nothing is kept under it, so that it need not sort. */
export function newRequestId(): string {
  return `req_${crypto.randomUUID().replaceAll("-", "")}`;
}

const ID_BYTES = 16;

/** Always the same id for the same facts. */
function idFrom<P extends string>(prefix: P, ...facts: readonly string[]): `${P}_${string}` {
  return idOf(prefix, createHash("sha256").update(JSON.stringify(facts)).digest());
}

function idOf<P extends string>(prefix: P, hash: Buffer): `${P}_${string}` {
  return `${prefix}_${TypeID.fromUUIDBytes(prefix, hash.subarray(0, ID_BYTES)).getSuffix()}`;
}

/** The platform's own id of a viewer stays with the platform: without its key nobody can go back, or try ids out. */
export function viewerIdOf(platformKey: string, reference: string): ViewerId {
  return idOf("vwr", createHmac("sha256", platformKey).update(`viewer\n${reference}`).digest());
}

/** A repeated offer is the same offer: also where its session has forgotten what it answered. */
export function offerIdOf(principal: string, session: string, key: string, fingerprint: string): OfferId {
  return idFrom("ofr", principal, session, key, fingerprint);
}

/** A repeated refund is the same refund, at the provider too. */
export function refundIdOf(principal: string, key: string, order: string): RefundId {
  return idFrom("rfd", principal, key, order);
}

/** What a token is asked for with. */
export interface TokenRequest {
  readonly viewer: ViewerId;
  readonly session: string;
  readonly offer: string;
  readonly key: string;
  /** Of the body: the same key with another one is another request. */
  readonly fingerprint: string;
}

/** Repeats of one request get tokens of one id, so that no more than one of them can be used. */
export function tokenIdOf({ viewer, session, offer, key, fingerprint }: TokenRequest): TokenId {
  return idFrom("tok", viewer, session, offer, key, fingerprint);
}

/** Signs documents that anybody can verify later by the published keys, without asking us. No I/O. */
import { SignJWT, type JWTPayload } from "jose";
import type { ContractVersion } from "../domain/contract.ts";
import type { SessionId } from "../domain/ids.ts";
import type { Head } from "../live/journal.ts";
import { ISSUER } from "../token/jwt.ts";
import { ALGORITHM, signingKey, type KeyRing } from "../token/keys.ts";
import { toWire } from "../wire/instants.ts";

/** Types of their own, so that none stands in for another or for a token (RFC 8725 §3.11). They do not expire. */
type DocumentType = "head+jwt" | "contract+jws";

/** What a journal's head was: whoever has it can tell whether the journal was changed since. */
export function signHead(ring: KeyRing, session: SessionId, head: Head, nowMs: number): Promise<string> {
  const { number, lastSeq, hash } = head;
  return signed(ring, "head+jwt", { sub: session, number, lastSeq, hash }, nowMs);
}

/** A version of a contract: whoever has it can prove what was agreed on. */
export function signContract(ring: KeyRing, version: ContractVersion, nowMs: number): Promise<string> {
  return signed(ring, "contract+jws", { ...toWire(version) }, nowMs);
}

function signed(ring: KeyRing, typ: DocumentType, claims: JWTPayload, nowMs: number): Promise<string> {
  const { kid, privateKey } = signingKey(ring, nowMs);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ, kid })
    .setIssuer(ISSUER)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .sign(privateKey);
}

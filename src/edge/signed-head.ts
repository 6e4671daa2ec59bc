/** Signs what a journal's head was: anybody who has it can tell later whether the journal was changed. No I/O. */
import { SignJWT } from "jose";
import type { SessionId } from "../domain/ids.ts";
import type { Head } from "../live/journal.ts";
import { ISSUER } from "../token/jwt.ts";
import { ALGORITHM, signingKey, type KeyRing } from "../token/keys.ts";

/** A type of its own, so that it stands in for no other token (RFC 8725 §3.11). It does not expire. */
const TYPE = "head+jwt";

export function signHead(ring: KeyRing, session: SessionId, head: Head, nowMs: number): Promise<string> {
  const { kid, privateKey } = signingKey(ring, nowMs);
  const { number, lastSeq, hash } = head;
  return new SignJWT({ number, lastSeq, hash })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
    .setIssuer(ISSUER)
    .setSubject(session)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .sign(privateKey);
}

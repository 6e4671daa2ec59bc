/**
 * Click tokens: proof that somebody came by a creator's link, short-lived as far as money is concerned and long-lived as
 * far as tokens are. No I/O; time and ids are arguments.
 *
 * They verify apart from the other tokens, since a key that signs no more must hold for a month here. Letting it do so
 * for offer tokens too would give whoever steals an old key a month to sign prices.
 */
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from "jose";
import { z } from "zod";
import type { Click } from "../domain/attribution.ts";
import { LIMITS } from "../domain/limits.ts";
import { clickId, linkId } from "../wire/links.ts";
import { creatorId } from "../wire/primitives.ts";
import type { TokenFault } from "../wire/problem.ts";
import { isCanonicalToken } from "./canonical.ts";
import { ISSUER, type Verified } from "./jwt.ts";
import { ALGORITHM, signingKey, type KeyRing } from "./keys.ts";

/** RFC 8725 §3.11: of a type of its own, so that none stands in for another. */
const TYPE = "click+jwt";

/** As long as a touch can count for an order. */
export const CLICK_TOKEN_MS: number = LIMITS.attributionWindowMaxMs;

const claims = z.object({ jti: clickId, sub: creatorId, link: linkId, iat: z.int(), exp: z.int() });

export function signClickToken(ring: KeyRing, { click, link, creator, atMs }: Click): Promise<string> {
  const { kid, privateKey } = signingKey(ring, atMs);
  const iat = Math.floor(atMs / 1000);
  return new SignJWT({ link })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
    .setIssuer(ISSUER)
    .setSubject(creator)
    .setJti(click)
    .setIssuedAt(iat)
    .setExpirationTime(iat + CLICK_TOKEN_MS / 1000)
    .sign(privateKey);
}

/** Canonical form first, then key, signature, type, issuer and times, then the shape of the claims. */
export async function verifyClickToken(
  ring: KeyRing,
  token: string,
  nowMs: number,
): Promise<Verified<Click>> {
  if (!isCanonicalToken(token)) return { ok: false, fault: "token_malformed" };
  const key = verifyingKey(ring, token, nowMs);
  if (!key) return { ok: false, fault: "token_key_unknown" };
  let payload: JWTPayload;
  try {
    const options = { algorithms: [ALGORITHM], typ: TYPE, issuer: ISSUER, currentDate: new Date(nowMs) };
    ({ payload } = await jwtVerify(token, key, { ...options, requiredClaims: ["exp", "iat"] }));
  } catch (error) {
    return { ok: false, fault: faultOf(error) };
  }
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return { ok: false, fault: "token_malformed" };
  const { jti, sub, link, iat } = parsed.data;
  if (iat * 1000 > nowMs + LIMITS.clockSkewMs) return { ok: false, fault: "token_malformed" };
  return { ok: true, claims: { click: jti, link, creator: sub, atMs: iat * 1000 } };
}

/** The token's key, if it may still have signed a token that lives: until the next one's turn and a token's life. */
function verifyingKey(ring: KeyRing, token: string, nowMs: number) {
  const kid = keyIdOf(token);
  const at = ring.keys.findIndex((key) => key.kid === kid);
  const next = ring.keys[at + 1];
  const isGone = at >= 0 && next && nowMs >= next.activeFromMs + CLICK_TOKEN_MS + LIMITS.clockSkewMs;
  return isGone ? undefined : ring.keys[at]?.publicKey;
}

function keyIdOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return "token_expired";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "token_signature_invalid";
  if (error instanceof errors.JOSEError) return "token_malformed";
  throw error;
}

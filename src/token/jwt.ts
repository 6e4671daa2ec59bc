/** Signs and verifies our JWTs; faults are values with the stable codes of `wire/problem`. No I/O. */
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type CryptoKey, type JWTPayload } from "jose";
import type { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import type { TokenFault } from "../wire/problem.ts";
import { isCanonicalToken } from "./canonical.ts";
import { ALGORITHM, LONGEST_TOKEN_MS, signingKey, verifyingKey, type KeyRing } from "./keys.ts";

export const ISSUER = "dropcast";

/** RFC 8725 §3.11: explicit types, so that one kind of token cannot stand in for another. */
export type TokenType = "offer+jwt" | "viewer+jwt" | "click+jwt";

/**
 * How long a token of a kind may live, which is how long a key that signs no more is honoured for it. Each kind has its
 * own: what clicks need of an old key would give whoever steals it a month to sign prices.
 */
export const TOKEN_MS: Readonly<Record<TokenType, number>> = {
  "offer+jwt": LONGEST_TOKEN_MS,
  "viewer+jwt": LONGEST_TOKEN_MS,
  // As long as a touch can count for an order.
  "click+jwt": LIMITS.attributionWindowMaxMs,
};

export type Verified<T> =
  { readonly ok: true; readonly claims: T } | { readonly ok: false; readonly fault: TokenFault };

export function signJwt(ring: KeyRing, typ: TokenType, claims: JWTPayload, nowMs: number): Promise<string> {
  const key = signingKey(ring, nowMs);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ, kid: key.kid })
    .setIssuer(ISSUER)
    .sign(key.privateKey);
}

/**
 * Canonical form first, then key, signature, type, issuer and times, then the shape of the claims. With `expired:
 * "allow"` a token past its time still yields its claims: whoever keeps answers must see a repeat to answer it alike.
 */
export async function verifyJwt<S extends z.ZodType>(
  ring: KeyRing,
  typ: TokenType,
  token: string,
  claims: S,
  nowMs: number,
  expired: "refuse" | "allow" = "refuse",
): Promise<Verified<z.output<S>>> {
  if (!isCanonicalToken(token)) return { ok: false, fault: "token_malformed" };
  const kid = keyIdOf(token);
  if (kid === undefined) return { ok: false, fault: "token_malformed" };
  const key = verifyingKey(ring, kid, nowMs, TOKEN_MS[typ]);
  if (!key) return { ok: false, fault: "token_key_unknown" };
  const payload = await payloadOf(token, key, typ, nowMs, expired);
  if (typeof payload === "string") return { ok: false, fault: payload };
  if ((payload.iat ?? 0) * 1000 > nowMs + LIMITS.clockSkewMs) return { ok: false, fault: "token_malformed" };
  const parsed = claims.safeParse(payload);
  return parsed.success ? { ok: true, claims: parsed.data } : { ok: false, fault: "token_malformed" };
}

async function payloadOf(
  token: string,
  key: CryptoKey,
  typ: TokenType,
  nowMs: number,
  expired: "refuse" | "allow",
): Promise<JWTPayload | TokenFault> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ,
      issuer: ISSUER,
      currentDate: new Date(nowMs),
      requiredClaims: ["exp", "iat"],
    });
    return payload;
  } catch (error) {
    // jose checks the signature before the times, and hands over what it verified.
    if (error instanceof errors.JWTExpired && expired === "allow") return error.payload;
    return faultOf(error);
  }
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

/**
 * What an offer token claims, before anybody has verified it: a thirtieth of the cost of the signature. Whoever reads it
 * may refuse by it, and do nothing else. No I/O.
 */
import { decodeJwt } from "jose";
import type { OfferId, TokenId } from "../domain/ids.ts";
import { isCanonicalToken } from "./canonical.ts";

/** The claims by which a tap can be refused for being sold out. */
export interface UnverifiedClaims {
  readonly token: TokenId;
  readonly session: unknown;
  readonly viewer: unknown;
  readonly offer: OfferId;
  readonly priceVersion: number;
  readonly quantity: number;
  readonly expiresAtMs: number;
}

/** Undefined for what cannot be one of ours: verifying it says what is wrong with it. */
export function unverifiedClaims(token: string): UnverifiedClaims | undefined {
  if (!isCanonicalToken(token)) return undefined;
  try {
    const { jti, sub, aud, exp, offer, priceVersion, quantity } = decodeJwt(token);
    if (typeof jti !== "string" || typeof offer !== "string" || typeof exp !== "number") return undefined;
    if (typeof priceVersion !== "number" || typeof quantity !== "number") return undefined;
    const ids = { token: jti as TokenId, offer: offer as OfferId, session: aud, viewer: sub };
    return { ...ids, priceVersion, quantity, expiresAtMs: exp * 1000 };
  } catch {
    return undefined;
  }
}

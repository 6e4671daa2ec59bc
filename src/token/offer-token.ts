/** Offer tokens: a signed, short-lived promise of a price to one viewer. No I/O; time and ids are arguments. */
import { z } from "zod";
import type { OfferId, SessionId, TokenId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Price } from "../domain/pricing.ts";
import { price } from "../wire/offers.ts";
import { amount, offerId, quantity, sessionId, tokenId, viewerId } from "../wire/primitives.ts";
import { signJwt, verifyJwt, type Verified } from "./jwt.ts";
import type { KeyRing } from "./keys.ts";

/** What the promise is. `creditLimit` is the viewer's loyalty credit for the session, in minor units. */
export interface OfferClaims {
  readonly token: TokenId;
  readonly session: SessionId;
  readonly offer: OfferId;
  readonly viewer: ViewerId;
  readonly priceVersion: number;
  readonly price: Price;
  readonly quantity: number;
  readonly creditLimit: number;
  readonly priority: number;
  readonly expiresAtMs: number;
}

const claims = z.object({
  jti: tokenId,
  aud: sessionId,
  sub: viewerId,
  exp: z.int(),
  offer: offerId,
  priceVersion: z.int().min(1),
  price,
  quantity,
  creditLimit: amount.default(0),
  priority: z.int().min(0).max(9).default(0),
});

export async function issueOfferToken(
  ring: KeyRing,
  promise: Omit<OfferClaims, "expiresAtMs">,
  nowMs: number,
): Promise<{ token: string; expiresAtMs: number }> {
  const { token: jti, session, viewer, offer, priceVersion, price: promised, quantity: most } = promise;
  const { creditLimit, priority } = promise;
  const iat = Math.floor(nowMs / 1000);
  const exp = iat + LIMITS.offerTokenMs / 1000;
  const body = {
    jti,
    aud: session,
    sub: viewer,
    iat,
    exp,
    offer,
    priceVersion,
    price: promised,
    quantity: most,
    ...(creditLimit > 0 ? { creditLimit } : {}),
    ...(priority > 0 ? { priority } : {}),
  };
  return { token: await signJwt(ring, "offer+jwt", body, nowMs), expiresAtMs: exp * 1000 };
}

/**
 * Checks every claim against where and by whom the token is used. Expiry and single use are for the session to refuse:
 * it alone knows whether this is a repeat of a tap that it answered before.
 */
export async function verifyOfferToken(
  ring: KeyRing,
  token: string,
  used: { readonly session: SessionId; readonly viewer: ViewerId },
  nowMs: number,
): Promise<Verified<OfferClaims>> {
  const verified = await verifyJwt(ring, "offer+jwt", token, claims, nowMs, "allow");
  if (!verified.ok) return verified;
  const { jti, aud, sub, exp, ...promise } = verified.claims;
  if (aud !== used.session) return { ok: false, fault: "token_session_mismatch" };
  if (sub !== used.viewer) return { ok: false, fault: "token_viewer_mismatch" };
  return { ok: true, claims: { ...promise, token: jti, session: aud, viewer: sub, expiresAtMs: exp * 1000 } };
}

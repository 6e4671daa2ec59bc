/**
 * Click tokens: proof that somebody came by a creator's link, short-lived as far as money is concerned and long-lived as
 * far as tokens are. No I/O; time and ids are arguments.
 */
import { z } from "zod";
import type { Click } from "../domain/attribution.ts";
import { clickId, linkId } from "../wire/links.ts";
import { creatorId } from "../wire/primitives.ts";
import { signJwt, TOKEN_MS, verifyJwt, type Verified } from "./jwt.ts";
import type { KeyRing } from "./keys.ts";

/** As long as any link may count: of a click that came too late for its own, an order's record says so. */
export const CLICK_TOKEN_MS: number = TOKEN_MS["click+jwt"];

const claims = z.object({ jti: clickId, sub: creatorId, link: linkId, iat: z.int(), exp: z.int() });

export function signClickToken(ring: KeyRing, { click, link, creator, atMs }: Click): Promise<string> {
  const iat = Math.floor(atMs / 1000);
  const exp = iat + CLICK_TOKEN_MS / 1000;
  return signJwt(ring, "click+jwt", { jti: click, sub: creator, link, iat, exp }, atMs);
}

export async function verifyClickToken(
  ring: KeyRing,
  token: string,
  nowMs: number,
): Promise<Verified<Click>> {
  const verified = await verifyJwt(ring, "click+jwt", token, claims, nowMs);
  if (!verified.ok) return verified;
  const { jti, sub, link, iat } = verified.claims;
  return { ok: true, claims: { click: jti, link, creator: sub, atMs: iat * 1000 } };
}

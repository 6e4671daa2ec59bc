/** Viewer tokens: who taps. Bearer tokens of one broadcast's length. No I/O; time and ids are arguments. */
import { z } from "zod";
import type { SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Money } from "../domain/money.ts";
import { money, sessionId, viewerId } from "../wire/primitives.ts";
import { signJwt, verifyJwt, type Verified } from "./jwt.ts";
import type { KeyRing } from "./keys.ts";

/** What the platform says of a viewer; credit counts in one session only. */
export interface ViewerClaims {
  readonly viewer: ViewerId;
  readonly priority: number;
  readonly credit?: { readonly session: SessionId; readonly amount: Money };
}

/** Claims of a token that was verified, and until when it is one. */
export interface VerifiedViewer extends ViewerClaims {
  readonly expiresAtMs: number;
}

const claims = z.object({
  sub: viewerId,
  exp: z.int(),
  priority: z.int().min(0).max(9).default(0),
  credit: z.object({ session: sessionId, amount: money }).exactOptional(),
});

export async function issueViewerToken(
  ring: KeyRing,
  { viewer, priority, credit }: ViewerClaims,
  nowMs: number,
): Promise<{ token: string; expiresAtMs: number }> {
  const iat = Math.floor(nowMs / 1000);
  const exp = iat + LIMITS.viewerTokenMs / 1000;
  const body = {
    sub: viewer,
    iat,
    exp,
    ...(priority > 0 ? { priority } : {}),
    ...(credit ? { credit } : {}),
  };
  return { token: await signJwt(ring, "viewer+jwt", body, nowMs), expiresAtMs: exp * 1000 };
}

export async function verifyViewerToken(
  ring: KeyRing,
  token: string,
  nowMs: number,
): Promise<Verified<VerifiedViewer>> {
  const verified = await verifyJwt(ring, "viewer+jwt", token, claims, nowMs);
  if (!verified.ok) return verified;
  const { sub, exp, priority, credit } = verified.claims;
  return {
    ok: true,
    claims: { viewer: sub, priority, ...(credit ? { credit } : {}), expiresAtMs: exp * 1000 },
  };
}

// A viewer's tap as the peers take it: read, its token verified with Dropcast's own function, and what their store is
// asked then. The store keeps the same promises.
import { createHash } from "node:crypto";
import { typeid } from "typeid-js";
import type { SessionId, ViewerId } from "../../../src/domain/ids.ts";
import type { KeyRing } from "../../../src/token/keys.ts";
import { verifyOfferToken, type OfferClaims } from "../../../src/token/offer-token.ts";

/** What a store decides on. */
export interface Reserve {
  readonly commandId: string;
  readonly fingerprint: string;
  readonly reservation: string;
  readonly quantity: number;
  readonly nowMs: number;
  readonly claims: OfferClaims;
}

/** The stored answer, or a word for why there is none. `out_of_stock` and the like change nothing. */
export type Reserved = { readonly answer: string } | { readonly refused: string };

/** One hot offer's stock, holds, answers, spent tokens and counts per viewer, durable before the answer. */
export interface Store {
  /** Starts anew with so much stock of one offer. */
  open(stock: number): Promise<void>;
  reserve(asked: Reserve): Promise<Reserved>;
  /** Units that are held, as the store counts them, and reservations that are there. */
  count(): Promise<{ held: number; reservations: number }>;
  /** How many of these reservations are not there. */
  missing(reservations: readonly string[]): Promise<number>;
}

/** Reads and verifies, then asks the store. Refusals are words. */
export async function tap(
  store: Store,
  ring: KeyRing,
  by: { readonly session: SessionId; readonly viewer: ViewerId; readonly id: string },
  items: unknown,
): Promise<Reserved> {
  const item = Array.isArray(items) ? (items[0] as { token?: unknown; quantity?: unknown }) : undefined;
  const { token, quantity } = item ?? {};
  if (
    typeof token !== "string" ||
    typeof quantity !== "number" ||
    !Number.isInteger(quantity) ||
    quantity < 1
  ) {
    return { refused: "invalid" };
  }
  const nowMs = Date.now();
  const verified = await verifyOfferToken(ring, token, by, nowMs);
  if (!verified.ok) return { refused: verified.fault };
  const { claims } = verified;
  if (claims.expiresAtMs <= nowMs) return { refused: "token_expired" };
  if (quantity > claims.quantity) return { refused: "quantity_exceeded" };
  return store.reserve({
    commandId: `${by.viewer}:${by.id}`,
    fingerprint: createHash("sha256").update(`${token} ${quantity}`).digest("base64url"),
    reservation: `rsv_${typeid().getSuffix()}`,
    quantity,
    nowMs,
    claims,
  });
}

/** What a reservation's holder is told and the store keeps. */
export function answerOf({ reservation, quantity, nowMs, claims }: Reserve, holdMs: number): string {
  const { offer, viewer, priceVersion, price, token } = claims;
  return JSON.stringify({
    id: reservation,
    viewer,
    lines: [{ offer, quantity, token, priceVersion, price }],
    status: "held",
    createdAt: new Date(nowMs).toISOString(),
    expiresAt: new Date(nowMs + holdMs).toISOString(),
  });
}

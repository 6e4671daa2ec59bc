/** Which price the edge may promise a viewer, from a session's picture alone. Pure. */
import type { OfferId } from "../domain/ids.ts";
import type { OfferPicture } from "../domain/picture.ts";
import { creditOf, priceOf, type CreatorCode, type Price, type PriceInput } from "../domain/pricing.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Hydrated } from "../live/session.ts";
import type { ViewerClaims } from "../token/viewer-token.ts";

/** What a viewer asks for. */
export interface Wish {
  readonly offer: OfferId;
  readonly quantity: number;
  readonly creatorCode?: string;
  readonly creditAmount?: number;
}

export interface Promised {
  readonly price: Price;
  readonly priceVersion: number;
  /** The viewer's loyalty credit for the session, in minor units. */
  readonly creditLimit: number;
}

export type Unpromised =
  Refusal | { readonly code: "creator_code_unknown" } | { readonly code: "credit_not_granted" };

/** The price with its layers, or the first reason why none is promised. */
export function promiseOf(
  { picture, pricing }: Hydrated,
  viewer: ViewerClaims,
  wish: Wish,
): Promised | Unpromised {
  const { session, offers } = picture;
  const offer = offers[wish.offer];
  const terms = pricing.prices[wish.offer];
  if (!offer || !terms) return { code: "offer_not_found" };
  if (session.status !== "live") return { code: "session_not_live", status: session.status };
  const fault = offerFault(offer, wish);
  if (fault) return fault;
  const input = inputOf(wish, pricing.creatorCodes);
  if ("code" in input) return input;
  const price = priceOf(terms, input);
  const granted = viewer.credit?.session === picture.id ? viewer.credit.amount : undefined;
  const creditLimit = granted?.currency === session.currency ? granted.amount : 0;
  if (wish.creditAmount && creditLimit === 0) return { code: "credit_not_granted" };
  if (creditOf(price) * wish.quantity > creditLimit)
    return { code: "credit_exceeded", remaining: creditLimit };
  return { price, priceVersion: offer.priceVersion, creditLimit };
}

function offerFault(offer: OfferPicture, { quantity }: Wish): Refusal | undefined {
  const { id, status, opensAtMs, limits } = offer;
  if (status !== "open") {
    const opens = status === "scheduled" && opensAtMs !== undefined ? { opensAtMs } : {};
    return { code: "offer_not_open", offer: id, status, ...opens };
  }
  for (const [scope, max] of [["order", limits.perOrder] as const, ["viewer", limits.perViewer] as const]) {
    if (max !== undefined && quantity > max) return { code: "quantity_exceeded", offer: id, scope, max };
  }
  return offer.soldOut && !offer.waitlist ? soldOut(offer, quantity) : undefined;
}

/** Of each SKU and zone what the offer could still take; of a sold-out one that is nothing. */
function soldOut({ lines, available }: OfferPicture, quantity: number): Refusal {
  const shortages = Object.entries(available).flatMap(([zone, units]) =>
    lines.map((line) => ({
      sku: line.sku,
      zone,
      requested: line.quantity * quantity,
      available: line.quantity * units,
    })),
  );
  return { code: "out_of_stock", available: shortages, waitlist: false };
}

function inputOf(
  { creatorCode, creditAmount }: Wish,
  codes: readonly CreatorCode[],
): PriceInput | { readonly code: "creator_code_unknown" } {
  const credit = creditAmount === undefined ? {} : { creditAmount };
  if (creatorCode === undefined) return credit;
  // People type codes as they like.
  const wanted = creatorCode.trim().toUpperCase();
  const found = codes.find(({ code }) => code === wanted);
  return found ? { creatorCode: found, ...credit } : { code: "creator_code_unknown" };
}

/** Offer tokens and reservations on the wire. */
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import type { Shortfall } from "../domain/reply.ts";
import type { Reservation, ReservationLine } from "../domain/reservation.ts";
import type { Agrees } from "./agreement.ts";
import { price } from "./offers.ts";
import {
  amount,
  durationMs,
  instant,
  offerId,
  orderId,
  quantity,
  reservationId,
  sku,
  tokenId,
  viewerId,
  zone,
} from "./primitives.ts";

export const issueToken = z
  .object({
    /** The most units the token may buy. */
    quantity: quantity.default(1),
    creatorCode: z.string().max(32).exactOptional(),
    /** Loyalty credit to use on each unit, in minor units of the session's currency. */
    creditAmount: amount.exactOptional(),
  })
  .strict()
  .meta({ id: "IssueToken" });

export const offerToken = z
  .object({ token: z.string(), expiresAt: instant, quantity, price })
  .meta({ id: "OfferToken", description: "A signed promise of a price, for this viewer and offer alone" });

const item = z
  .object({ token: z.string().min(1).max(LIMITS.tokenBytes), quantity: quantity.default(1) })
  .strict()
  .meta({ id: "Item" });

export const items = z.array(item).min(1).max(LIMITS.itemsPerReservation);

export const reserve = z
  .object({
    items,
    zone: zone.exactOptional(),
    allowPartial: z.boolean().default(false).meta({
      description: "Hold what there is when not all of it can be held; `shortfall` says what is missing.",
    }),
    /** Wait for stock when there is not enough, where the seller allows it. */
    backorder: z.boolean().default(false),
  })
  .strict()
  .meta({ id: "Reserve" });

export const reservationLine = z
  .object({
    offer: offerId,
    quantity,
    token: tokenId,
    tokenExpiresAt: instant,
    priceVersion: z.int(),
    price,
  })
  .meta({ id: "ReservationLine" });

export const reservedUnits = z.object({ sku, zone, quantity: z.int() });

export const releaseReason = z.enum([
  "viewer",
  "payment_failed",
  "order_cancelled",
  "offer_closed",
  "offer_withdrawn",
  "session_ended",
  "session_cancelled",
]);

const reservationShape = {
  id: reservationId,
  viewer: viewerId,
  zone: z.string(),
  lines: z.array(reservationLine),
  units: z.array(reservedUnits),
  status: z.enum(["held", "backordered", "committed", "released", "expired"]),
  createdAt: instant,
  expiresAt: instant.exactOptional(),
  latestAt: instant.exactOptional(),
  holdMs: durationMs,
  extensions: z.int(),
  priority: z.int(),
  order: orderId.exactOptional(),
  releasedBecause: releaseReason.exactOptional(),
};

/** A reservation before it has its place in the journal. */
export const newReservation = z.object(reservationShape);
export const reservation = z.object({ ...reservationShape, seq: z.int() }).meta({ id: "Reservation" });

export const shortfall = z.object({ offer: offerId, requested: z.int(), held: z.int() });

/** What `POST …/reservations` answers; `shortfall` names what a partial reservation holds less of. */
export const reserved = z.object({ reservation, shortfall: z.array(shortfall) }).meta({ id: "Reserved" });

true satisfies Agrees<typeof reservationLine, ReservationLine>;
true satisfies Agrees<typeof reservation, Reservation>;
true satisfies Agrees<typeof shortfall, Shortfall>;

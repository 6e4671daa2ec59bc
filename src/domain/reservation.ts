/** Reservations: units held for a viewer until a deadline. Pure types. */
import type { OfferId, OrderId, ReservationId, TokenId, ViewerId } from "./ids.ts";
import type { Price } from "./pricing.ts";
import type { Units } from "./stock.ts";

/** `held → committed | released | expired`, each terminal; `backordered → held` when stock frees, or `released`. */
export type ReservationStatus = "held" | "backordered" | "committed" | "released" | "expired";

export type ReleaseReason =
  | "viewer"
  | "payment_failed"
  | "order_cancelled"
  | "offer_closed"
  | "offer_withdrawn"
  | "session_ended"
  | "session_cancelled";

/** One offer of a reservation, at the price its token promised. */
export interface ReservationLine {
  readonly offer: OfferId;
  readonly quantity: number;
  readonly token: TokenId;
  /** The token cannot be replayed after this, so its id may be forgotten. */
  readonly tokenExpiresAtMs: number;
  readonly priceVersion: number;
  /** Of one unit. */
  readonly price: Price;
}

export interface Reservation {
  readonly id: ReservationId;
  readonly viewer: ViewerId;
  readonly zone: string;
  readonly lines: readonly ReservationLine[];
  /** What it takes from the pools, summed by SKU. */
  readonly units: readonly Units[];
  readonly status: ReservationStatus;
  readonly createdAtMs: number;
  /** The deadline; absent while backordered. */
  readonly expiresAtMs?: number;
  /** No extension may move the deadline past this. */
  readonly latestAtMs?: number;
  readonly holdMs: number;
  readonly extensions: number;
  /** Higher is served first from the waitlist. */
  readonly priority: number;
  /** Sequence of the event that made it: first come, first served among equals. */
  readonly seq: number;
  /** The order that is paying, or paid, for it. */
  readonly order?: OrderId;
  readonly releasedBecause?: ReleaseReason;
}

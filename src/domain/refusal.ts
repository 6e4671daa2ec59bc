/** Why a command is refused: a stable code, plus the facts a client needs to act. Pure types. */
import type { Funder } from "./pricing.ts";
import type { SessionStatus } from "./session.ts";
import type { OfferStatus } from "./offer.ts";
import type { ReservationStatus } from "./reservation.ts";
import type { OrderStatus } from "./order.ts";

export interface Shortage {
  readonly sku: string;
  readonly zone: string;
  readonly requested: number;
  readonly available: number;
}

/** A business outcome, never an exception. Each `code` is the `code` of a problem+json answer or an error frame. */
export type Refusal =
  | { readonly code: "session_not_found" }
  | { readonly code: "session_exists" }
  | { readonly code: "session_state_conflict"; readonly status: SessionStatus }
  | { readonly code: "session_not_live"; readonly status: SessionStatus }
  | { readonly code: "stock_conflict"; readonly allocated: number }
  | { readonly code: "stock_in_use"; readonly held: number; readonly committed: number }
  | { readonly code: "limit_reached"; readonly limit: string; readonly max: number }
  | { readonly code: "offer_not_found" }
  | { readonly code: "offer_exists" }
  | { readonly code: "offer_state_conflict"; readonly status: OfferStatus }
  | { readonly code: "offer_window_invalid" }
  | {
      readonly code: "offer_not_open";
      readonly offer: string;
      readonly status: OfferStatus;
      readonly opensAtMs?: number;
    }
  | { readonly code: "price_below_floor"; readonly floor: number }
  | { readonly code: "currency_mismatch"; readonly currency: string }
  | { readonly code: "not_covered"; readonly sku?: string; readonly zone?: string }
  | {
      readonly code: "funder_not_agreed";
      readonly funder: Funder;
      readonly layer: "drop_price" | "creator_code";
      readonly agreed: readonly Funder[];
    }
  | { readonly code: "token_expired" }
  | { readonly code: "token_used" }
  | { readonly code: "price_version_void"; readonly offer: string; readonly priceVersion: number }
  | {
      readonly code: "quantity_exceeded";
      readonly offer: string;
      readonly scope: "token" | "order" | "viewer";
      readonly max: number;
    }
  | { readonly code: "credit_exceeded"; readonly remaining: number }
  | { readonly code: "out_of_stock"; readonly available: readonly Shortage[]; readonly waitlist: boolean }
  | { readonly code: "backorder_not_offered" }
  | { readonly code: "reservation_not_found" }
  | { readonly code: "reservation_exists" }
  | { readonly code: "reservation_ended"; readonly status: ReservationStatus }
  | { readonly code: "reservation_not_held"; readonly status: ReservationStatus }
  | { readonly code: "reservation_in_payment"; readonly order: string }
  | { readonly code: "extension_refused"; readonly extensions: number; readonly latestAtMs: number }
  | { readonly code: "order_not_found" }
  | { readonly code: "order_exists" }
  | { readonly code: "order_state_conflict"; readonly status: OrderStatus }
  | { readonly code: "refund_exceeds_captured"; readonly refundable: number }
  | { readonly code: "idempotency_key_reused" };

export type RefusalCode = Refusal["code"];

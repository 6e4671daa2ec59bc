/** Which plain words a stable error code gets. Pure. */
import type { DropcastError } from "../../sdk/index.ts";
import type { Reason } from "./messages.ts";

type Code = DropcastError["code"];

const REASONS: Partial<Record<Code, Reason>> = {
  out_of_stock: "soldOut",
  quantity_exceeded: "tooMany",
  limit_reached: "busy",
  rate_limited: "busy",
  overloaded: "busy",
  idempotency_in_flight: "busy",
  offer_not_open: "notOpen",
  offer_not_found: "notOpen",
  offer_state_conflict: "notOpen",
  session_not_live: "notLive",
  session_not_found: "notLive",
  reservation_ended: "gone",
  reservation_not_found: "gone",
  reservation_not_held: "gone",
  extension_refused: "extension",
  backorder_not_offered: "noWaitlist",
  creator_code_unknown: "code",
  payment_method_unknown: "method",
  provider_refused: "method",
  provider_unavailable: "provider",
  unauthenticated: "signedOut",
  offline: "offline",
};

export function reasonOf(code: Code): Reason {
  return REASONS[code] ?? "unknown";
}

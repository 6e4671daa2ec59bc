/** Errors on the wire: RFC 9457 problem details with a stable `code`. One table of codes for HTTP and the socket. */
import { z } from "zod";
import type { RefusalCode } from "../domain/refusal.ts";

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

function kind(status: number, title: string): ProblemKind {
  return { status, title };
}

/** Codes that the domain refuses with. */
const REFUSALS = {
  session_not_found: kind(404, "No such session"),
  session_exists: kind(409, "The session exists already"),
  session_state_conflict: kind(409, "The session's state does not allow this"),
  session_not_live: kind(409, "The session is not live"),
  stock_conflict: kind(409, "The stock was changed by somebody else"),
  stock_in_use: kind(409, "More units are held or sold than would be allocated"),
  limit_reached: kind(409, "A limit is reached"),
  offer_not_found: kind(404, "No such offer"),
  offer_exists: kind(409, "The offer exists already"),
  offer_state_conflict: kind(409, "The offer's state does not allow this"),
  offer_window_invalid: kind(422, "The offer's times contradict each other or are past"),
  offer_not_open: kind(409, "The offer is not open"),
  price_below_floor: kind(422, "The price is below its floor"),
  currency_mismatch: kind(422, "The currency is not the session's"),
  not_covered: kind(409, "The contract does not cover this"),
  funder_not_agreed: kind(409, "The contract does not let them pay for this"),
  token_expired: kind(401, "The offer token has expired"),
  token_used: kind(409, "The offer token was used already"),
  price_version_void: kind(409, "The price has changed and older tokens are void"),
  quantity_exceeded: kind(409, "More units than allowed"),
  credit_exceeded: kind(409, "More loyalty credit than the viewer has"),
  out_of_stock: kind(409, "Not enough stock"),
  backorder_not_offered: kind(409, "The seller does not sell beyond stock"),
  reservation_not_found: kind(404, "No such reservation"),
  reservation_exists: kind(409, "The reservation exists already"),
  reservation_ended: kind(409, "The reservation has ended"),
  reservation_not_held: kind(409, "The reservation holds nothing"),
  reservation_in_payment: kind(409, "The reservation is being paid for"),
  extension_refused: kind(409, "The hold cannot be extended further"),
  order_not_found: kind(404, "No such order"),
  order_exists: kind(409, "The order exists already"),
  order_state_conflict: kind(409, "The order's state does not allow this"),
  refund_exceeds_captured: kind(409, "More than what is left of the captured amount"),
  idempotency_key_reused: kind(422, "The idempotency key was used with another request"),
} as const satisfies Record<RefusalCode, ProblemKind>;

/** Codes of tokens that do not hold, see `token/`. */
const TOKENS = {
  token_malformed: kind(401, "The token is not a canonical signed token"),
  token_key_unknown: kind(401, "The token's key is unknown or no longer honoured"),
  token_signature_invalid: kind(401, "The token's signature does not match"),
  token_session_mismatch: kind(403, "The token is for another session"),
  token_viewer_mismatch: kind(403, "The token is for another viewer"),
} as const;

/** Codes of the edge and of the socket. */
const EDGE = {
  bad_request: kind(400, "The request is not valid"),
  invalid_json: kind(400, "The body is not JSON"),
  idempotency_key_missing: kind(400, "The Idempotency-Key header is missing"),
  idempotency_key_invalid: kind(400, "The Idempotency-Key header is not valid"),
  idempotency_in_flight: kind(409, "A request with this Idempotency-Key is still being worked on"),
  unauthenticated: kind(401, "Authentication is missing or not valid"),
  forbidden: kind(403, "The credentials do not allow this"),
  not_found: kind(404, "No such resource"),
  method_not_allowed: kind(405, "The method is not allowed here"),
  not_acceptable: kind(406, "None of the accepted types can be given"),
  payload_too_large: kind(413, "The body is too large"),
  unsupported_media_type: kind(415, "The content type is not supported"),
  image_unavailable: kind(404, "The offer has no image, or it cannot be had"),
  upgrade_required: kind(426, "This route speaks WebSocket"),
  rate_limited: kind(429, "Too many requests"),
  rate_locked: kind(409, "The creator's terms are locked, or notice is due"),
  contract_not_in_force: kind(409, "The contract is not in force"),
  creator_code_unknown: kind(422, "No such creator code in this session"),
  credit_not_granted: kind(422, "The viewer has no loyalty credit for this session"),
  payment_method_unknown: kind(422, "The payment provider does not know this method"),
  refund_not_failed: kind(409, "The refund did not come back, or was made anew already"),
  refund_refused: kind(409, "The payment provider refuses the refund"),
  account_not_enabled: kind(409, "The party's payment account cannot be paid out"),
  payout_too_small: kind(409, "There is less to pay out than the minimum"),
  provider_refused: kind(422, "The payment provider refuses this"),
  provider_unavailable: kind(503, "The payment provider does not answer; try again shortly"),
  payment_webhook_invalid: kind(400, "The provider's webhook is not authentic"),
  dead_letter_incomplete: kind(409, "The message could not be kept whole, and cannot be sent again"),
  sign_in_code_unknown: kind(422, "No such sign-in code"),
  sign_in_code_used: kind(409, "The sign-in code was used already"),
  sign_in_code_expired: kind(409, "The sign-in code has expired"),
  conflict: kind(409, "The resource exists already"),
  overloaded: kind(503, "Too many taps at once; try again shortly"),
  internal: kind(500, "Something went wrong on our side"),
  frame_invalid: kind(400, "The message is not valid"),
  frame_too_large: kind(413, "The message is too large"),
  frame_binary: kind(400, "Binary messages are not spoken here"),
} as const;

export const PROBLEMS = { ...REFUSALS, ...TOKENS, ...EDGE } as const;
export type ProblemCode = keyof typeof PROBLEMS;
export type TokenFault = keyof typeof TOKENS | "token_expired";

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
export const problemCode = z.enum(codes);

/** RFC 9457; `errors` lists what validation found, other members depend on the code. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: problemCode,
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });
export type Problem = z.infer<typeof problem>;

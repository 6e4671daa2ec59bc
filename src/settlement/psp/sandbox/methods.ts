/**
 * The sandbox's payment methods: each name is a behaviour.
 *
 * | method | what happens |
 * |---|---|
 * | `sandbox_success` | authorized at once |
 * | `sandbox_decline` | declined at once |
 * | `sandbox_later_success`, `sandbox_later_success_30` | pending, authorized after 2 seconds, or as many as it says |
 * | `sandbox_later_decline`, `sandbox_later_decline_30` | pending, declined after as long |
 * | `sandbox_success_after_hold_lost` | pending, authorized when the longest hold there is has run out |
 * | `sandbox_never_answers` | no answer, and the provider remembers nothing |
 * | `sandbox_3ds` | pending until the buyer approves or refuses on their bank's page; declined after 15 minutes |
 * | `sandbox_dispute` | authorized at once; disputed when captured, and never decided |
 * | `sandbox_dispute_won`, `sandbox_dispute_lost` | the same, and decided 2 seconds later, for the platform or against it |
 * | `sandbox_refund_fails` | authorized at once; the buyer's bank sends every refund back after 2 seconds |
 *
 * With a short hold, `sandbox_later_success_{seconds}` loses it as surely as `…_after_hold_lost`, and sooner. Pure.
 */
import { LIMITS } from "../../../domain/limits.ts";

/** How the sandbox treats a charge. */
export type Behaviour = Settles | { readonly kind: "never_answers" };

export interface Settles {
  readonly kind: "settles";
  readonly outcome: "authorized" | "declined";
  readonly afterMs: number;
  /** The buyer's bank disputes it when it is captured, with this end. */
  readonly dispute?: "open" | "won" | "lost";
}

/** The method whose buyer is sent to their bank's page. */
export const CHALLENGED = "sandbox_3ds";

/** The method whose refunds come back. */
export const REFUND_FAILS = "sandbox_refund_fails";

const SUCCESS: Settles = { kind: "settles", outcome: "authorized", afterMs: 0 };

const BY_NAME: ReadonlyMap<string, Behaviour> = new Map<string, Behaviour>([
  ["sandbox_success", SUCCESS],
  ["sandbox_decline", { kind: "settles", outcome: "declined", afterMs: 0 }],
  ["sandbox_success_after_hold_lost", { ...SUCCESS, afterMs: LIMITS.holdMaxMs + LIMITS.holdMinMs }],
  ["sandbox_never_answers", { kind: "never_answers" }],
  [CHALLENGED, { kind: "settles", outcome: "declined", afterMs: LIMITS.sandboxChallengeMs }],
  ["sandbox_dispute", { ...SUCCESS, dispute: "open" }],
  ["sandbox_dispute_won", { ...SUCCESS, dispute: "won" }],
  ["sandbox_dispute_lost", { ...SUCCESS, dispute: "lost" }],
  [REFUND_FAILS, SUCCESS],
]);

/** The behaviour of a method; undefined when there is none of that name. */
export function behaviourOf(method: string): Behaviour | undefined {
  return BY_NAME.get(method) ?? later(method);
}

function later(method: string): Behaviour | undefined {
  const [, what, seconds] = /^sandbox_later_(success|decline)(?:_([1-9]\d{0,4}))?$/.exec(method) ?? [];
  if (what === undefined || Number(seconds ?? 1) * 1_000 > LIMITS.queueDelayMaxMs) return undefined;
  return {
    kind: "settles",
    outcome: what === "success" ? "authorized" : "declined",
    afterMs: seconds === undefined ? LIMITS.sandboxLaterMs : Number(seconds) * 1_000,
  };
}

/** Why a payment by this method was declined. */
export function declineReasonOf(method: string): string {
  if (method === CHALLENGED) return "authentication_failed";
  return behaviourOf(method) ? "card_declined" : "unknown_method";
}

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
 *
 * With a short hold, `sandbox_later_success_{seconds}` loses it as surely as `…_after_hold_lost`, and sooner. Pure.
 */
import { LIMITS } from "../../domain/limits.ts";

/** How the sandbox treats a charge. */
export type Behaviour =
  | { readonly kind: "settles"; readonly outcome: "authorized" | "declined"; readonly afterMs: number }
  | { readonly kind: "never_answers" };

/** The behaviour of a method; undefined when there is none of that name. */
export function behaviourOf(method: string): Behaviour | undefined {
  switch (method) {
    case "sandbox_success":
      return { kind: "settles", outcome: "authorized", afterMs: 0 };
    case "sandbox_decline":
      return { kind: "settles", outcome: "declined", afterMs: 0 };
    case "sandbox_success_after_hold_lost":
      return { kind: "settles", outcome: "authorized", afterMs: LIMITS.holdMaxMs + LIMITS.holdMinMs };
    case "sandbox_never_answers":
      return { kind: "never_answers" };
    default:
      return later(method);
  }
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

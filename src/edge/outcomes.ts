/** Answers from what the shop says: a value as JSON, or its refusal as a problem. Touches the answer alone. */
import type { Outcome } from "../shop/outcome.ts";
import { toWire } from "../wire/instants.ts";
import type { ProblemCode } from "../wire/problem.ts";
import type { AppContext } from "./context.ts";
import { problem } from "./problem.ts";

export function shown<T extends object, C extends ProblemCode>(
  c: AppContext,
  outcome: Outcome<T, C>,
  status: 200 | 201 = 200,
): Response {
  return outcome.ok
    ? c.json(toWire(outcome.value), status)
    : problem(c, outcome.code, { detail: outcome.detail });
}

/** The one error of the SDK. Pure. */
import type { Problem, ProblemCode } from "./problem.ts";

export interface Failure {
  readonly status?: number;
  readonly problem?: Problem | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * A refusal or failure with its stable code; `offline` when nothing answered. After a `buy` or `reserve` that is said only when
 * the server has answered that it was not carried out, or has not answered that for twelve minutes; of other taps it is not
 * known then, and `state.purchases` shows it as soon as the server says so.
 */
export class DropcastError extends Error {
  override readonly name = "DropcastError";
  readonly code: ProblemCode | "offline";
  /** The HTTP status of the code; 0 when nothing answered. */
  readonly status: number;
  /** The whole document (RFC 9457), with what its code adds, e.g. `available` of `out_of_stock`. */
  readonly problem: Problem | undefined;
  /** When to try again, where the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ProblemCode | "offline", message: string, failure: Failure = {}) {
    super(message);
    this.code = code;
    this.status = failure.status ?? 0;
    this.problem = failure.problem;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** The error that says what a problem document says. */
export function errorOf(problem: Problem, retryAfterMs?: number): DropcastError {
  const own = problem["retryAfterMs"];
  return new DropcastError(problem.code, problem.detail ?? problem.title, {
    status: problem.status,
    problem,
    retryAfterMs: typeof own === "number" ? own : retryAfterMs,
  });
}

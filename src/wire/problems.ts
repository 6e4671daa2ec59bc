/** Words a problem: the same document for an HTTP answer and an error message on the socket. Pure. */
import type { Refusal } from "../domain/refusal.ts";
import { toWire } from "./instants.ts";
import { PROBLEMS, type Problem, type ProblemCode } from "./problem.ts";

export interface ProblemFacts {
  readonly requestId: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly [member: string]: unknown;
}

/** `type` names the code's entry in the documentation; it need not be opened to act on the problem. */
export function problemOf(code: ProblemCode, facts: ProblemFacts): Problem {
  const { status, title } = PROBLEMS[code];
  return { ...facts, type: `/docs/problems#${code}`, title, status, code };
}

/** A refusal's facts become members of the problem; a state goes by `state`, since RFC 9457 has its own `status`. */
export function refusalProblem({ code, ...facts }: Refusal, about: ProblemFacts): Problem {
  const { status: state, ...rest } = toWire(facts) as Record<string, unknown>;
  return problemOf(code, { ...rest, ...(state === undefined ? {} : { state }), ...about });
}

/** What the shop answers: a value, or a refusal that the edge turns into a problem. Pure. */
import type { ProblemCode } from "../wire/problem.ts";

export interface Refused<C extends ProblemCode> {
  readonly ok: false;
  readonly code: C;
  /** For a person: what was wrong with this request. Never has a secret. */
  readonly detail: string;
}

/** Business outcomes are values; only a broken database throws. */
export type Outcome<T, C extends ProblemCode> = { readonly ok: true; readonly value: T } | Refused<C>;

export function done<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refused<C extends ProblemCode>(code: C, detail: string): Refused<C> {
  return { ok: false, code, detail };
}

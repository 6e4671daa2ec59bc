/** Answers that say no: RFC 9457 problems with the request's id and path. Touches the answer alone. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Refusal } from "../domain/refusal.ts";
import type { Problem, ProblemCode } from "../wire/problem.ts";
import { problemOf, refusalProblem } from "../wire/problems.ts";
import type { AppContext } from "./context.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** Members of a problem beyond those every one has. */
type Facts = Readonly<Record<string, unknown>>;

/**
 * @example return problem(c, "not_found", { detail: "There is no such key." });
 */
export function problem(c: AppContext, code: ProblemCode, facts: Facts = {}): Response {
  return written(c, problemOf(code, { ...about(c), ...facts }));
}

/** What the domain refused; its facts become members. */
export function refusal(c: AppContext, refused: Refusal): Response {
  return written(c, refusalProblem(refused, about(c)));
}

/** As Standard Schema and zod have it. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** Of a union: what each of its members found. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** As many faults as a person would read. */
const MOST_ERRORS = 20;

/** What a schema found wrong, by the path of each fault. */
export function invalid(c: AppContext, issues: readonly Issue[]): Response {
  const errors = issues.flatMap((issue) => flattened(issue, "")).slice(0, MOST_ERRORS);
  return problem(c, "bad_request", { errors });
}

/** Of a union the member that came nearest speaks: "Invalid input" would help nobody. */
function flattened(issue: Issue, base: string): { path: string; message: string }[] {
  const path = [base, ...(issue.path ?? []).map(nameOf)].filter(Boolean).join(".");
  const nearest = issue.errors?.toSorted((a, b) => a.length - b.length)[0];
  if (nearest === undefined || nearest.length === 0) return [{ path, message: issue.message }];
  return nearest.flatMap((inner) => flattened(inner, path));
}

function nameOf(part: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof part === "object" ? part.key : part);
}

function about(c: AppContext): { requestId: string; instance: string } {
  return { requestId: c.get("requestId"), instance: c.req.path };
}

function written(c: AppContext, body: Problem): Response {
  // RFC 9110 §11.6.1: a 401 names the scheme that would do.
  if (body.status === 401) c.header("WWW-Authenticate", 'Bearer realm="dropcast"');
  return c.body(JSON.stringify(body), body.status as ContentfulStatusCode, { "Content-Type": PROBLEM_TYPE });
}

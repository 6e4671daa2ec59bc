/** Refusals, as the API tells them. Types only. */
import type { components } from "./openapi.ts";

/** RFC 9457; what else it has depends on its code, see `/docs/problems`. */
export type Problem = components["schemas"]["Problem"];
export type ProblemCode = Problem["code"];

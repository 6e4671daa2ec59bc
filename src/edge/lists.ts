/** Answers with a page of a list, or with what is wrong with its cursor. Touches the answer alone. */
import { toWire } from "../wire/instants.ts";
import type { AppContext } from "./context.ts";
import { problem } from "./problem.ts";

/** `page` is undefined when the cursor was not one of the list's. */
export function listed(c: AppContext, page: object | undefined): Response {
  return page ? c.json(toWire(page)) : foreignCursor(c);
}

export function foreignCursor(c: AppContext): Response {
  return problem(c, "bad_request", { errors: [{ path: "cursor", message: "is not one of this list's" }] });
}

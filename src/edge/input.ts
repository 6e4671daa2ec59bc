/** What a route takes from its path and query, validated; a path that names nothing possible is a 404. Pure. */
import { validator } from "hono-openapi";
import { z } from "zod";
import type { ProblemCode } from "../wire/problem.ts";
import { offerId, orderId, reservationId, sessionId } from "../wire/primitives.ts";
import type { AppContext } from "./context.ts";
import { invalid, problem } from "./problem.ts";

/** The refusal for a path segment that cannot be an id of its kind: the same as for one that is nobody's. */
const MISSING: Readonly<Record<string, ProblemCode>> = {
  session: "session_not_found",
  offer: "offer_not_found",
  reservation: "reservation_not_found",
  order: "order_not_found",
};

/**
 * Path parameters by their schemas.
 * @example params({ session: sessionId, offer: offerId })
 */
export function params<Shape extends z.ZodRawShape>(shape: Shape) {
  return validator("param", z.object(shape), (result, c: AppContext) => {
    if (result.success) return undefined;
    const [name] = result.error[0]?.path ?? [];
    return problem(c, (typeof name === "string" && MISSING[name]) || "not_found");
  });
}

export const ofSession = params({ session: sessionId });
export const ofOffer = params({ session: sessionId, offer: offerId });
export const ofReservation = params({ session: sessionId, reservation: reservationId });
export const ofOrder = params({ order: orderId });

/** Query parameters by their schema. Unknown ones are ignored: links carry all sorts of them. */
export function query<S extends z.ZodType>(schema: S) {
  return validator("query", schema, (result, c: AppContext) =>
    result.success ? undefined : invalid(c, result.error),
  );
}

/** Reservations: units held for a viewer. Taps go through the viewer's relay, reads to the session. */
import { Hono } from "hono";
import type { Reservation } from "../../domain/reservation.ts";
import { extendTap, releaseTap, reserveTap, sessionOf } from "../../live/taps.ts";
import { toWire } from "../../wire/instants.ts";
import { reservation, reserve, reserved } from "../../wire/reservations.ts";
import type { ReservationId, SessionId } from "../../domain/ids.ts";
import { body } from "../body.ts";
import { keysOf, liveOf, type AppContext, type AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { ofReservation, ofSession } from "../input.ts";
import { pictureOf } from "../picture-cache.ts";
import { roleIn } from "../principal.ts";
import { problem, refusal } from "../problem.ts";
import { READS, TAPS } from "../rate-limit.ts";
import { TAP_PROBLEMS, tapped, tapperOf } from "../taps.ts";

export const reservations = new Hono<AppEnv>();

reservations.post(
  "/v1/sessions/:session/reservations",
  endpoint({
    id: "reserve",
    tag: "buying",
    summary: "Hold units",
    description:
      "One decision over all items: all or nothing, unless `allowPartial`; with `backorder` the reservation waits for " +
      "stock where the seller allows it. What is known to be sold out is refused at once; that uses up neither tokens " +
      "nor `Idempotency-Key`.",
    who: ["viewer"],
    rate: TAPS,
    key: "required",
    takes: "body",
    answers: {
      201: {
        description: "The reservation, and what it holds less of than was asked for",
        schema: reserved,
        headers: ["Location"],
      },
    },
    problems: [...TAP_PROBLEMS, "backorder_not_offered"],
  }),
  ofSession,
  body(reserve),
  async (c) => {
    const { session } = c.req.valid("param");
    const tap = await reserveTap(await keysOf(c), tapperOf(c, session), c.req.valid("json"), Date.now());
    const outcome = await tapped(c, session, tap);
    if (outcome instanceof Response) return outcome;
    const { reply, replayed } = outcome;
    if (replayed) c.header("Idempotency-Replayed", "true");
    if (!reply.ok) return refusal(c, reply.refusal);
    if (!("shortfall" in reply)) throw new Error("a reserve was answered with something else");
    const { reservation: held, shortfall } = reply;
    c.header("Location", `/v1/sessions/${session}/reservations/${held.id}`);
    return c.json(toWire({ reservation: held, shortfall }), 201);
  },
);

reservations.get(
  "/v1/sessions/:session/reservations/:reservation",
  endpoint({
    id: "getReservation",
    tag: "buying",
    summary: "A reservation",
    description: "A viewer sees their own, a host all of the session's.",
    who: ["viewer", "platform", "seller", "creator"],
    rate: READS,
    answers: { 200: { description: "The reservation", schema: reservation } },
    problems: ["reservation_not_found"],
  }),
  ofReservation,
  async (c) => {
    const { session, reservation: id } = c.req.valid("param");
    const found = await visible(c, session, id);
    return found ? c.json(toWire(found)) : problem(c, "reservation_not_found");
  },
);

/** The reservation, if whoever asks may know of it. */
async function visible(
  c: AppContext,
  session: SessionId,
  id: ReservationId,
): Promise<Reservation | undefined> {
  if (sessionOf(id) !== session) return undefined;
  const hydrated = await pictureOf(c, session);
  const principal = c.get("principal");
  if (!hydrated || (principal.kind !== "viewer" && !roleIn(principal, hydrated.picture))) return undefined;
  const found = await liveOf(c).reservation(session, id);
  return principal.kind === "viewer" && found?.viewer !== principal.name ? undefined : found;
}

reservations.delete(
  "/v1/sessions/:session/reservations/:reservation",
  endpoint({
    id: "releaseReservation",
    tag: "buying",
    summary: "Give held units back",
    description: "Also leaves the waitlist. Releasing again changes nothing.",
    who: ["viewer"],
    rate: TAPS,
    key: "optional",
    answers: { 200: { description: "The reservation, released", schema: reservation } },
    problems: ["reservation_not_found", "reservation_ended", "reservation_in_payment", "session_not_found"],
  }),
  ofReservation,
  async (c) => {
    const { session, reservation: id } = c.req.valid("param");
    const outcome = await tapped(c, session, releaseTap(tapperOf(c, session), id));
    if (outcome instanceof Response) return outcome;
    const { reply, replayed } = outcome;
    if (replayed) c.header("Idempotency-Replayed", "true");
    if (reply.ok && "reservation" in reply) return c.json(toWire(reply.reservation));
    if (reply.ok) throw new Error("a release was answered with something else");
    // RFC 9110 §9.2.2: DELETE is idempotent, with or without a key.
    const { refusal: why } = reply;
    const again = why.code === "reservation_ended" && why.status === "released";
    const released = again ? await visible(c, session, id) : undefined;
    return released ? c.json(toWire(released)) : refusal(c, why);
  },
);

reservations.post(
  "/v1/sessions/:session/reservations/:reservation/extend",
  endpoint({
    id: "extendReservation",
    tag: "buying",
    summary: "Hold units for longer",
    description: "A fresh hold from now, at most three times and never past `latestAt`.",
    who: ["viewer"],
    rate: TAPS,
    key: "optional",
    answers: { 200: { description: "The reservation", schema: reservation } },
    problems: ["reservation_not_found", "reservation_not_held", "extension_refused", "session_not_found"],
  }),
  ofReservation,
  async (c) => {
    const { session, reservation: id } = c.req.valid("param");
    const outcome = await tapped(c, session, extendTap(tapperOf(c, session), id));
    if (outcome instanceof Response) return outcome;
    const { reply, replayed } = outcome;
    if (replayed) c.header("Idempotency-Replayed", "true");
    if (!reply.ok) return refusal(c, reply.refusal);
    if (!("reservation" in reply)) throw new Error("an extension was answered with something else");
    return c.json(toWire(reply.reservation));
  },
);

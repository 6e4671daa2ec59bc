/** Orders: decided by their session, paid for by checkout. */
import { Hono } from "hono";
import { wrapTime } from "hono/timing";
import type { OrderId, SessionId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { Order } from "../../domain/order.ts";
import { orderTap, sessionOf } from "../../live/taps.ts";
import { findOrder, listOrders } from "../../settlement/order-readers.ts";
import { orderOf } from "../../settlement/orders.ts";
import type { PaymentAction } from "../../settlement/psp/port.ts";
import { errorFacts, logLine } from "../../wire/log.ts";
import { toWire } from "../../wire/instants.ts";
import { createOrder, listedOrder, ownOrder } from "../../wire/orders.ts";
import { format, page, pageQuery, sellerId, sessionId } from "../../wire/primitives.ts";
import { body } from "../body.ts";
import { payNow } from "../checkout.ts";
import { keysOf, liveOf, type AppContext, type AppEnv } from "../context.ts";
import { AS_CSV, csvOfList, wantsCsv } from "../csv.ts";
import { endpoint } from "../endpoint.ts";
import { ofOrder, ofSession, query } from "../input.ts";
import { inFlight } from "../once.ts";
import { ordersCsv, ordersShown } from "../order-rows.ts";
import { pictureOf } from "../picture-cache.ts";
import { roleIn, type Role } from "../principal.ts";
import { foreignCursor } from "../lists.ts";
import { problem, refusal } from "../problem.ts";
import { READS, TAPS } from "../rate-limit.ts";
import { TAP_PROBLEMS, tapped, tapperOf } from "../taps.ts";
import { tillOf } from "../till.ts";

export const orders = new Hono<AppEnv>();

orders.post(
  "/v1/sessions/:session/orders",
  endpoint({
    id: "createOrder",
    tag: "buying",
    summary: "Buy",
    description:
      "Pays for a reservation; or, given items, reserves and pays in one tap. Answers with the order as far as it is " +
      "known: `authorized` and `captured` are bought, `placed` awaits the provider's word, `failed` is not bought. A " +
      "repeat answers with the order as it stands. A `paymentAction` is the viewer's to do, at `url`, before the hold " +
      "runs out: 3-D Secure. `lines` are what was bought and is charged: with `allowPartial` they " +
      "may have fewer units than were asked for. What is known to be sold out is refused at once; that uses up neither " +
      "tokens nor `Idempotency-Key`.",
    who: ["viewer"],
    rate: TAPS,
    key: "required",
    takes: "body",
    answers: { 201: { description: "The order", schema: ownOrder, headers: ["Location"] } },
    problems: [
      ...TAP_PROBLEMS,
      "idempotency_in_flight",
      "payment_method_unknown",
      "reservation_not_found",
      "reservation_not_held",
      "reservation_in_payment",
    ],
  }),
  ofSession,
  body(createOrder),
  async (c) => {
    const { session } = c.req.valid("param");
    const asked = c.req.valid("json");
    const till = tillOf(c.env);
    if (!till.port.acceptsMethod(asked.paymentMethod)) return problem(c, "payment_method_unknown");
    const tap = await orderTap(await keysOf(c), tapperOf(c, session), asked, Date.now());
    const outcome = await tapped(c, session, tap);
    if (outcome instanceof Response) return outcome;
    const { reply, replayed } = outcome;
    if (replayed) c.header("Idempotency-Replayed", "true");
    if (!reply.ok) return refusal(c, reply.refusal);
    if (!("order" in reply)) throw new Error("an order was answered with something else");
    const { order: placed } = reply;
    if (replayed) return repeated(c, session, placed);
    const paid = payNow(till, session, placed, (work) => c.executionCtx.waitUntil(work));
    return created(c, await wrapTime(c, "payment", paid));
  },
);

/** Somebody is, or was just now, at the provider with the first of these requests: its answer is not known yet. */
async function repeated(c: AppContext, session: SessionId, placed: Order): Promise<Response> {
  const current = (await liveOf(c).order(session, placed.id)) ?? placed;
  const isOpen = current.status === "placed" && !current.paymentPending;
  if (isOpen && Date.now() - current.placedAtMs < LIMITS.paymentInFlightMs) return inFlight(c);
  return created(c, current);
}

async function created(c: AppContext, made: Order): Promise<Response> {
  c.header("Location", `/v1/orders/${made.id}`);
  return c.json(toWire(await withAction(c, made)), 201);
}

/** The viewer's own order with what the viewer has to do for its payment, which no record has. */
async function withAction(c: AppContext, of: Order): Promise<Order & { paymentAction?: PaymentAction }> {
  if (of.status !== "placed" || !of.paymentPending) return of;
  // An order is answered as far as it is known: a provider that says nothing just now is no reason not to.
  const state = await tillOf(c.env)
    .port.find(of.id)
    .catch((error: unknown) => {
      logLine({ event: "payment_action_unknown", order: of.id, ...errorFacts(error) });
      return undefined;
    });
  if (!state) return of;
  return state.status === "pending" && state.action ? { ...of, paymentAction: state.action } : of;
}

orders.get(
  "/v1/orders/:order",
  endpoint({
    id: "getOrder",
    tag: "buying",
    summary: "An order",
    description:
      "A viewer sees their own, a host those of their sessions. Shows what was answered before, at once.",
    who: ["viewer", "platform", "seller", "creator"],
    rate: READS,
    answers: { 200: { description: "The order", schema: ownOrder } },
    problems: ["order_not_found"],
  }),
  ofOrder,
  async (c) => {
    const found = await visible(c, c.req.valid("param").order);
    if (!found) return problem(c, "order_not_found");
    return c.json(toWire(found.role ? found.order : await withAction(c, found.order)));
  },
);

const ordersQuery = pageQuery
  .extend({ session: sessionId.optional(), seller: sellerId.optional(), format })
  .refine(({ session, seller }) => (session === undefined) !== (seller === undefined), {
    message: "name a session or a seller",
    path: ["session"],
  });

orders.get(
  "/v1/orders",
  endpoint({
    id: "listOrders",
    tag: "buying",
    summary: "Orders of a session or a seller",
    description:
      "Newest first, as the record has them: some seconds behind. Name `session` or `seller`. CSV with `Accept: text/csv` " +
      "or `format=csv`, every row at once.",
    who: ["platform", "seller", "creator"],
    answers: { 200: { description: "A page of orders", schema: page(listedOrder), also: AS_CSV } },
    problems: ["bad_request", "not_found", "session_not_found", "rate_limited"],
  }),
  query(ordersQuery),
  async (c) => {
    const { session, seller, format: kind, ...asked } = c.req.valid("query");
    const principal = c.get("principal");
    const hydrated = session && (await pictureOf(c, session));
    if (session && !(hydrated && roleIn(principal, hydrated.picture))) return problem(c, "session_not_found");
    if (seller && principal.kind !== "platform" && principal.name !== seller) return problem(c, "not_found");
    const of = session ? { session } : seller && { seller };
    if (of && wantsCsv(c, kind)) return csvOfList(c, "orders.csv", ordersCsv(c.env.DB, of));
    const found = of && (await listOrders(c.env.DB, { ...of, ...asked }));
    if (!found) return foreignCursor(c);
    const data = await ordersShown(c.env.DB, found.rows);
    return c.json(toWire({ data, nextCursor: found.nextCursor }));
  },
);

export interface Visible {
  readonly session: SessionId;
  readonly order: Order;
  /** As what the principal hosts the session; undefined for the viewer whose order it is. */
  readonly role: Role | undefined;
}

/** The order, if whoever asks may know of it: from its session, or from D1 where the session has forgotten it. */
export async function visible(c: AppContext, id: OrderId): Promise<Visible | undefined> {
  const session = sessionOf(id);
  const hydrated = session && (await pictureOf(c, session));
  if (!session || !hydrated) return undefined;
  const principal = c.get("principal");
  const role = roleIn(principal, hydrated.picture);
  if (principal.kind !== "viewer" && !role) return undefined;
  const found = (await liveOf(c).order(session, id)) ?? (await fromD1(c, id));
  if (!found || (!role && found.viewer !== principal.name)) return undefined;
  return { session, order: found, role };
}

async function fromD1(c: AppContext, id: OrderId): Promise<Order | undefined> {
  const row = await findOrder(c.env.DB, id);
  return row && orderOf(row);
}

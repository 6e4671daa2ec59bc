/** Refunds: asked for by hosts, made at the provider, told to the order's session. */
import { Hono } from "hono";
import type { RefundId } from "../../domain/ids.ts";
import type { Money } from "../../domain/money.ts";
import type { Order } from "../../domain/order.ts";
import { refundOf } from "../../settlement/readers/returns.ts";
import { readRefund, refundedOf } from "../../settlement/returns/refunds.ts";
import { toWire } from "../../wire/instants.ts";
import { createRefund, order } from "../../wire/orders.ts";
import { orderId, refundId } from "../../wire/primitives.ts";
import * as wire from "../../wire/returns.ts";
import { body } from "../body.ts";
import { answer, command } from "../commands.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { refundIdOf } from "../ids.ts";
import { ofOrder, params } from "../input.ts";
import { problem, refusal } from "../problem.ts";
import { READS } from "../rate-limit.ts";
import { giveAgain, giveRefund, refundFault, type Refunded } from "../refunds.ts";
import { treasuryOf } from "../till.ts";
import { visible } from "./orders.ts";

export const refunds = new Hono<AppEnv>();

const WAITING = "The provider cannot be reached; the refund is written down, and is made once it can";

refunds.post(
  "/v1/orders/:order/refunds",
  endpoint({
    id: "refundOrder",
    tag: "buying",
    summary: "Refund an order",
    description:
      "In part, or the rest when no `amount` is given. A repeat with the same key is the same refund.",
    who: ["platform", "seller", "creator"],
    rate: READS,
    key: "required",
    takes: "body",
    answers: {
      201: { description: "The order, refunded", schema: order },
      202: { description: WAITING, schema: order },
    },
    problems: [
      "order_not_found",
      "order_state_conflict",
      "refund_exceeds_captured",
      "refund_refused",
      "currency_mismatch",
    ],
  }),
  ofOrder,
  body(createRefund),
  async (c) => {
    const found = await visible(c, c.req.valid("param").order);
    if (!found) return problem(c, "order_not_found");
    if (found.role === "creator") return problem(c, "forbidden");
    const { session, order: of } = found;
    const asked = c.req.valid("json");
    if (asked.amount?.amount === 0 && of.due.amount > 0) {
      return problem(c, "bad_request", { errors: [{ path: "amount.amount", message: "must not be zero" }] });
    }
    const { returnUnits } = asked;
    const refund = refundIdOf(c.get("principal").name, c.get("idempotencyKey") ?? "", of.id);
    const amount = asked.amount ?? (await restOf(c, of, refund));
    const stopped = await given(c, of, refund, amount, returnUnits);
    if (stopped) return stopped;
    const sent = { type: "order.refund", v: 1, order: of.id, refund, amount, returnUnits } as const;
    const executed = await command(c, session, asked, sent, `/${of.id}`);
    return answer(c, executed, (accepted) => accepted.order, 201);
  },
);

/** What is left to refund; for a refund that was asked for before, what was left then. */
async function restOf(c: AppContext, of: Order, refund: RefundId): Promise<Money> {
  const { currency } = of.due;
  const written = await readRefund(c.env.DB, refund);
  if (written) return { amount: written.amount, currency };
  // Its session may not know yet of refunds that wait for the provider.
  const taken = Math.max(of.refunded.amount, await refundedOf(c.env.DB, of.id));
  return { amount: of.due.amount - taken, currency };
}

/** Takes a refund to the provider, once. An answer where there is nothing to tell the session. */
async function given(
  c: AppContext,
  of: Order,
  id: RefundId,
  amount: Money,
  returnUnits: boolean,
): Promise<Response | undefined> {
  if (of.refunds.some((known) => known.id === id)) return undefined;
  const isWritten = (await readRefund(c.env.DB, id)) !== undefined;
  const fault = isWritten ? undefined : refundFault(of, amount);
  if (fault) return refusal(c, fault);
  const treasury = treasuryOf(c.env);
  const takenBy = of.payment?.provider ?? treasury.port.provider;
  // Whoever took the money must give it back; the deployment's provider may be another by now.
  if (amount.amount > 0 && takenBy !== treasury.port.provider) {
    return problem(c, "refund_refused", { reason: "provider_not_configured", provider: takenBy });
  }
  const captured = of.due.amount;
  if (amount.amount === 0 && captured > 0)
    return refusal(c, { code: "refund_exceeds_captured", refundable: 0 });
  const asked = { id, order: of.id, amount, captured, returnUnits };
  const refunded = await giveRefund(treasury, asked);
  if (refunded.outcome === "waiting") return c.json(toWire(of), 202);
  return refusedBy(c, of, refunded);
}

async function refusedBy(c: AppContext, of: Order, refunded: Refunded): Promise<Response | undefined> {
  switch (refunded.outcome) {
    case "exceeds": {
      const refundable = of.due.amount - (await refundedOf(c.env.DB, of.id));
      return refusal(c, { code: "refund_exceeds_captured", refundable });
    }
    case "reused":
      return refusal(c, { code: "idempotency_key_reused" });
    case "refused":
      return problem(c, "refund_refused", { reason: refunded.reason });
    case "given":
    case "waiting":
      return undefined;
  }
}

refunds.post(
  "/v1/orders/:order/refunds/:refund/retries",
  endpoint({
    id: "retryRefund",
    tag: "returns",
    summary: "Make a refund anew that the buyer's bank sent back",
    description:
      "Under an id of its own. The session knows of the first one; nobody gives anything for it a second time. A refund " +
      "is made anew once: a repeat answers with the same.",
    who: ["platform", "seller", "creator"],
    rate: READS,
    key: "required",
    answers: {
      201: { description: "The new refund", schema: wire.refund },
      202: { description: WAITING, schema: wire.refund },
    },
    problems: ["order_not_found", "not_found", "refund_not_failed", "refund_refused"],
  }),
  params({ order: orderId, refund: refundId }),
  async (c) => {
    const { order: id, refund } = c.req.valid("param");
    const found = await visible(c, id);
    if (!found) return problem(c, "order_not_found");
    if (found.role === "creator") return problem(c, "forbidden");
    const failed = await readRefund(c.env.DB, refund);
    if (failed?.order !== id) return problem(c, "not_found");
    // Who asks and under which key makes no difference: there is one refund that can stand for another.
    const anew = await giveAgain(treasuryOf(c.env), refund, refundIdOf("retry", refund, id));
    if (!anew) return problem(c, "refund_not_failed", { state: failed.status });
    if (!("row" in anew)) return (await refusedBy(c, found.order, anew)) ?? problem(c, "refund_refused");
    const status = anew.outcome === "waiting" ? 202 : 201;
    return c.json(toWire(refundOf(anew.row, found.session)), status);
  },
);

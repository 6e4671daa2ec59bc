/**
 * Refunds: written down, taken to the provider, told to the order's session. Each step may be done again: the refund's id
 * is the same at every one of them.
 */
import type { Executed } from "../domain/block.ts";
import { commandIdOf, type RefundId } from "../domain/ids.ts";
import { money, type Money } from "../domain/money.ts";
import type { Order } from "../domain/order.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { LiveClient } from "../live/client.ts";
import { fingerprintOf, sessionOf } from "../live/taps.ts";
import { requestRefund, retryRefund, sendRefund, type RefundRequest } from "../settlement/returns/refunds.ts";
import type { RefundRow } from "../settlement/returns/tables.ts";
import type { Treasury } from "../settlement/treasury.ts";
import { errorFacts } from "../wire/log.ts";

/** Whether an order can be refunded so much: asked before it is written down, as the session will decide after. */
export function refundFault({ status, due, refunded, refunds }: Order, amount: Money): Refusal | undefined {
  if (status !== "captured" && status !== "refunded") return { code: "order_state_conflict", status };
  if (amount.currency !== due.currency) return { code: "currency_mismatch", currency: due.currency };
  const refundable = due.amount - refunded.amount;
  const isComplete = refundable === 0 && refunds.length > 0;
  if (isComplete || amount.amount > refundable) return { code: "refund_exceeds_captured", refundable };
  return undefined;
}

/**
 * A refund as far as it went: the provider has it; it was turned down; the provider cannot be reached, and the cron will
 * take it there; or nothing was done.
 */
export type Refunded =
  | { readonly outcome: "given" | "waiting"; readonly row: RefundRow }
  | { readonly outcome: "refused"; readonly reason: string }
  | { readonly outcome: "exceeds" }
  | { readonly outcome: "reused" };

/** Takes a refund to the provider. `reused`: the same id was asked for with another amount, or other ends. */
export async function giveRefund(treasury: Treasury, asked: RefundRequest): Promise<Refunded> {
  const row = await requestRefund(treasury, asked);
  if (!row) return { outcome: "exceeds" };
  if (row.amount !== asked.amount.amount || row.returnUnits !== asked.returnUnits)
    return { outcome: "reused" };
  return take(treasury, row);
}

/** Makes a refund that the buyer's bank sent back anew; undefined where there is nothing to be made anew. */
export async function giveAgain(
  treasury: Treasury,
  failed: RefundId,
  id: RefundId,
): Promise<Refunded | undefined> {
  const row = await retryRefund(treasury, failed, id);
  return row && take(treasury, row);
}

async function take(treasury: Treasury, row: RefundRow): Promise<Refunded> {
  try {
    const sent = await sendRefund(treasury, row);
    if (sent.status === "refused") return { outcome: "refused", reason: sent.failure ?? "refused" };
    return { outcome: sent.status === "requested" ? "waiting" : "given", row: sent };
  } catch (error) {
    treasury.log({ event: "refund_unanswered", refund: row.id, order: row.order, ...errorFacts(error) });
    return { outcome: "waiting", row };
  }
}

/** Tells the session of a refund that the provider has; a session that knows it already changes nothing. */
export async function tellOfRefund(live: Pick<LiveClient, "command">, row: RefundRow): Promise<Executed> {
  const session = sessionOf(row.order);
  if (!session) throw new Error(`order ${row.order} is of no session`);
  const command = {
    type: "order.refund",
    v: 1,
    order: row.order,
    refund: row.id,
    amount: money(row.amount, row.currency),
    returnUnits: row.returnUnits,
  } as const;
  return live.command(session, {
    id: commandIdOf("system", row.id),
    fingerprint: fingerprintOf(command.type, command),
    command,
  });
}

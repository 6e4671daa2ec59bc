/**
 * Checkout with the Worker's bindings: the entrypoint for orders from sockets, the queue of payment news, and the
 * repairing cron. Reaches sessions, the payment provider and settlement's tables.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { z } from "zod";
import type { OrderId, SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { LiveClient } from "../live/client.ts";
import { sessionOf } from "../live/taps.ts";
import { noteGivenBack, noteLooks, openOrders, ordersToGiveBack } from "../settlement/order-readers.ts";
import { orderOf } from "../settlement/orders.ts";
import { paymentPort } from "../settlement/psp/index.ts";
import type { PaymentNews } from "../settlement/psp/port.ts";
import { noteUntold, refundsToTell } from "../settlement/returns/refunds.ts";
import { FIRST_STEP, followNews, STEP_NAMES, takeStep, type MoneyStep } from "../settlement/run.ts";
import type { Treasury } from "../settlement/treasury.ts";
import { moneyStep, paymentNews } from "../wire/payments.ts";
import { advanceOrder, type Till, type Turn } from "./checkout.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { tellOfRefund } from "./refunds.ts";

export function tillOf(env: Env): Till {
  return {
    live: new LiveClient(env),
    port: paymentPort(env),
    nowMs: Date.now,
    noteGivenBack: (order) => noteGivenBack(env.DB, order, Date.now()),
  };
}

/** What settlement needs to move money with the Worker's bindings. */
export function treasuryOf(env: Env): Treasury {
  return { db: env.DB, port: paymentPort(env), nowMs: Date.now, log: logLine };
}

/** What became of an order, asked by somebody who has not placed it just now. */
function laterTurn(): Turn {
  return { fresh: false, signal: AbortSignal.timeout(LIMITS.paymentWaitMs) };
}

/** For relays: an order that came over a socket is paid for here, not in an object that holds sockets. */
export class Checkout extends WorkerEntrypoint<Env> {
  /** Whether the provider has a payment method of this name; asked before anything is held. */
  acceptsMethod(method: string): boolean {
    return paymentPort(this.env).acceptsMethod(method);
  }

  async settle(session: SessionId, order: OrderId): Promise<void> {
    const turn: Turn = { fresh: true, signal: AbortSignal.timeout(LIMITS.paymentWaitMs) };
    const work = advanceOrder(tillOf(this.env), session, order, turn);
    this.ctx.waitUntil(work);
    await work;
  }
}

const messages = z.union([moneyStep(STEP_NAMES), paymentNews]);

/**
 * Steps of moving money, and news from the provider: whatever is next for what it is about. A message that fails comes again, and so does one about
 * what is not there yet.
 */
export async function consumePayments(batch: MessageBatch, env: Env): Promise<void> {
  const till = tillOf(env);
  const treasury = treasuryOf(env);
  await Promise.all(
    batch.messages.map(async (message) => {
      const understood = messages.safeParse(message.body);
      if (!understood.success) {
        logLine({ event: "payment_message_not_understood", message: message.id });
        return message.ack();
      }
      const { data } = understood;
      try {
        // What a provider that was changed meanwhile still had to say cannot be asked for any more.
        if (data.provider === till.port.provider) await ("step" in data ? carryOn(data) : follow(data));
        message.ack();
      } catch (error) {
        logLine({ event: "payment_message_retried", ...data, ...errorFacts(error) });
        message.retry();
      }
    }),
  );

  async function carryOn(step: MoneyStep): Promise<void> {
    const { next } = await takeStep(treasury, step);
    if (next) await sendStep(env, next);
  }

  async function follow(news: PaymentNews): Promise<void> {
    if (!("order" in news)) return followNews(treasury, news);
    const session = sessionOf(news.order);
    if (session) await advanceOrder(till, session, news.order, laterTurn());
  }
}

/** Begins to move whatever money is to be moved; the queue carries it on. */
export async function moveMoney(env: Env): Promise<void> {
  await sendStep(env, FIRST_STEP);
}

async function sendStep(env: Env, step: MoneyStep): Promise<void> {
  await env.PAYMENTS_QUEUE.send({ provider: paymentPort(env).provider, ...step });
}

/** Orders repaired at a time: a cron has six connections, and a minute. */
const ABREAST = 6;

/** Orders that a crash left between steps, or that the provider has kept waiting. Answers how many were looked at. */
export async function repairOrders(env: Env, nowMs: number): Promise<number> {
  const olderThanMs = nowMs - LIMITS.orderRepairAfterMs;
  const [open, lost] = await Promise.all([
    openOrders(env.DB, olderThanMs, LIMITS.ordersPerRepair),
    ordersToGiveBack(env.DB, olderThanMs, LIMITS.ordersPerRepair),
  ]);
  const orders = [...open, ...lost];
  // Before the work: a run that takes longer than a minute, or dies, must not have the next one begin where it did.
  if (orders.length > 0) {
    const ids = orders.map(({ id }) => id);
    await noteLooks(env.DB, ids, nowMs);
  }
  const till = tillOf(env);
  for (let at = 0; at < orders.length; at += ABREAST) {
    await Promise.all(
      orders.slice(at, at + ABREAST).map(async (row) => {
        const { id, session } = row;
        try {
          // A session forgets what came to nothing before its money is surely back; D1 does not.
          const order = (await till.live.order(session, id)) ?? orderOf(row);
          await advanceOrder(till, session, id, { ...laterTurn(), order });
        } catch (error) {
          logLine({ event: "order_repair_failed", session, order: id, ...errorFacts(error) });
        }
      }),
    );
  }
  return orders.length;
}

/** Refunds that a crash kept from their sessions. Answers how many were looked at. */
export async function repairRefunds(env: Env, nowMs: number): Promise<number> {
  const untold = await refundsToTell(env.DB, nowMs - LIMITS.orderRepairAfterMs, LIMITS.ordersPerRepair);
  const live = new LiveClient(env);
  for (const row of untold) {
    try {
      const { reply } = await tellOfRefund(live, row);
      if (reply.ok) continue;
      logLine({ event: "refund_not_told", refund: row.id, order: row.order, code: reply.refusal.code });
      await noteUntold(env.DB, row.id, nowMs);
    } catch (error) {
      logLine({ event: "refund_repair_failed", refund: row.id, order: row.order, ...errorFacts(error) });
    }
  }
  return untold.length;
}

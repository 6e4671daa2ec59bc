/**
 * Takes orders through their payment: asks the session where an order stands, does the next step at the provider, tells
 * the session. Each step may be done again, by anybody, at the same time: the provider knows it by the order's id, the
 * session by the command's. So a tap, a webhook, the queue and the cron all call the same function.
 */
import type { OrderCommand } from "../domain/commands.ts";
import { commandIdOf, type OrderId, type SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Order, Payment } from "../domain/order.ts";
import type { LiveClient } from "../live/client.ts";
import { fingerprintOf } from "../live/taps.ts";
import type { ChargePort, PaymentPort, PaymentState } from "../settlement/psp/port.ts";
import { errorFacts, logLine } from "../wire/log.ts";

/** Whom checkout talks to. */
export interface Till {
  readonly live: Pick<LiveClient, "command" | "order" | "reservation">;
  readonly port: ChargePort & Pick<PaymentPort, "provider">;
  readonly nowMs: () => number;
  /** Remembers that the money of an order that came to nothing went back, so that nobody asks for it again. */
  noteGivenBack(order: OrderId): Promise<void>;
}

/** How an order came here. */
export interface Turn {
  /** It was placed just now: the provider has not been asked, and is. Otherwise it is looked up there first. */
  readonly fresh: boolean;
  /** The order, where it is known already. */
  readonly order?: Order;
  /** Ends the wait for the provider's word. */
  readonly signal: AbortSignal;
  /** Told of the order after each step. */
  readonly onStep?: (order: Order) => void;
}

/** `placed → authorized → captured`, and one to look again after losing a race. */
const MOST_STEPS = 4;

/** Provider of orders that loyalty credit pays in full: nobody is asked for money. */
const CREDIT: Payment = { provider: "credit", id: "credit" };

/**
 * Does whatever steps are next for an order, until it is settled or somebody else's word is awaited. Undefined for an
 * order the session does not know. Throws when the session or the provider cannot be reached; then call it again.
 */
export async function advanceOrder(
  till: Till,
  session: SessionId,
  id: OrderId,
  turn: Turn,
): Promise<Order | undefined> {
  let order = turn.order ?? (await till.live.order(session, id));
  for (let step = 0; order && step < MOST_STEPS; step++) {
    const next: Order | undefined = await nextStep({ till, session, order, turn });
    if (!next) break;
    order = next;
    turn.onStep?.(order);
  }
  return order;
}

/** One order at one moment, and what is needed to move it. */
interface Step {
  readonly till: Till;
  readonly session: SessionId;
  readonly order: Order;
  readonly turn: Turn;
}

/** The order after its next step; undefined when there is none to take now. */
async function nextStep(step: Step): Promise<Order | undefined> {
  switch (step.order.status) {
    case "placed":
      return charge(step);
    case "authorized":
      return capture(step);
    case "failed":
    case "cancelled":
      return returnMoney(step);
    case "captured":
    case "refunded":
      break;
  }
  return undefined;
}

/** Asks for the money, or what has become of asking, and tells the session. */
async function charge(step: Step): Promise<Order | undefined> {
  const { order, till } = step;
  if (order.due.amount === 0)
    return tell(step, { type: "order.authorize", v: 1, order: order.id, payment: CREDIT });
  const state = await chargeState(step);
  const payment = "payment" in state ? { provider: till.port.provider, id: state.payment } : undefined;
  switch (state.status) {
    case "authorized":
    case "captured":
      return tell(step, { type: "order.authorize", v: 1, order: order.id, payment: payment ?? CREDIT });
    case "declined":
      return fail(step, "declined", payment);
    case "returned":
      return tell(step, { type: "order.cancel", v: 1, order: order.id });
    case "unasked":
      return undefined;
    case "unknown":
    case "pending":
    case "silent":
      break;
  }
  return pend(step, payment);
}

/** Where a payment stands; or the provider does not say in time, or was not asked and is not going to be. */
type ChargeState = PaymentState | { readonly status: "silent" } | { readonly status: "unasked" };

async function chargeState(step: Step): Promise<ChargeState> {
  const { till, order, turn } = step;
  if (!turn.fresh) {
    const found = await till.port.find(order.id);
    if (found.status !== "unknown" && found.status !== "pending") return found;
    const wasAsked = found.status === "pending" || order.paymentPending;
    const isWorthAsking = !wasAsked && (await isHeld(step));
    if (ageOf(step) > patienceWith(found, wasAsked || isWorthAsking)) {
      return gone(await till.port.giveBack(order.id));
    }
    // It was asked before and may still be heard of; or the hold is gone, and there is nothing left to pay for.
    if (wasAsked) return found;
    if (!isWorthAsking) return { status: "unasked" };
  }
  const { id, due, paymentMethod } = order;
  try {
    const asked = till.port.authorize({ order: id, amount: due, paymentMethod }, turn.signal);
    return await Promise.race([asked, silenceOf(turn.signal)]);
  } catch (error) {
    logLine({ event: "payment_unanswered", order: id, ...errorFacts(error) });
    return SILENT;
  }
}

const SILENT = { status: "silent" } as const;

/** How old an order may grow without a decision. One that nobody is going to pay for waits for a tap under way only. */
function patienceWith({ status }: PaymentState, isPayable: boolean): number {
  if (status === "pending") return LIMITS.orderPendingMs;
  return isPayable ? LIMITS.orderAbandonedMs : LIMITS.paymentInFlightMs;
}

function ageOf({ till, order }: Step): number {
  return till.nowMs() - order.placedAtMs;
}

/** Nobody has heard of the money for so long: whatever might come yet is turned away, and the order cancelled. */
function gone(state: PaymentState): PaymentState {
  return state.status === "unknown" ? { status: "returned", payment: "" } : state;
}

/** Adapters should mind the signal; a tap does not wait longer for one that does not. */
function silenceOf(signal: AbortSignal): Promise<typeof SILENT> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(SILENT);
    else signal.addEventListener("abort", () => resolve(SILENT), { once: true });
  });
}

async function isHeld({ till, session, order }: Step): Promise<boolean> {
  const reservation = await till.live.reservation(session, order.reservation);
  return reservation?.status === "held" && reservation.order === order.id;
}

/** Says that the provider was asked and has not decided; once is enough. Nothing follows until it does. */
async function pend(step: Step, payment: Payment | undefined): Promise<undefined> {
  const { order, turn } = step;
  if (order.paymentPending && (!payment || order.payment?.id === payment.id)) return undefined;
  const pended = await tell(
    step,
    { type: "order.pend", v: 1, order: order.id, ...(payment ? { payment } : {}) },
    payment ? `/${payment.id}` : "",
  );
  turn.onStep?.(pended ?? order);
  return undefined;
}

/** Takes the money that was promised. A provider that has none any more fails the order for good. */
async function capture(step: Step): Promise<Order | undefined> {
  const { order, till } = step;
  const state: PaymentState =
    order.due.amount === 0 ? { status: "captured", payment: CREDIT.id } : await till.port.capture(order.id);
  switch (state.status) {
    case "captured":
      return tell(step, { type: "order.capture", v: 1, order: order.id });
    case "declined":
    case "returned":
      return fail(step, "capture_failed");
    case "authorized":
    case "pending":
    case "unknown":
      break;
  }
  return undefined;
}

function fail(
  step: Step,
  reason: "declined" | "capture_failed",
  payment?: Payment,
): Promise<Order | undefined> {
  const { id } = step.order;
  const paid = payment ? { payment } : {};
  return tell(step, { type: "order.fail", v: 1, order: id, reason, ...paid }, `/${reason}`);
}

/** Money that was promised or taken for an order that came to nothing goes back by itself. */
async function returnMoney(step: Step): Promise<undefined> {
  const { till, order } = step;
  if (order.due.amount === 0 || order.failure === "declined") return undefined;
  const { status } = await till.port.giveBack(order.id);
  // A cancelled order's provider may never have been asked, or have been and still come to know of it.
  const isOver = order.status === "failed" || ageOf(step) > LIMITS.orderPendingMs;
  const isBack = status === "returned" || status === "declined" || (status === "unknown" && isOver);
  if (isBack) await till.noteGivenBack(order.id);
  return undefined;
}

/** Sends a step's command. Who loses a race to another step looks at the order again. */
async function tell(step: Step, command: OrderCommand, variant = ""): Promise<Order | undefined> {
  const { till, session, order } = step;
  const { reply } = await till.live.command(session, {
    id: commandIdOf("system", `${order.id}:${command.type.slice("order.".length)}${variant}`),
    fingerprint: fingerprintOf(command.type, command),
    command,
  });
  if (reply.ok && "order" in reply) return reply.order;
  return till.live.order(session, order.id);
}

/**
 * Pays for an order that was placed just now. Answers as soon as it is settled, or with the order as far as it is known
 * when the wait is over; what is left goes on in `later`.
 */
export async function payNow(
  till: Till,
  session: SessionId,
  placed: Order,
  later: (work: Promise<unknown>) => void,
): Promise<Order> {
  let latest = placed;
  const onStep = (order: Order): void => {
    latest = order;
  };
  const turn: Turn = {
    fresh: true,
    order: placed,
    signal: AbortSignal.timeout(LIMITS.paymentWaitMs),
    onStep,
  };
  const work = advanceOrder(till, session, placed.id, turn).catch((error: unknown) => {
    logLine({ event: "checkout_interrupted", session, order: placed.id, ...errorFacts(error) });
  });
  later(work);
  const answered = new AbortController();
  const patience = scheduler.wait(LIMITS.paymentWaitMs + LIMITS.paymentGraceMs, { signal: answered.signal });
  await Promise.race([work, patience]);
  answered.abort();
  return latest;
}

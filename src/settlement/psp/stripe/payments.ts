/**
 * The buyer's side at Stripe: payment intents that are captured by hand, their refunds and disputes. Asks Stripe, and
 * keeps what it asked for in `stripe_requests`.
 * @see https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
 */
import type { Stripe } from "stripe";
import type { OrderId } from "../../../domain/ids.ts";
import { ProviderRefusal } from "../errors.ts";
import type { CapturedCharge, Charge, ChargePort, Dispute, PaymentState } from "../port.ts";
import { expanded, idOf, noted } from "./client.ts";
import type { Desk } from "./desk.ts";
import { paymentStateOf } from "./payment-state.ts";
import { decided, intentOfDecline, isRefusal, known } from "./refusals.ts";
import { findRefund, refund } from "./refunds.ts";
import type { Search } from "./requests.ts";
import { chargeUnitsOf, moneyOf, stripeCurrencyOf, whyNoUnits } from "./units.ts";

/** Ids of Stripe's payment methods; what they can do is Stripe's to say. */
const METHOD = /^pm_[A-Za-z0-9_]{1,250}$/;
const EXPAND = ["latest_charge"];
/** As a refusal of an order's payment: nothing more is to be asked for it. */
const GIVEN_BACK = "given_back";

export function chargePort(desk: Desk): ChargePort {
  return {
    acceptsMethod: (method) => METHOD.test(method),
    authorize: (charge, signal) => unlessAborted(authorize(desk, charge), signal),
    capture: (order) => capture(desk, order),
    giveBack: (order) => giveBack(desk, order),
    find: (order) => find(desk, order),
    captured: (order) => captured(desk, order),
    async refund(order, id, amount) {
      const intent = await intentOf(desk, order);
      return intent ? refund(desk, intent, id, amount) : { status: "refused", reason: "unknown_order" };
    },
    async findRefund(order, id) {
      const intent = await intentOf(desk, order);
      return intent ? findRefund(desk, intent, id) : { status: "unknown" };
    },
    dispute: (id) => dispute(desk, id),
  };
}

async function authorize(desk: Desk, { order, amount, paymentMethod }: Charge): Promise<PaymentState> {
  const { stripe, log, returnUrl } = desk;
  const units = chargeUnitsOf(amount);
  if (units === undefined) return { status: "declined", payment: order, reason: whyNoUnits(amount) };
  const params: Stripe.PaymentIntentCreateParams = {
    amount: units,
    currency: stripeCurrencyOf(amount),
    capture_method: "manual",
    confirm: true,
    payment_method: paymentMethod,
    return_url: returnUrl,
    transfer_group: order,
    metadata: { order },
    expand: EXPAND,
  };
  const intent = await log.run({
    ...searchOf(desk, order),
    params,
    // Whatever a repetition says: the first one stands, and so does what Stripe said to it.
    identity: [],
    send: (sent, idempotencyKey) => intentOfDecline(stripe.paymentIntents.create(sent, { idempotencyKey })),
  });
  return isRefusal(intent) ? stateOfRefusal(order, intent.refusal) : paymentStateOf(intent);
}

/** A payment that Stripe would not make is declined for good, and one that was given back is not made any more. */
function stateOfRefusal(order: OrderId, refusal: string): PaymentState {
  if (refusal === GIVEN_BACK) return { status: "returned", payment: order };
  return { status: "declined", payment: order, reason: refusal };
}

async function find(desk: Desk, order: OrderId): Promise<PaymentState> {
  const intent = await intentOf(desk, order);
  return intent ? paymentStateOf(intent) : unheardOf(desk, order);
}

/** Where a payment stands that Stripe has none of. */
async function unheardOf({ log }: Desk, order: OrderId): Promise<PaymentState> {
  const refusal = (await log.row(order))?.refusal;
  return refusal ? stateOfRefusal(order, refusal) : { status: "unknown" };
}

async function capture(desk: Desk, order: OrderId): Promise<PaymentState> {
  const intent = await intentOf(desk, order);
  if (!intent) return unheardOf(desk, order);
  if (intent.status !== "requires_capture") return paymentStateOf(intent);
  // Stripe captures an intent once, whatever the keys.
  const idempotencyKey = `${order}:capture:${await desk.log.nextAttempt(order)}`;
  const taken = await decided(
    desk.stripe.paymentIntents.capture(intent.id, { expand: EXPAND }, { idempotencyKey }),
  );
  return isRefusal(taken) ? find(desk, order) : paymentStateOf(taken);
}

async function giveBack(desk: Desk, order: OrderId): Promise<PaymentState> {
  const intent = await intentOf(desk, order);
  if (!intent) {
    const state = await unheardOf(desk, order);
    // Should the request still be on its way: an event of Stripe's will tell of it, and it is given back then.
    if (state.status === "unknown") await desk.log.close(order, GIVEN_BACK);
    return state;
  }
  const state = paymentStateOf(intent);
  if (state.status === "declined" || state.status === "returned") return state;
  if (state.status === "captured") await refundRest(desk, order, intent);
  else {
    // The status is part of the key: what could not be cancelled while it was one thing may be when it is another.
    const idempotencyKey = `${order}:cancel:${intent.status}`;
    await decided(desk.stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey }));
  }
  return find(desk, order);
}

/** Without an amount Stripe refunds what is left. */
async function refundRest({ stripe }: Desk, order: OrderId, intent: Stripe.PaymentIntent): Promise<void> {
  const refunded = expanded(intent.latest_charge)?.amount_refunded ?? 0;
  await decided(
    stripe.refunds.create(
      { payment_intent: intent.id, metadata: { order } },
      { idempotencyKey: `${order}:give-back:${refunded}` },
    ),
  );
}

async function captured({ stripe, log }: Desk, order: OrderId): Promise<CapturedCharge | undefined> {
  const expand = ["latest_charge.balance_transaction"];
  const intent = await log.search(searchOf({ stripe }, order, expand));
  const charge = expanded(intent?.latest_charge);
  if (!charge?.captured) return undefined;
  const line = expanded(charge.balance_transaction);
  if (line && line.currency !== charge.currency) throw new ProviderRefusal("Stripe", "currency_not_settled");
  return {
    charge: charge.id,
    amount: moneyOf(charge.amount_captured, charge.currency),
    ...(line ? { fee: moneyOf(line.fee, line.currency) } : {}),
  };
}

async function dispute({ stripe }: Desk, id: string): Promise<Dispute | undefined> {
  const found = await known(stripe.disputes.retrieve(id, { expand: ["charge"] }));
  const order = noted(expanded(found?.charge)?.metadata, "order", "ord");
  if (!found || !order) return undefined;
  const lines = found.balance_transactions;
  const [first] = lines;
  // Nothing was taken, and there is nothing to keep back or to win; one that becomes a dispute is told of again.
  if (!first && isInquiry(found.status)) return undefined;
  const fee = lines.reduce((sum, line) => sum + line.fee, 0);
  return {
    dispute: found.id,
    order,
    amount: moneyOf(found.amount, found.currency),
    ...(first ? { fee: moneyOf(fee, first.currency) } : {}),
    status: disputeStatusOf(found.status),
    reason: found.reason,
  };
}

/** Questions of the buyer's bank, and disputes that Stripe has settled before there was one. */
function isInquiry(status: Stripe.Dispute["status"]): boolean {
  return status.startsWith("warning_") || status === "prevented";
}

function disputeStatusOf(status: Stripe.Dispute["status"]): Dispute["status"] {
  switch (status) {
    case "won":
    case "warning_closed":
    case "prevented":
      return "won";
    case "lost":
      return "lost";
    default:
      return "open";
  }
}

function intentOf(desk: Desk, order: OrderId): Promise<Stripe.PaymentIntent | undefined> {
  return desk.log.search(searchOf(desk, order));
}

/**
 * An order's payment intent. Where its id was never heard, it is found by the charge it has made, whether that came to
 * something or not; without one it has taken nothing.
 */
function searchOf(
  { stripe }: Pick<Desk, "stripe">,
  order: OrderId,
  expand: string[] = EXPAND,
): Search<Stripe.PaymentIntent> {
  const read = (intent: string) => known(stripe.paymentIntents.retrieve(intent, { expand }));
  return {
    id: order,
    read,
    async find() {
      const { data } = await stripe.charges.list({ transfer_group: order, limit: 1 });
      const intent = idOf(data[0]?.payment_intent);
      return intent === undefined ? undefined : read(intent);
    },
  };
}

/** Rejects when the caller has waited long enough; the answer is recorded all the same, should it come. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject);
  });
}

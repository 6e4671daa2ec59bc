/** The double's payment intents, charges, refunds and disputes. */
import { PLATFORM, type Books } from "./books.ts";
import { faults } from "./faults.ts";
import { formOf, isTrue, numberOf, textOf, textsOf, type Form } from "./form.ts";
import * as things from "./things.ts";
import type { ChargeThing, DisputeThing, Intent, RefundThing } from "./things.ts";

const DECLINED = /hargeDeclined/;
const ASKS = /authenticationRequired|threeDSecureRequired/;
const DISPUTED = /createDispute(Inquiry)?$/;
const UNHEARD_OF = /^pm_missing/;
const TENS = /^(bhd|jod|kwd|omr|tnd)$/;
const HUNDREDS = /^(isk|ugx)$/;
const DISPUTE_FEE = 1_500;

export function createIntent(books: Books, form: Form): Intent {
  const amount = numberOf(form, "amount") ?? Number.NaN;
  const currency = textOf(form, "currency")?.toLowerCase();
  if (!Number.isInteger(amount)) throw faults.missing("amount");
  if (currency === undefined) throw faults.missing("currency");
  checkAmount(amount, currency);
  const method = textOf(form, "payment_method") ?? null;
  if (method && UNHEARD_OF.test(method)) {
    throw faults.notFound("PaymentMethod", method, 400, "payment_method");
  }
  const destination = textOf(formOf(form, "transfer_data") ?? {}, "destination");
  const id = books.newId("pi");
  const made = books.keep(
    things.intent(id, books.nowS, {
      amount,
      currency,
      capture_method: textOf(form, "capture_method") ?? "automatic",
      metadata: textsOf(form, "metadata"),
      payment_method: method,
      status: method ? "requires_confirmation" : "requires_payment_method",
      transfer_data: destination === undefined ? null : { destination },
      transfer_group: textOf(form, "transfer_group") ?? (destination === undefined ? null : `group_${id}`),
    }),
  );
  books.tell("payment_intent.created", made);
  return isTrue(form, "confirm") ? confirmIntent(books, made, form) : made;
}

function checkAmount(amount: number, currency: string): void {
  if (amount <= 0) throw faults.invalid("Invalid positive integer", "parameter_invalid_integer", "amount");
  const step = TENS.test(currency) ? 10 : HUNDREDS.test(currency) ? 100 : 1;
  if (amount % step === 0) return;
  throw faults.invalid("Invalid amount.", "invalid_charge_amount_no_decimal_compatible", "amount");
}

export function confirmIntent(books: Books, intent: Intent, form: Form): Intent {
  intent.payment_method = textOf(form, "payment_method") ?? intent.payment_method;
  if (!intent.payment_method) throw faults.missing("payment_method");
  if (ASKS.test(intent.payment_method) && !isTrue(form, "off_session")) {
    const back = textOf(form, "return_url");
    intent.status = "requires_action";
    intent.next_action =
      back === undefined
        ? { type: "use_stripe_sdk", use_stripe_sdk: {} }
        : {
            type: "redirect_to_url",
            redirect_to_url: { return_url: back, url: `https://hooks.stripe.com/3d_secure_2/${intent.id}` },
          };
    books.tell("payment_intent.requires_action", intent);
    return intent;
  }
  if (DECLINED.test(intent.payment_method) || ASKS.test(intent.payment_method)) {
    throw decline(books, intent, "card_declined", "generic_decline");
  }
  return promise(books, intent);
}

function decline(books: Books, intent: Intent, code: string, declineCode?: string) {
  const failed = books.keep(things.charge(books.newId("ch"), books.nowS, intent));
  Object.assign(failed, { status: "failed", paid: false, failure_code: code, failure_message: code });
  Object.assign(intent, {
    status: "requires_payment_method",
    latest_charge: failed.id,
    next_action: null,
    payment_method: null,
    last_payment_error: { type: "card_error", code, ...ofBank(declineCode), message: "declined" },
  });
  books.tell("charge.failed", failed);
  books.tell("payment_intent.payment_failed", intent);
  return faults.declined(structuredClone(intent), failed.id, code, declineCode);
}

function ofBank(declineCode: string | undefined): { decline_code?: string } {
  return declineCode === undefined ? {} : { decline_code: declineCode };
}

/** The bank has let the buyer through. */
function promise(books: Books, intent: Intent): Intent {
  const made = books.keep(things.charge(books.newId("ch"), books.nowS, intent));
  Object.assign(intent, { latest_charge: made.id, next_action: null });
  if (intent.capture_method === "manual") {
    Object.assign(intent, { status: "requires_capture", amount_capturable: intent.amount });
    books.tell("charge.succeeded", made);
    books.tell("payment_intent.amount_capturable_updated", intent);
    return intent;
  }
  return take(books, intent, made, intent.amount);
}

export function captureIntent(books: Books, intent: Intent, form: Form): Intent {
  if (intent.status !== "requires_capture") throw unexpected(intent, "captured");
  const made = books.get("charge", intent.latest_charge ?? "");
  const taken = take(books, intent, made, numberOf(form, "amount_to_capture") ?? intent.amount);
  books.tell("charge.captured", made);
  return taken;
}

function take(books: Books, intent: Intent, made: ChargeThing, amount: number): Intent {
  const { currency, id } = made;
  const fee = Math.round(amount * 0.029) + 30;
  const isPending = !/bypassPending/.test(made.payment_method);
  const line = books.post(PLATFORM, { currency, amount, fee, category: "charge", source: id, isPending });
  Object.assign(made, { captured: true, amount_captured: amount, balance_transaction: line.id });
  Object.assign(intent, { status: "succeeded", amount_capturable: 0, amount_received: amount });
  books.tell("charge.succeeded", made);
  books.tell("payment_intent.succeeded", intent);
  const disputed = DISPUTED.exec(made.payment_method);
  if (disputed) openDispute(books, made, disputed[1] ? "warning_needs_response" : "needs_response");
  return intent;
}

export function cancelIntent(books: Books, intent: Intent, form: Form): Intent {
  if (intent.status === "succeeded" || intent.status === "canceled") throw unexpected(intent, "canceled");
  Object.assign(intent, {
    status: "canceled",
    amount_capturable: 0,
    canceled_at: books.nowS,
    cancellation_reason: textOf(form, "cancellation_reason") ?? null,
  });
  const made = intent.latest_charge && books.get("charge", intent.latest_charge);
  // What was only held is released, which reads as refunded.
  if (made && made.status === "succeeded")
    Object.assign(made, { refunded: true, amount_refunded: made.amount });
  books.tell("payment_intent.canceled", intent);
  return intent;
}

function unexpected(intent: Intent, what: string) {
  return faults.invalid(
    `This PaymentIntent could not be ${what} because it has a status of ${intent.status}.`,
    "payment_intent_unexpected_state",
  );
}

/** The buyer comes back from the bank. */
export function authenticate(books: Books, intent: Intent, isGranted: boolean): void {
  if (isGranted) promise(books, intent);
  else decline(books, intent, "payment_intent_authentication_failure");
}

export function createRefund(books: Books, form: Form): RefundThing {
  const ofIntent = textOf(form, "payment_intent");
  const paid = ofIntent === undefined ? undefined : books.get("payment_intent", ofIntent, 404);
  const of = books.get("charge", paid?.latest_charge ?? textOf(form, "charge"), 404, "charge");
  const left = of.amount_captured - of.amount_refunded;
  const amount = numberOf(form, "amount") ?? left;
  if (!of.captured) throw faults.invalid("This charge has not been captured.", "charge_not_captured");
  if (of.disputed) throw faults.invalid(`Charge ${of.id} has been charged back.`, "charge_disputed");
  if (left === 0)
    throw faults.invalid(`Charge ${of.id} has already been refunded.`, "charge_already_refunded");
  if (amount > left) {
    throw faults.invalid("Refund amount is greater than unrefunded amount on charge", undefined, "amount");
  }
  checkAmount(amount, of.currency);
  const made = books.keep(
    things.refund(books.newId("re"), books.nowS, of, { amount, metadata: textsOf(form, "metadata") }),
  );
  const { currency } = of;
  const line = books.post(PLATFORM, { currency, amount: -amount, category: "refund", source: made.id });
  made.balance_transaction = line.id;
  noteRefunded(of, amount);
  books.tell("charge.refunded", of);
  books.tell("refund.created", made);
  return made;
}

function noteRefunded(of: ChargeThing, amount: number): void {
  of.amount_refunded += amount;
  of.refunded = of.amount_refunded === of.amount_captured;
}

/** The buyer's bank does not take the refund. */
export function failRefund(books: Books, made: RefundThing): void {
  const { currency, amount, id } = made;
  made.status = "failed";
  books.post(PLATFORM, { currency, amount, category: "refund_failure", source: id });
  noteRefunded(books.get("charge", made.charge), -amount);
  books.tell("refund.failed", made);
}

/** The buyer's bank asks for the money back; an inquiry moves none. */
export function openDispute(books: Books, of: ChargeThing, status = "needs_response"): DisputeThing {
  const made = books.keep(things.dispute(books.newId("dp"), books.nowS, of, status));
  of.disputed = true;
  if (status === "needs_response") withdraw(books, made);
  books.tell("charge.dispute.created", made);
  return made;
}

function withdraw(books: Books, made: DisputeThing): void {
  const { currency, amount, id: source } = made;
  const line = { currency, amount: -amount, fee: DISPUTE_FEE, category: "dispute", source };
  made.balance_transactions.push(books.post(PLATFORM, line));
  books.tell("charge.dispute.funds_withdrawn", made);
}

/** An inquiry becomes a dispute. */
export function escalate(books: Books, made: DisputeThing): void {
  made.status = "needs_response";
  withdraw(books, made);
}

/** The bank decides. Won, amount and fee come back. */
export function closeDispute(books: Books, made: DisputeThing, status: "won" | "lost"): DisputeThing {
  made.status = made.status.startsWith("warning") ? "warning_closed" : status;
  if (made.status === "won") {
    const { currency, amount, id: source } = made;
    const line = { currency, amount, fee: -DISPUTE_FEE, category: "dispute_reversal", source };
    made.balance_transactions.push(books.post(PLATFORM, line));
    books.get("charge", made.charge).disputed = false;
  }
  books.tell("charge.dispute.closed", made);
  return made;
}

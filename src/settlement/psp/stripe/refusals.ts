/**
 * What an error of Stripe's SDK means: a decision against the request, which is a value, or no answer, which is thrown.
 * Pure.
 */
import { Stripe } from "stripe";
import { ProviderSilence } from "../errors.ts";

/** Stripe decided against a request: nothing was made, nothing has moved. */
export interface Refusal {
  readonly refusal: string;
  /** The key was used for another request: a fault of ours, and no word on what the first one came to. */
  readonly isKeyReused?: true;
}

export function isRefusal(answer: object): answer is Refusal {
  return "refusal" in answer;
}

/**
 * Waits for a call. A request that Stripe turned down for what it says is a `Refusal`; so is a declined card. Throws
 * when Stripe was not reached, is busy, has a fault of its own or does not let us in: nothing is known then.
 */
export async function decided<T>(call: Promise<T>): Promise<T | Refusal> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const refusal = refusalOf(error);
    if (refusal) return refusal;
    throw silenceOf(error);
  }
}

function refusalOf(error: Stripe.errors.StripeError): Refusal | undefined {
  if (error.type === "StripeIdempotencyError") {
    // 409: the first request with this key is still under way.
    return error.statusCode === 400 ? { refusal: "idempotency_key_reused", isKeyReused: true } : undefined;
  }
  switch (error.statusCode) {
    case 400:
    case 402:
    case 404:
      return { refusal: reasonOf(error) };
    case 403:
      // Of a connected account that left or was never ours; any other 403 is about our key.
      return error.code === "account_invalid" ? { refusal: "account_invalid" } : undefined;
    default:
      return undefined;
  }
}

/** Stripe's most telling code; where it gives none, the parameter it minds. */
function reasonOf({ decline_code: declineCode, code, param }: Stripe.errors.StripeError): string {
  if (declineCode !== undefined && declineCode !== "") return declineCode;
  if (code !== undefined && code !== "") return code;
  return param ? `invalid_${param.replaceAll(/\W+/g, "_")}` : "invalid_request";
}

/** An error fit for a log: Stripe's own text may quote keys and people. */
function silenceOf({ type, statusCode, code, requestId }: Stripe.errors.StripeError): ProviderSilence {
  const facts = [type, statusCode, code, requestId].filter((fact) => fact !== undefined && fact !== "");
  return new ProviderSilence(`Stripe has not answered: ${facts.join(" ")}`);
}

/** The payment intent that a declined card's error speaks of. */
export async function intentOfDecline(call: Promise<Stripe.PaymentIntent>): Promise<Stripe.PaymentIntent> {
  try {
    return await call;
  } catch (error) {
    const isCard = error instanceof Stripe.errors.StripeCardError;
    if (isCard && error.payment_intent) return error.payment_intent;
    throw error;
  }
}

/** Undefined for an object that Stripe does not know. */
export async function known<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (error.statusCode === 404 || error.code === "resource_missing") return undefined;
    throw silenceOf(error);
  }
}

/** For calls that only list: whatever goes wrong is no answer. */
export async function quietly<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw error instanceof Stripe.errors.StripeError ? silenceOf(error) : error;
  }
}

/**
 * Stripe's webhooks: signature and time are checked, then what they are about is read, and nothing of what they say of
 * it: they come late, twice and in any order. Reads the request's body; records payment intents it learns of.
 * Events to subscribe to: `payment_intent.*`, `charge.*` (refunds and disputes among them) and `refund.*` of the
 * platform; `account.*`, `capability.updated` and `payout.*` of connected accounts. Others are answered and passed over.
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
import { Stripe } from "stripe";
import { LIMITS } from "../../../domain/limits.ts";
import type { PaymentNews } from "../port.ts";
import { noted } from "./client.ts";
import type { RequestLog } from "./requests.ts";

/** Endpoints have a secret each: one listens to the platform, one to connected accounts. Any of these will do. */
export function secretsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((secret) => secret !== "");
}

/** What an authentic webhook is about, nothing when it is nothing of ours; undefined when it is not authentic. */
export async function readStripeWebhook(
  request: Request,
  secrets: readonly string[],
  log: RequestLog,
  nowMs: number,
): Promise<readonly PaymentNews[] | undefined> {
  const header = request.headers.get("stripe-signature") ?? "";
  if (isFromFuture(header, nowMs)) return undefined;
  if (Number(request.headers.get("content-length") ?? 0) > LIMITS.bodyBytes) return undefined;
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.byteLength > LIMITS.bodyBytes) return undefined;
  for (const secret of secrets) {
    const event = await eventOf(body, header, secret, nowMs);
    if (event === "not_authentic") continue;
    return event ? newsOf(event, log) : [];
  }
  return undefined;
}

/** The SDK refuses what is old and accepts what is from the future. */
function isFromFuture(header: string, nowMs: number): boolean {
  const times = header.split(",").filter((part) => part.startsWith("t="));
  return times.some((time) => !(Number(time.slice(2)) * 1_000 <= nowMs + LIMITS.clockSkewMs));
}

/** Undefined for what is signed and still no event that we understand. */
async function eventOf(
  body: Uint8Array,
  header: string,
  secret: string,
  nowMs: number,
): Promise<Stripe.Event | undefined | "not_authentic"> {
  const cryptography = Stripe.createSubtleCryptoProvider();
  const ageS = LIMITS.webhookAgeMs / 1_000;
  try {
    // The SDK wants Node's name for what is a Uint8Array everywhere.
    const payload = body as Buffer;
    return await Stripe.webhooks.constructEventAsync(payload, header, secret, ageS, cryptography, nowMs);
  } catch (error) {
    return error instanceof Stripe.errors.StripeSignatureVerificationError ? "not_authentic" : undefined;
  }
}

/** What an event names; an event may be of a kind, or have a shape, that this SDK has not heard of. */
interface Subject {
  readonly id?: unknown;
  readonly object?: unknown;
  readonly account?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

async function newsOf(event: Stripe.Event, log: RequestLog): Promise<readonly PaymentNews[]> {
  const subject = (event as { data?: { object?: Subject } } | null)?.data?.object;
  if (!subject || typeof subject.id !== "string") return [];
  const { id, object, metadata } = subject;
  const order = noted(metadata, "order", "ord");
  switch (object) {
    case "payment_intent":
      // The answer that would have told its id may have been lost.
      if (order) await log.note(order, id);
      return order ? [{ order }] : [];
    case "charge":
      return order ? [{ order }] : [];
    case "refund": {
      const refund = noted(metadata, "refund", "rfd");
      if (!order) return [];
      return [refund ? { refund, of: order } : { order }];
    }
    case "dispute":
      return [{ dispute: id }];
    case "payout": {
      const payout = noted(metadata, "payout", "pyo");
      return payout ? [{ payout }] : [];
    }
    case "account":
      return [{ account: id }];
    case "application":
      // The holder has parted from the platform; which of them is only on the outside.
      return event.account === undefined ? [] : [{ account: event.account }];
    case "capability":
      return typeof subject.account === "string" ? [{ account: subject.account }] : [];
    default:
      return [];
  }
}

/**
 * The sandbox's webhooks: signed as Standard Webhooks says, with a secret derived from the platform's key. Pure but
 * for reading the request's body.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { PayoutId } from "../../../domain/ids.ts";
import { LIMITS } from "../../../domain/limits.ts";
import { orderId, refundId } from "../../../wire/primitives.ts";
import type { PaymentNews } from "../port.ts";

/** An id of the sandbox, or one that may hold what an id of ours is made from. */
const name = z.string().regex(/^[a-z]+_\w{1,128}$/);

const payoutId = name.refine((id) => id.startsWith("pyo_")).transform((id) => id as PayoutId);

const notification = z.discriminatedUnion("type", [
  z.object({ type: z.literal("payment.moved"), data: z.object({ order: orderId }) }),
  z.object({ type: z.literal("refund.moved"), data: z.object({ refund: refundId, of: orderId }) }),
  z.object({ type: z.literal("dispute.moved"), data: z.object({ dispute: name }) }),
  z.object({ type: z.literal("payout.moved"), data: z.object({ payout: payoutId }) }),
  z.object({ type: z.literal("account.moved"), data: z.object({ account: name }) }),
]);

/** A webhook as it is sent. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The secret shared by the sandbox and its receiver: neither a login nor reversible to one. */
export function webhookSecret(platformKey: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", platformKey, "", "dropcast sandbox webhook v1", 32));
}

/** The base64 signature of a message, without its version. */
export function signatureOf(secret: Uint8Array, id: string, timestampS: string, body: string): string {
  return createHmac("sha256", secret).update(`${id}.${timestampS}.${body}`).digest("base64");
}

/** The webhook by which the sandbox says what has moved. */
export function signSandboxWebhook(
  platformKey: string,
  news: PaymentNews,
  id: string,
  nowMs: number,
): SignedWebhook {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const body = JSON.stringify({
    type: typeOf(news),
    timestamp: new Date(nowMs).toISOString(),
    data: news,
  });
  const signature = signatureOf(webhookSecret(platformKey), id, timestamp, body);
  return {
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${signature}`,
    },
    body,
  };
}

function typeOf(news: PaymentNews): z.infer<typeof notification>["type"] {
  if ("order" in news) return "payment.moved";
  if ("refund" in news) return "refund.moved";
  if ("dispute" in news) return "dispute.moved";
  return "payout" in news ? "payout.moved" : "account.moved";
}

/** What an authentic webhook says, nothing when it is about something else; undefined when it is not authentic. */
export async function readSandboxWebhook(
  request: Request,
  platformKey: string,
  nowMs: number,
): Promise<readonly PaymentNews[] | undefined> {
  const id = request.headers.get("webhook-id");
  const timestamp = request.headers.get("webhook-timestamp") ?? "";
  const signatures = request.headers.get("webhook-signature") ?? "";
  if (!id || !isTimely(timestamp, nowMs)) return undefined;
  if (Number(request.headers.get("content-length") ?? 0) > LIMITS.bodyBytes) return undefined;
  const body = await request.text();
  const expected = signatureOf(webhookSecret(platformKey), id, timestamp, body);
  if (!signatures.split(" ").some((given) => isSame(given, `v1,${expected}`))) return undefined;
  return newsOf(body);
}

function isTimely(timestampS: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestampS)) return false;
  const ageMs = nowMs - Number(timestampS) * 1_000;
  return ageMs <= LIMITS.webhookAgeMs && ageMs >= -LIMITS.clockSkewMs;
}

/** Takes as long wherever the two differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function newsOf(body: string): PaymentNews[] {
  try {
    const parsed = notification.safeParse(JSON.parse(body));
    return parsed.success ? [parsed.data.data] : [];
  } catch {
    return [];
  }
}

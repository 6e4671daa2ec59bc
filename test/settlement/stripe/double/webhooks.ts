/** Signs the double's events as Stripe signs its webhooks. */
import { createHmac } from "node:crypto";

/** A webhook's request. `atMs` is when it is signed. */
export function signedWebhook(event: object | string, secret: string, atMs: number): Request {
  const body = typeof event === "string" ? event : JSON.stringify(event);
  const timestamp = Math.floor(atMs / 1_000);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return new Request("https://dropcast.example/v1/payments/stripe/webhooks", {
    method: "POST",
    headers: { "content-type": "application/json", "stripe-signature": `t=${timestamp},v1=${signature}` },
    body,
  });
}

/** Webhooks of payment providers: checked, put on a queue, acknowledged. What they mean is asked of the provider later. */
import { Hono } from "hono";
import { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { paymentPort, type PaymentMessage } from "../../settlement/psp/index.ts";
import { readBytes, upTo } from "../body.ts";
import type { AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { params } from "../input.ts";
import { problem } from "../problem.ts";

export const payments = new Hono<AppEnv>();

payments.post(
  "/v1/payments/:provider/webhooks",
  endpoint({
    id: "paymentWebhook",
    tag: "payments",
    summary: "A provider's news",
    description: "Signed by the provider in its own way. The same news may come twice, and in any order.",
    who: "anybody",
    takes: "body",
    accepts: { "application/json": z.looseObject({}) },
    answers: { 204: { description: "Understood" } },
    problems: ["not_found", "payment_webhook_invalid"],
  }),
  params({ provider: z.string().regex(/^[a-z0-9_-]{1,32}$/) }),
  upTo(LIMITS.bodyBytes),
  async (c) => {
    const port = paymentPort(c.env);
    if (c.req.valid("param").provider !== port.provider) return problem(c, "not_found");
    // Here, not in the port: it would take a body that the sender broke off for its own failure.
    const bytes = await readBytes(c);
    if (!("byteLength" in bytes)) return problem(c, bytes.code, { detail: bytes.detail });
    const { url, headers } = c.req.raw;
    const news = await port.readWebhook(new Request(url, { method: "POST", headers, body: bytes }));
    if (!news) return problem(c, "payment_webhook_invalid");
    const messages = news.map((told): { body: PaymentMessage } => ({
      body: { provider: port.provider, ...told },
    }));
    if (messages.length > 0) await c.env.PAYMENTS_QUEUE.sendBatch(messages);
    return c.body(null, 204);
  },
);

/** What payment providers tell: authentic or nothing, and then the order moves. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { consumePayments } from "../../src/edge/till.ts";
import type { OrderId } from "../../src/domain/ids.ts";
import { signSandboxWebhook } from "../../src/settlement/psp/sandbox/webhook.ts";
import { buy, get, must, newDrop, newViewer, PLATFORM, post, refused, until, type Answer } from "./client.ts";

const path = "/v1/payments/sandbox/webhooks";

function tell(order: string, over: { key?: string; nowMs?: number; body?: string } = {}): Promise<Answer> {
  const { key = PLATFORM, nowMs = Date.now() } = over;
  const { headers, body } = signSandboxWebhook(key, { order: order as OrderId }, crypto.randomUUID(), nowMs);
  return post(path, { key: null, headers: { ...headers }, raw: over.body ?? body });
}

afterEach(() => vi.useRealTimers());

describe("a webhook", () => {
  it("makes the order look again, however often it comes", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token, { method: "sandbox_later_success_30" })).json;
    // Long before the sandbox's own message comes.
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
    const told = await Promise.all([tell(id), tell(id), tell(id)]);
    expect(told.map(({ status, text }) => `${status}${text}`)).toEqual(["204", "204", "204"]);
    const order = await until(async () => {
      const { json } = await get(`/v1/orders/${id}`, { as: token });
      return json.status === "captured" ? json : undefined;
    });
    expect(order.paymentPending).toBe(false);
    const { data } = await must(get(`${drop.at}/events?limit=500`, { as: drop.seller.key }));
    const captured = data.filter(({ type }: { type: string }) => type === "dropcast.order.captured.v1");
    expect(captured).toHaveLength(1);
  });

  it("of an order that is nobody's is taken and comes to nothing", async () => {
    expect((await tell(`ord_${"0".repeat(52)}`)).status).toBe(204);
    expect((await tell("ord_x")).status).toBeLessThan(500);
  });

  it("that is not the provider's is refused", async () => {
    const order = `ord_${"0".repeat(52)}`;
    expect(refused(await tell(order, { key: "another" }))).toBe("400 payment_webhook_invalid");
    expect(refused(await tell(order, { nowMs: Date.now() - 3_600_000 }))).toBe("400 payment_webhook_invalid");
    expect(refused(await tell(order, { nowMs: Date.now() + 3_600_000 }))).toBe("400 payment_webhook_invalid");
    expect(refused(await tell(order, { body: "{}" }))).toBe("400 payment_webhook_invalid");
    expect(refused(await post(path, { raw: "{}" }))).toBe("400 payment_webhook_invalid");
    expect(refused(await post("/v1/payments/nobody/webhooks", { raw: "{}" }))).toBe("404 not_found");
    expect(refused(await tell(order, { body: " ".repeat(300_000) }))).toBe("413 payload_too_large");
  });
});

it("news that cannot be followed now comes again; what is no news does not", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const became: string[] = [];
  const bodies = [{ provider: "sandbox", order: `ord_${"0".repeat(52)}` }, { order: "ord_x" }, null, "news"];
  const messages = bodies.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    body,
    attempts: 1,
    ack: () => void became.push(`${index} ack`),
    retry: () => void became.push(`${index} retry`),
  }));
  const gone = { getByName: () => ({ order: () => Promise.reject(new Error("gone")) }) };
  const batch = { queue: "dropcast-payments", messages, ackAll: () => undefined, retryAll: () => undefined };
  await consumePayments(batch as unknown as MessageBatch, { ...env, LIVE_SESSION: gone } as unknown as Env);
  expect(became.toSorted()).toEqual(["0 retry", "1 ack", "2 ack", "3 ack"]);
  log.mockRestore();
});

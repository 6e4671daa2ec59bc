/** Bugs that others met with payment webhooks: one that comes twice, from the future, or before what it is about. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OrderId, RefundId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { treasuryOf } from "../../src/edge/till.ts";
import type { PaymentNews } from "../../src/settlement/psp/port.ts";
import { signSandboxWebhook } from "../../src/settlement/psp/sandbox/webhook.ts";
import { readRefund, requestRefund } from "../../src/settlement/returns/refunds.ts";
import worker from "../../src/worker.ts";
import { newOf } from "../settlement/sandbox-stage.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newViewer,
  PLATFORM,
  post,
  refused,
  until,
  type Answer,
  type Drop,
} from "./client.ts";

afterEach(() => vi.useRealTimers());

function signed(news: PaymentNews, id: string = crypto.randomUUID(), atMs = Date.now()) {
  return signSandboxWebhook(PLATFORM, news, id, atMs);
}

function deliver({ headers, body }: ReturnType<typeof signed>): Promise<Answer> {
  return post("/v1/payments/sandbox/webhooks", { key: null, headers: { ...headers }, raw: body });
}

async function bought(method = "sandbox_success"): Promise<{ drop: Drop; token: string; id: OrderId }> {
  const drop = await newDrop(1);
  const { token } = await newViewer();
  const { id } = (await buy(drop, token, { method })).json;
  return { drop, token, id };
}

async function becomes(id: OrderId, token: string, status: string): Promise<void> {
  await until(async () => {
    const order = await must(get(`/v1/orders/${id}`, { as: token }));
    return order.status === status ? order : undefined;
  });
}

async function eventsOf(drop: Drop, type: string): Promise<number> {
  const { data } = await must(get(`${drop.at}/events?limit=500`, { as: drop.seller.key }));
  return data.filter((event: { type: string }) => event.type === `dropcast.${type}.v1`).length;
}

describe("a duplicate webhook", () => {
  it("does not break its endpoint: every copy is taken, at once or later, and the order moves once", async () => {
    const { drop, token, id } = await bought("sandbox_later_success_30");
    // Long before the sandbox's own message comes.
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
    const webhook = signed({ order: id });
    const copies = await Promise.all(Array.from({ length: 10 }, () => deliver(webhook)));
    expect(copies.map(({ status }) => status)).toEqual(copies.map(() => 204));
    await becomes(id, token, "captured");
    expect((await deliver(webhook)).status).toBe(204);
    await consumed([{ provider: "sandbox", order: id }]);
    expect(await eventsOf(drop, "order.captured")).toBe(1);
  });

  it("of a refund refunds nothing twice", async () => {
    const { drop, id } = await bought();
    const body = { amount: { amount: 700, currency: "USD" } };
    const { refunds } = await must(post(`/v1/orders/${id}/refunds`, { as: drop.seller.key, body }));
    const webhook = signed({ refund: refunds[0].id, of: id });
    for (let copy = 0; copy < 3; copy++) expect((await deliver(webhook)).status).toBe(204);
    await consumed(Array.from({ length: 3 }, () => ({ provider: "sandbox", refund: refunds[0].id, of: id })));
    expect(await eventsOf(drop, "order.refunded")).toBe(1);
    const sent = await env.DB.prepare("SELECT count(*) AS sent FROM ledger_transactions WHERE id = ?")
      .bind(`refund_sent:${refunds[0].id}`)
      .first("sent");
    expect(sent).toBe(1);
  });
});

describe("a webhook from the future", () => {
  it("is refused beyond what clocks may differ, and changes nothing", async () => {
    const { token, id } = await bought("sandbox_later_success_30");
    const atMs = Date.now() + LIMITS.clockSkewMs + 2_000;
    expect(refused(await deliver(signed({ order: id }, "msg_future", atMs)))).toBe(
      "400 payment_webhook_invalid",
    );
    expect((await must(get(`/v1/orders/${id}`, { as: token }))).status).toBe("placed");
  });

  it("is good once its time has come, and no more when that is long ago", async () => {
    const { token, id } = await bought("sandbox_later_success_30");
    const atMs = Date.now() + 60_000;
    const webhook = signed({ order: id }, "msg_later", atMs);
    expect(refused(await deliver(webhook))).toBe("400 payment_webhook_invalid");
    vi.useFakeTimers({ now: atMs, toFake: ["Date"] });
    expect((await deliver(webhook)).status).toBe(204);
    await becomes(id, token, "captured");
    vi.setSystemTime(atMs + LIMITS.webhookAgeMs + 2_000);
    expect(refused(await deliver(webhook))).toBe("400 payment_webhook_invalid");
  });
});

/** Runs messages through the payments queue's consumer; whether each comes again. */
async function consumed(bodies: readonly unknown[], queue = "dropcast-payments"): Promise<boolean[]> {
  const sent = bodies.map((body, at) => ({ id: `${at}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(queue, sent);
  await worker.queue(batch, env);
  const { retryMessages } = await getQueueResult(batch, createExecutionContext());
  return bodies.map((_, at) => retryMessages.some(({ msgId }) => msgId === `${at}`));
}

describe("an event about an object that does not exist yet", () => {
  it("comes again until it does", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { id } = await bought();
    const refund: RefundId = newOf("rfd");
    const news = { provider: "sandbox", refund, of: id };
    expect(await consumed([news, { provider: "sandbox", payout: newOf("pyo") }])).toEqual([true, true]);
    await written(refund, id);
    expect(await consumed([news])).toEqual([false]);
    expect((await readRefund(env.DB, refund))?.status).toBe("sent");
    log.mockRestore();
  });

  it("and never does in time is kept, and replayed once it exists", async () => {
    const { id } = await bought();
    const refund: RefundId = newOf("rfd");
    await consumed([{ provider: "sandbox", refund, of: id }], "dropcast-payments-dead");
    const { data } = await must(get("/v1/dead-letters?queue=payments", { as: PLATFORM }));
    expect(data).toMatchObject([
      { about: `provider sandbox, refund ${refund}, of ${id}`, status: "waiting" },
    ]);
    await written(refund, id);
    expect((await post(`/v1/dead-letters/${data[0].id}/replays`, { as: PLATFORM })).status).toBe(201);
    await until(async () => {
      const row = await readRefund(env.DB, refund);
      return row?.status === "sent" ? row : undefined;
    });
  });

  it("of an order that is nobody's, or an account of nobody here, is over at once", async () => {
    const order = { provider: "sandbox", order: `ord_${"0".repeat(52)}` };
    const account = { provider: "sandbox", account: "acct_nobody" };
    expect(await consumed([order, account, { provider: "other", payout: newOf("pyo") }])).toEqual([
      false,
      false,
      false,
    ]);
  });
});

/** A refund as it is before the provider is asked. */
async function written(id: RefundId, order: OrderId): Promise<void> {
  const amount = { amount: 500, currency: "USD" };
  await requestRefund(treasuryOf(env), { id, order, amount, captured: 2_000, returnUnits: false });
}

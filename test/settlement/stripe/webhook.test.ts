/** Stripe's webhooks through the port: who may send them, when, and what they tell. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/domain/limits.ts";
import { usd } from "../../domain/shop.ts";
import { openDispute } from "./double/charging.ts";
import { bank, onboard } from "./double/moving.ts";
import { signedWebhook } from "./double/webhooks.ts";
import { CONNECT_SECRET, ids, paymentOf, Stage, WEBHOOK_SECRET } from "./stage.ts";

let stage: Stage;
beforeEach(() => {
  stage = new Stage(env.DB);
});

/** What the newest event of a type tells. */
async function newsOf(type: string, secret = WEBHOOK_SECRET) {
  const event = stage.double.events.findLast((one) => one.type === type);
  return stage.port.readWebhook(signedWebhook(event!, secret, stage.nowMs));
}

describe("a webhook", () => {
  const event = { object: "event", type: "payment_intent.succeeded" };
  const subject = (order: string) => ({
    ...event,
    data: { object: { id: "pi_1", object: "payment_intent", metadata: { order } } },
  });
  const read = (body: object | string, atMs: number, secret = WEBHOOK_SECRET) =>
    stage.port.readWebhook(signedWebhook(body, secret, atMs));

  it("tells what it is about, and the same again when it comes twice", async () => {
    const order = ids.order();
    expect(await read(subject(order), stage.nowMs)).toEqual([{ order }]);
    expect(await read(subject(order), stage.nowMs)).toEqual([{ order }]);
  });

  it("may be signed with the secret of either endpoint, and no other", async () => {
    const order = ids.order();
    expect(await read(subject(order), stage.nowMs, CONNECT_SECRET)).toEqual([{ order }]);
    expect(await read(subject(order), stage.nowMs, "whsec_other")).toBeUndefined();
    expect(await read(subject(order), stage.nowMs, "")).toBeUndefined();
  });

  it.each([
    ["as old as may be", -LIMITS.webhookAgeMs, true],
    ["older", -LIMITS.webhookAgeMs - 1_000, false],
    ["from a clock a little ahead", LIMITS.clockSkewMs, true],
    ["from the future", LIMITS.clockSkewMs + 1_000, false],
  ])("%s is told apart", async (_, sinceMs, isTimely) => {
    const news = await read(subject(ids.order()), stage.nowMs + sinceMs);
    expect(news !== undefined).toBe(isTimely);
  });

  it("with two times in its signature is as young as the younger", async () => {
    const request = signedWebhook(subject(ids.order()), WEBHOOK_SECRET, stage.nowMs);
    const signature = request.headers.get("stripe-signature");
    request.headers.set("stripe-signature", `t=${Math.floor(stage.nowMs / 1_000) + 3_600},${signature}`);
    expect(await stage.port.readWebhook(request)).toBeUndefined();
  });

  it.each(["", "t=1", "v1=abc", "t=now,v1=abc", "t=,v1=", "nonsense"])(
    "signed %j is refused",
    async (signature) => {
      const request = signedWebhook(subject(ids.order()), WEBHOOK_SECRET, stage.nowMs);
      request.headers.set("stripe-signature", signature);
      expect(await stage.port.readWebhook(request)).toBeUndefined();
    },
  );

  it("that was changed on its way is refused", async () => {
    const request = signedWebhook(subject(ids.order()), WEBHOOK_SECRET, stage.nowMs);
    const changed = new Request(request.url, {
      method: "POST",
      headers: request.headers,
      body: JSON.stringify(subject(ids.order())),
    });
    expect(await stage.port.readWebhook(changed)).toBeUndefined();
  });

  it("that is larger than any request may be is not read, whatever length it claims", async () => {
    const body = JSON.stringify({ ...event, padding: "x".repeat(LIMITS.bodyBytes) });
    expect(await read(body, stage.nowMs)).toBeUndefined();
  });

  it.each([
    "{",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"object":"v2.core.event","type":"v2.money_management"}',
    '{"data":{"object":null}}',
    '{"data":{"object":{"id":7,"object":"dispute"}}}',
    '{"data":{"object":{"id":"cus_1","object":"customer","metadata":{"order":"ord_1"}}}}',
    '{"data":{"object":{"id":"pi_1","object":"payment_intent"}}}',
    '{"data":{"object":{"id":"pi_1","object":"payment_intent","metadata":{"order":"6735"}}}}',
    '{"data":{"object":{"id":"po_1","object":"payout","metadata":null}}}',
    '{"data":{"object":{"id":"re_1","object":"refund","metadata":{"order":5}}}}',
  ])("that is authentic and says %s tells nothing", async (body) => {
    expect(await read(body, stage.nowMs)).toEqual([]);
  });
});

describe("news", () => {
  it("of a payment, its charge and its refunds name the order", async () => {
    const order = await stage.captured();
    const refund = ids.refund();
    await stage.port.refund(order, refund, usd(100));
    for (const type of [
      "payment_intent.created",
      "payment_intent.amount_capturable_updated",
      "payment_intent.succeeded",
      "charge.captured",
      "charge.refunded",
    ]) {
      expect(await newsOf(type)).toEqual([{ order }]);
    }
    expect(await newsOf("refund.created")).toEqual([{ refund, of: order }]);
    await stage.port.giveBack(order);
    expect(await newsOf("refund.created")).toEqual([{ order }]);
  });

  it("of a dispute, a payout and an account name these, also from the endpoint for accounts", async () => {
    const { books } = stage.double;
    await stage.captured();
    const made = openDispute(books, books.all("charge")[0]!);
    expect(await newsOf("charge.dispute.created")).toEqual([{ dispute: made.id }]);

    const account = await stage.enabled();
    await stage.port.transfer(await stage.transferOf(account));
    books.settle();
    const id = ids.payout();
    await stage.port.payout({ id, account, amount: usd(500), startedAtMs: stage.nowMs });
    bank(books, books.all("payout")[0]!, account, "failed");
    expect(await newsOf("payout.failed", CONNECT_SECRET)).toEqual([{ payout: id }]);
    onboard(books, books.get("account", account), "restricted");
    expect(await newsOf("account.updated", CONNECT_SECRET)).toEqual([{ account }]);
  });

  it("of an account's capabilities, or of its leaving, name the account", async () => {
    const account = "acct_1";
    const capability = { id: "transfers", object: "capability", account };
    const left = { id: "ca_1", object: "application" };
    for (const object of [capability, left]) {
      const event = { object: "event", type: "something", account, data: { object } };
      const request = signedWebhook(event, CONNECT_SECRET, stage.nowMs);
      expect(await stage.port.readWebhook(request)).toEqual([{ account }]);
    }
  });

  it("of a transfer are none: nothing waits for them", async () => {
    await stage.port.transfer(await stage.transferOf(await stage.enabled()));
    expect(await newsOf("transfer.created")).toEqual([]);
  });

  it("of a payment whose answer was lost tell Stripe's id of it, so that it is found", async () => {
    const order = ids.order();
    stage.double.trouble({ on: /payment_intents/, kind: "lost" });
    const asked = stage.authorize(order, "pm_card_authenticationRequired");
    await expect(asked).rejects.toThrow("Stripe has not answered");
    expect(await stage.port.find(order)).toEqual({ status: "unknown" });
    await newsOf("payment_intent.requires_action");
    const state = await stage.port.find(order);
    expect(state).toMatchObject({ status: "pending" });
    stage.comeBack(paymentOf(state), true);
    expect(await stage.port.capture(order)).toMatchObject({ status: "captured" });
  });

  it("of a payment that was given back before it was heard of lets it be given back in truth", async () => {
    const order = ids.order();
    stage.double.trouble({ on: /payment_intents/, kind: "lost" });
    const asked = stage.authorize(order, "pm_card_authenticationRequired");
    await expect(asked).rejects.toThrow("Stripe has not answered");
    expect(await stage.port.giveBack(order)).toEqual({ status: "unknown" });
    await newsOf("payment_intent.requires_action");
    expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
    expect(stage.double.books.all("payment_intent")[0]).toMatchObject({ status: "canceled" });
  });

  it("of a payment we never asked for change nothing", async () => {
    const order = ids.order();
    const object = { id: "pi_theirs", object: "payment_intent", metadata: { order } };
    const event = { object: "event", type: "payment_intent.succeeded", data: { object } };
    const request = signedWebhook(event, WEBHOOK_SECRET, stage.nowMs);
    expect(await stage.port.readWebhook(request)).toEqual([{ order }]);
    expect(await stage.port.find(order)).toEqual({ status: "unknown" });
  });
});

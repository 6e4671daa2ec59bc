/** The sandbox's webhooks: authentic, timely, and about nothing but what the sandbox knows. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { paymentPort } from "../../src/settlement/psp/index.ts";
import type { PaymentNews } from "../../src/settlement/psp/port.ts";
import {
  signatureOf,
  signSandboxWebhook,
  webhookSecret,
  type SignedWebhook,
} from "../../src/settlement/psp/sandbox/webhook.ts";

const KEY = "pk_test_platform_key";
const ORDER: OrderId = `ord_${"0".repeat(26)}`;
const NOW = Date.UTC(2026, 10, 21, 12);
const signed = signSandboxWebhook(KEY, { order: ORDER }, "msg_1", NOW);

async function read(
  { headers, body }: SignedWebhook,
  nowMs = NOW,
): Promise<readonly PaymentNews[] | undefined> {
  const { DB, PAYMENTS_QUEUE, PUBLIC_URL } = env;
  const port = paymentPort({ DB, PAYMENTS_QUEUE, PUBLIC_URL, PLATFORM_KEY: KEY }, () => nowMs);
  const given = Object.entries(headers).filter(([, value]) => value !== "");
  const request = new Request("https://dropcast.test/v1/payments/sandbox/webhooks", {
    method: "POST",
    headers: given,
    body,
  });
  return port.readWebhook(request);
}

function withHeader(name: string, value: string): SignedWebhook {
  return { ...signed, headers: { ...signed.headers, [name]: value } };
}

/** Signed by the right key, whatever it says. */
function signedBody(body: string): SignedWebhook {
  const timestamp = String(NOW / 1_000);
  const signature = `v1,${signatureOf(webhookSecret(KEY), "msg_1", timestamp, body)}`;
  return { headers: { ...signed.headers, "webhook-signature": signature }, body };
}

describe("a sandbox webhook", () => {
  it("that is authentic tells which order's payment has moved", async () => {
    expect(await read(signed)).toEqual([{ order: ORDER }]);
  });

  it.each<PaymentNews>([
    { order: ORDER },
    { refund: `rfd_${"1".repeat(26)}`, of: ORDER },
    { dispute: `dp_${"0".repeat(26)}` },
    { payout: `pyo_${"2".repeat(26)}` },
    { account: `acct_sel_${"3".repeat(26)}` },
  ])("tells of %j", async (news) => {
    expect(await read(signSandboxWebhook(KEY, news, "msg_1", NOW))).toEqual([news]);
  });

  it("is signed as Standard Webhooks signs", () => {
    const secret = Uint8Array.from(atob("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), (char) => char.charCodeAt(0));
    expect(signatureOf(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", '{"test": 2432232314}')).toBe(
      "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
  });

  it("may carry several signatures, of which one is right", async () => {
    const right = signed.headers["webhook-signature"]!;
    const wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    const several = withHeader("webhook-signature", `${wrong} v2,abc ${right}`);
    expect(await read(several)).toEqual([{ order: ORDER }]);
  });

  it.each([
    ["no id", withHeader("webhook-id", "")],
    ["another id", withHeader("webhook-id", "msg_2")],
    ["no timestamp", withHeader("webhook-timestamp", "")],
    ["a timestamp that is no number", withHeader("webhook-timestamp", "hello")],
    ["another timestamp", withHeader("webhook-timestamp", String(NOW / 1_000 - 1))],
    ["a timestamp spelt another way", withHeader("webhook-timestamp", `${NOW / 1_000}.0`)],
    ["no signature", withHeader("webhook-signature", "")],
    ["an empty signature", withHeader("webhook-signature", "v1,")],
    ["a signature that is no base64", withHeader("webhook-signature", "v1,dawfeoifkpqwoekfpqoekf")],
    [
      "a part of the signature",
      withHeader("webhook-signature", signed.headers["webhook-signature"]!.slice(0, 8)),
    ],
    [
      "a right signature of another version",
      withHeader("webhook-signature", signed.headers["webhook-signature"]!.replace("v1,", "v2,")),
    ],
    ["another body", { ...signed, body: signed.body.replace(ORDER, `ord_${"1".repeat(26)}`) }],
    ["another key", signSandboxWebhook("pk_other", { order: ORDER }, "msg_1", NOW)],
  ])("with %s is not authentic", async (_what, webhook) => {
    expect(await read(webhook)).toBeUndefined();
  });

  it("is too old after five minutes", async () => {
    expect(await read(signed, NOW + 300_000)).toEqual([{ order: ORDER }]);
    expect(await read(signed, NOW + 300_001)).toBeUndefined();
  });

  it("from the future is refused, but for what clocks may differ by", async () => {
    expect(await read(signed, NOW - LIMITS.clockSkewMs)).toEqual([{ order: ORDER }]);
    expect(await read(signed, NOW - LIMITS.clockSkewMs - 1)).toBeUndefined();
  });

  it("that is too large is refused unread", async () => {
    const large = signedBody(" ".repeat(LIMITS.bodyBytes + 1));
    const headers = { ...large.headers, "content-length": String(LIMITS.bodyBytes + 1) };
    expect(await read({ ...large, headers })).toBeUndefined();
  });

  it.each([
    "",
    "not json",
    "null",
    "[]",
    '{"type":"payment.moved"}',
    '{"type":"payment.moved","data":{"order":"ses_1"}}',
    `{"type":"payout.paid","data":{"order":"${ORDER}"}}`,
    `{"type":"payout.moved","data":{"order":"${ORDER}"}}`,
    '{"type":"payout.moved","data":{"payout":"po_1"}}',
    '{"type":"dispute.moved","data":{"dispute":"?"}}',
    '{"type":"constructor","data":{}}',
  ])("that is authentic and says %j tells nothing", async (body) => {
    expect(await read(signedBody(body))).toEqual([]);
  });
});

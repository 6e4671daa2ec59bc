// `npm start` with Stripe's secrets, and the double in Stripe's place: orders are paid there with no other change, and
// webhooks move them on.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { authenticate } from "../settlement/stripe/double/charging.ts";
import { StripeDouble } from "../settlement/stripe/double/double.ts";
import { signedWebhook } from "../settlement/stripe/double/webhooks.ts";
import { serveDouble, type ServedDouble } from "../stripe/serve.ts";
import { exitCode, launch, start } from "./server.ts";

const SECRETS = { STRIPE_SECRET_KEY: "sk_test_double_secret", STRIPE_WEBHOOK_SECRET: "whsec_double" };
const POLL = { timeout: 20_000, interval: 100 };

type Reply = Readonly<Record<string, unknown>> & { readonly id: string };

let folder: string;
let double: StripeDouble;
let served: ServedDouble;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dropcast-stripe-"));
  double = new StripeDouble(Date.now());
  served = await serveDouble(double);
});

afterEach(async () => {
  served.close();
  await rm(folder, { recursive: true, force: true });
});

describe("npm start with Stripe's secrets", () => {
  it("takes payments there: a tap at once, 3-D Secure when its webhook comes", async () => {
    const server = await start(join(folder, "state"), { ...SECRETS, STRIPE_API_BASE: served.url });
    expect(server.payments).toBe("stripe");
    const shop = await openShop(server.url, server.key);

    const mug = await shop.buy("pm_card_visa");
    await expect.poll(() => shop.statusOf(mug), POLL).toBe("captured");
    expect(double.books.all("payment_intent")[0]).toMatchObject({
      status: "succeeded",
      transfer_group: mug.id,
    });

    const asked = await shop.buy("pm_card_authenticationRequired");
    await expect.poll(() => double.books.all("payment_intent").length, POLL).toBe(2);
    const [intent] = double.books.all("payment_intent");
    expect(intent).toMatchObject({ status: "requires_action" });
    authenticate(double.books, intent!, true);
    const event = double.events.findLast(({ type }) => type === "payment_intent.amount_capturable_updated");
    expect(await deliver(server.url, signedWebhook(event!, "whsec_other", Date.now()))).toBe(400);
    expect(await shop.statusOf(asked)).toBe("placed");
    expect(await deliver(server.url, signedWebhook(event!, "whsec_double", Date.now()))).toBe(204);
    await expect.poll(() => shop.statusOf(asked), POLL).toBe("captured");
    expect((await fetch(`${server.url}/v1/payments/sandbox/webhooks`, { method: "POST" })).status).toBe(404);
  });

  it.each([
    ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"],
    ["STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY"],
  ])("does not start with %s alone, and does not tell it", async (set, missing) => {
    const server = launch(join(folder, "state"), { [set]: "a_secret", [missing]: "" });
    const [complaint, code] = await Promise.all([text(server.stderr), exitCode(server)]);
    expect(complaint.trimEnd()).toBe(
      `${set} is set without ${missing}: set both for Stripe, or none for the sandbox.`,
    );
    expect(code).toBe(1);
  });
});

async function deliver(url: string, webhook: Request): Promise<number> {
  const { headers } = webhook;
  const body = await webhook.text();
  return (await fetch(`${url}/v1/payments/stripe/webhooks`, { method: "POST", headers, body })).status;
}

/** A session with mugs to sell, and a viewer for each tap. */
async function openShop(url: string, key: string) {
  const post = async (path: string, bearer: string, body: object = {}): Promise<Reply> => {
    const headers = {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    return answer.json();
  };
  const seller = await post("/v1/sellers", key, { name: "Kiln & Loom" });
  const session = await post("/v1/sessions", key, { seller: seller.id, title: "Mugs", currency: "USD" });
  const at = `/v1/sessions/${session.id}`;
  await post(`${at}/stock`, key, { sku: "MUG", allocated: 3 });
  await post(`${at}/start`, key);
  const price = { headline: { amount: 3_800, currency: "USD" } };
  const lines = [{ sku: "MUG", quantity: 1 }];
  const offer = await post(`${at}/offers`, key, { title: "Ash mug", lines, price });
  await post(`${at}/offers/${offer.id}/open`, key);
  return {
    async buy(paymentMethod: string): Promise<Reply> {
      const { token: viewer } = (await post("/v1/viewers", key)) as unknown as { token: string };
      const { token } = await post(`${at}/offers/${offer.id}/tokens`, viewer);
      return post(`${at}/orders`, viewer, { items: [{ token }], paymentMethod });
    },
    async statusOf({ id }: Reply): Promise<unknown> {
      const answer = await fetch(`${url}/v1/orders/${id}`, { headers: { authorization: `Bearer ${key}` } });
      return (await answer.json<Reply>()).status;
    },
  };
}

/** The server killed in the middle of a drop: what was acknowledged is there, nothing is sold twice, the rest settles. */
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Api, type Answer } from "../../scripts/rehearsal/api.ts";
import { examine, examineJournal } from "../../scripts/rehearsal/checks.ts";
import { createSession, openShop, priced } from "../../scripts/rehearsal/shop.ts";
import { SAMPLE_CATALOG } from "../../scripts/sample-shop.ts";
import { serve } from "../../scripts/serve.ts";
import { exitCode, start } from "./server.ts";

const STOCK = 40;
const VIEWERS = 60;
/** So many orders are acknowledged before the plug is pulled. */
const ACKNOWLEDGED_FIRST = 12;

interface Buyer {
  readonly bearer: string;
  readonly key: string;
  readonly body: unknown;
}

interface Order {
  id: string;
  status: string;
  viewer: string;
}

interface Reconciliation {
  equal: boolean;
  open: number;
}

it("loses no acknowledged order, sells nothing twice, settles what was in flight and what is owed", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "dropcast-kill-"));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const first = await start(stateDir);
  const api = new Api(first.url);
  const shop = await openShop(api, first.key, await readFile(SAMPLE_CATALOG, "utf8"), "USD");
  const session = await createSession(api, shop, "USD", { title: "Cut short" });
  const [piece] = priced(shop.products);
  await api.post(`/v1/sessions/${session}/stock`, shop.sellerKey, { sku: piece!.sku, allocated: STOCK });
  const { id: offer } = await api.post<{ id: string }>(`/v1/sessions/${session}/offers`, shop.sellerKey, {
    title: piece!.title,
    lines: [{ sku: piece!.sku, quantity: 1 }],
    price: { headline: piece!.price },
    limits: { perViewer: 1 },
  });
  await api.post(`/v1/sessions/${session}/start`, shop.creatorKey);
  await api.post(`/v1/sessions/${session}/offers/${offer}/open`, shop.creatorKey);
  const buyers = await Promise.all(Array.from({ length: VIEWERS }, () => buyerOf(api, session, offer)));

  const acknowledged = new Set<string>();
  const buy = (on: Api, { bearer, key, body }: Buyer): Promise<Answer<Order>> =>
    on.call<Order>(`/v1/sessions/${session}/orders`, { method: "POST", bearer, key, body });
  await Promise.allSettled(
    buyers.map(async (buyer) => {
      const answer = await buy(api, buyer);
      if (answer.ok) acknowledged.add(answer.body.id);
      if (acknowledged.size === ACKNOWLEDGED_FIRST) first.process.kill("SIGKILL");
    }),
  );
  await exitCode(first.process);
  expect(acknowledged.size).toBeGreaterThanOrEqual(ACKNOWLEDGED_FIRST);

  const second = await serve({ port: 0, host: "127.0.0.1", stateDir, quiet: true });
  onTestFinished(() => second.stop());
  const again = new Api(second.url);
  const afterwards = await examineJournal(again, session, shop.sellerKey, acknowledged);
  expect(afterwards).toMatchObject({ lost: [], oversold: 0, replayEqual: true, chainWhole: true });

  // What the queues lost comes with the next news, or by itself after half a minute.
  await again.post(`/v1/sessions/${session}/offers/${offer}/pin`, shop.creatorKey);
  // Whoever has no answer asks again under the same key; whoever has one gets the same.
  for (const buyer of buyers) {
    const answer = await buy(again, buyer);
    if (answer.ok) acknowledged.add(answer.body.id);
    else expect(["out_of_stock", "idempotency_in_flight"]).toContain(answer.problem.code);
  }
  // The list of orders follows the session: none open may also mean that it has not heard of them yet.
  await expect
    .poll(
      async () => {
        await second.runCron();
        const orders = await again.all<Order>(`/v1/orders?session=${session}`, shop.sellerKey);
        const open = orders.filter(({ status }) => status === "placed" || status === "authorized");
        const captured = orders.filter(({ status }) => status === "captured");
        return { open: open.length, captured: captured.length };
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual({ open: 0, captured: STOCK });

  const findings = await examine(again, session, shop.sellerKey, acknowledged);
  expect(findings).toMatchObject({
    lost: [],
    oversold: 0,
    poolsBalanced: true,
    replayEqual: true,
    chainWhole: true,
    d1Equal: true,
    held: 0,
    sold: STOCK,
  });
  const buyersOf = [...findings.state.orders.values()]
    .filter(({ status }) => status === "captured")
    .map(({ viewer }) => viewer);
  expect(new Set(buyersOf).size).toBe(buyersOf.length);

  // The money too: every sale is split, charged and refunded once, and the provider's books say the same.
  const refunded = [...findings.state.orders.values()].find(({ status }) => status === "captured");
  await again.post(`/v1/orders/${refunded!.id}/refunds`, shop.sellerKey, {});
  await expect
    .poll(
      async () => {
        await second.runCron();
        const books = { bearer: second.platformKey };
        const { balanced } = await again.must<{ balanced: boolean }>("/v1/ledger/balance-check", books);
        const { equal, open } = await again.must<Reconciliation>("/v1/reconciliation", books);
        const kinds = await Promise.all(
          ["sale", "charge", "refund", "refund_sent"].map((kind) =>
            again.all(`/v1/ledger/transactions?kind=${kind}`, second.platformKey),
          ),
        );
        return { balanced, equal, open, made: kinds.map(({ length }) => length) };
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual({ balanced: true, equal: true, open: 0, made: [STOCK, STOCK, 1, 1] });
});

async function buyerOf(api: Api, session: string, offer: string): Promise<Buyer> {
  const { token: bearer } = await api.post<{ token: string }>("/v1/viewers", undefined);
  const { token } = await api.post<{ token: string }>(
    `/v1/sessions/${session}/offers/${offer}/tokens`,
    bearer,
  );
  return { bearer, key: randomUUID(), body: { items: [{ token }], paymentMethod: "sandbox_success" } };
}

/** Reconciliation as the platform sees it: the provider's books beside the ledger, over the API. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { treasuryOf } from "../../src/edge/till.ts";
import { moveMoney } from "../../src/settlement/run.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newSeller,
  newViewer,
  PLATFORM,
  post,
  refused,
  until,
  type Json,
} from "./client.ts";

const RUNS = "/v1/reconciliation/runs";

function run(): Promise<Json> {
  return must(post(RUNS, { as: PLATFORM, key: null }));
}

/** Once the order's events have come through the queue, and the money that they move has moved. */
async function settled(order: string): Promise<void> {
  await until(async () => {
    const row = await env.DB.prepare('SELECT 1 FROM settled_orders WHERE "order" = ?').bind(order).first();
    return row ?? undefined;
  });
  await moveMoney(treasuryOf(env));
}

describe("reconciliation", () => {
  it("is the platform's alone", async () => {
    const { key } = await newSeller();
    expect(refused(await get("/v1/reconciliation", { as: key }))).toBe("403 forbidden");
    expect(refused(await get("/v1/reconciliation/findings", { as: key }))).toBe("403 forbidden");
    expect(refused(await post(RUNS, { as: key }))).toBe("403 forbidden");
    expect(refused(await get("/v1/reconciliation"))).toBe("401 unauthenticated");
  });

  it("says before the first order that nothing differs from nothing", async () => {
    const report = await must(get("/v1/reconciliation", { as: PLATFORM }));
    const nothing = { provider: "sandbox", until: null, ranAt: null, currencies: [], equal: true, open: 0 };
    expect(report).toEqual(nothing);
    expect(await run()).toEqual({ ...nothing, complete: true });
  });

  it("shows both sides of every currency, which are equal once a sale and its refund are settled", async () => {
    const drop = await newDrop(3);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token)).json;
    await settled(id);
    const sold = await run();
    const [usd] = sold.currencies;
    // 20.00, less the provider's 2.9 %.
    expect(usd).toEqual({
      currency: "USD",
      provider: { amount: 1_942, currency: "USD" },
      ledger: { amount: 1_942, currency: "USD" },
      difference: { amount: 0, currency: "USD" },
    });
    expect(sold).toMatchObject({ equal: true, open: 0, complete: true });
    await must(
      post(`/v1/orders/${id}/refunds`, {
        as: drop.seller.key,
        body: { amount: { amount: 500, currency: "USD" } },
      }),
    );
    const refunded = await run();
    expect(refunded).toMatchObject({ equal: true, open: 0 });
    expect(refunded.currencies[0].provider).toEqual({ amount: 1_442, currency: "USD" });
    const { complete: _, ...report } = refunded;
    expect(await must(get("/v1/reconciliation", { as: PLATFORM }))).toEqual(report);
  });
});

/** Reconciliation as the platform sees it: the provider's books beside the ledger, over the API. */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { treasuryOf } from "../../src/edge/till.ts";
import { finding } from "../../src/wire/reconciliation.ts";
import worker from "../../src/worker.ts";
import { moveMoney } from "../settlement/all-steps.ts";
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

/** Lines of the sandbox's books that nobody here has caused: 15 cents and a fee of 5 each. */
async function strayLines(count: number): Promise<void> {
  const line = `
    INSERT INTO sandbox_lines (id, holder, currency, kind, reference, amount, fee, at_ms)
    VALUES (?1, 'platform', 'USD', 'other', '', -15, 5, ?2)`;
  for (let at = 0; at < count; at++) await env.DB.prepare(line).bind(`stray_${at}`, Date.now()).run();
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

  it("lists what a person must see with both sides, in pages, by status and kind", async () => {
    const [before] = (await run()).currencies;
    await strayLines(3);
    const report = await run();
    expect(report).toMatchObject({ equal: false, open: 3 });
    expect(report.currencies[0]).toMatchObject({
      provider: { amount: before.provider.amount - 60 },
      ledger: { amount: before.ledger.amount },
      difference: { amount: before.difference.amount - 60 },
    });
    const findings = "/v1/reconciliation/findings";
    const first = await must(get(`${findings}?limit=2&status=open`, { as: PLATFORM }));
    const second = await must(
      get(`${findings}?limit=2&status=open&cursor=${first.nextCursor}`, { as: PLATFORM }),
    );
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([2, 1, null]);
    const found = [...first.data, ...second.data];
    expect(new Set(found.map(({ about }: Json) => about.id))).toEqual(
      new Set(["stray_0", "stray_1", "stray_2"]),
    );
    const stray = found.find(({ about }: Json) => about.id === "stray_1");
    expect(stray).toEqual({
      id: expect.stringMatching(/^fnd_/),
      kind: "unknown_at_provider",
      status: "open",
      about: { kind: "other", id: "stray_1" },
      provider: {
        name: "sandbox",
        amount: { amount: -15, currency: "USD" },
        fee: { amount: 5, currency: "USD" },
        lines: [
          {
            id: "stray_1",
            kind: "other",
            amount: { amount: -15, currency: "USD" },
            fee: { amount: 5, currency: "USD" },
            at: expect.stringMatching(/Z$/),
          },
        ],
      },
      ledger: { amount: { amount: 0, currency: "USD" }, fee: { amount: 0, currency: "USD" } },
      firstSeenAt: expect.any(String),
      lastSeenAt: expect.any(String),
    });
    for (const item of found) expect(finding.parse(item)).toEqual(item);
    for (const none of ["status=resolved", "kind=fee_differs"]) {
      expect((await must(get(`${findings}?${none}`, { as: PLATFORM }))).data).toEqual([]);
    }
    for (const wrong of ["cursor=x", "status=x", "kind=x", "limit=0"]) {
      expect(refused(await get(`${findings}?${wrong}`, { as: PLATFORM }))).toBe("400 bad_request");
    }
  });

  it("is run by the cron, after money has moved", async () => {
    const drop = await newDrop(1);
    const { token } = await newViewer();
    const { id } = (await buy(drop, token)).json;
    await until(async () => {
      const row = await env.DB.prepare('SELECT 1 FROM settled_orders WHERE "order" = ?').bind(id).first();
      return row ?? undefined;
    });
    const before = await must(get("/v1/reconciliation", { as: PLATFORM }));
    await worker.scheduled(createScheduledController(), env);
    const of = (report: Json) => report.currencies.find(({ currency }: Json) => currency === "USD");
    const after = await until(async () => {
      const report = await must(get("/v1/reconciliation", { as: PLATFORM }));
      return of(report).provider.amount === of(before).provider.amount + 1_942 ? report : undefined;
    });
    expect(of(after).difference).toEqual(of(before).difference);
    expect(Date.parse(after.until)).toBeGreaterThan(Date.parse(before.until));
  });
});

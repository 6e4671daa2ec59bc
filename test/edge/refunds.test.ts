/** Refunds that meet a crash or a provider that cannot be reached: made once all the same, and known to everybody. */
import { env } from "cloudflare:workers";
import { describe, expect, it, onTestFinished } from "vitest";
import type { OrderId, RefundId } from "../../src/domain/ids.ts";
import { giveRefund } from "../../src/edge/refunds.ts";
import { repairRefunds, treasuryOf } from "../../src/edge/till.ts";
import { moveMoney } from "../../src/settlement/run.ts";
import { buy, get, must, newDrop, newKey, newViewer, post, usd, type Drop, type Json } from "./client.ts";

const HOUR_MS = 3_600_000;

/** A captured order of $20. */
async function bought(): Promise<{ drop: Drop; id: OrderId; as: string }> {
  const drop = await newDrop(3);
  const { token: as } = await newViewer();
  const { id } = await must(buy(drop, as));
  return { drop, id, as };
}

async function refundsIn(table: "refunds" | "sandbox_refunds", order: OrderId): Promise<number[]> {
  const { results } = await env.DB.prepare(`SELECT amount FROM ${table} WHERE "order" = ?1`)
    .bind(order)
    .all<{ amount: number }>();
  return results.map(({ amount }) => amount);
}

/** The provider cannot be reached until the test, or the call of what is answered, ends it. */
async function outage(): Promise<() => Promise<void>> {
  await env.DB.exec("ALTER TABLE sandbox_refunds RENAME TO sandbox_refunds_away");
  let isOver = false;
  const end = async (): Promise<void> => {
    if (!isOver) await env.DB.exec("ALTER TABLE sandbox_refunds_away RENAME TO sandbox_refunds");
    isOver = true;
  };
  onTestFinished(end);
  return end;
}

describe("a refund", () => {
  it("that a crash kept from its session is told by the cron, once", async () => {
    const { id, as } = await bought();
    const refund: RefundId = `rfd_${id.slice(4, 30)}`;
    const asked = { id: refund, order: id, amount: usd(700), captured: 2_000, returnUnits: false };
    // The provider has it; then nothing more happens.
    expect(await giveRefund(treasuryOf(env), asked)).toMatchObject({ outcome: "given" });
    expect(await must(get(`/v1/orders/${id}`, { as }))).toMatchObject({ status: "captured" });
    const later = Date.now() + HOUR_MS;
    await repairRefunds(env, later);
    await repairRefunds(env, later);
    const order: Json = await must(get(`/v1/orders/${id}`, { as }));
    expect([order.refunded, order.refunds.length]).toEqual([usd(700), 1]);
    expect(await refundsIn("sandbox_refunds", id)).toEqual([700]);
  });

  it("of a provider that cannot be reached is written down, and made once it can", async () => {
    const { drop, id, as } = await bought();
    const key = newKey();
    const ask = () =>
      post(`/v1/orders/${id}/refunds`, { as: drop.seller.key, key, body: { amount: usd(500) } });
    const end = await outage();
    const waiting = await ask();
    expect([waiting.status, waiting.json.status, waiting.json.refunded]).toEqual([202, "captured", usd(0)]);
    await end();
    const treasury = treasuryOf(env);
    await moveMoney({ ...treasury, nowMs: () => Date.now() + HOUR_MS });
    await repairRefunds(env, Date.now() + HOUR_MS);
    expect(await refundsIn("sandbox_refunds", id)).toEqual([500]);
    expect((await must(get(`/v1/orders/${id}`, { as }))).refunded).toEqual(usd(500));
    // Whoever asked and asks again hears that it is done.
    const again = await ask();
    expect([again.status, again.json.refunded]).toEqual([201, usd(500)]);
    expect(await refundsIn("refunds", id)).toEqual([500]);
  });

  it("asked for twice at once never gives back more than was captured", async () => {
    const { drop, id } = await bought();
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        post(`/v1/orders/${id}/refunds`, { as: drop.seller.key, body: { amount: usd(1_200) } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(await refundsIn("sandbox_refunds", id)).toEqual([1_200]);
  });
});

describe("a payment that its buyer must approve", () => {
  it("tells the buyer where, and nobody else", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    const order: Json = await must(buy(drop, as, { method: "sandbox_3ds" }));
    expect(order.status).toBe("placed");
    expect(order.paymentAction.url).toMatch(/^https:\/\/dropcast\.test\/sandbox\/payments\//);
    const own: Json = await must(get(`/v1/orders/${order.id}`, { as }));
    expect(own.paymentAction).toEqual(order.paymentAction);
    const hosted: Json = await must(get(`/v1/orders/${order.id}`, { as: drop.seller.key }));
    expect(hosted.paymentAction).toBeUndefined();
  });
});

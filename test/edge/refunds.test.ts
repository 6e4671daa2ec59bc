/** Refunds that meet a crash or a provider that cannot be reached: made once all the same, and known to everybody. */
import { env } from "cloudflare:workers";
import { describe, expect, it, onTestFinished } from "vitest";
import type { OrderId, RefundId } from "../../src/domain/ids.ts";
import { giveRefund } from "../../src/edge/refunds.ts";
import { repairRefunds, treasuryOf } from "../../src/edge/till.ts";
import { paymentPort } from "../../src/settlement/psp/index.ts";
import { refundedOf } from "../../src/settlement/returns/refunds.ts";
import { moveMoney } from "../settlement/all-steps.ts";
import {
  buy,
  get,
  must,
  newDrop,
  newKey,
  newViewer,
  post,
  refused,
  until,
  usd,
  type Drop,
  type Json,
} from "./client.ts";

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

/** What the provider knows cannot be read until the test, or the call of what is answered, ends it. */
async function away(table: "sandbox_refunds" | "sandbox_payments"): Promise<() => Promise<void>> {
  await env.DB.exec(`ALTER TABLE ${table} RENAME TO ${table}_away`);
  let isOver = false;
  const end = async (): Promise<void> => {
    if (!isOver) await env.DB.exec(`ALTER TABLE ${table}_away RENAME TO ${table}`);
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
    const end = await away("sandbox_refunds");
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

describe("a refund that the buyer's bank sent back", () => {
  /** An order whose refund of $6 has failed, as the provider's word said it. */
  async function failed(): Promise<{ drop: Drop; id: OrderId; refund: string }> {
    const drop = await newDrop(3);
    const { token: as } = await newViewer();
    const { id }: Json = await must(buy(drop, as, { method: "sandbox_refund_fails" }));
    await must(post(`/v1/orders/${id}/refunds`, { as: drop.seller.key, body: { amount: usd(600) } }));
    const nowMs = (): number => Date.now() + HOUR_MS * 24;
    await moveMoney({ ...treasuryOf(env), port: paymentPort(env, nowMs), nowMs });
    const { data }: Json = await until(async () => {
      const { status, json } = await get(`/v1/orders/${id}/refunds`, { as: drop.seller.key });
      return status === 200 ? json : undefined;
    });
    expect(data).toMatchObject([{ status: "failed" }]);
    return { drop, id, refund: data[0].id };
  }

  it("is made anew once, under another id, and nobody gives anything for it twice", async () => {
    const { drop, id, refund } = await failed();
    const path = `/v1/orders/${id}/refunds/${refund}/retries`;
    const answers = await Promise.all([1, 2].map(() => post(path, { as: drop.seller.key })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [one, other] = answers.map(({ json }) => json);
    expect(one).toMatchObject({ status: "sent", amount: usd(600), order: id });
    expect(other.id).toBe(one.id);
    const { data }: Json = await must(get(`/v1/orders/${id}/refunds`, { as: drop.seller.key }));
    expect(data).toMatchObject([{ id: refund, replacedBy: one.id }, { id: one.id }]);
    const { results } = await env.DB.prepare(
      `SELECT kind, count(*) AS made FROM ledger_transactions WHERE "order" = ?1 AND kind LIKE 'refund%' GROUP BY kind`,
    )
      .bind(id)
      .all();
    expect(results).toEqual(
      expect.arrayContaining([
        { kind: "refund_failed", made: 1 },
        { kind: "refund_sent", made: 2 },
      ]),
    );
    // What it stands for counts once of the $20.
    expect(await refundedOf(env.DB, id)).toBe(600);
  });

  it("is the only kind that can be made anew", async () => {
    const { drop, id } = await bought();
    const made: Json = await must(
      post(`/v1/orders/${id}/refunds`, { as: drop.seller.key, body: { amount: usd(100) } }),
    );
    const path = `/v1/orders/${id}/refunds/${made.refunds[0].id}/retries`;
    expect(refused(await post(path, { as: drop.seller.key }))).toBe("409 refund_not_failed");
    const stranger = await newDrop(1);
    expect(refused(await post(path, { as: stranger.seller.key }))).toBe("404 order_not_found");
    expect(refused(await post(path, { as: drop.creator.key }))).toBe("403 forbidden");
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

  it("is an order all the same while the provider does not answer", async () => {
    const drop = await newDrop(1);
    const { token: as } = await newViewer();
    const order: Json = await must(buy(drop, as, { method: "sandbox_3ds" }));
    const end = await away("sandbox_payments");
    const { status, json } = await get(`/v1/orders/${order.id}`, { as });
    await end();
    expect([status, json.status, json.paymentAction]).toEqual([200, "placed", undefined]);
  });
});

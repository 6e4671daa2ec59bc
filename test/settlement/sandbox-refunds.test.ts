/** The sandbox's refunds and disputes: never more than was taken, what banks undo, and what they decide. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import { money } from "../../src/domain/money.ts";
import type { PaymentPort } from "../../src/settlement/psp/port.ts";
import { usd } from "../domain/shop.ts";
import { newOf, newOrder, SandboxStage } from "./sandbox-stage.ts";

const BANK_S = LIMITS.sandboxBankMs / 1_000;

let stage: SandboxStage;
let psp: PaymentPort;

beforeEach(() => {
  stage = new SandboxStage();
  psp = stage.port;
});

function refused(reason: string) {
  return { status: "refused", reason };
}

describe("refunds", () => {
  it("are given in parts, and never more than was captured", async () => {
    const order = await stage.captured();
    const [one, two] = [newOf("rfd"), newOf("rfd")];
    expect(await psp.refund(order, one, usd(2_000))).toEqual({
      status: "sent",
      refund: `re_${one.slice(4)}`,
    });
    expect(await psp.refund(order, newOf("rfd"), usd(3_001))).toEqual(refused("exceeds_captured"));
    expect(await psp.refund(order, two, usd(3_000))).toMatchObject({ status: "sent" });
    expect(await psp.refund(order, newOf("rfd"), usd(1))).toEqual(refused("exceeds_captured"));
    expect(await stage.statusOf(order)).toBe("captured");
    expect(await stage.entriesOf(one, two)).toEqual([
      ["refund", -2_000, 0],
      ["refund", -3_000, 0],
    ]);
    expect(stage.news).toEqual([]);
  });

  it("repeated are given once, and found as they stand", async () => {
    const order = await stage.captured();
    const refund = newOf("rfd");
    expect(await psp.findRefund(order, refund)).toEqual({ status: "unknown" });
    const first = await psp.refund(order, refund, usd(4_000));
    expect(await psp.refund(order, refund, usd(4_000))).toEqual(first);
    expect(await psp.findRefund(order, refund)).toEqual(first);
    expect(await psp.refund(order, newOf("rfd"), usd(1_000))).toMatchObject({ status: "sent" });
    expect(await stage.entriesOf(refund)).toEqual([["refund", -4_000, 0]]);
  });

  it("under an id that was used for something else are refused", async () => {
    const [order, other] = [await stage.captured(), await stage.captured()];
    const refund = newOf("rfd");
    await psp.refund(order, refund, usd(10));
    expect(await psp.refund(order, refund, usd(11))).toEqual(refused("id_reused"));
    expect(await psp.refund(other, refund, usd(10))).toEqual(refused("id_reused"));
    expect(await psp.refund(order, refund, money(10, "EUR"))).toEqual(refused("id_reused"));
    expect(await psp.findRefund(other, refund)).toEqual(refused("id_reused"));
    expect(await stage.entriesOf(refund)).toEqual([["refund", -10, 0]]);
  });

  it("asked for at once, by one id or many, never sum to more than was captured", async () => {
    const order = await stage.captured();
    const ids = Array.from({ length: 12 }, () => newOf("rfd"));
    const states = await Promise.all(
      [...ids, ...ids].map(async (id) => ({ id, ...(await psp.refund(order, id, usd(1_000))) })),
    );
    const given = new Set(states.filter(({ status }) => status === "sent").map(({ id }) => id));
    expect(given.size).toBe(5);
    const total = await env.DB.prepare(`SELECT sum(amount) AS sum FROM sandbox_refunds WHERE "order" = ?`)
      .bind(order)
      .first<number>("sum");
    expect(total).toBe(5_000);
    expect(await stage.entriesOf(...ids)).toHaveLength(5);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "of %d are refused",
    async (amount) => {
      const order = await stage.captured();
      expect(await psp.refund(order, newOf("rfd"), usd(amount))).toEqual(refused("invalid_amount"));
    },
  );

  it("need a captured payment in the same currency", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_success");
    expect(await psp.refund(order, newOf("rfd"), usd(1))).toEqual(refused("payment_authorized"));
    await psp.capture(order);
    expect(await psp.refund(order, newOf("rfd"), money(1, "EUR"))).toEqual(refused("currency_mismatch"));
    await psp.giveBack(order);
    expect(await psp.refund(order, newOf("rfd"), usd(1))).toEqual(refused("payment_returned"));
    expect(await psp.refund(newOrder(), newOf("rfd"), usd(1))).toEqual(refused("unknown_order"));
  });

  it("that were refused stay so under their id, whatever comes back", async () => {
    const order = await stage.captured("sandbox_dispute_won");
    const refund = newOf("rfd");
    expect(await psp.refund(order, refund, usd(10))).toEqual(refused("charge_disputed"));
    stage.nowMs += LIMITS.sandboxBankMs;
    expect(await psp.refund(order, refund, usd(10))).toEqual(refused("charge_disputed"));
    expect(await psp.refund(order, refund, usd(11))).toEqual(refused("id_reused"));
    expect(await psp.findRefund(order, refund)).toEqual({ status: "unknown" });
    expect(await psp.refund(order, newOf("rfd"), usd(10))).toMatchObject({ status: "sent" });
    expect(await stage.entriesOf(refund)).toEqual([]);
  });

  it("given before all is given back leave only the rest to give", async () => {
    const order = await stage.captured();
    const refund = newOf("rfd");
    await psp.refund(order, refund, usd(1_200));
    await psp.giveBack(order);
    expect(await stage.entriesOf(order, refund)).toEqual([
      ["charge", 5_000, 145],
      ["refund", -1_200, 0],
      ["refund", -3_800, 0],
    ]);
    const whole = await stage.captured();
    await psp.refund(whole, newOf("rfd"), usd(5_000));
    await psp.giveBack(whole);
    expect(await stage.entriesOf(whole)).toEqual([["charge", 5_000, 145]]);
  });
});

describe("sandbox_refund_fails", () => {
  it("sends a refund that the buyer's bank sends back later, with news of it then", async () => {
    const order = await stage.captured("sandbox_refund_fails");
    const refund = newOf("rfd");
    expect(await psp.refund(order, refund, usd(2_000))).toMatchObject({ status: "sent" });
    const message = { provider: "sandbox", refund, of: order };
    expect(stage.news).toEqual([{ message, delaySeconds: BANK_S }]);
    stage.nowMs += LIMITS.sandboxBankMs - 1;
    expect(await psp.findRefund(order, refund)).toMatchObject({ status: "sent" });
    expect(await stage.entriesOf(refund)).toEqual([["refund", -2_000, 0]]);
    stage.nowMs += 1;
    expect(await psp.findRefund(order, refund)).toMatchObject({ status: "failed" });
    expect(await psp.refund(order, refund, usd(2_000))).toMatchObject({ status: "failed" });
    expect(await stage.entriesOf(refund)).toEqual([
      ["refund", -2_000, 0],
      ["refund_failed", 2_000, 0],
    ]);
    expect(stage.news).toHaveLength(1);
  });

  it("leaves what came back to be refunded anew", async () => {
    const order = await stage.captured("sandbox_refund_fails");
    await psp.refund(order, newOf("rfd"), usd(5_000));
    expect(await psp.refund(order, newOf("rfd"), usd(1))).toEqual(refused("exceeds_captured"));
    stage.nowMs += LIMITS.sandboxBankMs;
    expect(await psp.refund(order, newOf("rfd"), usd(5_000))).toMatchObject({ status: "sent" });
  });
});

describe("sandbox_dispute", () => {
  it("is disputed when it is captured, with a fee and news, and stays so", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_dispute");
    const dispute = `dp_${order.slice(4)}`;
    expect(await psp.dispute(dispute)).toBeUndefined();
    await psp.capture(order);
    await psp.capture(order);
    const open = {
      dispute,
      order,
      amount: usd(5_000),
      fee: usd(1_500),
      status: "open",
      reason: "fraudulent",
    };
    expect(await psp.dispute(dispute)).toEqual(open);
    expect(stage.news).toEqual([{ message: { provider: "sandbox", dispute }, delaySeconds: undefined }]);
    stage.nowMs += 365 * 86_400_000;
    expect(await psp.dispute(dispute)).toEqual(open);
    expect(await stage.entriesOf(order, dispute)).toEqual([
      ["charge", 5_000, 145],
      ["dispute", -5_000, 1_500],
    ]);
  });

  it.each([
    ["JPY", 15],
    ["USD", 1_500],
    ["KWD", 15_000],
  ])("in %s costs %d minor units", async (currency, fee) => {
    const order = await stage.captured("sandbox_dispute", money(9_000, currency));
    expect(await psp.dispute(`dp_${order.slice(4)}`)).toMatchObject({ fee: money(fee, currency) });
  });

  it("leaves nothing to refund or to give back while the bank has the money", async () => {
    const order = await stage.captured("sandbox_dispute");
    expect(await psp.refund(order, newOf("rfd"), usd(1))).toEqual(refused("charge_disputed"));
    expect(await psp.giveBack(order)).toMatchObject({ status: "captured" });
  });

  it("is of no order that was not captured", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_dispute");
    await psp.giveBack(order);
    expect(await psp.capture(order)).toMatchObject({ status: "returned" });
    expect(await psp.dispute(`dp_${order.slice(4)}`)).toBeUndefined();
    expect(await psp.dispute("dp_nobodys")).toBeUndefined();
  });
});

describe.each([
  ["sandbox_dispute_won", "won", [["dispute_won", 5_000, 0]]],
  ["sandbox_dispute_lost", "lost", []],
] as const)("%s", (method, status, lines) => {
  it(`is open, and ${status} when news of it comes`, async () => {
    const order = await stage.captured(method);
    const dispute = `dp_${order.slice(4)}`;
    const message = { provider: "sandbox", dispute };
    expect(stage.news).toEqual([
      { message, delaySeconds: undefined },
      { message, delaySeconds: BANK_S },
    ]);
    stage.nowMs += LIMITS.sandboxBankMs - 1;
    expect(await psp.dispute(dispute)).toMatchObject({ status: "open" });
    stage.nowMs += 1;
    expect(await psp.dispute(dispute)).toMatchObject({ status });
    expect(await stage.entriesOf(dispute)).toEqual([["dispute", -5_000, 1_500], ...lines]);
  });
});

describe("a decided dispute", () => {
  it("that was won leaves the money to be refunded", async () => {
    const order = await stage.captured("sandbox_dispute_won");
    stage.nowMs += LIMITS.sandboxBankMs;
    expect(await psp.refund(order, newOf("rfd"), usd(5_000))).toMatchObject({ status: "sent" });
  });

  it("that was lost leaves nothing", async () => {
    const order = await stage.captured("sandbox_dispute_lost");
    stage.nowMs += LIMITS.sandboxBankMs;
    expect(await psp.refund(order, newOf("rfd"), usd(1))).toEqual(refused("charge_disputed"));
    expect(await psp.giveBack(order)).toMatchObject({ status: "captured" });
    expect(await stage.entriesOf(order)).toEqual([["charge", 5_000, 145]]);
  });
});

/** The sandbox provider through the payment port: every method, every step twice and at once. */
import { env } from "cloudflare:workers";
import { typeid } from "typeid-js";
import { beforeEach, describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { paymentPort, type PaymentBindings, type PaymentMessage } from "../../src/settlement/psp/index.ts";
import type { PaymentPort, PaymentState } from "../../src/settlement/psp/port.ts";
import { usd } from "../domain/shop.ts";

interface News {
  readonly message: PaymentMessage;
  readonly delaySeconds: number | undefined;
}

let nowMs = 0;
let news: News[] = [];
let psp: PaymentPort;

beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 21);
  news = [];
  psp = portWith(keep);
});

type Send = PaymentBindings["PAYMENTS_QUEUE"]["send"];

async function keep(...[message, options]: Parameters<Send>): ReturnType<Send> {
  news.push({ message, delaySeconds: options?.delaySeconds });
  return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error("queue is down"));
}

function portWith(send: Send): PaymentPort {
  return paymentPort({ DB: env.DB, PAYMENTS_QUEUE: { send }, PLATFORM_KEY: "pk_test" }, () => nowMs);
}

function newOrder(): OrderId {
  return `ord_${typeid().getSuffix()}`;
}

function authorize(order: OrderId, paymentMethod: string, amount = 5_000): Promise<PaymentState> {
  return psp.authorize({ order, amount: usd(amount), paymentMethod }, new AbortController().signal);
}

async function statusOf(order: OrderId): Promise<string> {
  return (await psp.find(order)).status;
}

/** A captured payment of 50.00. */
async function captured(): Promise<OrderId> {
  const order = newOrder();
  await authorize(order, "sandbox_success");
  await psp.capture(order);
  return order;
}

describe("methods", () => {
  it.each([
    "sandbox_success",
    "sandbox_decline",
    "sandbox_later_success",
    "sandbox_later_decline",
    "sandbox_later_success_1",
    "sandbox_later_decline_43200",
    "sandbox_never_answers",
    "sandbox_success_after_hold_lost",
  ])("%s is accepted", (method) => {
    expect(psp.acceptsMethod(method)).toBe(true);
  });

  it.each([
    "",
    "pm_card",
    "sandbox_",
    "SANDBOX_SUCCESS",
    "sandbox_success ",
    "sandbox_success_3",
    "sandbox_later_success_0",
    "sandbox_later_success_01",
    "sandbox_later_success_1.5",
    "sandbox_later_success_43201",
    "sandbox_later_success_99999999999",
    "constructor",
    "__proto__",
  ])("%j is not", (method) => {
    expect(psp.acceptsMethod(method)).toBe(false);
  });

  it("nobody has heard of are declined when they come all the same", async () => {
    const declined = { status: "declined", reason: "unknown_method" };
    expect(await authorize(newOrder(), "pm_card")).toMatchObject(declined);
  });
});

describe("sandbox_success", () => {
  it("is authorized at once, and found so, without news", async () => {
    const order = newOrder();
    const state = await authorize(order, "sandbox_success");
    expect(state).toEqual({ status: "authorized", payment: `pay_${order.slice(4)}` });
    expect(await psp.find(order)).toEqual(state);
    expect(news).toEqual([]);
  });

  it("repeated answers what became of the first, with whatever method and amount", async () => {
    const order = await captured();
    expect(await authorize(order, "sandbox_decline", 1)).toMatchObject({ status: "captured" });
    expect(await psp.refund(order, "rfd_all_of_it", usd(5_000))).toEqual({ ok: true });
  });

  it("asked twenty times at once is one payment", async () => {
    const order = newOrder();
    const methods = ["sandbox_success", "sandbox_decline", "sandbox_later_success"];
    const states = await Promise.all(
      Array.from({ length: 21 }, (_, n) => authorize(order, methods[n % methods.length]!)),
    );
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    expect(news.length).toBeLessThanOrEqual(1);
  });
});

describe("sandbox_decline", () => {
  it("is declined at once, with a reason, and stays so", async () => {
    const order = newOrder();
    const state = await authorize(order, "sandbox_decline");
    expect(state).toMatchObject({ status: "declined", reason: "card_declined" });
    expect(await psp.capture(order)).toEqual(state);
    expect(await psp.giveBack(order)).toEqual(state);
    expect(await psp.find(order)).toEqual(state);
  });
});

describe.each([
  ["sandbox_later_success", "authorized", 2],
  ["sandbox_later_decline", "declined", 2],
  ["sandbox_later_success_30", "authorized", 30],
  ["sandbox_later_decline_7", "declined", 7],
  ["sandbox_success_after_hold_lost", "authorized", LIMITS.holdMaxMs / 1_000 + 5],
] as const)("%s", (method, outcome, seconds) => {
  it(`is pending, and ${outcome} when news of it comes after ${seconds} s`, async () => {
    const order = newOrder();
    expect(await authorize(order, method)).toMatchObject({ status: "pending" });
    expect(news).toEqual([{ message: { provider: "sandbox", order }, delaySeconds: seconds }]);
    nowMs += seconds * 1_000 - 1;
    expect(await statusOf(order)).toBe("pending");
    nowMs += 1;
    expect(await statusOf(order)).toBe(outcome);
  });

  it("tells its news once, however often it is asked for", async () => {
    const order = newOrder();
    await Promise.all(Array.from({ length: 5 }, () => authorize(order, method)));
    await authorize(order, method);
    expect(news).toHaveLength(1);
  });
});

describe("a pending payment", () => {
  it("is not captured before it is authorized", async () => {
    const order = newOrder();
    await authorize(order, "sandbox_later_success");
    expect(await psp.capture(order)).toMatchObject({ status: "pending" });
    nowMs += 2_000;
    expect(await psp.capture(order)).toMatchObject({ status: "captured" });
  });

  it("that is given back never becomes authorized", async () => {
    const order = newOrder();
    await authorize(order, "sandbox_later_success");
    expect(await psp.giveBack(order)).toMatchObject({ status: "returned" });
    nowMs += 3_600_000;
    expect(await statusOf(order)).toBe("returned");
    expect(await psp.capture(order)).toMatchObject({ status: "returned" });
  });

  it("asked for again after its time answers what became of it", async () => {
    const order = newOrder();
    await authorize(order, "sandbox_later_decline");
    nowMs += 2_000;
    expect(await authorize(order, "sandbox_later_decline")).toMatchObject({ status: "declined" });
  });

  it("whose news could not be sent is there all the same", async () => {
    const order = newOrder();
    const broken = portWith(refuse);
    const charge = { order, amount: usd(1), paymentMethod: "sandbox_later_success" };
    await expect(broken.authorize(charge, new AbortController().signal)).rejects.toThrow("queue is down");
    nowMs += 2_000;
    expect(await statusOf(order)).toBe("authorized");
  });
});

describe("sandbox_never_answers", () => {
  it("hangs until the caller gives up, and nothing is known of it", async () => {
    const order = newOrder();
    const waiting = new AbortController();
    let answered = false;
    const charge = { order, amount: usd(1), paymentMethod: "sandbox_never_answers" };
    const answer = psp.authorize(charge, waiting.signal).finally(() => (answered = true));
    answer.catch(() => undefined);
    await scheduler.wait(50);
    expect(answered).toBe(false);
    waiting.abort(new Error("waited long enough"));
    await expect(answer).rejects.toThrow("waited long enough");
    expect(await psp.find(order)).toEqual({ status: "unknown" });
    expect(news).toEqual([]);
  });

  it("gives up at once when the caller has already", async () => {
    const charge = { order: newOrder(), amount: usd(1), paymentMethod: "sandbox_never_answers" };
    await expect(psp.authorize(charge, AbortSignal.abort())).rejects.toThrow("aborted");
    await expect(psp.authorize(charge, AbortSignal.timeout(10))).rejects.toThrow("timeout");
  });
});

describe("an order the provider never heard of", () => {
  it("is unknown to every step, and stays so", async () => {
    const order = newOrder();
    expect(await psp.find(order)).toEqual({ status: "unknown" });
    expect(await psp.capture(order)).toEqual({ status: "unknown" });
    expect(await psp.giveBack(order)).toEqual({ status: "unknown" });
    expect(await psp.refund(order, "rfd_none", usd(1))).toEqual({ ok: false, reason: "unknown_order" });
    expect(await psp.find(order)).toEqual({ status: "unknown" });
  });
});

describe("capture and giving back", () => {
  it("repeated answer the same again", async () => {
    const order = await captured();
    expect(await psp.capture(order)).toMatchObject({ status: "captured" });
    expect(await psp.giveBack(order)).toMatchObject({ status: "returned" });
    expect(await psp.giveBack(order)).toMatchObject({ status: "returned" });
    expect(await psp.capture(order)).toMatchObject({ status: "returned" });
  });

  it("at the same time end in one state that every later answer agrees with", async () => {
    for (let round = 0; round < 10; round++) {
      const order = newOrder();
      await authorize(order, "sandbox_success");
      await Promise.all([psp.capture(order), psp.giveBack(order), psp.capture(order), psp.giveBack(order)]);
      expect(await statusOf(order)).toBe("returned");
    }
  });
});

describe("refunds", () => {
  it("are given in parts, and never more than was captured", async () => {
    const order = await captured();
    expect(await psp.refund(order, `rfd_1${order}`, usd(2_000))).toEqual({ ok: true });
    expect(await psp.refund(order, `rfd_2${order}`, usd(3_001))).toEqual({
      ok: false,
      reason: "exceeds_captured",
    });
    expect(await psp.refund(order, `rfd_3${order}`, usd(3_000))).toEqual({ ok: true });
    expect(await psp.refund(order, `rfd_4${order}`, usd(1))).toMatchObject({ ok: false });
    expect(await statusOf(order)).toBe("captured");
  });

  it("repeated are given once", async () => {
    const order = await captured();
    const refund = `rfd_${order}`;
    for (let n = 0; n < 3; n++) expect(await psp.refund(order, refund, usd(4_000))).toEqual({ ok: true });
    expect(await psp.refund(order, `${refund}x`, usd(1_000))).toEqual({ ok: true });
  });

  it("under an id that was used for something else are refused", async () => {
    const [order, other] = [await captured(), await captured()];
    const refund = `rfd_${order}`;
    await psp.refund(order, refund, usd(10));
    const reused = { ok: false, reason: "refund_id_reused" };
    expect(await psp.refund(order, refund, usd(11))).toEqual(reused);
    expect(await psp.refund(other, refund, usd(10))).toEqual(reused);
    expect(await psp.refund(order, refund, { amount: 10, currency: "EUR" })).toEqual(reused);
  });

  it("asked for at once, by one id or many, never sum to more than was captured", async () => {
    const order = await captured();
    const asked = Array.from({ length: 24 }, (_, n) =>
      psp.refund(order, `rfd_${order}${n % 12}`, usd(1_000)),
    );
    const given = new Set<number>();
    (await Promise.all(asked)).forEach(({ ok }, n) => ok && given.add(n % 12));
    expect(given.size).toBe(5);
    const total = await env.DB.prepare(`SELECT sum(amount) AS sum FROM sandbox_refunds WHERE "order" = ?`)
      .bind(order)
      .first<number>("sum");
    expect(total).toBe(5_000);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "of %d are refused",
    async (amount) => {
      const order = await captured();
      expect(await psp.refund(order, `rfd_${order}`, usd(amount))).toEqual({
        ok: false,
        reason: "invalid_amount",
      });
    },
  );

  it("need a captured payment in the same currency", async () => {
    const order = newOrder();
    await authorize(order, "sandbox_success");
    const refund = `rfd_${order}`;
    expect(await psp.refund(order, refund, usd(1))).toEqual({ ok: false, reason: "payment_authorized" });
    await psp.capture(order);
    const euros = { amount: 1, currency: "EUR" };
    expect(await psp.refund(order, refund, euros)).toEqual({ ok: false, reason: "currency_mismatch" });
    await psp.giveBack(order);
    expect(await psp.refund(order, refund, usd(1))).toEqual({ ok: false, reason: "payment_returned" });
  });
});

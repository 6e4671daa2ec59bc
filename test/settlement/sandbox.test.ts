/** The sandbox's charges through the payment port: every method, every step twice and at once. */
import { beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../../src/domain/limits.ts";
import type { PaymentPort } from "../../src/settlement/psp/port.ts";
import { answerChallenge } from "../../src/settlement/psp/sandbox/visits.ts";
import { money } from "../../src/domain/money.ts";
import { usd } from "../domain/shop.ts";
import { challengeIn, newOf, newOrder, SandboxStage } from "./sandbox-stage.ts";

let stage: SandboxStage;
let psp: PaymentPort;

beforeEach(() => {
  stage = new SandboxStage();
  psp = stage.port;
});

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
    "sandbox_3ds",
    "sandbox_dispute",
    "sandbox_dispute_won",
    "sandbox_dispute_lost",
    "sandbox_refund_fails",
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
    "sandbox_dispute_open",
    "constructor",
    "__proto__",
  ])("%j is not", (method) => {
    expect(psp.acceptsMethod(method)).toBe(false);
  });

  it("nobody has heard of are declined when they come all the same", async () => {
    const declined = { status: "declined", reason: "unknown_method" };
    expect(await stage.authorize(newOrder(), "pm_card")).toMatchObject(declined);
  });
});

describe("sandbox_success", () => {
  it("is authorized at once, and found so, without news", async () => {
    const order = newOrder();
    const state = await stage.authorize(order, "sandbox_success");
    expect(state).toEqual({ status: "authorized", payment: `pay_${order.slice(4)}` });
    expect(await psp.find(order)).toEqual(state);
    expect(stage.news).toEqual([]);
  });

  it("repeated answers what became of the first, with whatever method and amount", async () => {
    const order = await stage.captured();
    expect(await stage.authorize(order, "sandbox_dispute", usd(1))).toMatchObject({ status: "captured" });
    await psp.capture(order);
    expect(await psp.captured(order)).toMatchObject({ amount: usd(5_000) });
    expect(await psp.refund(order, newOf("rfd"), usd(5_000))).toMatchObject({ status: "sent" });
    expect(stage.news).toEqual([]);
  });

  it("asked twenty times at once is one payment", async () => {
    const order = newOrder();
    const methods = ["sandbox_success", "sandbox_decline", "sandbox_later_success"];
    const states = await Promise.all(
      Array.from({ length: 21 }, (_, n) => stage.authorize(order, methods[n % methods.length]!)),
    );
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    expect(stage.news.length).toBeLessThanOrEqual(1);
  });
});

describe("sandbox_decline", () => {
  it("is declined at once, with a reason, and stays so", async () => {
    const order = newOrder();
    const state = await stage.authorize(order, "sandbox_decline");
    expect(state).toMatchObject({ status: "declined", reason: "card_declined" });
    expect(await psp.capture(order)).toEqual(state);
    expect(await psp.giveBack(order)).toEqual(state);
    expect(await psp.find(order)).toEqual(state);
    expect(await psp.captured(order)).toBeUndefined();
    expect(await stage.entriesOf(order)).toEqual([]);
  });
});

describe.each([
  ["sandbox_later_success", "authorized", 2],
  ["sandbox_later_decline", "declined", 2],
  ["sandbox_later_success_30", "authorized", 30],
  ["sandbox_later_decline_7", "declined", 7],
  ["sandbox_success_after_hold_lost", "authorized", LIMITS.holdMaxMs / 1_000 + 5],
  ["sandbox_3ds", "declined", LIMITS.sandboxChallengeMs / 1_000],
] as const)("%s", (method, outcome, seconds) => {
  it(`is pending, and ${outcome} when news of it comes after ${seconds} s`, async () => {
    const order = newOrder();
    expect(await stage.authorize(order, method)).toMatchObject({ status: "pending" });
    expect(stage.news).toEqual([{ message: { provider: "sandbox", order }, delaySeconds: seconds }]);
    stage.nowMs += seconds * 1_000 - 1;
    expect(await stage.statusOf(order)).toBe("pending");
    stage.nowMs += 1;
    expect(await stage.statusOf(order)).toBe(outcome);
  });

  it("tells its news once, however often it is asked for", async () => {
    const order = newOrder();
    await Promise.all(Array.from({ length: 5 }, () => stage.authorize(order, method)));
    await stage.authorize(order, method);
    expect(stage.news).toHaveLength(1);
  });
});

describe("a pending payment", () => {
  it("is not captured before it is authorized", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_later_success");
    expect(await psp.capture(order)).toMatchObject({ status: "pending" });
    expect(await stage.entriesOf(order)).toEqual([]);
    stage.nowMs += 2_000;
    expect(await psp.capture(order)).toMatchObject({ status: "captured" });
  });

  it("that is given back never becomes authorized", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_later_success");
    expect(await psp.giveBack(order)).toMatchObject({ status: "returned" });
    stage.nowMs += 3_600_000;
    expect(await stage.statusOf(order)).toBe("returned");
    expect(await psp.capture(order)).toMatchObject({ status: "returned" });
  });

  it("asked for again after its time answers what became of it", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_later_decline");
    stage.nowMs += 2_000;
    expect(await stage.authorize(order, "sandbox_later_decline")).toMatchObject({ status: "declined" });
  });

  it("whose news could not be sent is there all the same", async () => {
    const order = newOrder();
    stage.isTelling = false;
    await expect(stage.authorize(order, "sandbox_later_success")).rejects.toThrow("queue is down");
    stage.nowMs += 2_000;
    expect(await stage.statusOf(order)).toBe("authorized");
  });
});

describe("sandbox_3ds", () => {
  async function asked() {
    const order = newOrder();
    const state = await stage.authorize(order, "sandbox_3ds");
    if (state.status !== "pending" || !state.action) throw new Error("the buyer is not asked");
    stage.news = [];
    const { url } = state.action;
    const { payment, token } = challengeIn(url);
    const answer = (decision: "approve" | "refuse", by = token) =>
      answerChallenge(stage.sandbox, payment, by, decision);
    return { order, url, token, answer };
  }

  it("sends the buyer to a page of the deployment's own, the same one however often it is asked", async () => {
    const { order, url } = await asked();
    expect(url).toMatch(/^https:\/\/dropcast\.test\/sandbox\/payments\/pay_\w+\/challenge\/[\w-]{43}$/);
    expect(await psp.find(order)).toMatchObject({ action: { url } });
    expect(await stage.challenge(url)).toEqual({ order, amount: usd(5_000), status: "asked" });
  });

  it("is authorized when the buyer approves, and tells so", async () => {
    const { order, url, answer } = await asked();
    expect(await answer("approve")).toMatchObject({ status: "approved" });
    expect(stage.news).toEqual([{ message: { provider: "sandbox", order }, delaySeconds: undefined }]);
    expect(await psp.find(order)).toEqual({ status: "authorized", payment: `pay_${order.slice(4)}` });
    expect(await psp.capture(order)).toMatchObject({ status: "captured" });
    expect(await stage.challenge(url)).toMatchObject({ status: "approved" });
  });

  it("is declined when the buyer refuses", async () => {
    const { order, answer } = await asked();
    expect(await answer("refuse")).toMatchObject({ status: "refused" });
    expect(await psp.find(order)).toMatchObject({ status: "declined", reason: "authentication_failed" });
  });

  it("keeps its first answer, whatever is answered later or at the same time", async () => {
    const first = await asked();
    await first.answer("refuse");
    expect(await first.answer("approve")).toMatchObject({ status: "refused" });
    const { order, answer } = await asked();
    const decisions = Array.from({ length: 10 }, (_, n) => answer(n % 2 === 0 ? "approve" : "refuse"));
    const seen = new Set((await Promise.all(decisions)).map((challenge) => challenge?.status));
    expect(seen.size).toBe(1);
    expect(await stage.statusOf(order)).toBe(seen.has("approved") ? "authorized" : "declined");
  });

  it("cannot be answered by who has not got the link", async () => {
    const [{ order, token, answer }, other] = [await asked(), await asked()];
    const guesses = ["", "x", token.slice(1), token.toUpperCase(), other.token];
    for (const guess of guesses) expect(await answer("approve", guess)).toBeUndefined();
    expect(await stage.statusOf(order)).toBe("pending");
    expect(stage.news).toEqual([]);
  });

  it("cannot be answered after its time, nor when it was given back", async () => {
    const late = await asked();
    stage.nowMs += LIMITS.sandboxChallengeMs;
    expect(await late.answer("approve")).toMatchObject({ status: "refused" });
    expect(await stage.statusOf(late.order)).toBe("declined");
    const { order, answer } = await asked();
    await psp.giveBack(order);
    expect(await answer("approve")).toMatchObject({ status: "over" });
    expect(await stage.statusOf(order)).toBe("returned");
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
    expect(stage.news).toEqual([]);
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
    expect(await psp.captured(order)).toBeUndefined();
    const refused = { status: "refused", reason: "unknown_order" };
    expect(await psp.refund(order, "rfd_none", usd(1))).toEqual(refused);
    expect(await psp.findRefund(order, "rfd_none")).toEqual({ status: "unknown" });
    expect(await psp.find(order)).toEqual({ status: "unknown" });
  });
});

describe("a captured charge", () => {
  it.each([
    [usd(5_000), 145],
    [usd(1), 0],
    [usd(17), 0],
    [usd(18), 1],
    [money(1_050, "JPY"), 30],
    [money(1_999_999, "KWD"), 58_000],
    [usd(LIMITS.moneyAmount), 29_000_000_000],
  ])("of %j costs %d, 2.9 % rounded half up", async (amount, fee) => {
    const order = await stage.captured("sandbox_success", amount);
    expect(await psp.captured(order)).toEqual({
      charge: `chg_${order.slice(4)}`,
      amount,
      fee: { amount: fee, currency: amount.currency },
    });
    expect(await stage.entriesOf(order)).toEqual([["charge", amount.amount, fee]]);
  });

  it("is not one before it is captured, and stays one when it is given back", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_success");
    expect(await psp.captured(order)).toBeUndefined();
    await psp.capture(order);
    await psp.giveBack(order);
    expect(await psp.captured(order)).toMatchObject({ amount: usd(5_000) });
  });
});

describe("capture and giving back", () => {
  it("repeated answer the same again, and are in the books once", async () => {
    const order = await stage.captured();
    expect(await psp.capture(order)).toMatchObject({ status: "captured" });
    expect(await psp.giveBack(order)).toMatchObject({ status: "returned" });
    expect(await psp.giveBack(order)).toMatchObject({ status: "returned" });
    expect(await psp.capture(order)).toMatchObject({ status: "returned" });
    expect(await stage.entriesOf(order)).toEqual([
      ["charge", 5_000, 145],
      ["refund", -5_000, 0],
    ]);
  });

  it("of what was only authorized is in no book", async () => {
    const order = newOrder();
    await stage.authorize(order, "sandbox_success");
    await psp.giveBack(order);
    expect(await psp.captured(order)).toBeUndefined();
    expect(await stage.entriesOf(order)).toEqual([]);
  });

  it("at the same time end in one state that every later answer and the books agree with", async () => {
    for (let round = 0; round < 10; round++) {
      const order = newOrder();
      await stage.authorize(order, "sandbox_success");
      await Promise.all([psp.capture(order), psp.giveBack(order), psp.capture(order), psp.giveBack(order)]);
      expect(await stage.statusOf(order)).toBe("returned");
      const wasTaken = (await psp.captured(order)) !== undefined;
      const taken = [
        ["charge", 5_000, 145],
        ["refund", -5_000, 0],
      ];
      expect(await stage.entriesOf(order)).toEqual(wasTaken ? taken : []);
    }
  });
});

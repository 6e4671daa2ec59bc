/** What the Stripe adapter promises about a buyer's money, whatever its double is asked through. */
import { beforeEach, describe, expect, it } from "vitest";
import { money } from "../../../src/domain/money.ts";
import { usd } from "../../domain/shop.ts";
import { HOUR_MS, ids, paymentOf, type Stage } from "./stage.ts";

export function describePayments(newStage: () => Stage): void {
  let stage: Stage;
  beforeEach(() => {
    stage = newStage();
  });
  const status = async (order: `ord_${string}`) => (await stage.port.find(order)).status;

  describe("a payment method", () => {
    it.each(["pm_card_visa", "pm_1T1oN6Fk4eGpfLOCMvhs8gWP"])("%s is accepted", (method) => {
      expect(stage.port.acceptsMethod(method)).toBe(true);
    });
    it.each(["", "pm_", "sandbox_success", "pm_card visa", "pm_x/../refunds", "pi_1", "PM_card", " pm_card"])(
      "%j is not",
      (method) => {
        expect(stage.port.acceptsMethod(method)).toBe(false);
      },
    );
  });

  describe("a card that is good", () => {
    it("is authorized at once, and found so", async () => {
      const order = ids.order();
      const state = await stage.authorize(order);
      expect(state).toMatchObject({ status: "authorized", payment: expect.stringMatching(/^pi_/) });
      expect(await stage.port.find(order)).toEqual(state);
    });

    it("is asked for the amount, the order's group and no capture, under a key made of the order's id", async () => {
      const order = ids.order();
      await stage.authorize(order);
      const [write] = stage.double.writes;
      expect(write).toMatchObject({
        path: "/v1/payment_intents",
        key: `${order}:0`,
        version: "2026-10-28.endive",
      });
      expect(Object.fromEntries(new URLSearchParams(write?.body))).toEqual({
        amount: "5000",
        currency: "usd",
        capture_method: "manual",
        confirm: "true",
        payment_method: "pm_card_visa",
        return_url: "https://dropcast.example/payments/return",
        transfer_group: order,
        "metadata[order]": order,
        "expand[0]": "latest_charge",
      });
    });

    it("asked again is the first payment, with whatever method and amount", async () => {
      const order = ids.order();
      const state = await stage.authorize(order);
      expect(await stage.authorize(order, "pm_card_chargeDeclined", usd(1))).toEqual(state);
      expect(stage.made("payment_intent")).toBe(1);
    });

    it("asked ten times at once is one payment", async () => {
      const order = ids.order();
      const states = await Promise.all(Array.from({ length: 10 }, () => stage.authorize(order)));
      expect(new Set(states.map(paymentOf)).size).toBe(1);
      expect(stage.made("payment_intent")).toBe(1);
    });
  });

  describe("a card that is declined", () => {
    it("is declined with the bank's reason, and stays so", async () => {
      const order = ids.order();
      const state = await stage.authorize(order, "pm_card_chargeDeclined");
      expect(state).toMatchObject({ status: "declined", reason: "generic_decline" });
      expect(paymentOf(state)).toMatch(/^pi_/);
      expect(await stage.authorize(order)).toEqual(state);
      expect(await stage.port.capture(order)).toEqual(state);
      expect(await stage.port.giveBack(order)).toEqual(state);
      expect(await stage.port.find(order)).toEqual(state);
    });

    it("that Stripe has never heard of is declined for good, though nothing was made", async () => {
      const order = ids.order();
      const declined = { status: "declined", payment: order, reason: "resource_missing" };
      expect(await stage.authorize(order, "pm_missing")).toEqual(declined);
      expect(await stage.authorize(order)).toEqual(declined);
      expect(await stage.port.find(order)).toEqual(declined);
      expect(stage.made("payment_intent")).toBe(0);
    });
  });

  describe("a card whose bank wants to see the buyer", () => {
    it("is pending with a page to go to, and authorized when the buyer comes back", async () => {
      const order = ids.order();
      const state = await stage.authorize(order, "pm_card_authenticationRequired");
      expect(state).toMatchObject({
        status: "pending",
        action: { url: expect.stringMatching(/^https:\/\/hooks\.stripe\.com\//) },
      });
      stage.comeBack(paymentOf(state), true);
      expect(await stage.port.find(order)).toEqual({ status: "authorized", payment: paymentOf(state) });
    });

    it("is declined when the bank does not let the buyer through", async () => {
      const order = ids.order();
      const payment = paymentOf(await stage.authorize(order, "pm_card_authenticationRequired"));
      stage.comeBack(payment, false);
      const reason = "payment_intent_authentication_failure";
      expect(await stage.port.find(order)).toEqual({ status: "declined", payment, reason });
    });

    it("is not captured before, and nothing is left of it when it is given back", async () => {
      const order = ids.order();
      const state = await stage.authorize(order, "pm_card_authenticationRequired");
      expect(await stage.port.capture(order)).toEqual(state);
      expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
      expect(await status(order)).toBe("returned");
    });
  });

  describe("an amount", () => {
    it.each([
      [money(1_999, "USD"), "1999"],
      [money(500, "JPY"), "500"],
      [money(5_120, "KWD"), "5120"],
      [money(5, "ISK"), "500"],
      [money(7, "UGX"), "700"],
      [money(4_500, "MGA"), "45"],
    ])("%o is %s to Stripe, and comes back as it was", async (amount, units) => {
      const order = await stage.captured("pm_card_visa", amount);
      expect(new URLSearchParams(stage.double.writes[0]?.body).get("amount")).toBe(units);
      expect((await stage.port.captured(order))?.amount).toEqual(amount);
    });

    it.each([
      [money(5_124, "KWD"), "amount_not_supported"],
      [money(4_501, "MGA"), "amount_not_supported"],
      [money(0, "USD"), "invalid_amount"],
    ])("%o is declined before Stripe is asked", async (amount, reason) => {
      const order = ids.order();
      const declined = { status: "declined", payment: order, reason };
      expect(await stage.authorize(order, "pm_card_visa", amount)).toEqual(declined);
      expect(stage.double.heard).toEqual([]);
    });
  });

  describe("an answer that is lost", () => {
    beforeEach(() => {
      stage.double.trouble({ on: /^POST \/v1\/payment_intents$/, kind: "lost" });
    });

    it("is no word on the payment; it is found by its charge, and never made twice", async () => {
      const order = ids.order();
      await expect(stage.authorize(order)).rejects.toThrow("Stripe has not answered");
      expect(await status(order)).toBe("authorized");
      expect(await stage.authorize(order)).toMatchObject({ status: "authorized" });
      expect(stage.made("payment_intent")).toBe(1);
    });

    it("is heard when the payment is asked for again: the key is the same", async () => {
      const order = ids.order();
      await expect(stage.authorize(order, "pm_card_authenticationRequired")).rejects.toThrow(
        "Stripe has not answered",
      );
      expect(await status(order)).toBe("unknown");
      expect(await stage.authorize(order, "pm_card_authenticationRequired")).toMatchObject({
        status: "pending",
      });
      expect(stage.double.writes.map(({ key }) => key)).toEqual([`${order}:0`, `${order}:0`]);
      expect(stage.made("payment_intent")).toBe(1);
    });

    it("does not make a second payment when Stripe has forgotten the key", async () => {
      const order = ids.order();
      await expect(stage.authorize(order)).rejects.toThrow("Stripe has not answered");
      stage.nextDay();
      expect(await stage.authorize(order)).toMatchObject({ status: "authorized" });
      expect(stage.made("payment_intent")).toBe(1);
    });

    it("near the end of the key's time is waited for: neither repeated nor given up", async () => {
      const order = ids.order();
      await expect(stage.authorize(order)).rejects.toThrow("Stripe has not answered");
      stage.wait(23 * HOUR_MS - 1_000);
      await expect(stage.authorize(order)).rejects.toThrow("end of its key's time");
      expect(stage.double.writes).toHaveLength(1);
    });
  });

  describe("a provider in trouble", () => {
    it.each(["unreachable", 401, 403, 409, 429, 500] as const)(
      "(%s) is no answer, and quotes no secret; asked again, it goes on",
      async (kind) => {
        const order = ids.order();
        stage.double.trouble({ on: /^POST/, kind });
        const error: unknown = await stage.authorize(order).catch((thrown: unknown) => thrown);
        expect(String(error)).toContain("Stripe has not answered");
        expect(JSON.stringify(error) + String(error)).not.toMatch(/sk_test|troubled/);
        expect(await status(order)).toBe("unknown");
        expect(await stage.authorize(order)).toMatchObject({ status: "authorized" });
        expect(stage.made("payment_intent")).toBe(1);
      },
    );

    it("is not waited for longer than the caller will; its answer is kept all the same", async () => {
      const order = ids.order();
      const waiting = new AbortController();
      const charge = { order, amount: usd(5_000), paymentMethod: "pm_card_visa" };
      const asked = stage.port.authorize(charge, waiting.signal);
      waiting.abort(new Error("waited long enough"));
      await expect(asked).rejects.toThrow("waited long enough");
      await expect.poll(() => status(order)).toBe("authorized");
    });
  });

  describe("capturing", () => {
    it("takes the money once, however often", async () => {
      const order = ids.order();
      const payment = paymentOf(await stage.authorize(order));
      const captured = { status: "captured", payment };
      await Promise.all([stage.port.capture(order), stage.port.capture(order)]);
      expect(await stage.port.capture(order)).toEqual(captured);
      expect(await stage.port.find(order)).toEqual(captured);
      expect(stage.double.books.lines("platform")).toHaveLength(1);
    });

    it("whose answer is lost is found done", async () => {
      const order = ids.order();
      await stage.authorize(order);
      stage.double.trouble({ on: /capture/, kind: "lost" });
      await expect(stage.port.capture(order)).rejects.toThrow("Stripe has not answered");
      expect(await stage.port.capture(order)).toMatchObject({ status: "captured" });
    });

    it("is asked for with a new key each time: Stripe repeats a fault of its own to the old one", async () => {
      const order = ids.order();
      await stage.authorize(order);
      stage.double.trouble({ on: /capture/, kind: 500, isKept: true });
      await expect(stage.port.capture(order)).rejects.toThrow("Stripe has not answered");
      expect(await stage.port.capture(order)).toMatchObject({ status: "captured" });
      const keys = stage.double.writes.slice(-2).map(({ key }) => key);
      expect(keys).toEqual([`${order}:capture:1`, `${order}:capture:2`]);
      expect(stage.double.books.lines("platform")).toHaveLength(1);
    });

    it("of what nobody has asked for is unknown", async () => {
      expect(await stage.port.capture(ids.order())).toEqual({ status: "unknown" });
    });

    it("leaves a charge with amount and fee, which was not there before", async () => {
      const order = ids.order();
      await stage.authorize(order);
      expect(await stage.port.captured(order)).toBeUndefined();
      await stage.port.capture(order);
      expect(await stage.port.captured(order)).toEqual({
        charge: expect.stringMatching(/^ch_/),
        amount: usd(5_000),
        fee: usd(175),
      });
      expect(await stage.port.captured(ids.order())).toBeUndefined();
    });

    it("is reported without a fee as long as Stripe has none", async () => {
      const order = await stage.captured();
      stage.double.books.all("charge")[0]!.balance_transaction = null;
      expect(await stage.port.captured(order)).toEqual({ charge: expect.any(String), amount: usd(5_000) });
    });
  });

  describe("a charge that Stripe has changed into the platform's own currency", () => {
    it("is told apart: no amount or fee of it can be booked", async () => {
      const order = await stage.captured("pm_card_visa", money(5_000, "EUR"));
      stage.double.books.all("balance_transaction")[0]!.currency = "usd";
      const refusal = { name: "ProviderRefusal", reason: "currency_not_settled" };
      await expect(stage.port.captured(order)).rejects.toMatchObject(refusal);
    });
  });

  describe("giving back", () => {
    it("releases what was only authorized", async () => {
      const order = ids.order();
      await stage.authorize(order);
      expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
      expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
      expect(await stage.port.capture(order)).toMatchObject({ status: "returned" });
      expect(stage.double.books.lines("platform")).toEqual([]);
    });

    it("refunds what was captured and not refunded yet, once", async () => {
      const order = await stage.captured();
      await stage.port.refund(order, ids.refund(), usd(1_500));
      expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
      expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
      const refunds = stage.double.books.all("refund").map(({ amount }) => amount);
      expect(refunds).toEqual([3_500, 1_500]);
    });

    it("whose answer is lost is found done", async () => {
      const order = await stage.captured();
      stage.double.trouble({ on: /POST \/v1\/refunds/, kind: "lost" });
      await expect(stage.port.giveBack(order).then(({ status: given }) => given)).rejects.toThrow(
        "Stripe has not answered",
      );
      expect(await stage.port.giveBack(order)).toMatchObject({ status: "returned" });
      expect(stage.made("refund")).toBe(1);
    });

    it("what Stripe never heard of keeps it from being asked for later", async () => {
      const order = ids.order();
      expect(await stage.port.giveBack(order)).toEqual({ status: "unknown" });
      expect(await stage.authorize(order)).toEqual({ status: "returned", payment: order });
      expect(stage.made("payment_intent")).toBe(0);
    });
  });
}

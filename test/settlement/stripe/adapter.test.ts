/** The Stripe adapter in the Worker: when it is chosen, and what a crash between its steps leaves behind. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { paymentPort, type PaymentBindings } from "../../../src/settlement/psp/index.ts";
import { usd } from "../../domain/shop.ts";
import { ids, Stage } from "./stage.ts";

describe("the payment port", () => {
  const both = { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };
  const providerWith = (secrets: Partial<PaymentBindings>) => paymentPort({ ...env, ...secrets }).provider;

  it("is Stripe's where both secrets are set, and the sandbox's otherwise", () => {
    expect(providerWith(both)).toBe("stripe");
    expect(providerWith({})).toBe("sandbox");
    expect(providerWith({ ...both, STRIPE_SECRET_KEY: "" })).toBe("sandbox");
    expect(providerWith({ ...both, STRIPE_WEBHOOK_SECRET: "" })).toBe("sandbox");
  });
});

describe("a crash", () => {
  it("before the intent is written asks Stripe for nothing", async () => {
    const stage = new Stage(env.DB, undefined, { crashesAt: /^insert into "stripe_requests"/ });
    const order = ids.order();
    await expect(stage.authorize(order)).rejects.toThrow("crashed");
    expect(stage.double.heard).toEqual([]);
    expect(await stage.authorize(order)).toMatchObject({ status: "authorized" });
  });

  it("before Stripe's id of a payment is recorded loses nothing", async () => {
    const stage = new Stage(env.DB, undefined, { crashesAt: /^update "stripe_requests"/ });
    const order = ids.order();
    await expect(stage.authorize(order)).rejects.toThrow("crashed");
    expect(await stage.port.find(order)).toMatchObject({ status: "authorized" });
    expect(await stage.authorize(order)).toMatchObject({ status: "authorized" });
    expect(stage.made("payment_intent")).toBe(1);
  });

  it.each(["today", "yesterday"])(
    "before Stripe's id of a transfer is recorded, %s, moves it once",
    async (when) => {
      const good = new Stage(env.DB);
      const asked = await good.transferOf(await good.enabled());
      const stage = new Stage(env.DB, () => good.double.fetch, { crashesAt: /^update "stripe_requests"/ });
      stage.double.books.nowMs = good.nowMs;
      await expect(stage.port.transfer(asked)).rejects.toThrow("crashed");
      if (when === "yesterday") good.nextDay();
      expect(await good.port.transfer(asked)).toMatchObject({ status: "done" });
      expect(await good.port.findTransfer(asked)).toMatchObject({ status: "done" });
      expect(good.made("transfer")).toBe(1);
    },
  );

  it("before a refund's id is recorded refunds once", async () => {
    const good = new Stage(env.DB);
    const order = await good.captured();
    const refund = ids.refund();
    const stage = new Stage(env.DB, () => good.double.fetch, { crashesAt: /^update "stripe_requests"/ });
    await expect(stage.port.refund(order, refund, usd(5_000))).rejects.toThrow("crashed");
    expect(await good.port.refund(order, refund, usd(5_000))).toMatchObject({ status: "sent" });
    expect(good.made("refund")).toBe(1);
  });
});

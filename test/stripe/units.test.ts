/** Amounts between ISO 4217's units and Stripe's, as https://docs.stripe.com/currencies has them. */
import { describe, expect, it } from "vitest";
import { money } from "../../src/domain/money.ts";
import {
  chargeUnitsOf,
  moneyOf,
  payableOf,
  payoutUnitsOf,
  unitsOf,
  whyNoUnits,
} from "../../src/settlement/psp/stripe/units.ts";

describe("Stripe's amount", () => {
  it.each([
    ["USD", 1_999, 1_999],
    ["JPY", 500, 500],
    ["KRW", 500, 500],
    ["KWD", 5_120, 5_120],
    ["ISK", 5, 500],
    ["UGX", 5, 500],
    ["MGA", 500, 5],
    ["HUF", 1_045, 1_045],
    ["TWD", 80_045, 80_045],
  ])("of %s %i is %i, and back", (currency, amount, units) => {
    expect(chargeUnitsOf(money(amount, currency))).toBe(units);
    expect(moneyOf(units, currency.toLowerCase())).toEqual(money(amount, currency));
    expect(moneyOf(-units, currency.toLowerCase())).toEqual(money(-amount, currency));
  });

  it.each([
    ["KWD", 5_124],
    ["BHD", 1],
    ["JOD", 99],
    ["OMR", 15],
    ["TND", 1_001],
    ["MGA", 501],
    ["USD", 0],
    ["USD", -1],
    ["USD", 1.5],
    ["USD", Number.NaN],
  ])("of a charge of %s %d there is none", (currency, amount) => {
    expect(chargeUnitsOf(money(amount, currency))).toBeUndefined();
  });

  it("of a transfer may have three decimals: it meets no card network", () => {
    expect(unitsOf(money(5_124, "KWD"))).toBe(5_124);
  });

  it.each([
    ["HUF", 1_045, undefined],
    ["HUF", 1_000, 1_000],
    ["TWD", 80_045, undefined],
    ["TWD", 80_000, 80_000],
    ["ISK", 5, 500],
    ["USD", 1_045, 1_045],
  ])("of a payout of %s %i is %s", (currency, amount, units) => {
    expect(payoutUnitsOf(money(amount, currency))).toBe(units);
  });

  it.each([
    ["HUF", 123_450, 123_400],
    ["HUF", 99, 0],
    ["TWD", 80_045, 80_000],
    ["MGA", 4_550, 4_500],
    ["KWD", 5_124, 5_120],
    ["ISK", 7, 7],
    ["UGX", 7, 7],
    ["JPY", 501, 501],
    ["USD", 1_045, 1_045],
    ["USD", 0, 0],
    ["USD", -1, 0],
    ["USD", 1.5, 0],
  ])("of %s %d, %d can be paid out, and that is an amount of a payout", (currency, amount, payable) => {
    expect(payableOf(money(amount, currency))).toBe(payable);
    const units = payoutUnitsOf(money(payable, currency));
    expect(units).toBe(payable === 0 ? undefined : unitsOf(money(payable, currency)));
  });

  it("is missing for a reason", () => {
    expect(whyNoUnits(money(0, "USD"))).toBe("invalid_amount");
    expect(whyNoUnits(money(5_124, "KWD"))).toBe("amount_not_supported");
  });

  it("below the smallest unit, as a fee may be, is rounded, halves away from zero both ways", () => {
    expect([149, 150, -149, -150, 0].map((units) => moneyOf(units, "isk").amount)).toEqual([1, 2, -1, -2, 0]);
  });
});

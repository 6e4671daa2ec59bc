/** Prices as people write them, as integer minor units. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalsOf } from "../../src/domain/decimals.ts";
import { readPrice } from "../../src/shop/catalog/price.ts";

describe("a price", () => {
  it.each([
    ["19.99", "USD", 1_999],
    ["19.9", "USD", 1_990],
    ["19.", "USD", 1_900],
    [".5", "USD", 50],
    ["0", "USD", 0],
    ["0019.990", "USD", 1_999],
    ["0.29", "USD", 29],
    ["1.15", "EUR", 115],
    ["500", "JPY", 500],
    ["500.00", "JPY", 500],
    ["1.234", "KWD", 1_234],
    ["1999", "HUF", 199_900],
    ["10000000000", "USD", 1_000_000_000_000],
  ])("%s %s is %i", (text, currency, amount) => {
    expect(readPrice(text, currency)).toEqual({ value: { amount, currency } });
  });

  it.each([
    ["", "USD", /not a price/],
    [".", "USD", /not a price/],
    ["-1", "USD", /not a price/],
    ["+1", "USD", /not a price/],
    ["1,5", "USD", /not a price/],
    ["1 000", "USD", /not a price/],
    ["USD 5", "USD", /not a price/],
    ["1e5", "USD", /not a price/],
    ["0x10", "USD", /not a price/],
    ["NaN", "USD", /not a price/],
    ["٣", "USD", /not a price/],
    ["1.001", "USD", /more decimals than USD has \(2\)/],
    ["1.5", "JPY", /more decimals than JPY has \(0\)/],
    ["10000000000.01", "USD", /larger/],
    ["9".repeat(400), "USD", /larger/],
  ])("%o in %s is refused", (text, currency, reason) => {
    expect(readPrice(text, currency)).toEqual({ reason: expect.stringMatching(reason) });
  });

  it("of any whole number of minor units reads as that number", () => {
    const currency = fc.constantFrom("USD", "JPY", "KWD", "CLF");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), currency, (amount, code) => {
        const decimals = decimalsOf(code);
        const digits = String(amount).padStart(decimals + 1, "0");
        const whole = digits.slice(0, digits.length - decimals);
        const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
        expect(readPrice(text, code)).toEqual({ value: { amount, currency: code } });
      }),
    );
  });
});

/** Dividing an amount to the last minor unit. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apportion } from "../../src/domain/apportion.ts";

describe("an amount", () => {
  it.each([
    ["is divided in proportion", 1_000, [5, 15, 80], [50, 150, 800]],
    ["gives what is left over to the largest remainders", 10, [1, 2, 4], [1, 3, 6]],
    ["gives it to the earlier of equal ones", 1, [1, 1, 1], [1, 0, 0]],
    ["and to the next of them after that", 5, [1, 1, 1], [2, 2, 1]],
    ["taken back is divided as it was given", -5, [1, 1, 1], [-2, -2, -1]],
    ["leaves nothing to what has no weight", 7, [0, 1, 0], [0, 7, 0]],
    ["points the other way where a weight does", 100, [-5, 105], [-5, 105]],
    ["of nothing is nothing for each", 0, [0, 0], [0, 0]],
    [
      "is exact far beyond what products of numbers are",
      999_999_999_999,
      [1, 9_999],
      [100_000_000, 999_899_999_999],
    ],
  ] as const)("%s", (_, amount, weights, parts) => {
    expect(apportion(amount, weights)).toEqual(parts);
  });

  it("cannot be divided into parts that are not exact", () => {
    const cancelling = [999_999_999_960, -999_999_999_986, 27];
    expect(() => apportion(-41_729, cancelling)).toThrow(RangeError);
  });

  it("cannot be divided among nobody", () => {
    expect(() => apportion(1, [0, 0])).toThrow(RangeError);
    expect(() => apportion(1, [1, -2])).toThrow(RangeError);
  });
});

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const weight = fc.integer({ min: 0, max: 1_000_000_000_000 });
/** Some point the other way, and yet there is more than nothing of them. */
const weights = fc
  .array(fc.oneof({ weight: 4, arbitrary: weight }, { weight: 1, arbitrary: weight.map((one) => -one) }), {
    minLength: 1,
    maxLength: 8,
  })
  // Nor do they almost cancel each other out: every part is exact.
  .filter((list) => {
    const sum = list.reduce((all, one) => all + one, 0);
    return sum > 0 && Math.max(...list.map(Math.abs)) <= 1_000 * sum;
  });

describe("any parts", () => {
  it("sum to the amount", () => {
    fc.assert(
      fc.property(amount, weights, (whole, by) => {
        expect(apportion(whole, by).reduce((sum, part) => sum + part, 0)).toBe(whole);
      }),
    );
  });

  it("are the mirror of those of the negative amount", () => {
    fc.assert(
      fc.property(amount, weights, (whole, by) => {
        expect(apportion(-whole, by).map((part) => 0 - part)).toEqual(apportion(whole, by));
      }),
    );
  });

  it("are less than one unit away from the exact share", () => {
    fc.assert(
      fc.property(amount, weights, (whole, by) => {
        const sum = by.reduce((all, one) => all + BigInt(one), 0n);
        for (const [at, part] of apportion(whole, by).entries()) {
          const off = BigInt(part) * sum - BigInt(whole) * BigInt(by[at]!);
          expect(off < sum && -off < sum).toBe(true);
        }
      }),
    );
  });

  it("of equal weights differ by one at most, the earlier having more", () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 20 }),
        weight.filter(Boolean),
        (whole, count, each) => {
          const parts = apportion(
            whole,
            Array.from({ length: count }, () => each),
          );
          expect(parts).toEqual(parts.toSorted((a, b) => b - a));
          expect(parts[0]! - parts.at(-1)!).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

/** Prices as layers: who funds each, and none below the floor. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareOf } from "../../src/domain/money.ts";
import { creditOf, priceOf, type CreatorCode, type Price } from "../../src/domain/pricing.ts";
import { priced, usd } from "./shop.ts";

const TEN_PERCENT: CreatorCode = { code: "ANA10", off: { basisPoints: 1_000 }, funder: "creator" };
const FIVE_OFF: CreatorCode = { code: "FIVE", off: { amount: usd(500) }, funder: "platform" };

describe("a price", () => {
  it("is its headline when nothing is taken off", () => {
    expect(priceOf(priced(2_000))).toEqual({
      total: usd(2_000),
      due: usd(2_000),
      layers: [{ kind: "headline", amount: usd(2_000) }],
    });
  });

  it("names every layer with its funder, in order", () => {
    const terms = priced(2_000, { drop: { price: usd(1_500), funder: "seller" } });
    const price = priceOf(terms, { creatorCode: TEN_PERCENT, creditAmount: 100 });
    expect(price.layers).toEqual([
      { kind: "headline", amount: usd(2_000) },
      { kind: "drop_price", amount: usd(-500), funder: "seller" },
      { kind: "creator_code", amount: usd(-150), funder: "creator", code: "ANA10" },
      { kind: "loyalty_credit", amount: usd(-100), funder: "platform" },
    ]);
    expect(price).toMatchObject({ total: usd(1_350), due: usd(1_250) });
  });

  it("takes a code's share off the price so far, not off the headline", () => {
    const terms = priced(10_000, { drop: { price: usd(1_000), funder: "seller" } });
    expect(priceOf(terms, { creatorCode: TEN_PERCENT }).total).toEqual(usd(900));
  });

  it("takes a code's fixed amount off as it is", () => {
    expect(priceOf(priced(2_000), { creatorCode: FIVE_OFF }).total).toEqual(usd(1_500));
  });

  it("rounds a code's share half away from zero to a whole minor unit", () => {
    expect(priceOf(priced(1_005), { creatorCode: TEN_PERCENT }).total).toEqual(usd(904));
    expect(priceOf(priced(1_004), { creatorCode: TEN_PERCENT }).total).toEqual(usd(904));
  });

  it("has no layer for a drop price that is the headline", () => {
    const terms = priced(2_000, { drop: { price: usd(2_000), funder: "seller" } });
    expect(priceOf(terms).layers).toHaveLength(1);
  });
});

describe("the floor", () => {
  it("clips the code that would go below it, and the layer says so", () => {
    const price = priceOf(priced(2_000, { floor: usd(1_800) }), { creatorCode: FIVE_OFF });
    expect(price.total).toEqual(usd(1_800));
    expect(price.layers[1]).toEqual({
      kind: "creator_code",
      amount: usd(-200),
      funder: "platform",
      code: "FIVE",
      clipped: { wanted: usd(-500), floor: usd(1_800) },
    });
  });

  it("holds after the drop price too, and names that layer", () => {
    const terms = priced(2_000, { drop: { price: usd(1_000), funder: "seller" }, floor: usd(1_800) });
    const [, drop, code] = priceOf(terms, { creatorCode: FIVE_OFF }).layers;
    expect(drop).toMatchObject({ amount: usd(-200), clipped: { wanted: usd(-1_000), floor: usd(1_800) } });
    expect(code).toMatchObject({ amount: usd(0), clipped: { wanted: usd(-500), floor: usd(1_800) } });
  });

  it("leaves alone a layer that reaches it exactly", () => {
    const price = priceOf(priced(2_000, { floor: usd(1_500) }), { creatorCode: FIVE_OFF });
    expect(price.total).toEqual(usd(1_500));
    expect(price.layers[1]).not.toHaveProperty("clipped");
  });

  it("is zero when none is named", () => {
    const price = priceOf(priced(300), { creatorCode: FIVE_OFF });
    expect(price.total).toEqual(usd(0));
    expect(price.layers[1]).toMatchObject({ clipped: { wanted: usd(-500), floor: usd(0) } });
  });
});

describe("loyalty credit", () => {
  it("pays part of the total and takes nothing off it", () => {
    const price = priceOf(priced(2_000), { creditAmount: 300 });
    expect(price).toMatchObject({ total: usd(2_000), due: usd(1_700) });
    expect(creditOf(price)).toBe(300);
  });

  it("may go below the floor: the seller is paid in full", () => {
    const price = priceOf(priced(2_000, { floor: usd(1_900) }), { creditAmount: 2_000 });
    expect(price).toMatchObject({ total: usd(2_000), due: usd(0) });
  });

  it("pays no more than is due, and the layer says what was wanted", () => {
    const price = priceOf(priced(2_000), { creditAmount: 2_500 });
    expect(price.due).toEqual(usd(0));
    expect(price.layers[1]).toMatchObject({
      amount: usd(-2_000),
      clipped: { wanted: usd(-2_500), floor: usd(0) },
    });
  });

  it("leaves no layer when none is used", () => {
    expect(priceOf(priced(2_000), { creditAmount: 0 }).layers).toHaveLength(1);
  });
});

function sum(layers: Price["layers"]): number {
  return layers.reduce((total, layer) => total + layer.amount.amount, 0);
}

/** The price after each layer. */
function runningPrices(layers: Price["layers"]): number[] {
  return layers.map((_, index) => sum(layers.slice(0, index + 1)));
}

describe("any price", () => {
  const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
  const off = fc.oneof(
    fc.integer({ min: 0, max: 10_000 }).map((basisPoints) => ({ basisPoints })),
    amount.map((value) => ({ amount: usd(value) })),
  );
  const price = fc
    .record({
      headline: amount,
      drop: fc.option(amount),
      floor: fc.option(amount),
      off: fc.option(off),
      credit: fc.option(amount),
    })
    .map(({ headline, drop, floor, off: codeOff, credit }) => {
      const terms = priced(headline, {
        ...(drop === null ? {} : { drop: { price: usd(drop), funder: "seller" } }),
        ...(floor === null ? {} : { floor: usd(Math.min(floor, headline)) }),
      });
      const built = priceOf(terms, {
        ...(codeOff ? { creatorCode: { code: "C", off: codeOff, funder: "creator" } } : {}),
        ...(credit === null ? {} : { creditAmount: credit }),
      });
      return { terms, built };
    });

  it("is the sum of its layers: discounts to the total, credit to what is due", () => {
    fc.assert(
      fc.property(price, ({ built: { layers, total, due } }) => {
        expect(sum(layers.filter((layer) => layer.kind !== "loyalty_credit"))).toBe(total.amount);
        expect(sum(layers)).toBe(due.amount);
      }),
    );
  });

  it("is never below its floor after any layer, nor due below zero", () => {
    fc.assert(
      fc.property(price, ({ terms, built }) => {
        const floor = terms.floor?.amount ?? 0;
        const afterDiscounts = runningPrices(built.layers.filter(({ kind }) => kind !== "loyalty_credit"));
        expect(Math.min(...afterDiscounts)).toBeGreaterThanOrEqual(floor);
        expect(built.due.amount).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("clips a layer only as far as it must: a clipped layer ends on what it was clipped to", () => {
    fc.assert(
      fc.property(price, ({ built }) => {
        const running = runningPrices(built.layers);
        const clips = built.layers.flatMap(({ amount: { amount: taken }, clipped }, index) =>
          clipped
            ? [{ ends: running[index], floor: clipped.floor.amount, cut: taken - clipped.wanted.amount }]
            : [],
        );
        expect(clips.every(({ ends, floor, cut }) => ends === floor && cut > 0)).toBe(true);
      }),
    );
  });

  it("is whole minor units of one currency, without negative zeros", () => {
    fc.assert(
      fc.property(price, ({ built }) => {
        const all = [built.total, built.due];
        for (const { amount: layer, clipped } of built.layers) {
          all.push(layer, ...(clipped ? [clipped.wanted, clipped.floor] : []));
        }
        for (const { amount: minor, currency } of all) {
          expect(Number.isSafeInteger(minor)).toBe(true);
          expect(Object.is(minor, -0)).toBe(false);
          expect(currency).toBe("USD");
        }
      }),
    );
  });
});

describe("a share", () => {
  it("is exact and rounded half away from zero, at any size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 0, max: 10_000 }),
        (amount, basisPoints) => {
          const product = BigInt(Math.abs(amount)) * BigInt(basisPoints);
          const rounded = Number((product + 5_000n) / 10_000n);
          expect(shareOf(amount, basisPoints)).toBe(amount < 0 ? 0 - rounded : rounded);
        },
      ),
    );
  });
});

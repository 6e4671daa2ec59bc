/** Who gets what of a sale, and what each gives back. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContractTerms, RateTier } from "../../src/domain/contract.ts";
import type { Funder } from "../../src/domain/pricing.ts";
import {
  LEGS,
  legsLess,
  NO_LEGS,
  returnedLegs,
  splitOf,
  type Legs,
  type Sale,
} from "../../src/domain/split.ts";
import { contractTerms, sale, sellerTerms, tier } from "./contracts.ts";
import { usd } from "./shop.ts";

const legsOf = (sold: Sale, terms?: ContractTerms, volume = 0): Legs => splitOf(sold, terms, volume).legs;
const sum = (legs: Legs): number => LEGS.reduce((all, of) => all + legs[of], 0);

describe("a sale", () => {
  it("without a contract is the seller's", () => {
    expect(legsOf(sale(8_000))).toEqual({ ...NO_LEGS, seller: 8_000 });
  });

  it("is split by platform fee and creator's rate; the seller has the rest", () => {
    expect(legsOf(sale(4_000, 2), contractTerms())).toEqual({
      ...NO_LEGS,
      platform: 400,
      creator: 1_200,
      seller: 6_400,
    });
  });

  it("of a contract without a creator has no creator's part", () => {
    expect(legsOf(sale(8_000), sellerTerms())).toEqual({ ...NO_LEGS, platform: 400, seller: 7_600 });
  });

  it("gives what rounding leaves to the largest remainder, of equal ones to the earlier leg", () => {
    const halves = contractTerms({ platformFee: { basisPoints: 2_500 }, creatorRate: [tier(0, 2_500)] });
    expect(legsOf(sale(2), halves)).toEqual({ ...NO_LEGS, platform: 1, creator: 0, seller: 1 });
    expect(legsOf(sale(3), halves)).toEqual({ ...NO_LEGS, platform: 1, creator: 1, seller: 1 });
  });

  it("costs fixed fees once an order, and the minimum where the fee would be less", () => {
    const fee = { basisPoints: 500, perOrder: usd(30), minimum: usd(100) };
    const terms = contractTerms({ platformFee: fee });
    expect(splitOf(sale(1_000), terms, 0)).toMatchObject({
      legs: { platform: 100, creator: 150, seller: 750 },
      basis: { platformFee: 100, isMinimumFee: true },
    });
    expect(splitOf(sale(1_000, 3), terms, 0)).toMatchObject({
      legs: { platform: 180 },
      basis: { platformFee: 180, isMinimumFee: false },
    });
  });

  it("never costs more than there is: first the fee, then the creator's part", () => {
    const terms = contractTerms({ platformFee: { basisPoints: 0, minimum: usd(500) } });
    expect(legsOf(sale(300), terms)).toEqual({ ...NO_LEGS, platform: 300 });
    const perUnit = contractTerms({ creatorRate: [tier(0, 1_000, 2_000)] });
    expect(legsOf(sale(1_000), perUnit)).toEqual({ ...NO_LEGS, platform: 50, creator: 950 });
  });

  it("pays the creator by the tier that the session's volume has reached, and for each unit", () => {
    const terms = contractTerms({ creatorRate: [tier(0, 1_000), tier(100_000, 2_000, 25)] });
    expect(legsOf(sale(1_000, 2), terms, 99_999).creator).toBe(200);
    expect(legsOf(sale(1_000, 2), terms, 100_000).creator).toBe(450);
  });

  it("has tax in its price, which nobody earns by", () => {
    const terms = contractTerms({ tax: { basisPoints: 1_900 } });
    expect(splitOf(sale(11_900), terms, 0)).toMatchObject({
      legs: { tax: 1_900, platform: 500, creator: 1_500, seller: 8_000 },
      basis: { base: 10_000 },
    });
  });

  it("makes a layer cost whoever funds it, and nobody else", () => {
    const full = legsOf(sale(10_000), contractTerms());
    expect(legsOf(sale(9_000, 1, { funded: { platform: 1_000 } }), contractTerms())).toEqual({
      ...full,
      platform: full.platform - 1_000,
    });
    expect(legsOf(sale(9_000, 1, { funded: { creator: 1_000 } }), contractTerms())).toEqual({
      ...full,
      creator: full.creator - 1_000,
    });
    expect(legsOf(sale(9_000, 1, { funded: { seller: 1_000 } }), contractTerms())).toEqual(
      legsOf(sale(9_000), contractTerms()),
    );
  });

  it("never makes a creator pay: a code that costs more than the sale earns them is the seller's to bear", () => {
    const free = sale(0, 1, { funded: { creator: 10_000 } });
    expect(legsOf(free, contractTerms())).toEqual(NO_LEGS);
    const half = splitOf(sale(5_000, 1, { funded: { creator: 5_000 } }), contractTerms(), 0);
    expect(half.legs).toEqual({ ...NO_LEGS, platform: 250, creator: 0, seller: 4_750 });
    expect(half.basis.funded).toEqual({ platform: 0, creator: 750, seller: 4_250 });
  });

  it("makes the platform pay no more on top of its fee than the buyer pays", () => {
    const promoted = legsOf(sale(5_000, 1, { funded: { platform: 5_000 } }), contractTerms());
    expect(promoted).toEqual({ ...NO_LEGS, platform: -4_500, creator: 1_500, seller: 8_000 });
    const free = sale(0, 1, { funded: { platform: 10_000 } });
    expect(legsOf(free, contractTerms())).toEqual(NO_LEGS);
  });

  it("paid with loyalty credit is split as any other; the credit makes up the difference", () => {
    const split = splitOf(sale(8_000, 1, { credit: 3_000 }), contractTerms(), 0);
    expect(split).toMatchObject({ total: 8_000, captured: 5_000, legs: { seller: 6_400, loyalty: -3_000 } });
  });

  it("has a part of the seller's kept back, of a part that is there", () => {
    const terms = contractTerms({ reserve: { basisPoints: 1_000, heldMs: 1 } });
    expect(splitOf(sale(8_000), terms, 0).reserved).toBe(640);
    expect(splitOf(sale(0), terms, 0).reserved).toBe(0);
  });
});

describe("what goes back", () => {
  const split = splitOf(sale(1_000), contractTerms(), 0);

  it("is of every leg in its proportion", () => {
    expect(returnedLegs(split, 500)).toEqual({ ...NO_LEGS, platform: 25, creator: 75, seller: 400 });
    expect(returnedLegs(split, 0)).toEqual(NO_LEGS);
  });

  it("is all of it when all of it goes back, also of a sale that credit paid for", () => {
    expect(returnedLegs(split, 1_000)).toEqual(split.legs);
    const credited = splitOf(sale(1_000, 1, { credit: 1_000 }), contractTerms(), 0);
    expect(returnedLegs(credited, 0)).toEqual(credited.legs);
  });
});

const share = fc.integer({ min: 0, max: 5_000 });
const small = fc.integer({ min: 0, max: 5_000 });
const large = fc.oneof(small, fc.integer({ min: 0, max: 1_000_000_000_000 }));
const tiers = fc
  .array(
    fc.record({ above: fc.integer({ min: 1, max: 100_000 }), basisPoints: share, perUnit: fc.option(small) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((list) => {
    let from = 0;
    return list.map(({ above, basisPoints, perUnit }, at): RateTier => {
      if (at > 0) from += above;
      return tier(from, basisPoints, perUnit ?? undefined);
    });
  });

const anyTerms = fc
  .record({
    fee: share,
    perOrder: fc.option(small),
    minimum: fc.option(small),
    tiers: fc.option(tiers),
    tax: fc.option(fc.integer({ min: 0, max: 10_000 })),
    reserve: fc.option(fc.integer({ min: 0, max: 10_000 })),
  })
  .map((of): ContractTerms => {
    const over = {
      platformFee: {
        basisPoints: of.fee,
        ...(of.perOrder === null ? {} : { perOrder: usd(of.perOrder) }),
        ...(of.minimum === null ? {} : { minimum: usd(of.minimum) }),
      },
      ...(of.tax === null ? {} : { tax: { basisPoints: of.tax } }),
      ...(of.reserve === null ? {} : { reserve: { basisPoints: of.reserve, heldMs: 1 } }),
    };
    return of.tiers === null ? sellerTerms(over) : contractTerms({ ...over, creatorRate: of.tiers });
  });

const anySale = fc
  .record({
    unit: large,
    quantity: fc.integer({ min: 1, max: 20 }),
    funded: fc.record({ platform: small, seller: small, creator: small } satisfies Record<Funder, unknown>),
    credit: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ unit, quantity, funded, credit }) =>
    sale(unit, quantity, { funded, credit: Math.floor((unit * quantity * credit) / 100) }),
  );

const split = fc
  .tuple(anySale, fc.option(anyTerms, { nil: undefined }), large)
  .map(([sold, terms, volume]) => splitOf(sold, terms, volume));

describe("any split", () => {
  it("makes nobody pay for it but the platform, and that no more than the buyer", () => {
    fc.assert(
      fc.property(split, ({ legs, total }) => {
        expect(Math.min(legs.creator, legs.seller, legs.tax)).toBeGreaterThanOrEqual(0);
        expect(legs.platform).toBeGreaterThanOrEqual(-total);
      }),
      { numRuns: 1_000 },
    );
  });

  it("sums to what was captured", () => {
    fc.assert(
      fc.property(split, ({ legs, captured }) => {
        expect(sum(legs)).toBe(captured);
      }),
      { numRuns: 1_000 },
    );
  });

  it("has whole minor units and no minus zero, costs funders alone, and keeps back no more than the seller has", () => {
    fc.assert(
      fc.property(split, ({ legs, reserved, basis }) => {
        for (const of of LEGS)
          expect(Number.isSafeInteger(legs[of]) && !Object.is(legs[of], -0), of).toBe(true);
        expect(legs.seller).toBeGreaterThanOrEqual(0);
        expect(legs.tax).toBeGreaterThanOrEqual(0);
        expect(legs.platform).toBeGreaterThanOrEqual(0 - basis.funded.platform);
        expect(legs.creator).toBeGreaterThanOrEqual(0 - basis.funded.creator);
        expect(reserved).toBeGreaterThanOrEqual(0);
        expect(reserved).toBeLessThanOrEqual(Math.max(0, legs.seller));
      }),
      { numRuns: 1_000 },
    );
  });

  it("is given back to the last minor unit by any sequence of refunds, leg by leg, each summing to its amount", () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(split, cuts, (of, parts) => {
        const totals = parts.map((part) => Math.floor(part * of.captured)).toSorted((a, b) => a - b);
        let before: Legs = NO_LEGS;
        let returned = 0;
        let taken: Legs = NO_LEGS;
        for (const total of [...totals.filter((one) => one < of.captured), of.captured]) {
          const step = legsLess(returnedLegs(of, total), before);
          expect(sum(step)).toBe(total - returned);
          taken = legsLess(taken, legsLess(NO_LEGS, step));
          before = returnedLegs(of, total);
          returned = total;
        }
        expect(taken).toEqual(of.legs);
      }),
      { numRuns: 1_000 },
    );
  });
});

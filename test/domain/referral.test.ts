/** Referrals: what a creator has of an order that they brought to somebody else's session, and the money that follows. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ATTRIBUTION_RULES, decideAttribution, type Candidate } from "../../src/domain/attribution.ts";
import type { ContractTerms, ContractVersion } from "../../src/domain/contract.ts";
import type { ContractId, CreatorId } from "../../src/domain/ids.ts";
import { referralOf, type ReferredOrder } from "../../src/domain/referral.ts";
import { returnedLegs, splitOf, sumOfLegs } from "../../src/domain/split.ts";
import { contractTerms, sale, sellerTerms, tier, version } from "./contracts.ts";
import { T0, usd } from "./shop.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ORDER: ReferredOrder = {
  host: "cre_host",
  currency: "USD",
  placedAtMs: T0 + HOUR,
  skus: ["tee"],
  zones: ["main"],
};
const rated = (basisPoints: number, over: Partial<ContractTerms> = {}): ContractTerms =>
  contractTerms({ creator: "cre_guest", referral: { basisPoints }, ...over });
const of = (
  contract: ContractId,
  terms: ContractTerms,
  over: Partial<ContractVersion> = {},
): ContractVersion => ({
  ...version(1, terms),
  contract,
  ...over,
});
const referred = (...versions: ContractVersion[]) => referralOf(ORDER, "cre_guest", versions);

describe("a guest's referral", () => {
  it("is the rate that a contract in force agrees on, by its version when the order was placed", () => {
    expect(referred(of("con_1", rated(800)))).toEqual({ contract: "con_1", version: 1, basisPoints: 800 });
    const raised = of("con_1", rated(900), { version: 2, effectiveAtMs: ORDER.placedAtMs });
    expect(referred(of("con_1", rated(800)), raised)).toMatchObject({ version: 2, basisPoints: 900 });
    const later = { ...raised, effectiveAtMs: ORDER.placedAtMs + 1 };
    expect(referred(of("con_1", rated(800)), later)).toMatchObject({ version: 1, basisPoints: 800 });
  });

  it("is of the newest contract that agrees on one and covers the order", () => {
    const versions = [
      of("con_1", rated(800)),
      of("con_2", rated(700)),
      of("con_3", rated(600, { skus: ["mug"] })),
      of("con_4", rated(500, { zones: ["popup"] })),
      of("con_5", contractTerms()),
    ];
    expect(referred(...versions)).toMatchObject({ contract: "con_2", basisPoints: 700 });
    expect(referred(...versions.toReversed())).toMatchObject({ contract: "con_2" });
  });

  it.each<readonly [string, readonly ContractVersion[]]>([
    ["no_contract", []],
    ["no_contract", [of("con_1", rated(800, { currency: "EUR" }))]],
    ["no_contract", [of("con_1", rated(800, { endsAtMs: ORDER.placedAtMs }))]],
    ["no_contract", [of("con_1", rated(800, { startsAtMs: ORDER.placedAtMs + 1 }))]],
    // Whoever looks later finds what whoever looked at once did.
    ["no_contract", [of("con_1", rated(800), { createdAtMs: ORDER.placedAtMs + 1 })]],
    ["no_rate", [of("con_1", contractTerms())]],
    ["no_rate", [of("con_1", rated(800)), of("con_1", contractTerms(), { version: 2 })]],
    ["not_covered", [of("con_1", rated(800, { skus: ["mug"] }))]],
    ["not_covered", [of("con_1", rated(800, { zones: ["popup"] }))]],
  ])("is none: %s", (none, versions) => {
    expect(referred(...versions)).toEqual({ none });
  });

  it("is none in a session of their own, whatever was agreed on", () => {
    expect(referralOf(ORDER, "cre_host", [of("con_1", rated(800))])).toEqual({ none: "is_host" });
  });
});

describe("the money of a referral", () => {
  it("is the seller's to pay: nobody else's part changes", () => {
    const terms = contractTerms({ reserve: { basisPoints: 1_000, heldMs: DAY } });
    const without = splitOf(sale(2_000), terms, 0);
    const split = splitOf(sale(2_000), terms, 0, { basisPoints: 1_000 });
    expect(split.legs).toEqual({ ...without.legs, referral: 200, seller: without.legs.seller - 200 });
    expect(split.reserved).toBe(140);
    expect(split.basis.referral).toEqual({ basisPoints: 1_000, wanted: 200 });
  });

  it("is of what the seller asked for, tax taken off", () => {
    const terms = contractTerms({ tax: { basisPoints: 2_000 } });
    const sold = sale(6_000, 1, { funded: { creator: 500 } });
    expect(splitOf(sold, terms, 0, { basisPoints: 1_000 }).legs.referral).toBe(550);
  });

  it("is never more than is left to the seller, and the record says what was wanted", () => {
    const terms = contractTerms({ creatorRate: [tier(0, 9_000)] });
    const { legs, basis } = splitOf(sale(1_000), terms, 0, { basisPoints: 2_000 });
    expect(legs).toMatchObject({ platform: 50, creator: 900, referral: 50, seller: 0 });
    expect(basis.referral).toEqual({ basisPoints: 2_000, wanted: 200 });
  });
});

const CREATORS: readonly CreatorId[] = ["cre_host", "cre_guest", "cre_other"];
const creator = fc.constantFrom(...CREATORS);

/** Clicks on overlapping links, and coupons of whoever's. */
const candidates = fc.array(
  fc.record({
    kind: fc.constantFrom("coupon" as const, "token" as const, "click" as const),
    id: fc.constantFrom("a", "b", "c"),
    creator,
    link: fc.constantFrom("lnk_1" as const, "lnk_2" as const),
    atMs: fc
      .constantFrom(-1, 0, 60_000, 7 * DAY, 7 * DAY + 1, 30 * DAY, 30 * DAY + 1)
      .map((beforeMs) => ORDER.placedAtMs - beforeMs),
  }),
  { maxLength: 6 },
) satisfies fc.Arbitrary<Candidate[]>;

const bought = fc.record({
  unit: fc.oneof(fc.nat(99), fc.nat(100_000), fc.nat(1_000_000_000)),
  quantity: fc.integer({ min: 1, max: 5 }),
  creditShare: fc.constantFrom(0, 0, 10, 100),
  funded: fc.record({ platform: fc.nat(500), seller: fc.nat(500), creator: fc.nat(500) }),
});

const terms = fc.option(
  fc
    .record({ fee: fc.nat(5_000), rate: fc.nat(5_000), tax: fc.option(fc.nat(2_500)), perUnit: fc.nat(300) })
    .map(({ fee, rate, tax, perUnit }) =>
      contractTerms({
        creator: "cre_host",
        platformFee: { basisPoints: fee, perOrder: usd(30) },
        creatorRate: [tier(0, rate, perUnit)],
        ...(tax === null ? {} : { tax: { basisPoints: tax } }),
      }),
    ),
  { nil: undefined },
);

/** Shares of 10,000 of what is left at each refund. */
const refunds = fc.array(fc.constantFrom(1, 3_333, 5_000, 10_000), { maxLength: 4 });

describe("whatever the links, coupons, windows, rates and refunds", () => {
  const life = fc.record({
    candidates,
    buyerIs: fc.subarray([...CREATORS]),
    rates: fc.record({ cre_guest: fc.option(fc.nat(10_000)), cre_other: fc.option(fc.nat(10_000)) }),
    bought,
    terms,
    refunds,
  });

  it("the winner has their rate of the order to the minor unit, and refunds take it back in proportion", () => {
    fc.assert(
      fc.property(life, ({ candidates: all, buyerIs, rates, bought: of_, terms: by, refunds: back }) => {
        const order = { order: "ord_1", seller: "sel_1", placedAtMs: ORDER.placedAtMs, buyerIs } as const;
        const { winner } = decideAttribution(ATTRIBUTION_RULES, order, all);
        const agreed = Object.entries(rates).map(([who, basisPoints]) => {
          const theirs = { creator: who as CreatorId };
          return of(`con_${who}`, basisPoints === null ? contractTerms(theirs) : rated(basisPoints, theirs));
        });
        const theirs = agreed.filter((one) => one.terms.creator === winner?.creator);
        const referral = winner && referralOf(ORDER, winner.creator, theirs);
        const rate = referral && "basisPoints" in referral ? referral : undefined;

        const total = of_.unit * of_.quantity;
        const credit = Math.floor((total * of_.creditShare) / 100);
        const sold = sale(of_.unit, of_.quantity, { funded: of_.funded, credit });
        const without = splitOf(sold, by, 0);
        const split = splitOf(sold, by, 0, rate);

        // Who bought it, hosts it, or came too late has none; everybody else what they agreed on.
        const isGuest = winner !== undefined && winner.creator !== "cre_host";
        const expected = isGuest ? rates[winner.creator as keyof typeof rates] : null;
        expect(rate?.basisPoints ?? null).toBe(expected);
        if (winner) expect(buyerIs).not.toContain(winner.creator);

        expect(sumOfLegs(split.legs)).toBe(split.captured);
        const { referral: had, seller, ...others } = split.legs;
        const { referral: none, seller: whole, ...unchanged } = without.legs;
        expect([none, others]).toEqual([0, unchanged]);
        expect(had + seller).toBe(whole);
        // Half a unit up is the creator's.
        const exact = (2n * BigInt(split.basis.base) * BigInt(expected ?? 0) + 10_000n) / 20_000n;
        expect(had).toBe(Math.min(Number(exact), whole));

        let returned = 0;
        for (const share of back) {
          const more = Math.ceil(((split.captured - returned) * share) / 10_000);
          returned += more;
          const given = returnedLegs(split, returned);
          expect(sumOfLegs(given)).toBe(returned);
          const off = BigInt(given.referral) * BigInt(split.captured) - BigInt(had) * BigInt(returned);
          const unit = BigInt(split.captured);
          expect(unit === 0n || (off < unit && -off < unit)).toBe(true);
          if (returned === split.captured && unit > 0n) expect(given).toEqual(split.legs);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("a contract of the seller alone, or none, changes nothing of it", () => {
    for (const by of [undefined, sellerTerms({ platformFee: { basisPoints: 0 } })]) {
      expect(splitOf(sale(999), by, 0, { basisPoints: 5_000 }).legs).toMatchObject({
        referral: 500,
        seller: 499,
      });
    }
  });
});

/** Contracts: which version is in force, when a new one may be, and what they keep a session from. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutsOf, earliestEffectAtMs } from "../../src/domain/contract-versions.ts";
import {
  agreementOf,
  isInForce,
  STANDARD_AGREEMENT,
  tierAt,
  versionInForce,
  type ContractTerms,
  type ContractVersion,
} from "../../src/domain/contract.ts";
import { splitOf } from "../../src/domain/split.ts";
import { contractTerms, sale, sellerTerms, tier, version } from "./contracts.ts";
import { T0, usd } from "./shop.ts";

const DAY = 86_400_000;
const rate = (basisPoints: number, over: Partial<ContractTerms> = {}): ContractTerms =>
  contractTerms({ creatorRate: [tier(0, basisPoints)], ...over });

describe("the version in force", () => {
  const versions = [
    version(1, rate(1_500)),
    version(2, rate(1_000), T0 + DAY),
    version(3, rate(2_000), T0 + DAY / 2),
  ];
  const at = (atMs: number): number | undefined => versionInForce(versions, atMs)?.version;

  it("is the latest that has taken effect, from that very moment", () => {
    expect([at(T0 - 1), at(T0), at(T0 + DAY / 2 - 1), at(T0 + DAY / 2)]).toEqual([undefined, 1, 1, 3]);
  });

  it("is never one that a later version has taken the place of", () => {
    expect(at(T0 + 2 * DAY)).toBe(3);
  });
});

describe("a tier", () => {
  it("is the creator's from the volume it begins at", () => {
    const terms = contractTerms({ creatorRate: [tier(0, 1_000), tier(50_000, 1_500), tier(90_000, 2_000)] });
    expect([0, 49_999, 50_000, 89_999, 1e12].map((volume) => tierAt(terms, volume)?.basisPoints)).toEqual([
      1_000, 1_000, 1_500, 1_500, 2_000,
    ]);
    expect(tierAt(sellerTerms(), 0)).toBeUndefined();
  });
});

describe("what is worse for a creator", () => {
  const standing = contractTerms({
    creatorRate: [tier(0, 1_000, 50), tier(10_000, 2_000, 50)],
    referral: { basisPoints: 800 },
    cutNoticeMs: DAY,
    rateLockedUntilAtMs: T0 + DAY,
    endsAtMs: T0 + 9 * DAY,
    zones: ["berlin", "paris"],
    skus: ["tee", "mug"],
    creatorMay: ["run", "show"],
  });
  const { rateLockedUntilAtMs: _, ...unlocked } = standing;
  const { referral: ____, ...unreferred } = standing;
  const { endsAtMs: __, ...endless } = standing;
  const { zones: ___, ...everywhere } = standing;
  const but = (over: Partial<ContractTerms>): ContractTerms => ({ ...standing, ...over });

  it.each<readonly [string, ContractTerms]>([
    ["rate", but({ creatorRate: [tier(0, 1_000, 50), tier(10_000, 1_999, 50)] })],
    ["rate", but({ creatorRate: [tier(0, 1_000, 50), tier(10_001, 2_000, 50)] })],
    ["rate", but({ creatorRate: [tier(0, 5_000, 49)] })],
    ["rate", but({ creatorRate: [tier(0, 5_000)] })],
    ["rate", but({ referral: { basisPoints: 799 } })],
    ["rate", unreferred],
    ["fee", but({ platformFee: { basisPoints: 500, perOrder: usd(1) } })],
    ["fee", but({ platformFee: { basisPoints: 500, minimum: usd(1) } })],
    ["fee", but({ platformFee: { basisPoints: 501 } })],
    ["lock", unlocked],
    ["notice", but({ cutNoticeMs: DAY - 1 })],
    ["term", but({ endsAtMs: T0 + 8 * DAY })],
    ["term", but({ startsAtMs: T0 + 1 })],
    ["permissions", but({ creatorMay: ["run", "reprice"] })],
    ["funding", but({ funders: { dropPrice: ["seller", "creator"], creatorCode: [] } })],
    ["coverage", but({ zones: ["berlin", "rome"] })],
    ["coverage", but({ skus: ["tee"] })],
  ])("is its %s", (cut, next) => {
    expect(cutsOf(standing, next, T0)).toEqual([cut]);
  });

  it.each<readonly [string, ContractTerms]>([
    ["the same", standing],
    ["a raise", but({ creatorRate: [tier(0, 2_000, 50), tier(5_000, 2_500, 60)] })],
    ["a higher referral", but({ referral: { basisPoints: 801 } })],
    ["a longer lock", but({ rateLockedUntilAtMs: T0 + 2 * DAY })],
    ["a longer notice", but({ cutNoticeMs: 2 * DAY })],
    ["no end", endless],
    ["a start that is past", but({ startsAtMs: T0 })],
    ["more to do", but({ creatorMay: ["run", "show", "reprice"] })],
    ["nothing to pay for", but({ funders: { dropPrice: ["platform"], creatorCode: ["seller"] } })],
    ["every zone", everywhere],
    ["a lower fee, another tax", but({ platformFee: { basisPoints: 400 }, tax: { basisPoints: 1_900 } })],
  ])("is not %s", (_name, next) => {
    expect(cutsOf(standing, next, T0)).toEqual([]);
  });

  it("is not a higher share of the platform's where rates are shares alone", () => {
    const raised = contractTerms({ platformFee: { basisPoints: 900, minimum: usd(5) } });
    expect(cutsOf(contractTerms({ platformFee: { basisPoints: 500, minimum: usd(5) } }), raised, T0)).toEqual(
      [],
    );
  });

  it("is nothing where there is no creator", () => {
    expect(cutsOf(sellerTerms(), sellerTerms({ skus: ["tee"], endsAtMs: T0 + 1 }), T0)).toEqual([]);
  });

  it("is not the end of a lock that is over", () => {
    expect(cutsOf(standing, unlocked, T0 + DAY)).toEqual([]);
  });
});

describe("terms that are no worse", () => {
  const fixed = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined });
  const anyTerms = fc
    .record({
      fee: fc.constantFrom(500, 800),
      perOrder: fixed,
      minimum: fixed,
      rates: fc.array(fc.record({ basisPoints: fc.constantFrom(1_000, 1_500, 2_000), perUnit: fixed }), {
        minLength: 1,
        maxLength: 2,
      }),
    })
    .map(({ fee, perOrder, minimum, rates }) =>
      contractTerms({
        platformFee: {
          basisPoints: fee,
          ...(perOrder === undefined ? {} : { perOrder: usd(perOrder) }),
          ...(minimum === undefined ? {} : { minimum: usd(minimum) }),
        },
        creatorRate: rates.map(({ basisPoints, perUnit }, at) => tier(at * 1_000, basisPoints, perUnit)),
      }),
    );

  it("pay a creator no less for any sale, but for a unit that rounding gives to somebody else", () => {
    const unit = fc.integer({ min: 0, max: 3_000 });
    fc.assert(
      fc.property(
        anyTerms,
        anyTerms,
        unit,
        fc.constantFrom(1, 3),
        fc.nat(2_000),
        (standing, next, of, units, volume) => {
          fc.pre(cutsOf(standing, next, T0).length === 0);
          const earns = (terms: ContractTerms): number =>
            splitOf(sale(of, units), terms, volume).legs.creator;
          expect(earns(next)).toBeGreaterThanOrEqual(earns(standing) - 1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("a new version may be in force", () => {
  const locked = { rateLockedUntilAtMs: T0 + 30 * DAY };
  const notice = { cutNoticeMs: 7 * DAY };
  const earliest = (versions: readonly ContractVersion[], next: ContractTerms, nowMs = T0): number =>
    (earliestEffectAtMs(versions, next, nowMs) - T0) / DAY;

  it("at once when it is a raise, or the same, locked or not", () => {
    const standing = [version(1, rate(1_500, { ...locked, ...notice }))];
    expect(earliest(standing, rate(1_600, { ...locked, ...notice }))).toBe(0);
    expect(earliest(standing, rate(1_500, { ...locked, ...notice, note: "spring" }), T0 + DAY)).toBe(1);
  });

  it("when a cut, after the lock and after the notice, whichever is later", () => {
    expect(earliest([version(1, rate(1_500, locked))], rate(1_000))).toBe(30);
    expect(earliest([version(1, rate(1_500, notice))], rate(1_000, notice))).toBe(7);
    expect(earliest([version(1, rate(1_500, { ...locked, ...notice }))], rate(1_000), T0 + 29 * DAY)).toBe(
      36,
    );
  });

  it("no earlier by first taking the lock away", () => {
    const standing = [version(1, rate(1_500, locked))];
    expect(earliest(standing, rate(2_000))).toBe(30);
  });

  it("beside a cut that is to come: a raise of it at once, a further cut with the notice of today's terms", () => {
    const standing = [
      version(1, rate(1_500, { ...locked, ...notice })),
      version(2, rate(1_000), T0 + 30 * DAY),
    ];
    expect(earliest(standing, rate(1_200, notice), T0 + 29 * DAY)).toBe(30);
    expect(earliest(standing, rate(900), T0 + 29 * DAY)).toBe(36);
  });

  it("no earlier than what it was promised: a raise to come is not taken back without notice", () => {
    const standing = [
      version(1, rate(1_500, notice)),
      version(2, rate(2_000, { ...notice, rateLockedUntilAtMs: T0 + 60 * DAY }), T0 + 10 * DAY),
    ];
    expect(earliest(standing, rate(1_600, notice))).toBe(60);
  });

  it("without regard to a version that another has overtaken", () => {
    const standing = [
      version(1, rate(1_000)),
      version(2, rate(9_000, locked), T0 + 5 * DAY),
      version(3, rate(1_000)),
    ];
    expect(earliest(standing, rate(1_000))).toBe(0);
  });
});

describe("in any course of versions", () => {
  const HORIZON_DAYS = 150;
  const day = fc.integer({ min: 0, max: 40 });
  const step = fc.record({
    basisPoints: fc.integer({ min: 0, max: 4 }).map((one) => one * 1_000),
    lockedDays: fc.option(day),
    noticeDays: fc.integer({ min: 0, max: 10 }),
    afterDays: fc.integer({ min: 0, max: 10 }),
    laterDays: fc.option(day),
  });

  /** Day by day: the first one from which every day's terms, as they would have been, let these take their place. */
  function earliestByHand(versions: readonly ContractVersion[], next: ContractTerms, nowMs: number): number {
    const noticeNowMs = versionInForce(versions, nowMs)?.terms.cutNoticeMs ?? 0;
    const lets = (terms: ContractTerms, fromMs: number): boolean =>
      cutsOf(terms, next, nowMs).length === 0 ||
      (fromMs >= (terms.rateLockedUntilAtMs ?? 0) &&
        fromMs >= nowMs + Math.max(noticeNowMs, terms.cutNoticeMs));
    const days = Array.from({ length: HORIZON_DAYS }, (_, at) => nowMs + at * DAY);
    const wouldBe = days.map((atMs) => versionInForce(versions, atMs)?.terms);
    const found = days.find((fromMs, from) =>
      wouldBe.slice(from).every((terms) => !terms || lets(terms, fromMs)),
    );
    return found ?? NaN;
  }

  it("a new one is in force as early as what it takes the place of lets it, and no earlier", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 5 }), (steps) => {
        const versions: ContractVersion[] = [];
        let nowMs = T0;
        for (const { basisPoints, lockedDays, noticeDays, afterDays, laterDays } of steps) {
          nowMs += afterDays * DAY;
          const terms = rate(basisPoints, {
            cutNoticeMs: noticeDays * DAY,
            ...(lockedDays === null ? {} : { rateLockedUntilAtMs: nowMs + lockedDays * DAY }),
          });
          const earliestAtMs = earliestEffectAtMs(versions, terms, nowMs);
          expect(earliestAtMs).toBe(earliestByHand(versions, terms, nowMs));
          const laterMs = versions.length === 0 ? 0 : (laterDays ?? 0) * DAY;
          versions.push({
            ...version(versions.length + 1, terms, earliestAtMs + laterMs),
            createdAtMs: nowMs,
          });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("an agreement", () => {
  it("is what the terms let a session do, and no more of them", () => {
    const { funders, creatorMay } = contractTerms();
    expect(agreementOf(contractTerms({ skus: ["tee"], note: "x" }))).toEqual({
      funders,
      creatorMay,
      skus: ["tee"],
    });
    expect(STANDARD_AGREEMENT.funders).toEqual({ dropPrice: ["seller"], creatorCode: ["seller"] });
  });

  it("begins with the contract's start and not after its end", () => {
    const terms = contractTerms({
      startsAtMs: T0,
      endsAtMs: T0 + DAY,
      platformFee: { basisPoints: 0, minimum: usd(1) },
    });
    expect([T0 - 1, T0, T0 + DAY - 1, T0 + DAY].map((atMs) => isInForce(terms, atMs))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isInForce(contractTerms(), T0)).toBe(true);
  });
});

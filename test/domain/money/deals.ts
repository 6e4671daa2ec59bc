/** Arbitrary contracts, wares and lives of money: what the model is fed. */
import * as fc from "fast-check";
import type { ContractTerms, ContractVersion, RateTier } from "../../../src/domain/contract.ts";
import type { ContractId, CreatorId, SellerId } from "../../../src/domain/ids.ts";
import { money } from "../../../src/domain/money.ts";
import type { Funder, PriceInput, PriceTerms } from "../../../src/domain/pricing.ts";

export const CURRENCIES = ["USD", "EUR", "JPY", "KWD"] as const;
export const SELLER: SellerId = "sel_1";
export const CREATORS: readonly CreatorId[] = ["cre_1", "cre_2"];
/** How far apart the steps of a life are. */
export const STEP_MS = 1_000;

/** A contract's versions, or none: a seller without one. */
export interface Deal {
  readonly contract: ContractId | undefined;
  readonly currency: string;
  readonly creator: CreatorId | undefined;
  readonly versions: readonly ContractVersion[];
  /** Who brings the deal's orders, maybe its own creator, and what they agreed on with the seller. */
  readonly guest: { readonly creator: CreatorId; readonly versions: readonly ContractVersion[] } | undefined;
}

/** A line before it has a currency. Amounts are minor units; shares are of 10,000. */
export interface Ware {
  readonly headline: number;
  readonly dropShare: number | undefined;
  readonly floorShare: number;
  readonly codeShare: number | undefined;
  readonly codeAmount: number | undefined;
  readonly creditShare: number;
  readonly dropFunder: Funder;
  readonly codeFunder: Funder;
  readonly quantity: number;
}

/** One thing that happens; `pick` says to what, `share` how much of it, of 10,000. */
export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
  readonly share: number;
}

export interface Life {
  readonly deals: readonly Deal[];
  readonly baskets: readonly (readonly Ware[])[];
  readonly steps: readonly Step[];
}

const KINDS = [
  "sell",
  "sell",
  "sell",
  "charge",
  "charge",
  "charge",
  "fee",
  "refund",
  "refund",
  "refundOutcome",
  "dispute",
  "disputeFee",
  "decide",
  "release",
  "move",
  "move",
  "move",
  "answer",
  "answer",
  "answer",
  "answer",
  "payOut",
  "payoutOutcome",
  "payoutOutcome",
] as const;

const amount = fc.oneof(fc.nat(9), fc.nat(20_000), fc.nat(20_000), fc.nat(1_000_000_000));
const share = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(0, 1, 3_333, 10_000) }, fc.nat(10_000));
const funder = fc.constantFrom<Funder>("seller", "platform", "creator");

const ware: fc.Arbitrary<Ware> = fc.record({
  headline: amount,
  dropShare: fc.option(share, { nil: undefined }),
  floorShare: fc.constantFrom(0, 0, 5_000),
  codeShare: fc.option(share, { nil: undefined }),
  codeAmount: fc.option(amount, { nil: undefined }),
  creditShare: fc.constantFrom(0, 0, 0, 2_500, 10_000),
  dropFunder: funder,
  codeFunder: funder,
  quantity: fc.integer({ min: 1, max: 7 }),
});

/** A ware as pricing takes it, in the deal's currency. Where there is no creator, the seller pays a creator's layers. */
export function pricingOf(of: Ware, { currency, creator }: Deal): readonly [PriceTerms, PriceInput] {
  const part = (basisPoints: number): number => Math.floor((of.headline * basisPoints) / 10_000);
  const payer = (asked: Funder): Funder => (asked === "creator" && creator === undefined ? "seller" : asked);
  const off =
    of.codeShare === undefined
      ? of.codeAmount === undefined
        ? undefined
        : { amount: money(of.codeAmount, currency) }
      : { basisPoints: of.codeShare };
  return [
    {
      headline: money(of.headline, currency),
      ...(of.dropShare === undefined
        ? {}
        : { drop: { price: money(part(of.dropShare), currency), funder: payer(of.dropFunder) } }),
      floor: money(part(of.floorShare), currency),
    },
    {
      ...(off ? { creatorCode: { code: "ANA", off, funder: payer(of.codeFunder) } } : {}),
      creditAmount: part(of.creditShare),
    },
  ];
}

interface Rates {
  readonly platform: number;
  readonly creator: number;
  readonly perOrder: number;
  readonly minimum: number;
  readonly tiers: readonly { readonly after: number; readonly share: number; readonly perUnit: number }[];
  readonly tax: number | undefined;
  readonly reserve: number | undefined;
  readonly heldMs: number;
}

const rates: fc.Arbitrary<Rates> = fc.record({
  platform: fc.nat(10_000),
  creator: fc.nat(10_000),
  perOrder: fc.constantFrom(0, 0, 1, 30, 5_000),
  minimum: fc.constantFrom(0, 0, 50, 100_000),
  tiers: fc.array(fc.record({ after: fc.nat(50_000), share, perUnit: fc.constantFrom(0, 0, 1, 700) }), {
    minLength: 1,
    maxLength: 3,
  }),
  tax: fc.option(fc.nat(2_700), { nil: undefined }),
  reserve: fc.option(share, { nil: undefined }),
  heldMs: fc.nat(40_000),
});

function termsOf(of: Rates, currency: string, creator: CreatorId | undefined): ContractTerms {
  // The highest rate and the platform's fee are never more than the sale.
  const highest = Math.min(of.creator, 10_000 - of.platform);
  let from = 0;
  const creatorRate = of.tiers.map(({ after, share: part, perUnit }, at): RateTier => {
    from += at === 0 ? 0 : after + 1;
    const basisPoints = Math.floor((highest * part) / 10_000);
    const perEach = perUnit > 0 ? { perUnit: money(perUnit, currency) } : {};
    return { from: money(from, currency), basisPoints, ...perEach };
  });
  return {
    seller: SELLER,
    ...(creator === undefined ? {} : { creator }),
    currency,
    platformFee: {
      basisPoints: of.platform,
      ...(of.perOrder > 0 ? { perOrder: money(of.perOrder, currency) } : {}),
      ...(of.minimum > 0 ? { minimum: money(of.minimum, currency) } : {}),
    },
    creatorRate: creator === undefined ? [] : creatorRate,
    cutNoticeMs: 0,
    ...(of.tax === undefined ? {} : { tax: { basisPoints: of.tax } }),
    ...(of.reserve === undefined ? {} : { reserve: { basisPoints: of.reserve, heldMs: of.heldMs } }),
    funders: { dropPrice: ["seller", "platform", "creator"], creatorCode: ["seller", "platform", "creator"] },
    creatorMay: [],
  };
}

const referral = fc.option(fc.constantFrom(1, 333, 1_000, 9_999, 10_000), { nil: undefined });

/** Contracts of a creator who brings orders: only their referral counts where the session is not theirs. */
const guest = fc.option(
  fc.record({
    creator: fc.constantFrom(...CREATORS),
    versions: fc.array(fc.record({ rates, referral, after: fc.nat(15) }), { minLength: 1, maxLength: 2 }),
  }),
  { nil: undefined },
);

const deal: fc.Arbitrary<Omit<Deal, "contract">> = fc
  .record({
    currency: fc.constantFrom<string>(...CURRENCIES),
    creator: fc.constantFrom(undefined, ...CREATORS, ...CREATORS),
    hasContract: fc.constantFrom(true, true, true, true, false),
    versions: fc.array(fc.record({ rates, after: fc.nat(15) }), { minLength: 1, maxLength: 3 }),
    guest,
  })
  .map(({ currency, creator, hasContract, versions, guest: by }) => ({
    currency,
    creator: hasContract ? creator : undefined,
    versions: hasContract ? versionsOf(versions, currency, creator) : [],
    guest: by && { creator: by.creator, versions: versionsOf(by.versions, currency, by.creator) },
  }));

interface Draft {
  readonly rates: Rates;
  readonly referral?: number | undefined;
  /** How many steps it takes effect after the one before. */
  readonly after: number;
}

function versionsOf(
  drafts: readonly Draft[],
  currency: string,
  creator: CreatorId | undefined,
): ContractVersion[] {
  let effectiveAtMs = 0;
  return drafts.map(({ rates: of, referral: basisPoints, after }, at) => {
    effectiveAtMs += at === 0 ? 0 : after * STEP_MS;
    const agreed = termsOf(of, currency, creator);
    const terms = basisPoints === undefined ? agreed : { ...agreed, referral: { basisPoints } };
    return { contract: "con_", version: at + 1, terms, effectiveAtMs, createdAtMs: 0 };
  });
}

export const life: fc.Arbitrary<Life> = fc.record({
  deals: fc.array(deal, { minLength: 1, maxLength: 2 }).map((deals) =>
    deals.map((one, at): Deal => {
      const contract: ContractId | undefined = one.versions.length > 0 ? `con_${at}` : undefined;
      const versions = one.versions.map((version) => ({ ...version, contract: `con_${at}` as const }));
      return { ...one, contract, versions };
    }),
  ),
  baskets: fc.array(fc.array(ware, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
  steps: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), pick: fc.nat(10_000), share }), {
    minLength: 12,
    maxLength: 45,
  }),
});

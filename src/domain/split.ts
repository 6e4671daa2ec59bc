/** Splits what was sold between platform, creator and seller by their contract, to the last minor unit. Pure. */
import { apportion } from "./apportion.ts";
import { tierAt, type ContractTerms, type RateTier, type ReferralRate } from "./contract.ts";
import { BASIS_POINTS, type Money } from "./money.ts";
import type { Funder } from "./pricing.ts";
import type { ReservationLine } from "./reservation.ts";

/**
 * Who has a part in a sale. `referral` is of a guest: a creator who brought the order to a session that is not theirs.
 * `loyalty` pays: credit that the platform granted before.
 */
export type LegOf = "platform" | "creator" | "referral" | "seller" | "tax" | "loyalty";

/** Parts of a sale in minor units. Only `loyalty` and `platform` may be negative: they pay for others. */
export type Legs = Readonly<Record<LegOf, number>>;

/** In this order remainders go to the earlier leg. */
export const LEGS: readonly LegOf[] = ["platform", "creator", "referral", "seller", "tax", "loyalty"];

/** What is split. */
export interface Sale {
  readonly lines: readonly Pick<ReservationLine, "quantity" | "price">[];
  /** What the units sold for. */
  readonly total: Money;
  /** What was captured: the total less loyalty credit. */
  readonly due: Money;
}

/** Who gets what of a sale, and from which figures. The legs sum to what was captured. */
export interface Split {
  readonly currency: string;
  readonly total: number;
  readonly captured: number;
  readonly legs: Legs;
  /** Of the seller's leg, kept back for a time. */
  readonly reserved: number;
  readonly basis: SplitBasis;
}

/** The figures behind a split, each in minor units. */
export interface SplitBasis {
  /** The total and what others than the seller paid of the discount: what the seller asked for. */
  readonly asked: number;
  /** What each paid of what was taken off the price, over the whole order. */
  readonly funded: Readonly<Record<Funder, number>>;
  /** What fees and rates are a part of: `asked` less tax, or the total less tax where a funder's part was not enough. */
  readonly base: number;
  readonly platformFee: number;
  /** Whether the minimum made the fee what it is. */
  readonly isMinimumFee: boolean;
  readonly creatorEarns: number;
  /** The guest's rate and what it comes to, of which the leg may be less; absent where nobody has one. */
  readonly referral?: ReferralRate & { readonly wanted: number };
  /** The creator's tier; undefined where nobody has a rate. */
  readonly tier: RateTier | undefined;
  /** What the session had captured before. */
  readonly volume: number;
}

/**
 * Fees and rates are of what the seller asked for: a layer that platform or creator fund lowers their own part and
 * nobody else's. A creator funds no more than the sale earns them, and the platform pays no more on top of its fee than
 * the buyer pays: where that is not enough, both give up their part at most, fees and rates are of what was paid, and the
 * seller bears what is left of the layer. So nobody is made to pay for a sale by somebody else's discount. First the
 * tax, then the platform's fee, then the creator's, never more than there is; the seller has the rest. Without terms all
 * of it is the seller's. A guest's referral is a part of the seller's rest, and never more than it: nobody else's part
 * knows of it. `volume` is what the session had captured before.
 */
export function splitOf(
  sale: Sale,
  terms: ContractTerms | undefined,
  volume: number,
  referral?: ReferralRate,
): Split {
  const total = sale.total.amount;
  const agreed = fundedBy(sale.lines);
  const tax = terms?.tax ? includedTax(total, terms.tax.basisPoints) : 0;
  const tier = terms && tierAt(terms, volume);
  const units = sale.lines.reduce((sum, line) => sum + line.quantity, 0);
  const ofAsked = earnedOf(total + agreed.platform + agreed.creator - tax, { terms, tier, units });
  const isBearable = agreed.creator <= ofAsked.creatorEarns && agreed.platform - ofAsked.platformFee <= total;
  const earned = isBearable ? ofAsked : earnedOf(total - tax, { terms, tier, units });
  const platformFunds = isBearable ? agreed.platform : Math.min(agreed.platform, earned.platformFee);
  const creatorFunds = Math.min(agreed.creator, earned.creatorEarns);
  const asked = total + platformFunds + creatorFunds;
  const rest = asked - tax - earned.platformFee - earned.creatorEarns;
  const [wanted = 0] = sharesOf(earned.base, [referral?.basisPoints ?? 0]);
  const referred = Math.min(wanted, rest);
  const legs: Legs = {
    platform: earned.platformFee - platformFunds,
    creator: earned.creatorEarns - creatorFunds,
    referral: referred,
    seller: rest - referred,
    tax,
    loyalty: withoutMinusZero(sale.due.amount - total),
  };
  const [reserved = 0] = sharesOf(legs.seller, [terms?.reserve?.basisPoints ?? 0]);
  const unborne = agreed.platform - platformFunds + agreed.creator - creatorFunds;
  const funded = { platform: platformFunds, creator: creatorFunds, seller: agreed.seller + unborne };
  return {
    currency: sale.total.currency,
    total,
    captured: sale.due.amount,
    legs,
    reserved,
    basis: {
      asked,
      funded,
      ...earned,
      ...(referral ? { referral: { basisPoints: referral.basisPoints, wanted } } : {}),
      tier,
      volume,
    },
  };
}

/** By what fees and rates are reckoned. */
interface Reckoning {
  readonly terms: ContractTerms | undefined;
  readonly tier: RateTier | undefined;
  readonly units: number;
}

/** What platform and creator have of an amount, before they fund anything; together never more than it. */
function earnedOf(
  base: number,
  { terms, tier, units }: Reckoning,
): Pick<SplitBasis, "base" | "platformFee" | "isMinimumFee" | "creatorEarns"> {
  const { feePart, ratePart } = ratesOf(base, terms, tier);
  const plainFee = feePart + (terms?.platformFee.perOrder?.amount ?? 0);
  const minimum = terms?.platformFee.minimum?.amount ?? 0;
  const platformFee = Math.min(base, Math.max(plainFee, minimum));
  const creatorEarns = Math.min(base - platformFee, ratePart + (tier?.perUnit?.amount ?? 0) * units);
  return { base, platformFee, isMinimumFee: minimum > plainFee, creatorEarns };
}

/** What fee and rate come to in basis points alone; together rounded once. */
export function ratesOf(
  base: number,
  terms: ContractTerms | undefined,
  tier: RateTier | undefined,
): { readonly feePart: number; readonly ratePart: number } {
  const [feePart = 0, ratePart = 0] = sharesOf(base, [
    terms?.platformFee.basisPoints ?? 0,
    tier?.basisPoints ?? 0,
  ]);
  return { feePart, ratePart };
}

export const NO_LEGS: Legs = { platform: 0, creator: 0, referral: 0, seller: 0, tax: 0, loyalty: 0 };

export function sumOfLegs(legs: Legs): number {
  return LEGS.reduce((sum, leg) => sum + legs[leg], 0);
}

/** The difference, leg by leg. */
export function legsLess(legs: Legs, less: Legs): Legs {
  return {
    platform: legs.platform - less.platform,
    creator: legs.creator - less.creator,
    referral: legs.referral - less.referral,
    seller: legs.seller - less.seller,
    tax: legs.tax - less.tax,
    loyalty: legs.loyalty - less.loyalty,
  };
}

/**
 * What each leg has given back once `returned` of what was captured went back. A step takes what this is
 * more than what was given before, so that a sequence of partial refunds sums to the whole exactly. `returned` equal to
 * what was captured gives back every leg in full, a sale that credit paid for included.
 */
export function returnedLegs({ legs, captured }: Pick<Split, "legs" | "captured">, returned: number): Legs {
  if (returned === captured) return legs;
  const [platform = 0, creator = 0, referral = 0, seller = 0, tax = 0, loyalty = 0] = apportion(
    returned,
    LEGS.map((of) => legs[of]),
  );
  return { platform, creator, referral, seller, tax, loyalty };
}

/** Parts of `amount` in basis points, the rest being nobody's: by largest remainder over all of it. */
function sharesOf(amount: number, basisPoints: readonly number[]): number[] {
  const named = basisPoints.reduce((sum, part) => sum + part, 0);
  return apportion(amount, [...basisPoints, BASIS_POINTS - named]).slice(0, -1);
}

/** The tax in a price that includes it: price × rate / (1 + rate), by largest remainder. */
function includedTax(total: number, basisPoints: number): number {
  const [tax = 0] = apportion(total, [basisPoints, BASIS_POINTS]);
  return tax;
}

/** What each funder took off the price. Credit is tender, not a discount. */
function fundedBy(lines: Sale["lines"]): Record<Funder, number> {
  const funded: Record<Funder, number> = { platform: 0, seller: 0, creator: 0 };
  for (const { quantity, price } of lines) {
    for (const { kind, funder, amount } of price.layers) {
      if (funder && kind !== "loyalty_credit" && kind !== "headline") {
        funded[funder] -= amount.amount * quantity;
      }
    }
  }
  return funded;
}

function withoutMinusZero(amount: number): number {
  return amount === 0 ? 0 : amount;
}

/** Why a split is as it is: one readable step after the other, from what was sold to what each has. Pure. */
import type { ContractTerms } from "./contract.ts";
import { moneyText, percentText } from "./decimals.ts";
import { money } from "./money.ts";
import { ratesOf, type Split } from "./split.ts";

export type StepCode =
  | "sold"
  | "platform_funds"
  | "creator_funds"
  | "tax_included"
  | "platform_fee"
  | "platform_fee_per_order"
  | "platform_fee_minimum"
  | "platform_fee_limited"
  | "creator_rate"
  | "creator_per_unit"
  | "creator_limited"
  | "referral"
  | "referral_limited"
  | "seller_rest"
  | "reserve"
  | "loyalty_credit";

/** A step, what it comes to in minor units, and its words. */
export interface SplitStep {
  readonly code: StepCode;
  readonly amount: number;
  readonly text: string;
}

/** A split and what is needed to say why. */
interface Explained {
  readonly split: Split;
  readonly terms: ContractTerms;
  /** Units sold. */
  readonly quantity: number;
  readonly inWords: (amount: number) => string;
}

/** The steps of a split that was made by these terms. */
export function stepsOf(split: Split, terms: ContractTerms, quantity: number): SplitStep[] {
  const inWords = (amount: number): string => moneyText(money(amount, split.currency));
  const explained: Explained = { split, terms, quantity, inWords };
  return [
    { code: "sold", amount: split.total, text: `sold for ${inWords(split.total)}` },
    ...fundingSteps(explained),
    ...taxSteps(explained),
    ...platformSteps(explained),
    ...creatorSteps(explained),
    ...referralSteps(explained),
    ...restSteps(explained),
  ];
}

function fundingSteps({ split: { basis }, inWords }: Explained): SplitStep[] {
  return (["platform", "creator"] as const)
    .filter((by) => basis.funded[by] > 0)
    .map((by) => ({
      code: `${by}_funds` as const,
      amount: -basis.funded[by],
      text: `${by} pays ${inWords(basis.funded[by])} of the discount: the seller asked for ${inWords(basis.asked)}`,
    }));
}

function taxSteps({ split: { legs, total }, terms, inWords }: Explained): SplitStep[] {
  if (!terms.tax) return [];
  const rate = percentText(terms.tax.basisPoints);
  const text = `tax of ${rate} included in ${inWords(total)} = ${inWords(legs.tax)}`;
  return [{ code: "tax_included", amount: legs.tax, text }];
}

function platformSteps({ split: { basis }, terms, inWords }: Explained): SplitStep[] {
  const { basisPoints, perOrder, minimum } = terms.platformFee;
  const { feePart } = ratesOf(basis.base, terms, basis.tier);
  const rate = `platform fee ${percentText(basisPoints)} of ${inWords(basis.base)} = ${inWords(feePart)}`;
  const steps: SplitStep[] = [{ code: "platform_fee", amount: feePart, text: rate }];
  const plain = feePart + (perOrder?.amount ?? 0);
  if (perOrder) {
    const text = `and ${inWords(perOrder.amount)} an order = ${inWords(plain)}`;
    steps.push({ code: "platform_fee_per_order", amount: perOrder.amount, text });
  }
  if (minimum && basis.isMinimumFee) {
    const text = `minimum fee applies: ${inWords(minimum.amount)}`;
    steps.push({ code: "platform_fee_minimum", amount: minimum.amount, text });
  }
  if (basis.platformFee < Math.max(plain, minimum?.amount ?? 0)) {
    const text = `no more than there is: ${inWords(basis.platformFee)}`;
    steps.push({ code: "platform_fee_limited", amount: basis.platformFee, text });
  }
  return steps;
}

function creatorSteps({ split: { basis }, terms, quantity, inWords }: Explained): SplitStep[] {
  const { tier, base, volume, creatorEarns } = basis;
  if (!tier) return [];
  const { ratePart } = ratesOf(base, terms, tier);
  const from =
    terms.creatorRate.length > 1 ? ` (after ${inWords(volume)}, from ${inWords(tier.from.amount)} on)` : "";
  const rate = `creator's rate ${percentText(tier.basisPoints)}${from} of ${inWords(base)} = ${inWords(ratePart)}`;
  const steps: SplitStep[] = [{ code: "creator_rate", amount: ratePart, text: rate }];
  const forUnits = (tier.perUnit?.amount ?? 0) * quantity;
  if (tier.perUnit) {
    const text = `and ${inWords(tier.perUnit.amount)} for each of ${quantity} = ${inWords(ratePart + forUnits)}`;
    steps.push({ code: "creator_per_unit", amount: forUnits, text });
  }
  if (creatorEarns < ratePart + forUnits) {
    const text = `no more than is left after the platform's fee: ${inWords(creatorEarns)}`;
    steps.push({ code: "creator_limited", amount: creatorEarns, text });
  }
  return steps;
}

function referralSteps({ split: { basis, legs }, inWords }: Explained): SplitStep[] {
  const { referral, base } = basis;
  if (!referral) return [];
  const { basisPoints, wanted } = referral;
  const rate = `brought by another creator: ${percentText(basisPoints)} of ${inWords(base)} = ${inWords(wanted)}`;
  const steps: SplitStep[] = [{ code: "referral", amount: wanted, text: rate }];
  if (legs.referral < wanted) {
    const text = `no more than is left to the seller: ${inWords(legs.referral)}`;
    steps.push({ code: "referral_limited", amount: legs.referral, text });
  }
  return steps;
}

function restSteps({ split: { legs, reserved, captured }, terms, inWords }: Explained): SplitStep[] {
  const seller = `seller has the rest: ${inWords(legs.seller)}`;
  const steps: SplitStep[] = [{ code: "seller_rest", amount: legs.seller, text: seller }];
  if (terms.reserve && reserved > 0) {
    const { basisPoints, heldMs } = terms.reserve;
    const text = `${percentText(basisPoints)} of it kept back for ${daysText(heldMs)}: ${inWords(reserved)}`;
    steps.push({ code: "reserve", amount: reserved, text });
  }
  if (legs.loyalty < 0) {
    const text = `loyalty credit pays ${inWords(-legs.loyalty)}: captured ${inWords(captured)}`;
    steps.push({ code: "loyalty_credit", amount: legs.loyalty, text });
  }
  return steps;
}

const DAY_MS = 86_400_000;

function daysText(durationMs: number): string {
  const days = Math.round((durationMs / DAY_MS) * 10) / 10;
  return days === 1 ? "1 day" : `${days} days`;
}

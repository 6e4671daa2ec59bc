/**
 * Amounts as Stripe counts them. Ours are ISO 4217's minor units; Stripe's are the same but for a few currencies, and
 * not every amount can be charged or paid out. Pure.
 * @see https://docs.stripe.com/currencies#special-cases
 */
import type { Money } from "../../../domain/money.ts";

/** ISO 4217 has no decimals for these; Stripe takes two, which must be 00. */
const HUNDREDTHS = new Set(["ISK", "UGX"]);
/** ISO 4217 has two decimals, Stripe none. */
const WHOLE = new Set(["MGA"]);
/** Three decimals, and the last must be 0 in charges, refunds and disputes: card networks know two. */
const TENS = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);
/** Charged with two decimals, paid out without: of HUF 1,234.50 a bank gets 1,234. */
const WHOLE_PAYOUTS = new Set(["HUF", "TWD"]);

const HUNDRED = 100;
const TEN = 10;

/** Stripe's amount for money to move; undefined when it cannot be expressed, or is nothing to move. */
export function unitsOf({ amount, currency }: Money): number | undefined {
  if (!Number.isSafeInteger(amount) || amount <= 0) return undefined;
  if (HUNDREDTHS.has(currency)) return amount * HUNDRED;
  if (WHOLE.has(currency)) return amount % HUNDRED === 0 ? amount / HUNDRED : undefined;
  return amount;
}

/** Why there is no amount of Stripe's for it. */
export function whyNoUnits({ amount }: Money): "invalid_amount" | "amount_not_supported" {
  return Number.isSafeInteger(amount) && amount > 0 ? "amount_not_supported" : "invalid_amount";
}

/** The same for a charge or a refund. */
export function chargeUnitsOf(money: Money): number | undefined {
  const units = unitsOf(money);
  if (units === undefined || !TENS.has(money.currency)) return units;
  return units % TEN === 0 ? units : undefined;
}

/** The same for a payout to a bank, which takes what is payable and no other amount. */
export function payoutUnitsOf(money: Money): number | undefined {
  return payableOf(money) === money.amount ? unitsOf(money) : undefined;
}

/** The part of an amount that can be paid out to a bank, rounded down to whole steps; in our minor units. */
export function payableOf({ amount, currency }: Money): number {
  if (!Number.isSafeInteger(amount) || amount <= 0) return 0;
  return amount - (amount % payoutStepOf(currency));
}

function payoutStepOf(currency: string): number {
  if (WHOLE_PAYOUTS.has(currency) || WHOLE.has(currency)) return HUNDRED;
  // Stripe says so of payments and nothing of payouts: what is left is paid out with the next.
  return TENS.has(currency) ? TEN : 1;
}

/** Money from Stripe's amount, which may be negative. A fee below the smallest unit of its currency is rounded. */
export function moneyOf(units: number, stripeCurrency: string): Money {
  const currency = stripeCurrency.toUpperCase();
  if (HUNDREDTHS.has(currency)) return { amount: roundedAwayFromZero(units / HUNDRED), currency };
  if (WHOLE.has(currency)) return { amount: units * HUNDRED, currency };
  return { amount: units, currency };
}

/** Halves go away from zero, so that what comes and goes again cancels out. */
function roundedAwayFromZero(value: number): number {
  const magnitude = Math.round(Math.abs(value));
  return value < 0 ? 0 - magnitude : magnitude;
}

/** Stripe writes currencies in lower case. */
export function stripeCurrencyOf({ currency }: Money): string {
  return currency.toLowerCase();
}

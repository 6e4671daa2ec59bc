/** Money in integer minor units, and the few ways to compute with it that Dropcast allows. Pure. */

/** `amount` is in the minor unit of `currency` (ISO 4217): 1999 USD is $19.99, 1999 JPY is ¥1,999. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export function money(amount: number, currency: string): Money {
  return { amount, currency };
}

/** One hundredth of a percent: 10 % is 1,000 basis points. */
export const BASIS_POINTS = 10_000;

/**
 * `basisPoints` of `amount`, rounded half away from zero to a whole minor unit.
 * Whole and part are computed apart so that no product leaves the exact integers.
 */
export function shareOf(amount: number, basisPoints: number): number {
  const magnitude = Math.abs(amount);
  const whole = Math.floor(magnitude / BASIS_POINTS) * basisPoints;
  const part = Math.floor(((magnitude % BASIS_POINTS) * basisPoints) / BASIS_POINTS + 0.5);
  return amount < 0 ? 0 - (whole + part) : whole + part;
}

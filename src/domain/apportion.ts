/** Divides an amount to the last minor unit. Pure. */

/**
 * `amount` in proportion to `weights`, by largest remainder, ties to the earlier. The parts sum to `amount`, whatever
 * the rounding. A weight may be negative as long as they sum to more than zero: its part then points the other way.
 * A negative amount is divided by its magnitude, so that what was given and what is taken back agree.
 *
 * @throws {RangeError} when the weights do not sum to more than zero, unless there is nothing to divide; and for a part
 * beyond the exact integers of a number, which needs weights that almost cancel each other out.
 * @see https://en.wikipedia.org/wiki/Quota_method
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  if (amount === 0) return weights.map(() => 0);
  // A product of two amounts leaves the exact integers of a number.
  const exact = weights.map(BigInt);
  const whole = exact.reduce((sum, weight) => sum + weight, 0n);
  if (whole <= 0n) throw new RangeError(`weights sum to ${whole}`);
  const magnitude = BigInt(Math.abs(amount));
  const parts = exact.map((weight) => floorDivide(magnitude * weight, whole));
  const remainders = exact.map((weight, at) => magnitude * weight - (parts[at] ?? 0n) * whole);
  let left = magnitude - parts.reduce((sum, part) => sum + part, 0n);
  const largestFirst = [...remainders.keys()].toSorted(
    (a, b) => Number((remainders[b] ?? 0n) - (remainders[a] ?? 0n)) || a - b,
  );
  for (const at of largestFirst) {
    if (left === 0n) break;
    parts[at] = (parts[at] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts.map((part) => exactly(amount < 0 ? -part : part));
}

function exactly(part: bigint): number {
  const amount = Number(part);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`a part of ${part} is not exact`);
  return amount;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

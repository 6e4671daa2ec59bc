/** Prices as people write them, exactly as integer minor units. Pure; no floating point. */
import { decimalsOf } from "../../domain/decimals.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money, type Money } from "../../domain/money.ts";
import type { Read } from "./cells.ts";

/**
 * `19.99` in USD as 1999. Only digits and one point: `1,299` is 1.299 to some and 1299 to others, so it is refused
 * rather than guessed. Decimals the currency does not have may only be zeros.
 */
export function readPrice(text: string, currency: string): Read<Money> {
  const [, whole, part = ""] = /^(?=\.?\d)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined) {
    return { reason: "is not a price: write it like 19.99, without sign, currency or thousands separators" };
  }
  const decimals = decimalsOf(currency);
  if (/[^0]/.test(part.slice(decimals))) {
    return { reason: `has more decimals than ${currency} has (${decimals})` };
  }
  // Exact up to 2^53, far beyond the limit.
  const amount = Number(whole + part.slice(0, decimals).padEnd(decimals, "0"));
  if (amount > LIMITS.moneyAmount) return { reason: "is larger than any price we take" };
  return { value: money(amount, currency) };
}

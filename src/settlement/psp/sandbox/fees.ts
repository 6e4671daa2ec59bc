/** What the sandbox keeps for its work. Pure. */
import { decimalsOf } from "../../../domain/decimals.ts";
import { shareOf, type Money } from "../../../domain/money.ts";

/** Of each charge: 2.9 %, what card payments usually cost; no fixed part, so that any amount covers it. */
const FEE_BASIS_POINTS = 290;

/** For each dispute, in the currency's major units: about what providers pass on of the bank's. */
const DISPUTE_FEE = 15;

/** The fee of a charge, rounded half up. */
export function chargeFeeOf({ amount }: Money): number {
  return shareOf(amount, FEE_BASIS_POINTS);
}

/** The fee of a dispute, in minor units: 1500 in USD, 15 in JPY. It is kept whoever wins. */
export function disputeFeeOf(currency: string): number {
  return DISPUTE_FEE * 10 ** decimalsOf(currency);
}

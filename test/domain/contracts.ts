/** Contracts for the specifications: 5 % for the platform, 15 % for the creator, unless told otherwise. */
import type { Agreement, ContractTerms, ContractVersion, RateTier } from "../../src/domain/contract.ts";
import { PERMISSIONS } from "../../src/domain/contract.ts";
import type { Funder, Price } from "../../src/domain/pricing.ts";
import type { Sale } from "../../src/domain/split.ts";
import { T0, usd } from "./shop.ts";

export function tier(from: number, basisPoints: number, perUnit?: number): RateTier {
  return { from: usd(from), basisPoints, ...(perUnit === undefined ? {} : { perUnit: usd(perUnit) }) };
}

export function contractTerms(over: Partial<ContractTerms> = {}): ContractTerms {
  return {
    seller: "sel_1",
    creator: "cre_1",
    currency: "USD",
    platformFee: { basisPoints: 500 },
    creatorRate: [tier(0, 1_500)],
    cutNoticeMs: 0,
    funders: { dropPrice: ["seller"], creatorCode: ["seller", "creator"] },
    creatorMay: PERMISSIONS,
    ...over,
  };
}

/** Of a contract without a creator. */
export function sellerTerms(over: Partial<ContractTerms> = {}): ContractTerms {
  const { creator: _, ...terms } = contractTerms({ creatorRate: [], creatorMay: [] });
  return { ...terms, funders: { dropPrice: ["seller"], creatorCode: ["seller"] }, ...over };
}

/** Of the stock that the model's traffic has, and some that it lacks. */
export const AGREEMENT: Agreement = {
  funders: { dropPrice: ["seller"], creatorCode: ["seller", "creator"] },
  zones: ["main", "popup"],
  skus: ["tee", "mug", "nothing"],
  creatorMay: ["run", "show"],
};

export function version(number: number, terms: ContractTerms, effectiveAtMs = T0): ContractVersion {
  return { contract: "con_1", version: number, terms, effectiveAtMs, createdAtMs: T0 };
}

/** One line of so many units, with what each funder takes off a unit. */
export function sale(
  unit: number,
  quantity = 1,
  { funded = {}, credit = 0 }: { funded?: Partial<Record<Funder, number>>; credit?: number } = {},
): Sale {
  const layers: Price["layers"] = (Object.keys(funded) as Funder[]).map((funder) => ({
    kind: "drop_price",
    funder,
    amount: usd(-(funded[funder] ?? 0)),
  }));
  const price: Price = { total: usd(unit), due: usd(unit), layers };
  return {
    lines: [{ quantity, price }],
    total: usd(unit * quantity),
    due: usd(unit * quantity - credit),
  };
}

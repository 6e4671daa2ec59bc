/** What an order that nobody placed would pay to whom, by one version of a contract. Pure. */
import type { z } from "zod";
import type { ContractVersion } from "../../domain/contract.ts";
import { money, type Money } from "../../domain/money.ts";
import { splitOf, type Sale } from "../../domain/split.ts";
import { stepsOf } from "../../domain/split-steps.ts";
import type { dryRun, dryRunResult } from "../../wire/contracts.ts";
import type { TermsFault } from "./terms.ts";

export type Asked = Pick<
  z.output<typeof dryRun>,
  "total" | "quantity" | "due" | "volume" | "funded" | "referral"
>;

/** What does not go together in what is asked, or is not in the contract. */
export function dryRunFaults(asked: Asked, { terms }: ContractVersion): TermsFault[] {
  const { total, due, volume, funded } = asked;
  const amounts = { total, due, volume } as const;
  const foreign = (Object.keys(amounts) as (keyof typeof amounts)[])
    .filter((name) => amounts[name] && amounts[name].currency !== terms.currency)
    .map((name) => ({ path: `${name}.currency`, message: `must be ${terms.currency}` }));
  const agreed = new Set([...terms.funders.dropPrice, ...terms.funders.creatorCode]);
  const unasked = (["platform", "seller", "creator"] as const)
    .filter((funder) => (funded[funder] ?? 0) > 0 && !agreed.has(funder))
    .map((funder) => ({ path: `funded.${funder}`, message: "must not pay for anything by this contract" }));
  const tooMuch = due && due.amount > total.amount;
  return [
    ...foreign,
    ...unasked,
    ...(tooMuch ? [{ path: "due.amount", message: "must not be more than the total" }] : []),
  ];
}

/** By the rules that split a captured order. */
export function dryRunOf(
  asked: Asked,
  { contract, version, terms }: ContractVersion,
): z.output<typeof dryRunResult> {
  const { total, quantity, due = total, volume, referral } = asked;
  const sale = { lines: linesOf(asked), total, due };
  const split = splitOf(sale, terms, volume?.amount ?? 0, referral);
  const { platform, creator, referral: referred, seller, tax, loyalty } = split.legs;
  const of = (amount: number): Money => money(amount, terms.currency);
  return {
    contract,
    version,
    total,
    captured: due,
    legs: {
      platform: of(platform),
      creator: of(creator),
      referral: of(referred),
      seller: of(seller),
      tax: of(tax),
      loyalty: of(loyalty),
    },
    reserved: of(split.reserved),
    steps: stepsOf(split, terms, quantity),
  };
}

/** As many units as asked for; the discounts are all on one of them, since only their sum counts. */
function linesOf({ total, quantity, funded }: Asked): Sale["lines"] {
  const layers = (["platform", "seller", "creator"] as const).map((funder) => ({
    kind: "drop_price" as const,
    funder,
    amount: money(-(funded[funder] ?? 0), total.currency),
  }));
  const price = { total, due: total };
  const rest = quantity > 1 ? [{ quantity: quantity - 1, price: { ...price, layers: [] } }] : [];
  return [{ quantity: 1, price: { ...price, layers } }, ...rest];
}

/** From terms as they are asked for to terms as they are agreed on, and what is wrong with them. Pure. */
import type { z } from "zod";
import { PERMISSIONS, type ContractTerms } from "../../domain/contract.ts";
import { BASIS_POINTS } from "../../domain/money.ts";
import type { createContract, createVersion } from "../../wire/contracts.ts";
import type { Code } from "../../wire/instants.ts";

export type NewContract = Code<z.output<typeof createContract>>;
export type NewVersion = Code<z.output<typeof createVersion>>;

/** What a contract keeps from version to version. */
export type Parties = Pick<ContractTerms, "seller" | "creator" | "currency">;

/** A fault in terms: where, and what must be otherwise. */
export interface TermsFault {
  readonly path: string;
  readonly message: string;
}

/**
 * The terms in whole. Of what is left out: the seller alone pays for what is taken off, so that a creator pays where the
 * contract says so; and a creator, where there is one, may do everything a host does.
 */
export function termsOf(parties: Parties, asked: Omit<NewVersion, "effectiveAtMs">): ContractTerms {
  const { seller, creator, currency } = parties;
  const { funders, creatorMay, ...rest } = asked;
  return {
    seller,
    ...(creator === undefined ? {} : { creator }),
    currency,
    ...rest,
    funders: { dropPrice: funders.dropPrice ?? ["seller"], creatorCode: funders.creatorCode ?? ["seller"] },
    creatorMay: creatorMay ?? (creator === undefined ? [] : PERMISSIONS),
  };
}

/** What contradicts itself in terms whose fields are each valid. */
export function faultsOf(terms: ContractTerms): TermsFault[] {
  return [...currencyFaults(terms), ...rateFaults(terms), ...creatorFaults(terms), ...timeFaults(terms)];
}

function currencyFaults({ currency, platformFee, creatorRate }: ContractTerms): TermsFault[] {
  const amounts = [
    ["platformFee.perOrder", platformFee.perOrder],
    ["platformFee.minimum", platformFee.minimum],
    ...creatorRate.flatMap(({ from, perUnit }, at) => [
      [`creatorRate.${at}.from`, from] as const,
      [`creatorRate.${at}.perUnit`, perUnit] as const,
    ]),
  ] as const;
  return amounts
    .filter(([, amount]) => amount && amount.currency !== currency)
    .map(([path]) => ({ path: `${path}.currency`, message: `must be ${currency}` }));
}

/** The shares of an order leave room for each other, also where a host and a guest both sell on such terms. */
function rateFaults({ platformFee, creatorRate, referral }: ContractTerms): TermsFault[] {
  const faults: TermsFault[] = [];
  const highest = Math.max(0, ...creatorRate.map(({ basisPoints }) => basisPoints));
  if (referral && platformFee.basisPoints + highest + referral.basisPoints > BASIS_POINTS) {
    const message = `must not exceed ${BASIS_POINTS} together with the platform's and the highest rate`;
    faults.push({ path: "referral.basisPoints", message });
  }
  for (const [at, { from, basisPoints }] of creatorRate.entries()) {
    const before = creatorRate[at - 1];
    if (!before && from.amount !== 0) {
      faults.push({ path: "creatorRate.0.from.amount", message: "must be 0 in the first tier" });
    }
    if (before && from.amount <= before.from.amount) {
      faults.push({ path: `creatorRate.${at}.from.amount`, message: "must be more than in the tier before" });
    }
    if (platformFee.basisPoints + basisPoints > BASIS_POINTS) {
      const message = `must not exceed ${BASIS_POINTS} together with the platform's`;
      faults.push({ path: `creatorRate.${at}.basisPoints`, message });
    }
  }
  return faults;
}

function creatorFaults({ creator, creatorRate, referral, funders, creatorMay }: ContractTerms): TermsFault[] {
  if (creator !== undefined) {
    return creatorRate.length > 0
      ? []
      : [{ path: "creatorRate", message: "must have a tier for the creator" }];
  }
  const message = "must be empty without a creator";
  const funds = [...funders.dropPrice, ...funders.creatorCode].includes("creator");
  return [
    ...(creatorRate.length > 0 ? [{ path: "creatorRate", message }] : []),
    ...(referral ? [{ path: "referral", message: "must be left out without a creator" }] : []),
    ...(creatorMay.length > 0 ? [{ path: "creatorMay", message }] : []),
    ...(funds ? [{ path: "funders", message: "must not name a creator where there is none" }] : []),
  ];
}

function timeFaults({ startsAtMs, endsAtMs }: ContractTerms): TermsFault[] {
  if (startsAtMs === undefined || endsAtMs === undefined || startsAtMs < endsAtMs) return [];
  return [{ path: "endsAt", message: "must be after startsAt" }];
}

/**
 * Contracts: the terms between platform, seller and creator, as data. Versions are made and never changed; an order
 * keeps the version it was sold under. Pure.
 */
import type { ContractId, CreatorId, SellerId } from "./ids.ts";
import type { Money } from "./money.ts";
import type { Funder } from "./pricing.ts";

/** What the platform takes of a sale; together never more than the sale. */
export interface PlatformFee {
  /** Of what the seller asked for the units, tax taken off. */
  readonly basisPoints: number;
  /** Fixed, once an order. */
  readonly perOrder?: Money;
  /** The least the fee is, once an order. */
  readonly minimum?: Money;
}

/** A creator's rate from a volume on. */
export interface RateTier {
  /** What the session must have captured before the order; the first tier begins at zero. */
  readonly from: Money;
  /** Of what the seller asked for the units, tax taken off. */
  readonly basisPoints: number;
  /** Fixed, for every unit sold. */
  readonly perUnit?: Money;
}

/** The seller's to pay, beside whatever the session's own contract gives its parties. */
export interface ReferralRate {
  /** Of what the seller asked for the units, tax taken off. */
  readonly basisPoints: number;
}

/**
 * What a creator may do to a session that the contract is the base of: `run` starts, pauses and ends it, `show` opens,
 * closes and pins offers, `reprice` changes a drop price.
 */
export type Permission = "run" | "show" | "reprice";
export const PERMISSIONS: readonly Permission[] = ["run", "show", "reprice"];

/** Who may pay for each layer that makes a price lower. */
interface AgreedFunders {
  readonly dropPrice: readonly Funder[];
  readonly creatorCode: readonly Funder[];
}

/** What the three agreed on. Amounts are in the contract's currency; shares of a sale never exceed it. */
export interface ContractTerms {
  readonly seller: SellerId;
  /** None where a seller sells without one. */
  readonly creator?: CreatorId;
  readonly currency: string;
  readonly platformFee: PlatformFee;
  /** Ascending by `from`, none where there is no creator. */
  readonly creatorRate: readonly RateTier[];
  /** What the creator has of orders that they bring to sessions which are not theirs; nothing when absent. */
  readonly referral?: ReferralRate;
  /** Until then the creator's rate cannot become worse; a raise applies at once. */
  readonly rateLockedUntilAtMs?: number;
  /** How long before a cut takes effect it must be made known. */
  readonly cutNoticeMs: number;
  /** Tax that is part of the price and that the platform remits. */
  readonly tax?: { readonly basisPoints: number };
  /** The part of the seller's share that is kept back for refunds and disputes, and how long. */
  readonly reserve?: { readonly basisPoints: number; readonly heldMs: number };
  readonly funders: AgreedFunders;
  /** Fulfilment zones that are covered; all when absent. */
  readonly zones?: readonly string[];
  /** SKUs that are covered; all when absent. */
  readonly skus?: readonly string[];
  readonly creatorMay: readonly Permission[];
  readonly startsAtMs?: number;
  readonly endsAtMs?: number;
  readonly note?: string;
}

/** What a contract lets a session do: a copy in the session's terms, so that no decision there needs the contract. */
export type Agreement = Pick<ContractTerms, "funders" | "zones" | "skus" | "creatorMay">;

/** Of a session without a contract: the seller alone pays for what is taken off, whoever hosts may do all. */
export const STANDARD_AGREEMENT: Agreement = {
  funders: { dropPrice: ["seller"], creatorCode: ["seller"] },
  creatorMay: PERMISSIONS,
};

export function agreementOf({ funders, zones, skus, creatorMay }: ContractTerms): Agreement {
  return { funders, ...(zones ? { zones } : {}), ...(skus ? { skus } : {}), creatorMay };
}

/** Whether a session may begin under the terms at that time: from their start on, until their end. */
export function isInForce({ startsAtMs = 0, endsAtMs = Infinity }: ContractTerms, atMs: number): boolean {
  return startsAtMs <= atMs && atMs < endsAtMs;
}

/** One version of a contract. Versions count from 1. */
export interface ContractVersion {
  readonly contract: ContractId;
  readonly version: number;
  readonly terms: ContractTerms;
  /** From when on it is in force, unless a later version is. Never before it was made. */
  readonly effectiveAtMs: number;
  readonly createdAtMs: number;
}

/** The version in force at a time: the latest one that had taken effect. Undefined before the first has. */
export function versionInForce(
  versions: readonly ContractVersion[],
  atMs: number,
): ContractVersion | undefined {
  return versions
    .filter(({ effectiveAtMs }) => effectiveAtMs <= atMs)
    .reduce<ContractVersion | undefined>(
      (latest, one) => (latest && latest.version > one.version ? latest : one),
      undefined,
    );
}

/**
 * The version an order is sold under, or a session made by: the one in force, or the first where the clock of whoever
 * made it was ahead of the one that asks. Undefined without any.
 */
export function versionFor(versions: readonly ContractVersion[], atMs: number): ContractVersion | undefined {
  return versionInForce(versions, atMs) ?? versions.find(({ version }) => version === 1);
}

/** The tier of an order when the session had captured `volume` before it; undefined without a creator. */
export function tierAt(terms: ContractTerms, volume: number): RateTier | undefined {
  return terms.creatorRate.findLast(({ from }) => from.amount <= volume);
}

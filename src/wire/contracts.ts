/** Contracts on the wire: terms as they are agreed on, versions as they are read, and what a sale would pay to whom. */
import { z } from "zod";
import type { ContractTerms, ContractVersion } from "../domain/contract.ts";
import { LIMITS } from "../domain/limits.ts";
import { BASIS_POINTS } from "../domain/money.ts";
import type { SplitStep } from "../domain/split-steps.ts";
import type { Agrees } from "./agreement.ts";
import { funder } from "./offers.ts";
import {
  amount,
  contractId,
  creatorId,
  currency,
  durationMs,
  instant,
  money,
  pageQuery,
  sellerId,
  signedMoney,
  sku,
  text,
  zone,
} from "./primitives.ts";

export const basisPoints = z
  .int()
  .min(0)
  .max(BASIS_POINTS)
  .meta({ description: "Hundredths of a percent: 500 is 5 %" });

/** Each once, in any order. */
function several<T extends z.ZodType<string>>(item: T, max: number) {
  return z
    .array(item)
    .max(max)
    .refine((list) => new Set(list).size === list.length, "must differ from each other");
}

const platformFee = z
  .object({ basisPoints, perOrder: money.exactOptional(), minimum: money.exactOptional() })
  .strict()
  .meta({
    id: "PlatformFee",
    description: "Of what the seller asked for, tax taken off; never more than the sale",
  });

const perUnit = z
  .object({ ...money.shape, amount: amount.max(LIMITS.perUnitAmount) })
  .strict()
  .meta({ id: "PerUnit", description: "What a creator has for every unit, whatever it sells for" });

const rateTier = z
  .object({ from: money, basisPoints, perUnit: perUnit.exactOptional() })
  .strict()
  .meta({ id: "RateTier", description: "A creator's rate once the session has captured `from`" });

const referral = z
  .object({ basisPoints })
  .strict()
  .meta({
    id: "ContractReferral",
    description:
      "What the creator has of orders that they bring to sessions which are not theirs: of what the seller asked for, " +
      "tax taken off; the seller's to pay, and never more than is left to the seller",
  });

const cutNoticeMs = durationMs.max(LIMITS.cutNoticeMaxMs);
const tax = z
  .object({ basisPoints })
  .strict()
  .meta({ id: "IncludedTax", description: "Tax that is part of the price and that the platform remits" });
const reserve = z
  .object({ basisPoints, heldMs: durationMs.max(LIMITS.reserveHeldMaxMs) })
  .strict()
  .meta({
    id: "ContractReserve",
    description: "Part of the seller's share that is kept back for refunds and disputes",
  });
const funders = several(funder, funder.options.length);
export const permission = z.enum(["run", "show", "reprice"]).meta({
  description:
    "`run` starts, pauses, resumes and ends a session; `show` opens, closes and pins offers; `reprice` changes drop prices",
});
const permissions = several(permission, permission.options.length);
const zones = several(zone, LIMITS.zonesPerContract).min(1);
const skus = several(sku, LIMITS.skusPerContract).min(1);

/** What a contract lets its sessions do. */
export const agreement = z
  .object({
    funders: z.object({ dropPrice: funders, creatorCode: funders }),
    zones: zones.exactOptional(),
    skus: skus.exactOptional(),
    creatorMay: permissions,
  })
  .meta({ id: "Agreement", description: "What the contract of a session lets it do" });

/** What versions may change, as it is asked for. */
const asked = {
  platformFee,
  /** None without a creator. */
  creatorRate: z.array(rateTier).max(LIMITS.tiersPerContract).default([]),
  /** None without a creator. */
  referral: referral.exactOptional(),
  rateLockedUntilAt: instant
    .meta({ description: "Until then nothing may become worse for the creator; a raise applies at once" })
    .exactOptional(),
  cutNoticeMs: cutNoticeMs
    .default(0)
    .meta({ description: "How long before it takes effect a cut must be made known" }),
  tax: tax.exactOptional(),
  reserve: reserve.exactOptional(),
  funders: z
    .object({ dropPrice: funders.exactOptional(), creatorCode: funders.exactOptional() })
    .strict()
    .default({})
    .meta({
      description:
        "Who may pay for what is taken off a price, by layer; the seller alone where it is left out",
    }),
  zones: zones.exactOptional(),
  skus: skus.exactOptional(),
  /** All, where there is a creator. */
  creatorMay: permissions.exactOptional(),
  startsAt: instant.exactOptional(),
  endsAt: instant.exactOptional(),
  note: text(LIMITS.titleChars).exactOptional(),
};

/** The first version of a new contract. */
export const createContract = z
  .object({ seller: sellerId, creator: creatorId.exactOptional(), currency, ...asked })
  .strict()
  .meta({ id: "CreateContract", description: "Terms between platform, seller and creator" });

/** New terms between the same three, in the same currency. */
export const createVersion = z
  .object({
    ...asked,
    effectiveAt: instant
      .meta({ description: "As early as the terms before allow, when left out" })
      .exactOptional(),
  })
  .strict()
  .meta({ id: "CreateContractVersion", description: "Terms that take the place of those before, in whole" });

const terms = z.object({
  seller: sellerId,
  creator: creatorId.exactOptional(),
  currency: z.string(),
  platformFee,
  creatorRate: z.array(rateTier),
  referral: referral.exactOptional(),
  rateLockedUntilAt: instant.exactOptional(),
  cutNoticeMs,
  tax: tax.exactOptional(),
  reserve: reserve.exactOptional(),
  ...agreement.shape,
  startsAt: instant.exactOptional(),
  endsAt: instant.exactOptional(),
  note: z.string().exactOptional(),
});

const head = {
  version: z.int().min(1),
  effectiveAt: instant.meta({ description: "In force from then on, until a later version is" }),
  createdAt: instant,
};

/** A version of a contract as it is read. */
export const contract = z
  .object({ id: contractId, ...head, ...terms.shape })
  .meta({ id: "Contract", description: "A version of a contract; it never changes" });

export const versionQuery = z.object({
  version: z.coerce.number().int().min(1).max(LIMITS.versionsPerContract).optional(),
});

const contractsLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(LIMITS.contractsPerPage)
  .default(LIMITS.pageDefault);
export const contractsPage = pageQuery.extend({ limit: contractsLimit });
export const versionsPage = z.object({
  limit: contractsLimit,
  cursor: z.coerce.number().int().min(1).max(LIMITS.versionsPerContract).optional(),
});

/** An order that nobody placed. */
export const dryRun = z
  .object({
    total: money.meta({ description: "What the units sell for" }),
    quantity: z.int().min(1).max(LIMITS.dryRunUnits).default(1),
    due: money.meta({ description: "What is charged: the total less loyalty credit" }).exactOptional(),
    volume: money.meta({ description: "What the session had captured before" }).exactOptional(),
    funded: z
      .object({
        platform: amount.exactOptional(),
        seller: amount.exactOptional(),
        creator: amount.exactOptional(),
      })
      .strict()
      .default({})
      .meta({ description: "What each pays of the discounts in it, in minor units" }),
    referral: referral
      .meta({ description: "By another contract of the seller's: of the creator who brought the order" })
      .exactOptional(),
    version: z.int().min(1).exactOptional(),
    at: instant.meta({ description: "By the version in force then" }).exactOptional(),
  })
  .strict()
  .refine(({ version, at }) => version === undefined || at === undefined, {
    message: "not beside version",
    path: ["at"],
  })
  .refine(
    ({ total, funded }) =>
      Object.values(funded).reduce((sum, part) => sum + part, total.amount) <= LIMITS.moneyAmount,
    { message: `must not come to more than ${LIMITS.moneyAmount} with the total`, path: ["funded"] },
  )
  .meta({ id: "DryRun", description: "An order to split, without placing it" });

const legs = z.object({
  platform: signedMoney,
  creator: signedMoney,
  referral: signedMoney,
  seller: signedMoney,
  tax: signedMoney,
  loyalty: signedMoney,
});

const splitStep = z.object({
  code: z.enum([
    "sold",
    "platform_funds",
    "creator_funds",
    "tax_included",
    "platform_fee",
    "platform_fee_per_order",
    "platform_fee_minimum",
    "platform_fee_limited",
    "creator_rate",
    "creator_per_unit",
    "creator_limited",
    "referral",
    "referral_limited",
    "seller_rest",
    "reserve",
    "loyalty_credit",
  ]),
  amount: z.int(),
  text: z.string(),
});

export const dryRunResult = z
  .object({
    contract: contractId,
    version: z.int(),
    total: money,
    captured: money,
    legs: legs.meta({ description: "What each has of it; together what is captured" }),
    reserved: money.meta({ description: "Of the seller's leg, kept back for a time" }),
    steps: z.array(splitStep).meta({ description: "Why, in order; amounts in minor units" }),
  })
  .meta({ id: "DryRunResult", description: "What an order would pay to whom, and why" });

true satisfies Agrees<typeof terms, ContractTerms>;
true satisfies Agrees<typeof splitStep, SplitStep>;
true satisfies Agrees<
  typeof contract,
  Omit<ContractVersion, "contract" | "terms"> & { id: ContractVersion["contract"] } & ContractTerms
>;

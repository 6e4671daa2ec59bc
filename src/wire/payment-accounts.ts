/** Parties' accounts at the payment provider on the wire: opened, shown, and how they are paid out. */
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import { balance } from "./ledger.ts";
import { partyId } from "./periods.ts";
import { currency, httpsUrl, instant, money } from "./primitives.ts";

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code")
  .meta({ description: "Where the party is", example: "DE" });

export const payoutInterval = z.enum(["daily", "weekly", "monthly", "manual"]).meta({
  description:
    "When the balance is paid out: at midnight UTC, on Mondays, on the first; or when asked for alone",
});

const payoutSchedule = z
  .object({
    interval: payoutInterval,
    minimums: z
      .array(money)
      .max(LIMITS.payoutMinimums)
      .refine((list) => new Set(list.map((one) => one.currency)).size === list.length, {
        message: "must be of different currencies",
      })
      .meta({ description: "The least that is paid out in a currency; anything when it is not named" }),
  })
  .strict()
  .meta({ id: "PayoutSchedule" });

export const putPaymentAccount = z
  .object({ country, payoutSchedule })
  .strict()
  .meta({ id: "PutPaymentAccount", description: "Opens the account, or changes when it is paid out" });

/** What a party has in one currency, by where it is. */
export const holding = z
  .object({
    currency,
    owed: balance.meta({ description: "And not on its way; negative when the party owes" }),
    reserved: balance.meta({ description: "Kept back for refunds and disputes, owed later" }),
    underWay: balance.meta({ description: "On its way to the provider or the bank, or back" }),
    atProvider: balance.meta({ description: "In the party's account at the provider" }),
  })
  .meta({ id: "Holding" });

export const paymentAccount = z
  .object({
    party: partyId,
    status: z.enum(["none", "onboarding", "enabled", "restricted"]).meta({
      description: "`none` was never opened; only an `enabled` one takes transfers and payouts",
    }),
    provider: z.string().exactOptional(),
    account: z.string().meta({ description: "The provider's id of it" }).exactOptional(),
    country: country.exactOptional(),
    payoutSchedule: payoutSchedule.exactOptional(),
    nextPayoutAt: instant.exactOptional(),
    balances: z.array(holding),
  })
  .meta({ id: "PaymentAccount" });

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);

function isSafe(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "https:" || (parsed?.protocol === "http:" && LOCAL.has(parsed.hostname));
}

export const createOnboardingLink = z
  .object({
    returnUrl: httpsUrl
      .refine(isSafe, "must be https, but for localhost")
      .meta({ description: "Where the provider sends the party afterwards" }),
  })
  .strict()
  .meta({ id: "CreateOnboardingLink" });

export const onboardingLink = z
  .object({ url: z.string(), expiresAt: instant })
  .meta({ id: "OnboardingLink", description: "Where the party tells the provider who it is" });

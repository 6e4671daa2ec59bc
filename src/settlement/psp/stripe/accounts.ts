/**
 * Connected accounts at Stripe: opened for a party, onboarded by Stripe, paid out when we say so. Asks Stripe, and
 * keeps what it asked for in `stripe_requests`.
 * @see https://docs.stripe.com/connect/express-accounts
 */
import type { Stripe } from "stripe";
import { LIMITS } from "../../../domain/limits.ts";
import { ProviderRefusal } from "../errors.ts";
import type { ConnectedAccount, OnboardingLink, Party, TransferPort } from "../port.ts";
import type { Desk } from "./desk.ts";
import { decided, isRefusal, known, type Refusal } from "./refusals.ts";
import { moneyOf } from "./units.ts";

type AccountPort = Pick<TransferPort, "openAccount" | "account" | "onboardingLink" | "available">;

/** The account's state is for the party or for Stripe to settle, not lost: https://docs.stripe.com/api/accounts/object */
const UNDER_REVIEW = new Set(["requirements.pending_verification", "under_review"]);

export function accountPort(desk: Desk): AccountPort {
  const { stripe } = desk;
  return {
    openAccount: (party) => open(desk, party),
    async account(id) {
      const found = await decided(stripe.accounts.retrieve(id));
      const hasLeft = isRefusal(found) && found.refusal === "account_invalid";
      return hasLeft ? { account: id, status: "restricted" } : connectedOf(granted(found));
    },
    onboardingLink: (account, returnUrl) => onboardingLink(desk, account, returnUrl),
    async available(account, currency) {
      const balance = granted(await decided(stripe.balance.retrieve({}, { stripeAccount: account })));
      const wanted = currency.toLowerCase();
      const units = balance.available.find((part) => part.currency === wanted)?.amount ?? 0;
      return moneyOf(units, wanted).amount;
    },
  };
}

async function open({ stripe, log }: Desk, { id, name, email, country }: Party): Promise<ConnectedAccount> {
  const params: Stripe.AccountCreateParams = {
    type: "express",
    country,
    ...(email === undefined ? {} : { email }),
    business_profile: { name },
    capabilities: { transfers: { requested: true } },
    // Stripe would pay out by itself, and nobody could say which transfers it was.
    settings: { payouts: { schedule: { interval: "manual" } } },
    metadata: { party: id },
  };
  const opened = await log.run({
    id,
    params,
    // A party that has moved or changed its name keeps its account.
    identity: [],
    mayAskAnew: true,
    read: (made) => known(stripe.accounts.retrieve(made)),
    find: async () => findAccount(stripe, id, (await log.row(id))?.attemptedAtMs ?? 0),
    send: (sent, idempotencyKey) => stripe.accounts.create(sent, { idempotencyKey }),
  });
  return connectedOf(granted(opened));
}

/** Accounts cannot be asked for by what they carry: those opened around that time are gone through. */
async function findAccount(
  stripe: Stripe,
  party: string,
  askedAtMs: number,
): Promise<Stripe.Account | undefined> {
  const gte = Math.floor((askedAtMs - LIMITS.clockSkewMs) / 1_000);
  const lte = Math.ceil((askedAtMs + LIMITS.stripeKeyMs) / 1_000);
  for await (const account of stripe.accounts.list({ created: { gte, lte }, limit: LIMITS.stripePage })) {
    if (account.metadata?.party === party) return account;
  }
  return undefined;
}

async function onboardingLink({ stripe }: Desk, account: string, returnUrl: string): Promise<OnboardingLink> {
  // Each link opens once, so each request is to make another: the key is the SDK's own, for its retry only.
  const link = await decided(
    stripe.accountLinks.create({
      account,
      type: "account_onboarding",
      return_url: returnUrl,
      refresh_url: returnUrl,
    }),
  );
  const { url, expires_at: expiresAt } = granted(link);
  return { url, expiresAtMs: expiresAt * 1_000 };
}

/** These calls have no refusal among their answers. */
function granted<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new ProviderRefusal("Stripe", answer.refusal);
  return answer;
}

function connectedOf(account: Stripe.Account): ConnectedAccount {
  return { account: account.id, status: statusOf(account) };
}

function statusOf(account: Stripe.Account): ConnectedAccount["status"] {
  const { details_submitted: isSubmitted, payouts_enabled: canPayOut, capabilities, requirements } = account;
  if (!isSubmitted) return "onboarding";
  const transfers = capabilities?.transfers;
  if (canPayOut && transfers === "active") return "enabled";
  const isReviewed = transfers === "pending" || UNDER_REVIEW.has(requirements?.disabled_reason ?? "");
  return isReviewed ? "onboarding" : "restricted";
}

/** Sellers' and creators' accounts at the payment provider. Reaches the shop for names, settlement, and the provider. */
import { Hono } from "hono";
import type { z } from "zod";
import type { PartyId } from "../../domain/ids.ts";
import { money } from "../../domain/money.ts";
import { openAccount, readAccount } from "../../settlement/movements/accounts.ts";
import type { PaymentAccountRow } from "../../settlement/movements/tables.ts";
import { holdingsOf } from "../../settlement/readers/accounts.ts";
import { isoOf, toWire } from "../../wire/instants.ts";
import * as wire from "../../wire/payment-accounts.ts";
import { body } from "../body.ts";
import type { AppContext, AppEnv } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { namedParty } from "../names.ts";
import { mayKnow, PARTIES, partyInPath, SIDES } from "../parties.ts";
import { problem } from "../problem.ts";
import { atProvider, PROVIDER_PROBLEMS } from "../provider.ts";
import { READS } from "../rate-limit.ts";
import { treasuryOf } from "../till.ts";

export const paymentAccounts = new Hono<AppEnv>();

type PutAccount = z.output<typeof wire.putPaymentAccount>;

for (const side of SIDES) {
  const { kind, name, ofPath } = side;
  const path = `${side.path}/payment-account`;

  paymentAccounts.get(
    path,
    endpoint({
      id: `get${name}PaymentAccount`,
      tag: "payouts",
      summary: `A ${kind}'s payment account`,
      description:
        "How it stands, when it is paid out, and what there is, by currency. `none` before it is opened.",
      who: PARTIES,
      answers: { 200: { description: "The account", schema: wire.paymentAccount } },
      problems: ["not_found"],
    }),
    ofPath,
    async (c) => {
      const party = partyInPath(c, side);
      if (!(await isTheirs(c, party))) return problem(c, "not_found");
      return c.json(await shown(c, party, await readAccount(c.env.DB, party)));
    },
  );

  paymentAccounts.put(
    path,
    endpoint({
      id: `put${name}PaymentAccount`,
      tag: "payouts",
      summary: `Open a ${kind}'s payment account, or change when it is paid out`,
      description:
        "A repeat changes nothing. The country of an open account stays what it is: 409 `conflict`.",
      who: PARTIES,
      rate: READS,
      takes: "body",
      answers: { 200: { description: "The account", schema: wire.paymentAccount } },
      problems: ["not_found", "conflict", ...PROVIDER_PROBLEMS],
    }),
    ofPath,
    body(wire.putPaymentAccount),
    (c) => atProvider(c, () => opened(c, partyInPath(c, side), c.req.valid("json"))),
  );

  paymentAccounts.post(
    `${path}/onboarding-links`,
    endpoint({
      id: `create${name}OnboardingLink`,
      tag: "payouts",
      summary: `A link by which a ${kind} is onboarded`,
      description:
        "To the provider's own pages. For one visit; nothing is kept, so it needs no `Idempotency-Key`.",
      who: PARTIES,
      rate: READS,
      takes: "body",
      answers: { 201: { description: "The link", schema: wire.onboardingLink } },
      problems: ["not_found", "account_not_enabled", ...PROVIDER_PROBLEMS],
    }),
    ofPath,
    body(wire.createOnboardingLink),
    async (c) => {
      const party = partyInPath(c, side);
      if (!(await isTheirs(c, party))) return problem(c, "not_found");
      const { port } = treasuryOf(c.env);
      const account = await readAccount(c.env.DB, party);
      if (account?.provider !== port.provider) {
        return problem(c, "account_not_enabled", {
          state: "none",
          detail: "Open the payment account first.",
        });
      }
      const { returnUrl } = c.req.valid("json");
      return atProvider(c, async () =>
        c.json(toWire(await port.onboardingLink(account.account, returnUrl)), 201),
      );
    },
  );
}

async function isTheirs(c: AppContext, party: PartyId): Promise<boolean> {
  return mayKnow(c.get("principal"), party) && (await namedParty(c.env.DB, party)) !== undefined;
}

async function opened(
  c: AppContext,
  party: PartyId,
  { country, payoutSchedule }: PutAccount,
): Promise<Response> {
  const named = mayKnow(c.get("principal"), party) ? await namedParty(c.env.DB, party) : undefined;
  if (!named) return problem(c, "not_found");
  const treasury = treasuryOf(c.env);
  const known = await readAccount(c.env.DB, party);
  if (known?.provider === treasury.port.provider && known.country !== country) {
    return problem(c, "conflict", { detail: `The account is open in ${known.country}.` });
  }
  const { name, email } = named;
  const { interval, minimums } = payoutSchedule;
  const row = await openAccount(
    treasury,
    { id: party, name, ...(email === undefined ? {} : { email }), country },
    { interval, minimums: Object.fromEntries(minimums.map(({ currency, amount }) => [currency, amount])) },
  );
  return c.json(await shown(c, party, row));
}

async function shown(
  c: AppContext,
  party: PartyId,
  row: PaymentAccountRow | undefined,
): Promise<z.input<typeof wire.paymentAccount>> {
  const balances = await holdingsOf(c.env.DB, party);
  if (!row) return { party, status: "none", balances };
  const { status, provider, account, country, payoutInterval, payoutMinimums, nextPayoutAtMs } = row;
  return {
    party,
    status,
    provider,
    account,
    country,
    payoutSchedule: {
      interval: payoutInterval,
      minimums: Object.entries(payoutMinimums).map(([currency, amount]) => money(amount, currency)),
    },
    ...(nextPayoutAtMs === null ? {} : { nextPayoutAt: isoOf(nextPayoutAtMs) }),
    balances,
  };
}

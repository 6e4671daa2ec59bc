/**
 * What people do at the sandbox's own pages: a buyer answers their bank, a party finishes its onboarding. Whoever has
 * the signed link may; what was done once stays done. May touch the sandbox's tables and the queue.
 */
import type { OrderId } from "../../../domain/ids.ts";
import type { Money } from "../../../domain/money.ts";
import { accountOf } from "./accounts.ts";
import { ask, inOneBatch } from "./books.ts";
import { isChallengeToken, readOnboardingLink, type OnboardingTicket } from "./links.ts";
import { CHALLENGED } from "./methods.ts";
import type { sandboxPayments } from "./tables.ts";
import { tell, type Sandbox } from "./tell.ts";

type Row = Pick<typeof sandboxPayments.$inferSelect, "order" | "amount" | "currency" | "status">;

/** What a bank asks its customer about. `refused` is also what nobody answered in time; `over` was given back. */
export interface Challenge {
  readonly order: OrderId;
  readonly amount: Money;
  readonly status: "asked" | "approved" | "refused" | "over";
}

/** A party at the sandbox's door, and where it goes on from there. */
export interface Onboarding {
  readonly name: string;
  readonly returnUrl: string;
}

const SETTLE = `
  UPDATE sandbox_payments SET status = outcome WHERE id = ?1 AND status = 'pending' AND settles_at_ms <= ?2`;

const ANSWER = `
  UPDATE sandbox_payments SET status = ?2 WHERE id = ?1 AND method = '${CHALLENGED}' AND status = 'pending'`;

const FOUND = `
  SELECT "order", amount, currency, status FROM sandbox_payments WHERE id = ?1 AND method = '${CHALLENGED}'`;

const ENABLE = `UPDATE sandbox_accounts SET enabled_at_ms = ?2 WHERE id = ?1 AND enabled_at_ms IS NULL`;

/** What the bank asks; undefined when the link is not one of the sandbox's. */
export async function readChallenge(
  { env, clock }: Sandbox,
  payment: string,
  token: string,
): Promise<Challenge | undefined> {
  if (!isChallengeToken(env, payment, token)) return undefined;
  const settle = env.DB.prepare(SETTLE).bind(payment, clock());
  const { rows } = await inOneBatch(env.DB, [settle], ask<Row>(env.DB, FOUND, payment));
  return rows[0] && challengeOf(rows[0]);
}

/** The first answer counts. Its news is told again with every repeat: the one before may have been lost. */
export async function answerChallenge(
  sandbox: Sandbox,
  payment: string,
  token: string,
  decision: "approve" | "refuse",
): Promise<Challenge | undefined> {
  const { env, clock } = sandbox;
  if (!isChallengeToken(env, payment, token)) return undefined;
  const status = decision === "approve" ? "authorized" : "declined";
  const settle = env.DB.prepare(SETTLE).bind(payment, clock());
  const answer = env.DB.prepare(ANSWER).bind(payment, status);
  const { rows } = await inOneBatch(env.DB, [settle, answer], ask<Row>(env.DB, FOUND, payment));
  const [found] = rows;
  if (!found) return undefined;
  await tell(sandbox, { order: found.order });
  return challengeOf(found);
}

function challengeOf({ order, amount, currency, status }: Row): Challenge {
  return { order, amount: { amount, currency }, status: ANSWERS[status] };
}

const ANSWERS = {
  pending: "asked",
  authorized: "approved",
  captured: "approved",
  declined: "refused",
  returned: "over",
} as const satisfies Record<Row["status"], Challenge["status"]>;

/** Who came by this link; undefined when it is not one of the sandbox's, or has expired. */
export async function readOnboarding(
  sandbox: Sandbox,
  account: string,
  query: Readonly<Record<string, string>>,
): Promise<Onboarding | undefined> {
  const ticket = valid(sandbox, account, query);
  return ticket && onboardingOf(sandbox, ticket);
}

/** Enables the account. News of it is told again with every repeat: the one before may have been lost. */
export async function finishOnboarding(
  sandbox: Sandbox,
  account: string,
  query: Readonly<Record<string, string>>,
): Promise<Onboarding | undefined> {
  const ticket = valid(sandbox, account, query);
  if (!ticket) return undefined;
  await sandbox.env.DB.prepare(ENABLE).bind(account, sandbox.clock()).run();
  await tell(sandbox, { account });
  return onboardingOf(sandbox, ticket);
}

function valid(
  { env, clock }: Sandbox,
  account: string,
  query: Readonly<Record<string, string>>,
): OnboardingTicket | undefined {
  const ticket = readOnboardingLink(env, account, query);
  return ticket && ticket.expiresAtMs > clock() ? ticket : undefined;
}

async function onboardingOf(
  { env }: Sandbox,
  { account, returnUrl }: OnboardingTicket,
): Promise<Onboarding | undefined> {
  const { rows } = await inOneBatch(env.DB, [], accountOf(env.DB, account));
  return rows[0] && { name: rows[0].name, returnUrl };
}

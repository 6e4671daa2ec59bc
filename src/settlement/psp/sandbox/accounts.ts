/** The accounts of sellers and creators at the sandbox, and what they have. May touch the sandbox's tables. */
import { LIMITS } from "../../../domain/limits.ts";
import type { ConnectedAccount, OnboardingLink, Party } from "../port.ts";
import { ask, balanceOf, inOneBatch, post, type Question } from "./books.ts";
import { onboardingUrl } from "./links.ts";
import { accountNameOf } from "./names.ts";
import type { Sandbox } from "./tell.ts";
import type { sandboxAccounts } from "./tables.ts";

export type Account = typeof sandboxAccounts.$inferSelect;

const OPEN = `INSERT INTO sandbox_accounts (id, party, name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`;

const ACCOUNT = `SELECT id, party, name, enabled_at_ms AS enabledAtMs FROM sandbox_accounts WHERE id = ?1`;

const AVAILABLE = `SELECT ${balanceOf("?1", "?2")} AS amount`;

export function accountOf(db: D1Database, id: string): Question<Account> {
  return ask(db, ACCOUNT, id);
}

/** A party's account by its first name: what it is called later changes nothing. */
export async function openAccount({ env }: Sandbox, { id: party, name }: Party): Promise<ConnectedAccount> {
  const id = accountNameOf(party);
  const open = env.DB.prepare(OPEN).bind(id, party, name);
  const { rows } = await inOneBatch(env.DB, [open], accountOf(env.DB, id));
  return stateOf(id, rows[0]);
}

/** @throws {Error} for an account that was never opened. */
export async function account({ env }: Sandbox, id: string): Promise<ConnectedAccount> {
  const { rows } = await inOneBatch(env.DB, [], accountOf(env.DB, id));
  return stateOf(id, rows[0]);
}

function stateOf(id: string, found: Account | undefined): ConnectedAccount {
  if (!found) throw new Error(`the sandbox has no account ${id}`);
  return { account: id, status: found.enabledAtMs === null ? "onboarding" : "enabled" };
}

/** @throws {Error} for an account that was never opened. */
export async function onboardingLink(
  sandbox: Sandbox,
  id: string,
  returnUrl: string,
): Promise<OnboardingLink> {
  await account(sandbox, id);
  const expiresAtMs = sandbox.clock() + LIMITS.sandboxOnboardingMs;
  return { url: onboardingUrl(sandbox.env, { account: id, expiresAtMs, returnUrl }), expiresAtMs };
}

/** In minor units: what was transferred, less what went back and what was paid out. */
export async function available({ env, clock }: Sandbox, id: string, currency: string): Promise<number> {
  const { rows } = await inOneBatch(
    env.DB,
    [post(env.DB, clock())],
    ask<{ amount: number }>(env.DB, AVAILABLE, id, currency),
  );
  return rows[0]?.amount ?? 0;
}

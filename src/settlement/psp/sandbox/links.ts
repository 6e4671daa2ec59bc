/**
 * Links to the sandbox's pages: whoever has one may act there, so they are signed with a key derived from the
 * platform's, and say all that the page does. Pure.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { PaymentBindings } from "../bindings.ts";

type Signing = Pick<PaymentBindings, "PLATFORM_KEY">;
type Linking = Pick<PaymentBindings, "PLATFORM_KEY" | "PUBLIC_URL">;

/** What a link to the onboarding page says. */
export interface OnboardingTicket {
  readonly account: string;
  readonly expiresAtMs: number;
  readonly returnUrl: string;
}

/** Where a buyer answers their bank about a payment. */
export function challengeUrl(env: Linking, payment: string): string {
  const token = tokenOf(env, "challenge", payment);
  return new URL(`/sandbox/payments/${payment}/challenge/${token}`, env.PUBLIC_URL).href;
}

export function isChallengeToken(env: Signing, payment: string, token: string): boolean {
  return isSame(token, tokenOf(env, "challenge", payment));
}

/** Where a party tells the sandbox who it is. */
export function onboardingUrl(env: Linking, { account, expiresAtMs, returnUrl }: OnboardingTicket): string {
  const url = new URL(`/sandbox/accounts/${account}/onboarding`, env.PUBLIC_URL);
  url.searchParams.set("expires", String(expiresAtMs));
  url.searchParams.set("return", returnUrl);
  url.searchParams.set("token", tokenOf(env, "onboarding", account, String(expiresAtMs), returnUrl));
  return url.href;
}

/** What a link says; undefined when it is not one that was given out, or leads back to no page. It may have expired. */
export function readOnboardingLink(
  env: Signing,
  account: string,
  { expires = "", return: returnUrl = "", token = "" }: Readonly<Record<string, string | undefined>>,
): OnboardingTicket | undefined {
  if (!isSame(token, tokenOf(env, "onboarding", account, expires, returnUrl))) return undefined;
  if (!/^https?:/i.test(returnUrl) || !URL.canParse(returnUrl)) return undefined;
  return { account, expiresAtMs: Number(expires), returnUrl };
}

/** As JSON, so that no two lists of facts are the same text. */
function tokenOf({ PLATFORM_KEY }: Signing, ...facts: readonly string[]): string {
  const key = new Uint8Array(hkdfSync("sha256", PLATFORM_KEY, "", "dropcast sandbox link v1", 32));
  return createHmac("sha256", key).update(JSON.stringify(facts)).digest("base64url");
}

/** Takes as long wherever the two differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

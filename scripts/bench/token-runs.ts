// Offer tokens issued and verified as the edge and the relays do it, and the bare signature over the same bytes.
import { Buffer } from "node:buffer";
import { typeid } from "typeid-js";
import { priceOf } from "../../src/domain/pricing.ts";
import { loadKeys, signingKey, type KeyRing } from "../../src/token/keys.ts";
import { issueOfferToken, verifyOfferToken, type OfferClaims } from "../../src/token/offer-token.ts";
import { DROP, newSession, PRICE } from "./traffic.ts";

/** One step, so many times, one after another. */
export interface TokenRun {
  readonly step: "issue" | "verify" | "sign" | "verify_signature";
  readonly times: number;
}

/** Gives how many came out well. */
export async function runTokens({ step, times }: TokenRun, secret: string): Promise<number> {
  const ring = await loadKeys(secret);
  const once = await stepOf(step, ring, Date.now());
  let done = 0;
  for (let time = 0; time < times; time++) if (await once()) done += 1;
  return done;
}

async function stepOf(step: TokenRun["step"], ring: KeyRing, nowMs: number): Promise<() => Promise<boolean>> {
  const promise: Omit<OfferClaims, "expiresAtMs"> = {
    token: `tok_${typeid().getSuffix()}`,
    session: newSession(),
    offer: DROP,
    viewer: `vwr_${typeid().getSuffix()}`,
    priceVersion: 1,
    price: priceOf(PRICE),
    quantity: 1,
    creditLimit: 0,
    priority: 0,
  };
  const { token } = await issueOfferToken(ring, promise, nowMs);
  const { privateKey, publicKey } = signingKey(ring, nowMs);
  const signed = Buffer.from(token.slice(0, token.lastIndexOf(".")));
  const signature = Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");
  const steps: Record<TokenRun["step"], () => Promise<boolean>> = {
    issue: async () => (await issueOfferToken(ring, promise, nowMs)).token.length > 0,
    verify: async () => (await verifyOfferToken(ring, token, promise, nowMs)).ok,
    sign: async () => (await crypto.subtle.sign("Ed25519", privateKey, signed)).byteLength > 0,
    verify_signature: () => crypto.subtle.verify("Ed25519", publicKey, signature, signed),
  };
  return steps[step];
}

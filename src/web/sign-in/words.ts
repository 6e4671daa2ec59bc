/** Why somebody is not signed in, and what to do now, in words. Pure. */
import { DropcastError } from "../../sdk/index.ts";
import { wordsFor } from "../signed-in/problems.ts";

const WORDS: Partial<Record<DropcastError["code"], string>> = {
  sign_in_code_used: "This code was used already: each works once. Get a new one.",
  sign_in_code_expired: "This code no longer works: it holds for ten minutes. Get a new one.",
  sign_in_code_unknown:
    "This is no code. A code is twelve letters and digits, like 7K3M-PX2V-9QDT; a key begins with sk_ or ck_.",
  forbidden:
    "This is the platform's key. Sign in with a seller's or a creator's: they begin with sk_ or ck_.",
  unauthenticated: "This key is not known, or was revoked.",
  limit_reached: "Too many are signed in by this key. Let somebody sign out first.",
  rate_limited: "That was too often. Wait ten seconds.",
  offline: "No connection. Try again.",
};

export function whyNot(error: unknown): string {
  return (error instanceof DropcastError ? WORDS[error.code] : undefined) ?? wordsFor(error);
}

/** Makes a code on a server, or on any machine with a shell. */
export function codeCommand(origin: string): string {
  return `curl -X POST \\
  ${origin}/v1/sign-ins \\
  -H "Authorization: Bearer sk_…" \\
  -H "Idempotency-Key: $RANDOM-$RANDOM"`;
}

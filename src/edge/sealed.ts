/**
 * Answers at rest. An answer that is kept to be repeated may hold what is shown only once, a new API key's secret. So
 * it is encrypted with a key made from the Worker's own secret and the client's `Idempotency-Key`, of which D1 has but
 * a hash: neither the database alone, nor the database with the Worker's secret, nor one with the client's key opens
 * it. AES-256-GCM under HKDF-SHA-256; pure but for randomness.
 */

const IV_BYTES = 12;
const encoder = new TextEncoder();

/** What an answer is sealed with. */
export interface Seal {
  readonly secret: string;
  readonly principal: string;
  readonly idempotencyKey: string;
}

export async function seal(by: Seal, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await keyOf(by, "encrypt"),
    encoder.encode(text),
  );
  return Buffer.concat([iv, new Uint8Array(sealed)]).toString("base64url");
}

/** Undefined when it was sealed with anything else: the Worker's secret has changed since. */
export async function unseal(by: Seal, sealed: string): Promise<string | undefined> {
  const bytes = Buffer.from(sealed, "base64url");
  const iv = bytes.subarray(0, IV_BYTES);
  try {
    const key = await keyOf(by, "decrypt");
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.subarray(IV_BYTES));
    return new TextDecoder().decode(text);
  } catch {
    return undefined;
  }
}

async function keyOf(
  { secret, principal, idempotencyKey }: Seal,
  usage: "encrypt" | "decrypt",
): Promise<CryptoKey> {
  const material = encoder.encode(JSON.stringify([secret, idempotencyKey]));
  const base = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const info = encoder.encode(`dropcast idempotent answer\n${principal}`);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(hkdf, base, { name: "AES-GCM", length: 256 }, false, [usage]);
}

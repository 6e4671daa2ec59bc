/**
 * Signing keys: which one signs now, which still verify, what is published. Rotation is by time alone, so that every
 * isolate agrees without being told: a key signs from its `activeFrom` until the next key's, is published before, and
 * is honoured after for as long as a token it signed can live. No I/O; secrets come in as text.
 */
import { importJWK, type CryptoKey, type JWK } from "jose";
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";

/** RFC 9864: the fully specified name of EdDSA over Curve25519. */
export const ALGORITHM = "Ed25519";

const storedKeys = z
  .array(
    z.object({
      kty: z.literal("OKP"),
      crv: z.literal("Ed25519"),
      kid: z.string().min(1),
      x: z.string(),
      d: z.string(),
      activeFrom: z.iso.datetime({ offset: true }),
    }),
  )
  .min(1);

interface SigningKey {
  readonly kid: string;
  readonly activeFromMs: number;
  /** When the next key takes over; Infinity for the last one. */
  readonly signsUntilMs: number;
  readonly publicJwk: JWK;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Keys in the order in which they become active. */
export interface KeyRing {
  readonly keys: readonly SigningKey[];
}

/** The longest life of a token that others verify by the published keys. */
export const LONGEST_TOKEN_MS: number = Math.max(LIMITS.viewerTokenMs, LIMITS.offerTokenMs);

/** Imports are asynchronous and cost; a Worker's isolate does them once for each secret. Holds values, never promises. */
const imported = new Map<string, KeyRing>();

/** Reads the secret `TOKEN_KEYS`: a JSON array of private Ed25519 JWKs with `kid` and `activeFrom`. Throws when it is not that. */
export async function loadKeys(secret: string): Promise<KeyRing> {
  const known = imported.get(secret);
  if (known) return known;
  const stored = storedKeys
    .parse(JSON.parse(secret))
    .map(({ activeFrom, ...jwk }) => ({ jwk, activeFromMs: Date.parse(activeFrom) }))
    .toSorted((a, b) => a.activeFromMs - b.activeFromMs);
  const keys = await Promise.all(
    stored.map(async ({ jwk, activeFromMs }, index): Promise<SigningKey> => {
      const { d: _, ...publicJwk } = jwk;
      return {
        kid: jwk.kid,
        activeFromMs,
        signsUntilMs: stored[index + 1]?.activeFromMs ?? Number.POSITIVE_INFINITY,
        publicJwk: { ...publicJwk, alg: ALGORITHM, use: "sig" },
        privateKey: await importJWK(jwk, ALGORITHM),
        publicKey: await importJWK(publicJwk, ALGORITHM),
      };
    }),
  );
  const ring = { keys };
  imported.set(secret, ring);
  return ring;
}

/** The key that signs now: the latest active one. Before any is active the first signs, so that a clock behind is no outage. */
export function signingKey(ring: KeyRing, nowMs: number): SigningKey {
  const key = ring.keys.findLast(({ activeFromMs }) => activeFromMs <= nowMs) ?? ring.keys[0];
  if (!key) throw new Error("TOKEN_KEYS has no key");
  return key;
}

/**
 * The key with this id, if tokens of it that live for `tokenMs` may still be about. A key not active yet verifies too:
 * issuers' clocks differ.
 */
export function verifyingKey(
  ring: KeyRing,
  kid: string,
  nowMs: number,
  tokenMs: number,
): CryptoKey | undefined {
  return ring.keys.find((key) => key.kid === kid && isHonoured(key, nowMs, tokenMs))?.publicKey;
}

/** RFC 7517 set of every key that verifies now or will: the next one is there before its first use. */
export function publicKeySet(ring: KeyRing, nowMs: number): { keys: JWK[] } {
  const honoured = ring.keys.filter((key) => isHonoured(key, nowMs, LONGEST_TOKEN_MS));
  return { keys: honoured.map((key) => key.publicJwk) };
}

/** Whether a token that lives for `tokenMs` and was signed at the key's last moment may still be good. */
function isHonoured({ signsUntilMs }: SigningKey, nowMs: number, tokenMs: number): boolean {
  return nowMs < signsUntilMs + tokenMs + LIMITS.clockSkewMs;
}

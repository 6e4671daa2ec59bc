// Makes the keys that sign offer and viewer tokens. `npm run -s keys` prints a new set;
// with `-- --add FILE --active-from ISO` it prints FILE's set with one more key, which takes over at that time.
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

/** A private Ed25519 key (RFC 8037) and the time from which tokens are signed with it. */
export interface SigningKey {
  kty: "OKP";
  crv: "Ed25519";
  /** The key's thumbprint (RFC 7638). */
  kid: string;
  x: string;
  d: string;
  /** ISO 8601, UTC. */
  activeFrom: string;
}

/** Makes one signing key that is used from `activeFrom` on. */
export async function newSigningKey(activeFrom: Date): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair("Ed25519", { extractable: true });
  const { x, d } = await exportJWK(privateKey);
  if (x === undefined || d === undefined) throw new Error("The generated key is not an Ed25519 key pair.");
  const kid = await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x });
  return { kty: "OKP", crv: "Ed25519", kid, x, d, activeFrom: activeFrom.toISOString() };
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { add: { type: "string" }, "active-from": { type: "string" } } });
  const { add, "active-from": from } = values;
  if ((add === undefined) !== (from === undefined)) throw new Error("--add and --active-from go together.");
  const activeFrom = from === undefined ? new Date() : new Date(from);
  if (Number.isNaN(activeFrom.getTime()) || (from !== undefined && !ISO_TIME.test(from))) {
    throw new Error(`${from} is not an ISO 8601 time, such as 2027-01-31T00:00:00Z.`);
  }
  const existing = add === undefined ? [] : await readKeys(add);
  console.log(JSON.stringify([...existing, await newSigningKey(activeFrom)]));
}

async function readKeys(file: string): Promise<unknown[]> {
  const keys: unknown = JSON.parse(await readFile(file, "utf8"));
  if (!Array.isArray(keys) || keys.length === 0) throw new Error(`${file} holds no array of keys.`);
  return keys;
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

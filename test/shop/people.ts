/** Sellers and creators for the shop's tests, new ones each time. Writes the test's D1. */
import { env } from "cloudflare:workers";
import { createCreator, type Creator } from "../../src/shop/creators.ts";
import { createSeller, type Seller } from "../../src/shop/sellers.ts";

export const NOW_MS = Date.UTC(2026, 10, 21, 18);

export function aSeller(): Promise<Seller> {
  return createSeller(env.DB, { name: "Acme" }, NOW_MS);
}

let creators = 0;

export async function aCreator(): Promise<Creator> {
  const made = await createCreator(env.DB, { name: "Ana", handle: `ana-${++creators}` }, NOW_MS);
  if (!made.ok) throw new Error(made.detail);
  return made.value;
}

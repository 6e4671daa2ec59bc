/** What a session's contract refuses: SKUs and zones it does not cover, layers that somebody else would pay for. Pure. */
import type { Agreement } from "./contract.ts";
import type { Funder } from "./pricing.ts";
import type { Refusal } from "./refusal.ts";

/** The first thing that is not covered. */
export function coverFault(
  agreement: Agreement | undefined,
  skus: readonly string[],
  zone?: string,
): Refusal | undefined {
  const sku = agreement?.skus && skus.find((one) => !agreement.skus?.includes(one));
  if (sku !== undefined) return { code: "not_covered", sku };
  const isElsewhere = zone !== undefined && agreement?.zones && !agreement.zones.includes(zone);
  return isElsewhere ? { code: "not_covered", zone } : undefined;
}

/** A layer that makes the price lower is paid for by whom the contract lets. */
export function funderFault(
  agreement: Agreement | undefined,
  layer: "drop_price" | "creator_code",
  funder: Funder,
): Refusal | undefined {
  if (!agreement) return undefined;
  const agreed = agreement.funders[layer === "drop_price" ? "dropPrice" : "creatorCode"];
  return agreed.includes(funder) ? undefined : { code: "funder_not_agreed", funder, layer, agreed };
}

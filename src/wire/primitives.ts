/** The smallest schemas of the wire: ids, money, instants, text. Everything else is built from these. */
import { z } from "zod";
import { LIMITS } from "../domain/limits.ts";
import type { Money } from "../domain/money.ts";

/** A prefixed, sortable id. The suffix is Crockford base32 in lower case; an order's and a reservation's ends with its session's. */
function prefixed<P extends string>(prefix: P, what: string) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z]{26,64}$`), `must be the id of ${what}, ${prefix}_…`)
    .transform((id) => id as `${P}_${string}`)
    .meta({ description: `Id of ${what}`, example: `${prefix}_01jd3m5n8yfx0t2qv4w6z9r1ab` });
}

export const sessionId = prefixed("ses", "a session");
export const offerId = prefixed("ofr", "an offer");
export const reservationId = prefixed("rsv", "a reservation");
export const orderId = prefixed("ord", "an order");
export const tokenId = prefixed("tok", "an offer token");
export const sellerId = prefixed("sel", "a seller");
export const creatorId = prefixed("cre", "a creator");
export const contractId = prefixed("con", "a contract");
export const viewerId = prefixed("vwr", "a viewer");
export const keyId = prefixed("key", "an API key");
export const productId = prefixed("prd", "a product");
export const refundId = prefixed("rfd", "a refund");
export const transferId = prefixed("trf", "a transfer");
export const reversalId = prefixed("rvl", "a reversal");
export const payoutId = prefixed("pyo", "a payout");
export const disputeId = prefixed("dsp", "a dispute");
export const deadLetterId = prefixed("dlt", "a dead letter");

/** Text without the control characters that no screen shows; anything else a person may write. */
export function text(max: number) {
  return (
    z
      .string()
      .max(max)
      // eslint-disable-next-line no-control-regex -- they are what is refused
      .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u, "must not have control characters")
  );
}

export const title = text(LIMITS.titleChars).trim().min(1);
export const sku = text(LIMITS.skuChars)
  .trim()
  .min(1)
  .meta({ description: "Stock keeping unit, the seller's own" });
export const zone = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "must be 1 to 32 of a-z, 0-9 and -")
  .meta({ description: "Fulfilment zone", example: "berlin-mitte" });

/** Codes of ISO 4217 that the runtime's own table knows. */
const CURRENCIES = new Set(Intl.supportedValuesOf("currency"));
export const currency = z
  .string()
  .length(3)
  .refine((code) => CURRENCIES.has(code), "must be an ISO 4217 code in capitals")
  .meta({ description: "ISO 4217 code", example: "USD" });

export const amount = z.int().min(0).max(LIMITS.moneyAmount);

export const money = z
  .object({ amount, currency })
  .strict()
  .meta({ id: "Money", description: "Integer minor units of an ISO 4217 currency: 1999 USD is $19.99" });

/** Money that may be negative: a layer that makes a price lower. */
export const signedMoney = z
  .object({ amount: z.int().min(-LIMITS.moneyAmount).max(LIMITS.moneyAmount), currency })
  .strict()
  .meta({ id: "SignedMoney", description: "Integer minor units; negative where something is taken off" });

({}) as Money satisfies z.infer<typeof money>;

/** ISO 8601 with an offset or Z; years that a JavaScript date can hold and a person can mean. */
export const instant = z.iso
  .datetime({ offset: true })
  .refine((iso) => {
    const atMs = Date.parse(iso);
    return atMs >= 0 && atMs < 4_102_444_800_000;
  }, "must be between 1970 and 2100")
  .meta({ example: "2026-11-21T18:00:00.000Z" });

export const units = z.int().min(0).max(LIMITS.poolUnits);
export const quantity = z.int().min(1).max(LIMITS.quantityPerItem);
export const durationMs = z.int().min(0);

/**
 * A web address as browsers understand it: two that read alike lead to one place, and any may be a header's value. What
 * a host name of today never has could say more than a place in a `Content-Security-Policy`.
 */
export const httpsUrl = z
  .url({ protocol: /^https?$/, hostname: /^[^;,*']+$/ })
  .overwrite((url) => URL.parse(url)?.href ?? url)
  .max(LIMITS.urlChars);

/** What a client may choose as the id of a command: printable ASCII, as a header carries it. */
export const clientCommandId = z
  .string()
  .min(1)
  .max(LIMITS.commandIdChars)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");

/** A page of a list. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LIMITS.pageMax).default(LIMITS.pageDefault),
  cursor: z.string().max(512).optional(),
});

/** In the query of what is to be had as CSV, too. */
export const format = z
  .enum(["json", "csv"])
  .meta({ description: "Instead of `Accept`; CSV has every row, on one page" })
  .optional();

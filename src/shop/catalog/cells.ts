/** Cells of a catalogue file as values: text, whole numbers, weights, web addresses. Pure. */
import type { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import { productHandle } from "../../wire/catalog.ts";
import { httpsUrl, sku, text } from "../../wire/primitives.ts";
import { textOf } from "./html-text.ts";

/** A cell's value, or why it has none; the reason follows the column's name in a sentence. */
export type Read<T> = { readonly value: T } | { readonly reason: string };

/** Decoded bytes that were not UTF-8 leave this. */
const DAMAGED = "\ufffd";

/** Reads by a schema of the wire, so that a file may say what the API may say, and no more. */
function readBy<T>(schema: z.ZodType<T>, cell: string): Read<T> {
  const result = schema.safeParse(cell);
  return result.success ? { value: result.data } : { reason: reasonOf(result.error) };
}

/** What a schema says, in words for someone with a spreadsheet. */
function reasonOf({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === "too_big") return `has more than ${issue.maximum} characters`;
  if (issue?.code === "invalid_format" && issue.format === "url") return "is not a web address (https://…)";
  return issue?.message ?? "is not valid";
}

const shortText = text(LIMITS.titleChars);
const tagText = text(LIMITS.tagChars);
const barcodeText = text(LIMITS.barcodeChars);

export function readText(cell: string): Read<string> {
  return readBy(shortText, cell);
}

export function readHandle(cell: string): Read<string> {
  return readBy(productHandle, cell);
}

export function readSku(cell: string): Read<string> {
  return readBy(sku, cell);
}

export function readBarcode(cell: string): Read<string> {
  return readBy(barcodeText, cell);
}

export function readWebAddress(cell: string): Read<string> {
  return readBy(httpsUrl, cell);
}

/** HTML, or plain text, as text. */
export function readDescription(cell: string): Read<string> {
  const description = textOf(cell);
  const isShort = description.length <= LIMITS.descriptionChars;
  return isShort
    ? { value: description }
    : { reason: `has more than ${LIMITS.descriptionChars} characters of text` };
}

/** Tags are separated by commas; blank and repeated ones do not count. */
export function readTags(cell: string): Read<string[]> {
  const tags = [...new Set(cell.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
  if (tags.length > LIMITS.tagsPerProduct) return { reason: `has more than ${LIMITS.tagsPerProduct} tags` };
  for (const tag of tags) {
    const result = readBy(tagText, tag);
    if ("reason" in result) return result;
  }
  return { value: tags };
}

/** Units in stock. Shopify exports less than zero for what was sold beyond it. */
export function readStock(cell: string): Read<number> {
  const units = /^-?\d{1,15}$/.test(cell) ? Number(cell) : Number.NaN;
  // Adding nothing makes -0 zero.
  return Number.isSafeInteger(units) ? { value: units + 0 } : { reason: "is not a whole number" };
}

/** Grams, rounded to whole ones: Shopify converts other units to grams and exports the decimals. */
export function readGrams(cell: string): Read<number> {
  if (!/^\d{1,12}(\.\d*)?$/.test(cell)) return { reason: "is not a weight in grams" };
  const grams = Math.round(Number(cell));
  return grams <= LIMITS.moneyAmount ? { value: grams } : { reason: "is heavier than anything we ship" };
}

/** Shopify's words. `unlisted` is active with a direct link only, and older versions of its API say active for it. */
export function readStatus(cell: string): Read<"active" | "draft" | "archived"> {
  switch (cell.toLowerCase()) {
    case "active":
    case "unlisted":
      return { value: "active" };
    case "draft":
      return { value: "draft" };
    case "archived":
      return { value: "archived" };
    default:
      return { reason: "is not active, draft, archived or unlisted" };
  }
}

export const DAMAGE = "has characters that are not UTF-8; save the file as CSV UTF-8";

/** Whether a cell of a file that is not all UTF-8 has one of the bytes that are not. */
export function isDamaged(cell: string): boolean {
  return cell.includes(DAMAGED);
}

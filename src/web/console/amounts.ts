/** Amounts as people type them, in major units, to minor units and back. Pure; no floating point. */
import { decimalsOf, type Money } from "../../sdk/index.ts";

/** More digits than this are not counted exactly any more. */
const DIGITS = 15;

/**
 * `39`, `39.5`, `39,50`, `$39.00`, `1 234` to minor units; undefined for what is no amount in this currency, and for what may
 * be two: a comma before three digits. With both signs the last is the decimal one; a sign that comes twice groups.
 */
export function minorOf(typed: string, currency: string): number | undefined {
  const decimals = decimalsOf(currency);
  const text = typed
    .toUpperCase()
    .replace(currency, "")
    .replaceAll(/[\s'’\p{Sc}]/gu, "");
  const isGroups = /^\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+)$/.test(text);
  const isWhole = isGroups && (decimals === 0 || text.split(/[.,]/).length > 2);
  if (isGroups && !isWhole && text.includes(",")) return undefined;
  const [, whole = "", part = ""] = isWhole
    ? [text, text]
    : (/^(\d[\d.,]*?|)(?:[.,](\d*))?$/.exec(text) ?? [text, "x"]);
  const isGrouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(whole);
  const digits = isGrouped ? whole.replaceAll(/[.,]/g, "") : whole;
  if (!/^\d*$/.test(digits) || digits + part === "" || part.length > decimals) return undefined;
  const minor = digits + part.padEnd(decimals, "0");
  return minor.length > DIGITS ? undefined : Number(minor);
}

/** `39.00`, as a field has it. */
export function majorOf({ amount, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = String(amount).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  return decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
}

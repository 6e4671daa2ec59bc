/** Amounts as people type them, in major units, to minor units and back. Pure; no floating point. */
import { decimalsOf, type Money } from "../../sdk/index.ts";

/** More digits than this are not counted exactly any more. */
const DIGITS = 15;

/**
 * `39`, `39.5`, `39,50` to minor units; undefined for what is no amount in this currency. With both signs the last is the
 * decimal one.
 */
export function minorOf(typed: string, currency: string): number | undefined {
  const decimals = decimalsOf(currency);
  const text = typed.trim().replaceAll(/[\s'’]/g, "");
  const [, whole = "", part = ""] = /^(\d[\d.,]*?|)(?:[.,](\d*))?$/.exec(text) ?? [undefined, "x"];
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

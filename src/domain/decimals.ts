/** Decimals of currencies, and amounts as a person reads them. Pure; no floating point. */
import type { Money } from "./money.ts";

/**
 * Currencies whose minor unit is not a hundredth, by number of decimals: ISO 4217, list one (2026). `Intl` cannot be
 * asked: it has the decimals people use (CLDR), which are fewer for HUF, COP, IDR and fourteen more, and which change
 * with the runtime's version; a price must not.
 */
const DECIMALS = new Map(
  Object.entries({
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
  }).flatMap(([decimals, codes]) => codes.split(" ").map((code) => [code, Number(decimals)] as const)),
);

/** Decimals of a currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? 2;
}

/** `19.99 USD` for 1999 minor units of it. */
export function moneyText({ amount, currency }: Money): string {
  return `${decimalText(amount, decimalsOf(currency))} ${currency}`;
}

/** `12.5 %` for 1,250 basis points. */
export function percentText(basisPoints: number): string {
  return `${decimalText(basisPoints, 2).replace(/\.?0+$/, "")} %`;
}

/** A whole number of the last of so many decimals, written out. */
export function decimalText(units: number, decimals: number): string {
  const digits = String(Math.abs(units)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals === 0 ? "" : `.${digits.slice(-decimals)}`;
  return `${units < 0 ? "-" : ""}${whole}${part}`;
}

/** How money, numbers, moments and spans of time are written in a language (`Intl`). Pure. */
import { decimalsOf, type Money } from "../../sdk/index.ts";

export interface Writing {
  /** BCP 47 tag of the language. */
  readonly locale: string;
  readonly money: (money: Money) => string;
  readonly number: (count: number) => string;
  /** A moment as the viewer's own calendar and clock have it. */
  readonly moment: (atMs: number) => string;
  /** What is left of a span: `4:05`, `1:04:05`, from a day on `2 days 4 hr`. Part of a second counts as one. */
  readonly span: (ms: number) => string;
}

const DAY_S = 86_400;

/** For a language tag as `Intl` takes it. */
export function writingIn(locale: string): Writing {
  const count = new Intl.NumberFormat(locale);
  const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const unit = (name: string, display: "long" | "short") =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: display });
  const days = unit("day", "long");
  const hours = unit("hour", "short");
  const span = (ms: number): string => {
    const all = Math.max(0, Math.ceil(ms / 1000));
    if (all >= DAY_S) {
      return `${days.format(Math.floor(all / DAY_S))} ${hours.format(Math.floor((all % DAY_S) / 3600))}`;
    }
    const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
    return h > 0
      ? [count.format(h), two.format(m), two.format(s)].join(":")
      : `${count.format(m)}:${two.format(s)}`;
  };
  return {
    locale,
    money: moneyWriter(locale),
    number: (of) => count.format(of),
    moment: (atMs) => moment.format(atMs),
    span,
  };
}

/** The decimals are the currency's own, not those people use in daily life, so that no part of a price is hidden. */
function moneyWriter(locale: string): (money: Money) => string {
  const formats = new Map<string, Intl.NumberFormat>();
  return ({ amount, currency }) => {
    const decimals = decimalsOf(currency);
    let format = formats.get(currency);
    if (!format) {
      const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
      formats.set(
        currency,
        (format = new Intl.NumberFormat(locale, { style: "currency", currency, ...digits })),
      );
    }
    return format.format(amount / 10 ** decimals);
  };
}

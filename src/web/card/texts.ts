/** A language's messages with its ways to write money, numbers, moments and spans of time (`Intl`). Pure. */
import { decimalsOf, type Money } from "../../sdk/index.ts";
import { arabic } from "./messages-ar.ts";
import { german } from "./messages-de.ts";
import { english, type Messages } from "./messages.ts";

export interface Texts {
  /** BCP 47 tag of the language that is spoken, for `lang`. */
  readonly locale: string;
  readonly messages: Messages;
  readonly money: (money: Money) => string;
  readonly number: (count: number) => string;
  /** A moment as the viewer's own calendar and clock have it. */
  readonly moment: (atMs: number) => string;
  /** What is left of a span: `4:05`, `1:04:05`, from a day on `2 days 4 hr`. Part of a second counts as one. */
  readonly span: (ms: number) => string;
}

const LANGUAGES: Readonly<Record<string, Messages>> = { en: english, de: german, ar: arabic };
const DAY_S = 86_400;
const kept = new Map<string, Texts>();

/** Texts for a language tag of the page; English for a language the card does not have and for what is no tag. */
export function textsFor(tag: string): Texts {
  let texts = kept.get(tag);
  if (!texts) kept.set(tag, (texts = textsOf(spoken(tag))));
  return texts;
}

function spoken(tag: string): Intl.Locale {
  try {
    const locale = new Intl.Locale(tag);
    if (Object.hasOwn(LANGUAGES, locale.language)) return locale;
  } catch {
    // A page may write anything into `lang`.
  }
  return new Intl.Locale("en");
}

function textsOf({ baseName: locale, language }: Intl.Locale): Texts {
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
    messages: LANGUAGES[language] ?? english,
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

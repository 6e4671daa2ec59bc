/** How the dashboard writes money, numbers and times: what all pages write, and what only reports need (`Intl`). Pure. */
import { decimalsOf } from "../../sdk/index.ts";
import { writingIn } from "../design/writing.ts";
import { clockIn, type LocalHour } from "./periods.ts";
import type { Sum } from "./sales.ts";

export interface Formats {
  readonly locale: string;
  readonly money: (sum: Sum) => string;
  /** For an axis: `$1.2K`. */
  readonly moneyShort: (sum: Sum) => string;
  readonly number: (count: number) => string;
  /** A share of one: `25%`, small ones with a decimal. */
  readonly percent: (share: number) => string;
  /** ISO 8601 to date and time. */
  readonly moment: (iso: string) => string;
  /** ISO 8601 to a date. */
  readonly date: (iso: string) => string;
  /** `2026-11-22` to `Nov 22`. */
  readonly day: (day: string) => string;
  /** The same with its weekday, for reading. */
  readonly dayInFull: (day: string) => string;
  /** 0 is Monday. */
  readonly weekday: (of: number) => string;
  readonly weekdayInFull: (of: number) => string;
  /** 20 to `8 PM`. */
  readonly hour: (of: number) => string;
  /** Reads a moment on the viewer's clock. */
  readonly clock: (atMs: number) => LocalHour;
}

/** A Monday. */
const MONDAY_MS = Date.parse("2026-11-23T00:00Z");
const TENTH = 0.1;

export function formatsFor(locale: string, timeZone: string): Formats {
  const texts = writingIn(locale);
  const tag = texts.locale;
  const inZone = (style: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, { timeZone, ...style });
  // Days, weekdays and hours are names by themselves: they are written as they are, in no zone.
  const named = (style: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(tag, { timeZone: "UTC", ...style });
  const [moment, date] = [
    inZone({ dateStyle: "medium", timeStyle: "short" }),
    inZone({ dateStyle: "medium" }),
  ];
  const [day, dayInFull] = [named({ month: "short", day: "numeric" }), named({ dateStyle: "full" })];
  const [weekday, weekdayInFull] = [named({ weekday: "short" }), named({ weekday: "long" })];
  const hour = named({ hour: "numeric" });
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 });
  const small = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  return {
    locale: tag,
    money: texts.money,
    moneyShort: ({ amount, currency }) =>
      new Intl.NumberFormat(tag, {
        style: "currency",
        currency,
        notation: "compact",
        maximumFractionDigits: 1,
      }).format(amount / 10 ** decimalsOf(currency)),
    number: texts.number,
    percent: (share) => (Math.abs(share) < TENTH ? small : percent).format(share),
    moment: (iso) => moment.format(Date.parse(iso)),
    date: (iso) => date.format(Date.parse(iso)),
    day: (of) => day.format(Date.parse(`${of}T00:00Z`)),
    dayInFull: (of) => dayInFull.format(Date.parse(`${of}T00:00Z`)),
    weekday: (of) => weekday.format(MONDAY_MS + of * 86_400_000),
    weekdayInFull: (of) => weekdayInFull.format(MONDAY_MS + of * 86_400_000),
    hour: (of) => hour.format(MONDAY_MS + of * 3_600_000),
    clock: clockIn(timeZone),
  };
}

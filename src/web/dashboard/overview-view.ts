/** From the reports of a period and the one before to the overview's tiles and its chart. Pure. */
import type { ChartView } from "../design/chart-settings.ts";
import type { Formats } from "./formats.ts";
import { changeOf, type Change } from "./periods.ts";
import { byDay, heatOf, inCurrency, totalsOf, type Heat, type SoldInHour } from "./sales.ts";

/** Sales of a period and of the one before, in one currency. */
export interface Sales {
  readonly currency: string;
  readonly now: readonly SoldInHour[];
  readonly before: readonly SoldInHour[];
}

export interface Tile {
  readonly name: string;
  /** In words; undefined while it is not known. */
  readonly value: string | undefined;
  readonly change: Change;
  /** Whether more of it is good news. */
  readonly isGood: boolean;
}

/** What the party earned in minor units, where settlement has told. */
export interface Earned {
  readonly now: number | undefined;
  readonly before: number | undefined;
}

export function tilesOf({ currency, now, before }: Sales, earned: Earned, formats: Formats): readonly Tile[] {
  const [is, was] = [totalsOf(now), totalsOf(before)];
  const money = (amount: number): string => formats.money({ amount, currency });
  const change = (key: keyof typeof is): Change => changeOf(is[key], was[key]);
  return [
    { name: "Captured", value: money(is.captured), change: change("captured"), isGood: true },
    {
      name: "You earned",
      value: earned.now === undefined ? undefined : money(earned.now),
      change: changeOf(earned.now ?? 0, earned.before ?? 0),
      isGood: true,
    },
    { name: "Orders", value: formats.number(is.orders), change: change("orders"), isGood: true },
    { name: "Units", value: formats.number(is.units), change: change("units"), isGood: true },
    { name: "Refunded", value: money(is.refunded), change: change("refunded"), isGood: false },
  ];
}

/** Days of a period and of the one before, and what was sold in their hours, in whatever currency. */
interface Told {
  readonly days: readonly string[];
  readonly daysBefore: readonly string[];
  readonly hours: readonly SoldInHour[];
  readonly hoursBefore: readonly SoldInHour[];
}

/** What is shown of it in one currency. */
export interface Shown {
  readonly sales: Sales;
  readonly chart: ChartView;
  readonly heat: readonly (readonly Heat[])[];
}

export function shownOf(told: Told, currency: string, formats: Formats): Shown {
  const [now, before] = [inCurrency(told.hours, currency), inCurrency(told.hoursBefore, currency)];
  const sales = { currency, now, before };
  return { sales, chart: dayChart(sales, told, formats), heat: heatOf(now, formats.clock) };
}

/** Captured by day, with the same days of the period before behind it. */
export function dayChart(
  { currency, now, before }: Sales,
  { days, daysBefore }: { readonly days: readonly string[]; readonly daysBefore: readonly string[] },
  formats: Formats,
): ChartView {
  const money = (amount: number): string => formats.money({ amount, currency });
  const captured = (rows: readonly SoldInHour[], of: readonly string[]): number[] =>
    byDay(rows, of, formats.clock).map((day) => day.captured);
  const span = formats.number(days.length);
  return {
    kind: "bar",
    label: `Captured by day over the last ${span} days: ${money(totalsOf(now).captured)} in all`,
    steps: days.map(formats.dayInFull),
    ticks: days.map(formats.day),
    series: [
      { name: `Last ${span} days`, values: captured(now, days) },
      { name: "The days before", values: captured(before, daysBefore), ink: "quiet", isReference: true },
    ],
    write: money,
    writeShort: (amount) => formats.moneyShort({ amount, currency }),
  };
}

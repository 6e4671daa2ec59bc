/** From rows of the sales report to what the overview shows: totals, days, weekdays by hour, the best. Pure. */
import type { LocalHour } from "./periods.ts";

/** An amount of minor units. */
export interface Sum {
  readonly amount: number;
  readonly currency: string;
}

/** A row of the report, whatever it is grouped by. */
export interface Sold {
  readonly orders: number;
  readonly units: number;
  readonly captured: Sum;
  readonly refunded: Sum;
}

/** Of one hour. */
export interface SoldInHour extends Sold {
  /** When it begins, ISO 8601. */
  readonly hour: string;
}

export interface Totals {
  readonly orders: number;
  readonly units: number;
  /** Minor units. */
  readonly captured: number;
  readonly refunded: number;
}

const NOTHING: Totals = { orders: 0, units: 0, captured: 0, refunded: 0 };

/** Currencies there are, the one with most orders first: amounts of different ones cannot be compared. */
export function currenciesOf(rows: readonly Sold[]): readonly string[] {
  const orders = new Map<string, number>();
  for (const row of rows) {
    const { currency } = row.captured;
    orders.set(currency, (orders.get(currency) ?? 0) + row.orders);
  }
  return [...orders].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([currency]) => currency);
}

/** Those of one currency. Amounts of different ones are never added. */
export function inCurrency<T extends Sold>(rows: readonly T[], currency: string): readonly T[] {
  return rows.filter(({ captured }) => captured.currency === currency);
}

/** Of rows in one currency. */
export function totalsOf(rows: readonly Sold[]): Totals {
  return rows.reduce(plus, NOTHING);
}

function plus(sum: Totals, { orders, units, captured, refunded }: Sold): Totals {
  return {
    orders: sum.orders + orders,
    units: sum.units + units,
    captured: sum.captured + captured.amount,
    refunded: sum.refunded + refunded.amount,
  };
}

/** One a day, in the viewer's own time zone; an hour that two days share is of the one in which it begins. */
export function byDay(
  rows: readonly SoldInHour[],
  days: readonly string[],
  clock: (atMs: number) => LocalHour,
): readonly Totals[] {
  const sums = new Map<string, Totals>();
  for (const row of rows) {
    const { day } = clock(Date.parse(row.hour));
    sums.set(day, plus(sums.get(day) ?? NOTHING, row));
  }
  return days.map((day) => sums.get(day) ?? NOTHING);
}

/** An hour of the week: what was sold in all of these in the period. */
export interface Heat extends Totals {
  /** 0 for nothing, up to `LEVELS` for the most. */
  readonly level: number;
}

export const LEVELS = 4;

/** Seven weekdays from Monday with 24 hours each, in the viewer's own time zone. */
export function heatOf(
  rows: readonly SoldInHour[],
  clock: (atMs: number) => LocalHour,
): readonly (readonly Heat[])[] {
  const week: Totals[][] = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => NOTHING));
  for (const row of rows) {
    const { weekday, hour } = clock(Date.parse(row.hour));
    const day = week[weekday];
    if (day) day[hour] = plus(day[hour] ?? NOTHING, row);
  }
  const most = Math.max(...week.flat().map(({ captured }) => captured));
  const level = (captured: number): number => (captured > 0 ? Math.ceil((captured / most) * LEVELS) : 0);
  return week.map((hours) => hours.map((totals) => ({ ...totals, level: level(totals.captured) })));
}

/** The hour of the week in which most was sold, if anything was. */
export function bestHour(
  heat: readonly (readonly Heat[])[],
): { readonly weekday: number; readonly hour: number } | undefined {
  let best: { weekday: number; hour: number; captured: number } | undefined;
  heat.forEach((hours, weekday) => {
    hours.forEach(({ captured }, hour) => {
      if (captured > (best?.captured ?? 0)) best = { weekday, hour, captured };
    });
  });
  return best && { weekday: best.weekday, hour: best.hour };
}

/** How far a row's bar goes beside the largest, 0 to 1. */
export function shareOf(amount: number, rows: readonly Sold[]): number {
  const most = Math.max(0, ...rows.map(({ captured }) => captured.amount));
  return most === 0 ? 0 : amount / most;
}

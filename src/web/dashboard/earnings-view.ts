/** Where what was earned is now, as parts of it, and what was earned by the day. Pure. */
import type { Schemas } from "../../sdk/api.ts";
import type { ChartView } from "../design/chart-settings.ts";
import type { Formats } from "./formats.ts";

type Total = Schemas["EarningsTotal"];

export interface Place {
  readonly name: string;
  readonly note: string;
  /** Minor units; negative where it is owed back. */
  readonly amount: number;
  /** Of all that was earned, 0 to 1. */
  readonly share: number;
}

const PLACES = [
  ["paidOut", "Paid out", "Has reached your bank."],
  ["atProvider", "At the provider", "In your account there; the next payout takes it."],
  ["underWay", "On its way", "To the provider or your bank."],
  ["payable", "Next", "Goes with the next transfer."],
  ["accrued", "Waiting", "Earned; it moves once the payment is settled and your account is ready."],
  ["reserved", "Kept back", "For refunds and disputes; it is yours when their time is over."],
] as const satisfies readonly (readonly [keyof Total, string, string])[];

/** From the bank back to the sale; together they are what was earned. Places where there is nothing are left out. */
export function placesOf(total: Total): readonly Place[] {
  const all = total.earned.amount;
  const places: Omit<Place, "share">[] = PLACES.map(([key, name, note]) => ({
    name,
    note,
    amount: total[key].amount,
  }));
  const owed = total.owedBack.amount;
  if (owed !== 0) {
    const note = "Of orders given back after their money had left; it is taken from what comes next.";
    places.push({ name: "Owed back", note, amount: -owed });
  }
  return places
    .filter(({ amount }) => amount !== 0)
    .map((place) => ({ ...place, share: all > 0 ? Math.max(0, place.amount / all) : 0 }));
}

/**
 * Earned by the day (UTC) in one currency: what sales brought, and below the line what refunds and disputes took back,
 * where there is any. Undefined where there is neither.
 */
export function earnedChart(
  rows: readonly Schemas["EarningsDay"][],
  days: readonly string[],
  currency: string,
  formats: Formats,
): ChartView | undefined {
  const own = new Map(rows.filter((row) => row.currency === currency).map((row) => [row.day, row]));
  if (own.size === 0) return undefined;
  const money = (amount: number): string => formats.money({ amount, currency });
  const fromSales = days.map((day) => own.get(day)?.fromSales.amount ?? 0);
  // Nothing taken back is zero, and not a zero below zero.
  const reversed = days.map((day) => 0 - (own.get(day)?.reversed.amount ?? 0));
  const all = [...fromSales, ...reversed].reduce((sum, amount) => sum + amount, 0);
  return {
    kind: "bar",
    label: `Earned in the last ${days.length} days (UTC): ${money(all)}`,
    steps: days.map(formats.dayInFull),
    ticks: days.map(formats.day),
    series: [
      { name: "From sales", values: fromSales, ink: "good" },
      ...(reversed.some((amount) => amount !== 0)
        ? [{ name: "Refunds and disputes", values: reversed, ink: "warn" as const }]
        : []),
    ],
    write: money,
    writeShort: (amount) => formats.moneyShort({ amount, currency }),
  };
}

/** Where what was earned is now, as parts of it. Pure. */
import type { Schemas } from "../../sdk/api.ts";

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

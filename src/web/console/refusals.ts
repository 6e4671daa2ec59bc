/** Why the API refused what a host asked for, with the facts that it gives. Pure. */
import { DropcastError } from "../../sdk/index.ts";
import type { Writing } from "../design/writing.ts";
import { wordsFor } from "../signed-in/problems.ts";

/** `currency` is the session's. */
export function refusalText(
  error: unknown,
  currency: string,
  { money, number }: Pick<Writing, "money" | "number">,
): string {
  if (!(error instanceof DropcastError)) return wordsFor(error);
  const fact = (name: string): number => Number(error.problem?.[name] ?? 0);
  switch (error.code) {
    case "price_below_floor":
      return `The floor of this offer is ${money({ amount: fact("floor"), currency })}: no price goes below it.`;
    case "stock_in_use":
      return `${number(fact("held"))} are held and ${number(fact("committed"))} sold: stock cannot be less than both together.`;
    case "stock_conflict":
      return `Somebody else set it to ${number(fact("allocated"))} just now. Look at it and try again.`;
    default:
      return wordsFor(error);
  }
}

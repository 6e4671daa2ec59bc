/** What a host reads when the API refuses something: plain words for the codes that happen here, else the API's own. Pure. */
import { DropcastError } from "../../sdk/index.ts";

const WORDS: Partial<Record<DropcastError["code"], string>> = {
  offline: "No connection. Nothing is known to have changed; try again.",
  unauthenticated: "You are signed out. Sign in again to go on.",
  forbidden: "Your sign-in does not allow this.",
  session_not_found: "This session is not there, or not yours.",
  not_found: "This is not there, or not yours.",
  session_state_conflict: "The session is in another state by now.",
  session_not_live: "The session is not live.",
  offer_state_conflict: "The offer is in another state by now.",
  stock_conflict: "Somebody else changed this stock just now. Look at the new numbers and try again.",
  stock_in_use: "More units than that are held or sold already.",
  price_below_floor: "That is below the floor of this offer.",
  rate_limited: "That was too often. Wait a moment.",
  overloaded: "The session is busy. Try again in a moment.",
  internal: "Something went wrong on our side. Try again.",
};

/** A sentence for a person; never markup. */
export function wordsFor(error: unknown): string {
  if (!(error instanceof DropcastError)) return "Something went wrong on this page. Load it again.";
  return WORDS[error.code] ?? error.message;
}

/** When balances are paid out. Pure. */
import type { PayoutInterval } from "./tables.ts";

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday; the fourth day after was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The first payout after a time: midnight UTC of the next day, Monday or first of a month; null when made by hand. */
export function nextPayoutAt(interval: PayoutInterval, afterMs: number): number | null {
  switch (interval) {
    case "daily":
      return (Math.floor(afterMs / DAY_MS) + 1) * DAY_MS;
    case "weekly": {
      const weekMs = 7 * DAY_MS;
      return (Math.floor((afterMs - FIRST_MONDAY_MS) / weekMs) + 1) * weekMs + FIRST_MONDAY_MS;
    }
    case "monthly": {
      const after = new Date(afterMs);
      return Date.UTC(after.getUTCFullYear(), after.getUTCMonth() + 1, 1);
    }
    case "manual":
      return null;
  }
}

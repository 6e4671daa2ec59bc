/** How the live numbers stand beside the record. Pure. */
import type { SessionStats, SessionSummary } from "./dash.ts";

type Money = Pick<SessionStats, "captured" | "refunded" | "status">;

/** Minor units captured that the record does not have yet; it is never ahead. */
export function missingOf(
  { captured }: Pick<Money, "captured">,
  record: Pick<SessionSummary, "captured">,
): number {
  return Math.max(0, captured.amount - record.captured.amount);
}

/** Whether the record has something to catch up with. */
export function isAhead(stats: Money, record: Pick<SessionSummary, keyof Money>): boolean {
  return (
    missingOf(stats, record) > 0 ||
    stats.refunded.amount > record.refunded.amount ||
    stats.status !== record.status
  );
}

/** Decides changes of a pool's allocation: compare-and-set, never below what is held or sold. Pure. */
import { coverFault } from "./agreement.ts";
import type { StockCommand } from "./commands.ts";
import { decided, refused } from "./decision.ts";
import { LIMITS } from "./limits.ts";
import { serveWaitlist } from "./release.ts";
import type { Decision } from "./reply.ts";
import type { SessionState } from "./session.ts";

export function decideStock(state: SessionState, command: StockCommand, nowMs: number): Decision {
  if (state.status === "ended" || state.status === "cancelled") {
    return refused({ code: "session_state_conflict", status: state.status });
  }
  const { sku, zone, allocated, expected } = command;
  const fault = coverFault(state.terms?.agreement, [sku], zone);
  if (fault) return refused(fault);
  const pool = state.pools.get(zone, sku);
  const previous = pool?.allocated ?? 0;
  if (expected !== undefined && expected !== previous)
    return refused({ code: "stock_conflict", allocated: previous });
  if (pool && allocated < pool.held + pool.committed) {
    return refused({ code: "stock_in_use", held: pool.held, committed: pool.committed });
  }
  if (!pool && state.pools.size >= LIMITS.poolsPerSession) {
    return refused({ code: "limit_reached", limit: "poolsPerSession", max: LIMITS.poolsPerSession });
  }
  const freed = allocated > previous ? [{ sku, zone, quantity: allocated - previous }] : [];
  return decided(
    { ok: true, show: "pool", sku, zone },
    { type: "stock.allocated", v: 1, sku, zone, allocated, previous },
    ...serveWaitlist(state, freed, nowMs),
  );
}

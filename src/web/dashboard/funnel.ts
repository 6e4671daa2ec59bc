/** From view to tap to order, in numbers. Pure. */

export interface FunnelStep {
  readonly name: "views" | "taps" | "orders";
  readonly count: number;
  /** Of the step before, 0 to 1; undefined for the first, and where there was nothing to be a part of. */
  readonly share: number | undefined;
  /** How wide it is drawn beside the widest, 0 to 1. */
  readonly width: number;
}

/** What a session's summary counts. */
export interface Counted {
  readonly views?: number;
  readonly taps?: number;
  readonly orders: { readonly authorized: number; readonly captured: number; readonly refunded: number };
}

/** Bought, whatever became of it after. */
export function boughtOf({ orders }: Counted): number {
  return orders.authorized + orders.captured + orders.refunded;
}

/**
 * Views are of people who came, taps and orders may be several of one: a share may be above one. Undefined where nobody
 * has been counted.
 */
export function funnelOf(session: Counted): readonly FunnelStep[] | undefined {
  const { views = 0, taps = 0 } = session;
  const counts = [
    ["views", views],
    ["taps", taps],
    ["orders", boughtOf(session)],
  ] as const;
  const most = Math.max(...counts.map(([, count]) => count));
  if (most === 0) return undefined;
  return counts.map(([name, count], at) => {
    const before = counts[at - 1]?.[1];
    return {
      name,
      count,
      share: before === undefined || before === 0 ? undefined : count / before,
      width: count / most,
    };
  });
}

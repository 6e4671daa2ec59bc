/**
 * What to move for a party: which orders' money can go out, what must come back, and what one order's debt takes from
 * another's earnings. Pure.
 */
import type { OrderId } from "../../domain/ids.ts";

/** What a party is owed for an order (negative: owes), and what of its transfers can still come back. */
export interface Position {
  readonly order: OrderId;
  readonly owed: number;
  /** Whether its money can go out: the charge is there, and nothing was refused just now. */
  readonly canLeave: boolean;
  readonly reversible: number;
  /** Whether a transfer or reversal of it is on its way: what is owed for it may be another amount soon. */
  readonly isUnderWay: boolean;
}

export interface Plan {
  readonly transfers: readonly { readonly order: OrderId; readonly amount: number }[];
  readonly reversals: readonly { readonly order: OrderId; readonly amount: number }[];
  readonly nettings: readonly { readonly from: OrderId; readonly to: OrderId; readonly amount: number }[];
}

/**
 * A debt first comes back from what was transferred for its own order, as far as the party's account can cover it; the
 * rest is taken from what the party is owed for other orders, oldest first; what is still left waits for later earnings.
 * What remains of an order's earnings goes out once its charge is there.
 */
export function planOf(positions: readonly Position[], coverable: number): Plan {
  const reversals: Plan["reversals"][number][] = [];
  const nettings: Plan["nettings"][number][] = [];
  const earnings = positions.filter(({ owed }) => owed > 0).map((position) => ({ ...position }));
  let cover = coverable;
  for (const { order: to, owed, reversible, isUnderWay } of positions) {
    if (owed >= 0 || isUnderWay) continue;
    const back = Math.min(-owed, reversible, cover);
    if (back > 0) reversals.push({ order: to, amount: back });
    cover -= Math.max(0, back);
    let debt = -owed - Math.max(0, back);
    for (const earning of earnings) {
      if (debt === 0) break;
      const amount = Math.min(debt, earning.owed);
      if (amount === 0) continue;
      nettings.push({ from: earning.order, to, amount });
      earning.owed -= amount;
      debt -= amount;
    }
  }
  const transfers = earnings
    .filter(({ canLeave, owed }) => canLeave && owed > 0)
    .map(({ order, owed }) => ({ order, amount: owed }));
  return { transfers, reversals, nettings };
}

/** What one viewer has in a session, for somebody who lost sight of a tap. Pure. */
import type { ViewerId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import type { Order } from "./order.ts";
import type { Reservation } from "./reservation.ts";
import type { SessionState } from "./session.ts";

export interface Purchases {
  /** Held or waiting for stock. */
  readonly reservations: readonly Reservation[];
  /** Neither turned down nor wholly refunded. */
  readonly orders: readonly Order[];
}

/**
 * What a viewer holds, waits for and has ordered, oldest first; the newest where it is much. All of it stays in the session's
 * state for as long as it stands: what is not here is neither held nor bought.
 */
export function purchasesOf(state: SessionState, viewer: ViewerId): Purchases {
  const reservations: Reservation[] = [];
  const orders: Order[] = [];
  // Who has nothing must not cost a look at all that others have.
  if (hasUnits(state, viewer)) {
    for (const one of state.reservations.values())
      if (one.viewer === viewer && isOpen(one)) reservations.push(one);
    for (const one of state.orders.values()) if (one.viewer === viewer && stands(one)) orders.push(one);
  }
  const most = LIMITS.purchasesShown;
  return { reservations: reservations.slice(-most), orders: orders.slice(-most) };
}

function hasUnits({ offers, viewerUnits }: SessionState, viewer: ViewerId): boolean {
  for (const offer of offers.keys()) if ((viewerUnits.get(offer, viewer) ?? 0) > 0) return true;
  return false;
}

function isOpen({ status }: Reservation): boolean {
  return status === "held" || status === "backordered";
}

function stands({ status, due, refunded }: Order): boolean {
  if (status === "refunded") return refunded.amount < due.amount;
  return status !== "failed" && status !== "cancelled";
}

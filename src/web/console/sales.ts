/** Units sold over the last minutes, from the journal: whoever looks at the same moment sees the same. Pure. */
import { takenBy } from "./bursts.ts";
import type { JournalEvent } from "./journal.ts";

export const SLOT_MS = 10_000;
export const SLOTS = 30;

export interface Sales {
  /** When each slot begins, epoch ms, oldest first. */
  readonly slots: readonly number[];
  readonly units: readonly number[];
  readonly total: number;
}

/** When the slot of a moment begins: the same on every screen. */
export function slotOf(atMs: number): number {
  return atMs - (atMs % SLOT_MS);
}

/** `lastMs` is when the last slot begins. */
export function salesOf(events: readonly JournalEvent[], lastMs: number): Sales {
  const firstMs = lastMs - (SLOTS - 1) * SLOT_MS;
  const slots = Array.from({ length: SLOTS }, (_, at) => firstMs + at * SLOT_MS);
  const units = slots.map(() => 0);
  const taken = takenBy(events);
  for (const { type, data, atMs } of events) {
    if (type !== "reservation.committed" || atMs < firstMs) continue;
    // The session's clock may be a little ahead of this page's.
    const slot = Math.min(SLOTS - 1, Math.floor((atMs - firstMs) / SLOT_MS));
    for (const quantity of taken.get(data.reservation)?.values() ?? [])
      units[slot] = (units[slot] ?? 0) + quantity;
  }
  return { slots, units, total: units.reduce((sum, many) => sum + many, 0) };
}

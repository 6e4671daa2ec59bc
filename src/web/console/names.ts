/** Whose names are on screens, as far as the journal tells. Pure. */
import type { JournalEvent } from "./journal.ts";

/** A buy by name, which a host may hide. */
export interface NamedBuy {
  readonly order: string;
  readonly viewer: string;
  readonly shownAs: string;
}

/** By reservation: orders that came with a name, of viewers whose names nobody has hidden since. */
export function namesBy(events: readonly JournalEvent[]): ReadonlyMap<string, NamedBuy> {
  const names = new Map<string, NamedBuy>();
  for (const { type, data } of events) {
    if (type === "order.placed" && data.shownAs !== undefined) {
      const { id, viewer, reservation } = data.order;
      names.set(reservation, { order: id, viewer, shownAs: data.shownAs });
    }
    if (type === "viewer.unnamed")
      for (const [reservation, { viewer }] of names) if (viewer === data.viewer) names.delete(reservation);
    if (type === "session.updated" && (data.changes.showBuys ?? "named") !== "named") names.clear();
  }
  return names;
}

/** A line has the last of them only: in a rush nobody reads more, and all names together are hidden by `showBuys`. */
const PER_LINE = 5;

/** Of these sales, in their order: each viewer once. */
export function namesIn(sold: readonly string[], names: ReadonlyMap<string, NamedBuy>): readonly NamedBuy[] {
  const byViewer = new Map(
    sold.flatMap((reservation) => {
      const named = names.get(reservation);
      return named ? [[named.viewer, named] as const] : [];
    }),
  );
  return [...byViewer.values()].slice(-PER_LINE);
}

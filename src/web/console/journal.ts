/** The journal's events as far as the console reads them, from CloudEvents; and how many of them it keeps. Pure. */
import type { Money } from "../../sdk/index.ts";

export interface PriceTerms {
  readonly headline: Money;
  readonly drop?: { readonly price: Money; readonly funder: string };
  readonly floor?: Money;
}

interface Line {
  readonly offer: string;
  readonly quantity: number;
}

interface OfPlace {
  readonly id: string;
  readonly lines: readonly Line[];
}

/** Of the session's own terms; what else there is are creator codes. */
export interface SessionChanges {
  readonly title?: string;
  readonly scheduledAt?: string;
  readonly showBuys?: "named" | "unnamed" | "none";
}

/** `data` by event type; what the console has no use for is not written down. */
interface DataOf {
  "session.created": { readonly terms: { readonly title: string } };
  "session.updated": { readonly changes: SessionChanges };
  "session.scheduled": object;
  "session.started": object;
  "session.paused": object;
  "session.resumed": object;
  "session.ended": object;
  "session.cancelled": object;
  "stock.allocated": {
    readonly sku: string;
    readonly zone: string;
    readonly allocated: number;
    readonly previous: number;
  };
  "offer.created": {
    readonly terms: { readonly id: string; readonly title: string; readonly price: PriceTerms };
  };
  "offer.updated": { readonly offer: string; readonly changes: object };
  "offer.repriced": {
    readonly offer: string;
    readonly price: PriceTerms;
    readonly olderTokensUntilAt?: string;
  };
  "offer.opened": { readonly offer: string };
  "offer.closed": { readonly offer: string };
  "offer.withdrawn": { readonly offer: string };
  "offer.pinned": { readonly offer: string };
  "offer.unpinned": { readonly offer: string };
  "reservation.held": { readonly reservation: OfPlace };
  "reservation.backordered": { readonly reservation: OfPlace };
  "reservation.filled": { readonly reservation: string };
  "reservation.released": { readonly reservation: string; readonly reason: string };
  "reservation.expired": { readonly reservation: string };
  "reservation.committed": { readonly reservation: string };
  "order.placed": {
    readonly order: OfPlace & { readonly reservation: string; readonly viewer: string };
    readonly shownAs?: string;
  };
  "order.failed": { readonly order: string; readonly reason: string };
  "order.cancelled": { readonly order: string };
  "order.refunded": { readonly order: string; readonly amount: Money };
  "viewer.unnamed": { readonly viewer: string };
}

export type EventType = keyof DataOf;
type Body = { [T in EventType]: { readonly type: T; readonly data: DataOf[T] } }[EventType];
export type JournalEvent = Body & { readonly seq: number; readonly atMs: number };

/** An event as `GET …/events` has it. */
export interface CloudEvent {
  readonly type: string;
  readonly time: string;
  readonly sequence: string;
  readonly data: object;
}

/** Others may be added to the journal: they have no words here. */
export function journalEvent({ type, time, sequence, data }: CloudEvent): JournalEvent {
  const name = /^dropcast\.(.+)\.v\d+$/.exec(type)?.[1] ?? type;
  return { type: name as EventType, data, seq: Number(sequence), atMs: Date.parse(time) } as JournalEvent;
}

/** Some minutes of a busy drop; a phone puts them into words twice a second. */
export const KEPT = 1_500;

/** New events after those that are known, once each, in their order; the oldest are forgotten. */
export function joined(
  known: readonly JournalEvent[],
  news: readonly JournalEvent[],
): readonly JournalEvent[] {
  const last = known.at(-1)?.seq ?? 0;
  const fresh = news.filter(({ seq }) => seq > last);
  return fresh.length === 0 ? known : [...known, ...fresh].slice(-KEPT);
}

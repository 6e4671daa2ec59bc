/** What the warm-up's cron must know of a session: what opens when, what is done, and whether it is at rest. Pure. */
import { nextDueAtMs } from "../domain/due.ts";
import type { OfferId } from "../domain/ids.ts";
import type { SessionState, SessionStatus } from "../domain/session.ts";
import type { ByRegion, WarmupRecord } from "../domain/warmup.ts";
import type { Head } from "./journal.ts";

/** An offer's image as the seller has it. */
export interface OfferImage {
  readonly offer: OfferId;
  readonly url: string;
}

export interface Upkeep {
  readonly status: SessionStatus;
  readonly expectedViewers: number;
  readonly expectedRegions: ByRegion;
  /** When the session is scheduled, and when offers open by their windows; in order. */
  readonly openings: readonly number[];
  /** Of offers that are or will be for sale, the soonest first. */
  readonly images: readonly OfferImage[];
  readonly record: WarmupRecord;
  /** The journal's end. */
  readonly head: Head;
  /** Nothing is held, no order's payment is open, nothing falls due, and every event has reached all its readers. */
  readonly isAtRest: boolean;
}

/** Undefined for a session that nobody created. */
export function upkeepOf(
  state: SessionState,
  { number, lastSeq, hash }: Head,
  allConfirmed: boolean,
): Upkeep | undefined {
  const { terms, status, warmup = {} } = state;
  if (!terms) return undefined;
  const offers = [...state.offers.values()].filter((offer) => offer.status !== "withdrawn");
  const soonest = offers.toSorted((one, other) => (one.opensAtMs ?? 0) - (other.opensAtMs ?? 0));
  const scheduled = terms.scheduledAtMs === undefined ? [] : [terms.scheduledAtMs];
  const windows = soonest.flatMap(({ opensAtMs }) => (opensAtMs === undefined ? [] : [opensAtMs]));
  return {
    status,
    expectedViewers: terms.expectedViewers,
    expectedRegions: terms.expectedRegions ?? {},
    openings: [...scheduled, ...windows].toSorted((one, other) => one - other),
    images: soonest.flatMap(({ id, image }) => (image === undefined ? [] : [{ offer: id, url: image }])),
    record: warmup,
    head: { number, lastSeq, hash },
    isAtRest: allConfirmed && nextDueAtMs(state) === undefined && !hasOpen(state),
  };
}

function hasOpen({ reservations, orders }: SessionState): boolean {
  for (const { status } of reservations.values()) {
    if (status === "held" || status === "backordered") return true;
  }
  for (const { status } of orders.values()) if (status === "placed" || status === "authorized") return true;
  return false;
}

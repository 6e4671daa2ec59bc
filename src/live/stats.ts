/** A session's live numbers, put together from its state and its meter at the moment they are asked for. Pure. */
import type { OfferId, SessionId } from "../domain/ids.ts";
import { latencyOf, type Latency } from "../domain/latency.ts";
import type { Money } from "../domain/money.ts";
import type { OfferSales, OrderCounts } from "../domain/sales.ts";
import type { SessionState, SessionStatus } from "../domain/session.ts";
import type { Meter } from "./meter.ts";

/** What the numbers mean is said in `wire/stats`. */
export interface SessionStats {
  readonly session: SessionId;
  readonly atMs: number;
  readonly cursor: number;
  readonly status: SessionStatus;
  readonly viewers: number;
  readonly viewersPeak: number;
  readonly views: number;
  readonly taps: number;
  readonly refusals: { readonly [code: string]: number };
  readonly latency: Latency | null;
  readonly held: number;
  readonly sold: number;
  readonly orders: Readonly<OrderCounts>;
  readonly captured: Money;
  readonly refunded: Money;
  readonly offers: { readonly [Offer in OfferId]: OfferStats };
}

export interface OfferStats extends Pick<Readonly<OfferSales>, "held" | "sold"> {
  readonly captured: Money;
}

/** Undefined for a session that nobody created. Costs as much as there are offers and pools, however much was sold. */
export function statsOf(
  state: SessionState,
  meter: Meter,
  { viewers, atMs }: { readonly viewers: number; readonly atMs: number },
): SessionStats | undefined {
  if (!state.terms) return undefined;
  const { id, currency } = state.terms;
  const offers: Record<OfferId, OfferStats> = {};
  let captured = 0;
  for (const offer of state.offers.keys()) {
    const sales = state.sales.get(offer) ?? { held: 0, sold: 0, captured: 0 };
    captured += sales.captured;
    offers[offer] = { ...sales, captured: { amount: sales.captured, currency } };
  }
  let [held, sold] = [0, 0];
  for (const pool of state.pools.values()) {
    held += pool.held;
    sold += pool.committed;
  }
  const { views, viewersPeak, taps } = meter.measured;
  const { refusals, latency } = meter.counts();
  return {
    session: id,
    atMs,
    cursor: state.seq,
    status: state.status,
    viewers,
    viewersPeak,
    views,
    taps,
    refusals,
    latency: latencyOf(latency) ?? null,
    held,
    sold,
    orders: { ...state.orderCounts },
    captured: { amount: captured, currency },
    refunded: { amount: state.refunded, currency },
    offers,
  };
}

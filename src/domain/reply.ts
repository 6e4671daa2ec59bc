/** What a command is answered with: the result as it stood, or the refusal. Pure types. */
import type { CommandType } from "./commands.ts";
import type { EventBody } from "./events.ts";
import type { OfferId, OrderId, ReservationId } from "./ids.ts";
import type { Offer } from "./offer.ts";
import type { Order } from "./order.ts";
import type { Refusal } from "./refusal.ts";
import type { Reservation } from "./reservation.ts";
import type { SessionStatus, SessionTerms } from "./session.ts";
import type { Pool } from "./stock.ts";
import type { WarmupRecord } from "./warmup.ts";

/** A line that a partial reservation holds less of than was asked for. */
export interface Shortfall {
  readonly offer: OfferId;
  readonly requested: number;
  readonly held: number;
}

export interface SessionView {
  readonly terms: SessionTerms;
  readonly status: SessionStatus;
}

interface Results {
  session: { readonly session: SessionView };
  stock: { readonly pool: Pool };
  offer: { readonly offer: Omit<Offer, "changedSeq"> };
  reservation: { readonly reservation: Reservation; readonly shortfall: readonly Shortfall[] };
  order: { readonly order: Order; readonly reservation: Reservation };
  orderMoved: { readonly order: Order };
  warmup: { readonly warmup: WarmupRecord };
}

type ResultOf<T extends CommandType> = T extends `session.${string}` | "viewer.unname"
  ? Results["session"]
  : T extends "stock.allocate"
    ? Results["stock"]
    : T extends `offer.${string}`
      ? Results["offer"]
      : T extends `reservation.${string}`
        ? Results["reservation"]
        : T extends "order.place" | "order.buy"
          ? Results["order"]
          : T extends `warmup.${string}`
            ? Results["warmup"]
            : Results["orderMoved"];

export type Accepted<T extends CommandType = CommandType> = T extends CommandType
  ? { readonly ok: true } & ResultOf<T>
  : never;
export type Refused = { readonly ok: false; readonly refusal: Refusal };
export type Reply<T extends CommandType = CommandType> = Accepted<T> | Refused;

export function refuse(refusal: Refusal): Refused {
  return { ok: false, refusal };
}

/** What `decide` returns: the events that follow, and how to word the answer once they are applied. */
export interface Decision {
  readonly events: readonly EventBody[];
  readonly result: DecidedResult;
}

/** Names what the answer shows; it is read from the state after the events, so it never disagrees with them. */
export type DecidedResult =
  | Refused
  | { readonly ok: true; readonly show: "session" }
  | { readonly ok: true; readonly show: "warmup" }
  | { readonly ok: true; readonly show: "pool"; readonly sku: string; readonly zone: string }
  | { readonly ok: true; readonly show: "offer"; readonly offer: OfferId }
  | {
      readonly ok: true;
      readonly show: "reservation";
      readonly reservation: ReservationId;
      readonly shortfall: readonly Shortfall[];
    }
  | { readonly ok: true; readonly show: "order"; readonly order: OrderId; readonly withReservation: boolean };

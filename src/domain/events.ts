/**
 * What happened: the facts a session's journal is made of. Everything downstream is a projection of these.
 * Each event has a version `v`; a change of shape is a new version beside the old one. Pure types.
 */
import type { Click } from "./attribution.ts";
import type { OfferId, OrderId, RefundId, ReservationId, ViewerId } from "./ids.ts";
import type { Measured } from "./measured.ts";
import type { Money } from "./money.ts";
import type { OfferChanges, OfferTerms } from "./offer.ts";
import type { FailureReason, Order, Payment } from "./order.ts";
import type { PriceTerms } from "./pricing.ts";
import type { ReleaseReason, Reservation } from "./reservation.ts";
import type { SessionChanges, SessionStatus, SessionTerms } from "./session.ts";
import type { ArchivedJournal, CooledDown, WarmupDone, WarmupPlan } from "./warmup.ts";

type Of<T extends string, Data> = T extends string
  ? { readonly type: T; readonly v: 1 } & Readonly<Data>
  : never;

export type SessionMoved = Of<
  | "session.scheduled"
  | "session.started"
  | "session.paused"
  | "session.resumed"
  | "session.ended"
  | "session.cancelled",
  { status: SessionStatus }
>;

/** What was counted of the audience so far. Of no concern to stock, orders or money; viewers are not told. */
export type SessionMeasured = Of<"session.measured", Measured>;

export type SessionEvent =
  | Of<"session.created", { terms: SessionTerms }>
  | Of<"session.updated", { changes: SessionChanges }>
  | SessionMoved
  | SessionMeasured;

export type StockEvent = Of<
  "stock.allocated",
  { sku: string; zone: string; allocated: number; previous: number }
>;

export type OfferEvent =
  | Of<"offer.created", { terms: OfferTerms }>
  | Of<"offer.updated", { offer: OfferId; changes: OfferChanges }>
  | Of<
      "offer.repriced",
      {
        offer: OfferId;
        price: PriceTerms;
        priceVersion: number;
        /** Tokens of the version before are honoured until then; absent: they are void. */
        olderTokensUntilAtMs?: number;
      }
    >
  | Of<
      "offer.opened" | "offer.closed" | "offer.withdrawn" | "offer.pinned" | "offer.unpinned",
      { offer: OfferId }
    >;

/** A new reservation as it stands; `seq` is the event's own. */
export type NewReservation = Omit<Reservation, "seq">;

export type ReservationEvent =
  | Of<"reservation.held" | "reservation.backordered", { reservation: NewReservation }>
  /** A backordered reservation got its stock. */
  | Of<"reservation.filled", { reservation: ReservationId; expiresAtMs: number; latestAtMs: number }>
  | Of<"reservation.extended", { reservation: ReservationId; expiresAtMs: number }>
  | Of<"reservation.released", { reservation: ReservationId; reason: ReleaseReason }>
  | Of<"reservation.expired" | "reservation.committed", { reservation: ReservationId }>;

/** A new order as it stands. */
export type NewOrder = Omit<
  Order,
  "status" | "refunded" | "refunds" | "payment" | "paymentPending" | "failure"
>;

export type OrderEvent =
  /**
   * `clicks` are the links by which the buyer came, where some did; `shownAs` is the first name that the buyer wants to be
   * shown on the session's screens once it is paid for.
   */
  | Of<"order.placed", { order: NewOrder; clicks?: readonly Click[]; shownAs?: string }>
  /** The provider was asked and has not decided yet. */
  | Of<"order.pending", { order: OrderId; payment?: Payment }>
  | Of<"order.authorized", { order: OrderId; payment: Payment }>
  | Of<"order.captured", { order: OrderId }>
  | Of<"order.failed", { order: OrderId; reason: FailureReason; payment?: Payment; unitsReturned: boolean }>
  | Of<"order.cancelled", { order: OrderId }>
  | Of<
      "order.refunded",
      { order: OrderId; refund: RefundId; amount: Money; refundedTotal: Money; unitsReturned: boolean }
    >;

/** A host has hidden a buyer's name: screens show it no more, in this session, for what they bought and will buy. */
export type ViewerEvent = Of<"viewer.unnamed", { viewer: ViewerId }>;

/** What the system does around a drop. Of no concern to stock, orders or money. */
export type WarmupEvent =
  | Of<"warmup.planned", { plan: WarmupPlan }>
  | Of<"warmup.done", { done: WarmupDone }>
  | Of<"warmup.archived", { archive: ArchivedJournal }>
  | Of<"warmup.cooled", { cooled: CooledDown }>;

/** An event before it has its place in the journal. */
export type EventBody =
  SessionEvent | StockEvent | OfferEvent | ReservationEvent | OrderEvent | ViewerEvent | WarmupEvent;

/** A kind of event in its place: `seq` counts from 1 without gaps, `atMs` is the session's own time. */
export type Recorded<B extends EventBody> = B extends EventBody
  ? B & { readonly seq: number; readonly atMs: number }
  : never;

export type Event = Recorded<EventBody>;

export type EventType = EventBody["type"];

/** A session's terms, its life cycle and the whole state of one. Pure. */
import type { Agenda } from "./agenda.ts";
import type { Agreement } from "./contract.ts";
import type {
  CommandId,
  ContractId,
  CreatorId,
  OfferId,
  OrderId,
  ReservationId,
  SellerId,
  SessionId,
  TokenId,
  ViewerId,
} from "./ids.ts";
import type { Offer } from "./offer.ts";
import type { MeasuredRecord } from "./measured.ts";
import type { OffersBySku } from "./offers-by-sku.ts";
import type { Oldest } from "./oldest.ts";
import type { PairMap } from "./pair-map.ts";
import type { Order } from "./order.ts";
import type { CreatorCode } from "./pricing.ts";
import type { NotedBuy, ShowBuys } from "./recent-buys.ts";
import type { Reply } from "./reply.ts";
import type { Reservation } from "./reservation.ts";
import type { OfferSales, OrderCounts } from "./sales.ts";
import type { Pool } from "./stock.ts";
import type { Waitlist } from "./waitlist.ts";
import type { ByRegion, WarmupRecord } from "./warmup.ts";

export type SessionStatus = "draft" | "scheduled" | "live" | "paused" | "ended" | "cancelled";
export type SessionAction = "schedule" | "start" | "pause" | "resume" | "end" | "cancel";

/** What a session is created with. */
export interface SessionTerms {
  readonly id: SessionId;
  readonly seller: SellerId;
  readonly creator?: CreatorId;
  readonly contract?: ContractId;
  /** What the contract in force at creation lets the session do; where it is absent nothing is kept from it. */
  readonly agreement?: Agreement;
  readonly title: string;
  /** ISO 4217; every price of the session is in it. */
  readonly currency: string;
  /** Where a tap is fulfilled from when it names no zone. */
  readonly defaultZone: string;
  readonly scheduledAtMs?: number;
  /** How many viewers are expected; decides how many relays there are. */
  readonly expectedViewers: number;
  /** Where they are expected; the rest could be anywhere. */
  readonly expectedRegions?: ByRegion;
  readonly creatorCodes: readonly CreatorCode[];
  /** What screens may say of buys; with names where it is absent. */
  readonly showBuys?: ShowBuys;
}

/** What may change after creation. */
export type SessionChanges = Partial<
  Pick<SessionTerms, "title" | "scheduledAtMs" | "creatorCodes" | "showBuys">
>;

interface Move {
  readonly from: readonly SessionStatus[];
  readonly to: SessionStatus;
  readonly event:
    | "session.scheduled"
    | "session.started"
    | "session.paused"
    | "session.resumed"
    | "session.ended"
    | "session.cancelled";
}

/** `draft → scheduled → live ⇄ paused → ended`, or `cancelled`. */
export const MOVES: Readonly<Record<SessionAction, Move>> = {
  schedule: { from: ["draft", "scheduled"], to: "scheduled", event: "session.scheduled" },
  start: { from: ["draft", "scheduled"], to: "live", event: "session.started" },
  pause: { from: ["live"], to: "paused", event: "session.paused" },
  resume: { from: ["paused"], to: "live", event: "session.resumed" },
  end: { from: ["live", "paused"], to: "ended", event: "session.ended" },
  cancel: { from: ["draft", "scheduled", "live", "paused"], to: "cancelled", event: "session.cancelled" },
};

/** An answer kept for its command id, with the fingerprint of the request that got it. */
export interface Answer {
  readonly fingerprint: string;
  readonly reply: Reply;
  readonly atMs: number;
}

/**
 * All that one live session knows. Only `apply` and the making of a block change it.
 * `oldest`, `agenda`, `waitlist` and `offersBySku` are indexes over the rest: they are rebuilt, never stored.
 */
export interface SessionState {
  /** Sequence number of the last event applied; 0 before the first. */
  seq: number;
  /** Time of the last block; time never runs backwards for a session. */
  atMs: number;
  terms: SessionTerms | undefined;
  status: SessionStatus;
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
  pinned: OfferId | undefined;
  /** Sequence of the last event that changed the session's own face (title, status, pin). */
  changedSeq: number;
  /** Sequence of the last event that concerns viewers: the cursor that they are shown. */
  shownSeq: number;
  /** By zone and SKU. */
  readonly pools: PairMap<string, string, Pool>;
  readonly offers: Map<OfferId, Offer>;
  readonly reservations: Map<ReservationId, Reservation>;
  /** Reservations that ended, oldest first, until they are forgotten. */
  readonly ended: Map<ReservationId, number>;
  readonly orders: Map<OrderId, Order>;
  /** Orders that failed or were cancelled, oldest first, until they are forgotten. */
  readonly unpaid: Map<OrderId, number>;
  /** Names to be shown, of orders that are not paid for yet. */
  readonly shownAs: Map<OrderId, string>;
  /** Viewers whose names a host has hidden; no more than orders. */
  readonly unnamed: Set<ViewerId>;
  /** Units of each offer that were ever bought, whatever became of them. */
  readonly bought: Map<OfferId, number>;
  /** The last buys that screens tell of, oldest first. */
  recentBuys: readonly NotedBuy[];
  /** Sequence of the last event that changed them. */
  buysChangedSeq: number;
  /** Token ids already spent, with their expiry. */
  readonly spentTokens: Map<TokenId, number>;
  /** Units of an offer that a viewer holds, waits for or bought. */
  readonly viewerUnits: PairMap<OfferId, ViewerId, number>;
  /** Loyalty credit a viewer has in holds and orders, in minor units. */
  readonly creditUsed: Map<ViewerId, number>;
  readonly answers: Map<CommandId, Answer>;
  /** Answers that said no. */
  readonly refusals: Map<CommandId, Answer>;
  /** What was sold, by offer. */
  readonly sales: Map<OfferId, OfferSales>;
  readonly orderCounts: OrderCounts;
  /** Minor units that went back to buyers. */
  refunded: number;
  /** What was counted of the audience, when it was last written down. */
  measured: MeasuredRecord | undefined;
  /** What was done around the session's drops, and after its end. */
  warmup: WarmupRecord | undefined;
  /** The front of each map that forgets. */
  readonly oldest: {
    readonly answers: Oldest<CommandId, Answer>;
    readonly refusals: Oldest<CommandId, Answer>;
    readonly unpaid: Oldest<OrderId, number>;
    readonly ended: Oldest<ReservationId, number>;
    readonly spentTokens: Oldest<TokenId, number>;
  };
  readonly agenda: Agenda;
  readonly waitlist: Waitlist;
  readonly offersBySku: OffersBySku;
}

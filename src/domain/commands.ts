/**
 * What a session can be asked to do. Ids, times and facts from tokens come in as arguments: whoever sends a command
 * has verified the token's signature and the caller's right, and that counts and amounts are whole and within
 * `LIMITS`, lists are not empty and no key is there with the value `undefined` (the journal is JSON). Pure types.
 */
import type { Click } from "./attribution.ts";
import type { CommandId, OfferId, OrderId, RefundId, ReservationId, TokenId, ViewerId } from "./ids.ts";
import type { Money } from "./money.ts";
import type { OfferChanges, OfferTerms } from "./offer.ts";
import type { FailureReason, Payment } from "./order.ts";
import type { Price, PriceTerms } from "./pricing.ts";
import type { SessionAction, SessionChanges, SessionTerms } from "./session.ts";
import type { ArchivedJournal, CooledDown, WarmupDone, WarmupPlan } from "./warmup.ts";

/** What a verified offer token says, and how many units the viewer asks for with it. */
export interface ReservationItem {
  readonly token: TokenId;
  readonly tokenExpiresAtMs: number;
  readonly offer: OfferId;
  readonly priceVersion: number;
  readonly price: Price;
  readonly maxQuantity: number;
  readonly quantity: number;
  /** Loyalty credit the viewer has for this session, in minor units. */
  readonly creditLimit: number;
  /** The viewer's place in a waitlist: higher is served first. */
  readonly priority: number;
}

export interface ReserveRequest {
  readonly reservation: ReservationId;
  readonly viewer: ViewerId;
  readonly items: readonly ReservationItem[];
  readonly zone?: string;
  readonly allowPartial: boolean;
  readonly backorder: boolean;
}

type Of<T extends string, Data> = T extends string
  ? { readonly type: T; readonly v: 1 } & Readonly<Data>
  : never;

export type SessionCommand =
  | Of<"session.create", { terms: SessionTerms }>
  | Of<"session.update", { changes: SessionChanges }>
  | Of<"session.move", { action: SessionAction }>;

/** Hides the name of whoever bought with the order, whatever else they buy in the session. */
export type ViewerCommand = Of<"viewer.unname", { order: OrderId }>;

/** Compare-and-set: `expected`, when given, must be what is allocated now. */
export type StockCommand = Of<
  "stock.allocate",
  { sku: string; zone: string; allocated: number; expected?: number }
>;

export type OfferCommand =
  | Of<"offer.create", { terms: OfferTerms }>
  | Of<
      "offer.update",
      {
        offer: OfferId;
        changes: OfferChanges;
        price?: PriceTerms;
        olderTokens: "honour" | "void";
      }
    >
  | Of<"offer.move", { offer: OfferId; action: OfferAction }>;

export type OfferAction = "open" | "close" | "pin" | "unpin" | "withdraw";

export type ReservationCommand =
  | Of<"reservation.reserve", ReserveRequest>
  | Of<"reservation.extend", { reservation: ReservationId; viewer: ViewerId }>
  | Of<"reservation.release", { reservation: ReservationId; viewer: ViewerId }>;

/** Decides nothing about the sale, only whose it was, and who is shown to have bought. */
export interface Evidence {
  /** Links by which the buyer came. */
  readonly clicks?: readonly Click[];
  /** The first name that the buyer wants to be shown on the session's screens: giving it is the consent. */
  readonly shownAs?: string;
}

export type OrderCommand =
  | Of<
      "order.place",
      { order: OrderId; reservation: ReservationId; viewer: ViewerId; paymentMethod: string } & Evidence
    >
  /** One tap: reserve and place as one decision. */
  | Of<"order.buy", { order: OrderId; paymentMethod: string; reserve: ReserveRequest } & Evidence>
  | Of<"order.pend", { order: OrderId; payment?: Payment }>
  /** The money is promised: commits the reservation, or fails the order when the hold is gone. */
  | Of<"order.authorize", { order: OrderId; payment: Payment }>
  | Of<"order.capture", { order: OrderId }>
  | Of<"order.fail", { order: OrderId; reason: Exclude<FailureReason, "hold_lost">; payment?: Payment }>
  | Of<"order.cancel", { order: OrderId }>
  | Of<"order.refund", { order: OrderId; refund: RefundId; amount: Money; returnUnits: boolean }>;

/** The system's own: see `decide-warmup`. */
export type WarmupCommand =
  | Of<"warmup.plan", { plan: WarmupPlan }>
  | Of<"warmup.finish", { done: WarmupDone }>
  | Of<"warmup.archive", { archive: ArchivedJournal }>
  | Of<"warmup.cool", { cooled: CooledDown }>;

export type Command =
  | SessionCommand
  | StockCommand
  | OfferCommand
  | ReservationCommand
  | OrderCommand
  | ViewerCommand
  | WarmupCommand;
export type CommandType = Command["type"];

/**
 * When a tap came in at its relay: there it takes its place, first come, first served. `(atMs, number)` never falls at a
 * relay, and every place has its own; `number` begins at 1 again when the relay does.
 */
export interface Arrival {
  /** Region and place, as in the relay's name. */
  readonly relay: string;
  readonly atMs: number;
  readonly number: number;
}

/** A command with its id and the fingerprint of the request behind it: one id, one request, one answer. */
export interface Envelope<C extends Command = Command> {
  readonly id: CommandId;
  readonly fingerprint: string;
  readonly command: C;
  /** Of a tap. No part of the request: a repeat comes in later. */
  readonly arrival?: Arrival;
}

/** What the SDK's users see: the wire's types, and what is known of a session. Types only. */
import type { Money as DomainMoney } from "../domain/money.ts";
import type { Order as DomainOrder } from "../domain/order.ts";
import type * as domain from "../domain/picture.ts";
import type { Layer as DomainLayer, Price as DomainPrice } from "../domain/pricing.ts";
import type { RecentBuy as DomainRecentBuy } from "../domain/recent-buys.ts";
import type { Reservation as DomainReservation } from "../domain/reservation.ts";
import type { Wire } from "../wire/instants.ts";
import type { DropcastError } from "./error.ts";

export type { Problem, ProblemCode } from "./problem.ts";

export type Money = Wire<DomainMoney>;
export type Layer = Wire<DomainLayer>;
export type Price = Wire<DomainPrice>;
export type OfferPicture = Wire<domain.OfferPicture>;
export type SessionFace = Wire<domain.SessionFace>;
export type RecentBuy = Wire<DomainRecentBuy>;
export type Order = Wire<DomainOrder>;
export type Reservation = Wire<DomainReservation>;

/** An order as its viewer gets it. */
export type OwnOrder = Order & {
  /** What the viewer must do for the payment to go on, in a browser: 3-D Secure. */
  readonly paymentAction?: { readonly url: string };
};

/** A session as everybody may see it; instants are ISO 8601 strings. */
export interface Picture {
  readonly id: string;
  /** Sequence number of the last event the picture has in it. */
  readonly cursor: number;
  readonly session: SessionFace;
  readonly offers: Readonly<Record<string, OfferPicture>>;
  /** The last ones, oldest first; absent before there were any. */
  readonly recentBuys?: readonly RecentBuy[];
}

/** What changed after one cursor up to another, each thing in whole. */
export interface PictureChange {
  readonly after: number;
  readonly cursor: number;
  readonly session?: SessionFace;
  readonly offers: Readonly<Record<string, OfferPicture>>;
  readonly recentBuys?: readonly RecentBuy[];
}

export interface ClientOptions {
  /** Origin of the Dropcast API, e.g. `https://live.example`. */
  readonly api: string;
  /** `ses_…` */
  readonly session: string;
  /** The viewer's token, where the host page knows its viewers; otherwise one is got and kept. */
  readonly viewerToken?: () => Promise<string>;
  /** For screens of whoever makes the show, such as an overlay: shown all that viewers are, and counted as none. */
  readonly isMonitor?: boolean;
}

/**
 * How news comes. `connecting`: not yet, or again; `offline`: nothing answers, tries go on; `over`: nothing more will come,
 * since the session has ended or is not known.
 */
export type Connection = "connecting" | "socket" | "stream" | "polling" | "offline" | "over";

/** What is known now; a new object at every change, never edited. */
export interface ClientState {
  readonly connection: Connection;
  /** With units of pending taps taken off; exactly the server's when none is pending. */
  readonly picture: Picture | undefined;
  readonly viewers: number;
  /** This viewer's purchases by offer, newest state; optimistic ones say `pending`. */
  readonly purchases: Readonly<Record<string, Purchase>>;
  /** The session is unknown. */
  readonly missing: boolean;
}

/**
 * `pending`: tapped, not answered. `held`: units are held until `reservation.expiresAt`. `waiting`: for stock, with consent.
 * `paying`: the provider decides. `action`: the viewer must act at `order.paymentAction.url`. `bought`, `failed`: the
 * payment's end. `refused`: not carried out. `expired`, `released`: the hold's end.
 */
export type PurchaseStep =
  | "pending"
  | "held"
  | "waiting"
  | "paying"
  | "action"
  | "bought"
  | "failed"
  | "refused"
  | "expired"
  | "released";

export interface Purchase {
  readonly offer: string;
  readonly quantity: number;
  readonly step: PurchaseStep;
  readonly reservation?: Reservation;
  readonly order?: OwnOrder;
  /** Why the last tap was refused; beside `held` when it was an extension or a payment, and the hold stands. */
  readonly refusal?: DropcastError;
}

/** A signed price. */
export interface Quote {
  readonly token: string;
  readonly expiresAt: string;
  /** Of one unit. */
  readonly price: Price;
}

export interface QuoteWish {
  readonly quantity?: number;
  readonly creatorCode?: string;
  /** Use the viewer's loyalty credit, as far as there is any. */
  readonly credit?: boolean;
}

export interface BuyWish extends QuoteWish {
  readonly paymentMethod: string;
  /**
   * A first name of 24 characters at the most under which the buyer agrees to be shown on the session's screens. What is
   * no name is left out: it stops no sale.
   */
  readonly shownAs?: string;
}

export interface ReserveWish extends QuoteWish {
  /** The viewer agrees to wait for stock when there is not enough. */
  readonly backorder?: boolean;
}

/**
 * Follows one session for all who subscribe. What is asked of it resolves, or rejects with a `DropcastError`; purchases
 * move along in `state`. A tap keeps its id through cuts and retries, so that it is carried out once at most.
 */
export interface SessionClient {
  readonly state: ClientState;
  /** The first subscriber starts the following, the last one's leaving stops it. Gives what ends the subscription. */
  subscribe(listener: () => void): () => void;
  /** The server's clock in epoch milliseconds; late by what a message takes, never early, so that no tap comes too soon. */
  nowMs(): number;
  /**
   * Loyalty credit that the viewer's token grants for the session, in minor units, less what the server has said is used; 0
   * until there is a token. A `quote` with `credit` shares it among its units.
   */
  credit(): number;
  /** A signed price. The next `buy` or `reserve` of the same offer with the same wish uses it while it holds. */
  quote(offer: string, wish?: QuoteWish): Promise<Quote>;
  /** One tap. Resolves with the order as far as it is known; what becomes of a `placed` one is seen in `state`. */
  buy(offer: string, wish: BuyWish): Promise<OwnOrder>;
  reserve(offer: string, wish?: ReserveWish): Promise<Reservation>;
  /** `shownAs` as in `BuyWish`. */
  pay(reservation: string, paymentMethod: string, shownAs?: string): Promise<OwnOrder>;
  extend(reservation: string): Promise<Reservation>;
  release(reservation: string): Promise<Reservation>;
  refreshOrder(order: string): Promise<OwnOrder>;
  /** By which creators' links the viewer came: an order that the page's own server makes carries them as `clicks`. */
  clicks(): string[];
}

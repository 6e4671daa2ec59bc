/** The picture of a session that everybody may see, and what changed in it since a cursor. Pure. */
import type { Permission } from "./contract.ts";
import type { OfferId, SessionId } from "./ids.ts";
import { availableByZone, type Offer, type OfferLimits, type OfferLine, type OfferStatus } from "./offer.ts";
import { priceOf, type CreatorCode, type Price, type PriceTerms } from "./pricing.ts";
import type { NotedBuy, RecentBuy, ShowBuys } from "./recent-buys.ts";
import type { SessionState, SessionStatus } from "./session.ts";

/** An offer as viewers see it. */
export interface OfferPicture {
  readonly id: OfferId;
  readonly title: string;
  readonly image?: string;
  readonly lines: readonly OfferLine[];
  readonly status: OfferStatus;
  readonly price: Price;
  readonly priceVersion: number;
  readonly opensAtMs?: number;
  readonly closesAtMs?: number;
  readonly limits: OfferLimits;
  readonly holdMs: number;
  /** Units that can be bought now, by zone. */
  readonly available: Readonly<Record<string, number>>;
  readonly soldOut: boolean;
  /** Whether a sold-out tap may wait for stock. */
  readonly waitlist: boolean;
}

/** The session's own face. */
export interface SessionFace {
  readonly status: SessionStatus;
  readonly title: string;
  readonly currency: string;
  readonly seller: string;
  readonly creator?: string;
  /** What the creator may do; all where it is absent. */
  readonly creatorMay?: readonly Permission[];
  readonly defaultZone: string;
  readonly scheduledAtMs?: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  readonly pinned?: OfferId;
  /** Absent where nobody has said: then they are named. */
  readonly showBuys?: ShowBuys;
}

/** A full picture as of event `cursor`, the last one that concerns viewers. */
export interface Picture {
  readonly id: SessionId;
  readonly cursor: number;
  readonly session: SessionFace;
  readonly offers: Readonly<Record<OfferId, OfferPicture>>;
  /** The last ones, oldest first; absent before there were any. */
  readonly recentBuys?: readonly RecentBuy[];
}

/** What changed after event `after`, up to `cursor`: only what did, each in whole. */
export interface PictureChange {
  readonly after: number;
  readonly cursor: number;
  readonly session?: SessionFace;
  readonly offers: Readonly<Record<OfferId, OfferPicture>>;
  readonly recentBuys?: readonly RecentBuy[];
}

/** What the edge needs besides the picture to price a token: it is not for everybody. */
export interface PricingTerms {
  readonly creatorCodes: readonly CreatorCode[];
  readonly prices: Readonly<Record<OfferId, PriceTerms>>;
  readonly expectedViewers: number;
}

export function pictureOf(state: SessionState): Picture | undefined {
  if (!state.terms) return undefined;
  const offers: Record<OfferId, OfferPicture> = {};
  for (const offer of state.offers.values()) offers[offer.id] = offerPicture(state, offer);
  return {
    id: state.terms.id,
    cursor: state.shownSeq,
    session: faceOf(state),
    offers,
    ...buysSince(state, 0),
  };
}

export function pictureSince(state: SessionState, after: number): PictureChange {
  const offers: Record<OfferId, OfferPicture> = {};
  for (const offer of state.offers.values()) {
    if (offer.changedSeq > after) offers[offer.id] = offerPicture(state, offer);
  }
  const session = state.changedSeq > after ? { session: faceOf(state) } : {};
  return { after, cursor: state.shownSeq, ...session, offers, ...buysSince(state, after) };
}

function buysSince({ recentBuys, buysChangedSeq }: SessionState, after: number): Pick<Picture, "recentBuys"> {
  return buysChangedSeq > after ? { recentBuys: recentBuys.map(shownOf) } : {};
}

function shownOf(noted: NotedBuy): RecentBuy {
  const { order: _, ...buy } = noted;
  return buy;
}

export function pricingTermsOf(state: SessionState): PricingTerms {
  const prices: Record<OfferId, PriceTerms> = {};
  for (const offer of state.offers.values()) prices[offer.id] = offer.price;
  return {
    creatorCodes: state.terms?.creatorCodes ?? [],
    prices,
    expectedViewers: state.terms?.expectedViewers ?? 0,
  };
}

function faceOf(state: SessionState): SessionFace {
  const { terms, status, startedAtMs, endedAtMs, pinned } = state;
  return {
    status,
    title: terms?.title ?? "",
    currency: terms?.currency ?? "",
    seller: terms?.seller ?? "",
    defaultZone: terms?.defaultZone ?? "",
    ...(terms?.creator === undefined ? {} : { creator: terms.creator }),
    ...(terms?.creator === undefined || !terms.agreement ? {} : { creatorMay: terms.agreement.creatorMay }),
    ...(terms?.scheduledAtMs === undefined ? {} : { scheduledAtMs: terms.scheduledAtMs }),
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(terms?.showBuys === undefined ? {} : { showBuys: terms.showBuys }),
  };
}

function offerPicture(state: SessionState, offer: Offer): OfferPicture {
  const { id, title, image, lines, status, price, priceVersion, opensAtMs, closesAtMs, limits, holdMs } =
    offer;
  const available = availableByZone(state, offer);
  return {
    id,
    title,
    ...(image === undefined ? {} : { image }),
    lines,
    status,
    price: priceOf(price),
    priceVersion,
    ...(opensAtMs === undefined ? {} : { opensAtMs }),
    ...(closesAtMs === undefined ? {} : { closesAtMs }),
    limits,
    holdMs,
    available,
    soldOut: Object.values(available).every((units) => units === 0),
    waitlist: offer.backorder !== undefined,
  };
}

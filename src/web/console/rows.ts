/** What the console shows of each offer: price, floor, units, state and what may be done with it. Pure. */
import type { Money, OfferPicture, Picture } from "../../sdk/index.ts";
import type { Writing } from "../design/writing.ts";
import type { PriceTerms } from "./journal.ts";
import { offerMoves, type OfferMove, type Rights } from "./rights.ts";

/** An offer's terms as hosts have them, as far as the console uses them. */
export interface HostOffer {
  readonly id: string;
  readonly title: string;
  readonly price: PriceTerms;
  readonly status: OfferPicture["status"];
  readonly lines: OfferPicture["lines"];
}

/** Units of an offer that are held and sold, as `GET …/stats` has them. */
export interface Units {
  readonly held: number;
  readonly sold: number;
  readonly captured: Money;
}

export type Badge = "live" | "ready" | "scheduled" | "soldOut" | "closed" | "withdrawn";

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly hasImage: boolean;
  readonly isPinned: boolean;
  readonly badge: Badge;
  readonly price: Money;
  /** The headline, where the price is below it. */
  readonly was?: Money;
  readonly floor?: Money;
  readonly left: number;
  readonly held: number;
  readonly sold: number;
  readonly captured?: Money;
  readonly moves: readonly OfferMove[];
  readonly mayReprice: boolean;
  readonly mayStock: boolean;
  /** Opens or closes by itself; epoch ms. */
  readonly opensAtMs?: number;
  readonly closesAtMs?: number;
}

/** Selling out or pausing moves no row: a finger may be on its way to it. */
const RANK: Readonly<Record<Badge, number>> = {
  live: 0,
  ready: 0,
  soldOut: 0,
  scheduled: 1,
  closed: 2,
  withdrawn: 3,
};

/** The pinned one first, then those that are open; what is withdrawn last. Else as they were made. */
export function rowsOf(
  { session, offers }: Picture,
  terms: ReadonlyMap<string, HostOffer>,
  units: Readonly<Record<string, Units | undefined>>,
  rights: Rights,
): readonly Row[] {
  return Object.values(offers)
    .map((offer) => rowOf(offer, session, terms.get(offer.id), units[offer.id], rights))
    .toSorted(
      (one, other) => Number(other.isPinned) - Number(one.isPinned) || RANK[one.badge] - RANK[other.badge],
    );
}

function rowOf(
  offer: OfferPicture,
  { status, pinned }: Picture["session"],
  terms: HostOffer | undefined,
  units: Units | undefined,
  rights: Rights,
): Row {
  const { id, title, price, opensAt, closesAt } = offer;
  const headline = price.layers.find(({ kind }) => kind === "headline")?.amount;
  const isReduced = headline !== undefined && headline.amount > price.total.amount;
  const floor = terms?.price.floor;
  const isGone = offer.status === "withdrawn";
  return {
    id,
    title,
    hasImage: offer.image !== undefined,
    isPinned: pinned === id,
    badge: badgeOf(offer, status),
    price: price.total,
    ...(isReduced ? { was: headline } : {}),
    ...(floor ? { floor } : {}),
    left: Object.values(offer.available).reduce((sum, many) => sum + many, 0),
    held: units?.held ?? 0,
    sold: units?.sold ?? 0,
    ...(units ? { captured: units.captured } : {}),
    moves: offerMoves(rights, offer, pinned === id),
    mayReprice: rights.reprices && !isGone,
    mayStock: rights.stocks && !isGone,
    ...(opensAt === undefined || offer.status !== "scheduled" ? {} : { opensAtMs: Date.parse(opensAt) }),
    ...(closesAt === undefined || offer.status !== "open" ? {} : { closesAtMs: Date.parse(closesAt) }),
  };
}

function badgeOf({ status, soldOut }: OfferPicture, session: Picture["session"]["status"]): Badge {
  if (status !== "open") return status;
  if (soldOut) return "soldOut";
  return session === "live" ? "live" : "ready";
}

export const BADGES: Readonly<Record<Badge, string>> = {
  live: "On sale",
  ready: "Open",
  scheduled: "Not open",
  soldOut: "Sold out",
  closed: "Closed",
  withdrawn: "Withdrawn",
};

/** `6 left · 2 held · 12 sold`, as the bar shows it. */
export function unitsText({ left, held, sold }: Row, { number }: Pick<Writing, "number">): string {
  return `${number(left)} left · ${number(held)} held · ${number(sold)} sold`;
}

/** What a new price may be, and what is asked of the API for it. */
export interface Repricing {
  readonly now: Money;
  readonly headline: Money;
  readonly floor?: Money;
  /** Above this nothing is taken off any more: for a creator that is as far as it goes. */
  readonly most?: Money;
}

export function repricingOf({ price }: HostOffer, now: Money, { onlyDrops }: Rights): Repricing {
  const { headline, floor } = price;
  return { now, headline, ...(floor ? { floor } : {}), ...(onlyDrops ? { most: headline } : {}) };
}

/**
 * The price terms for a new price: below the headline it is a drop, paid for by whoever pays for the one there is; at the
 * headline there is none, and above it the headline itself moves.
 */
export function repriced({ price }: HostOffer, amount: number, { onlyDrops }: Rights): PriceTerms {
  const { headline, drop, floor } = price;
  const kept = floor ? { floor } : {};
  if (amount === headline.amount) return { headline, ...kept };
  if (amount > headline.amount) return { headline: { ...headline, amount }, ...kept };
  const funder = drop?.funder ?? (onlyDrops ? "creator" : "seller");
  return { headline, drop: { price: { ...headline, amount }, funder }, ...kept };
}

/** Why a typed price will not do, in words; undefined when it will. */
export function priceFault(
  amount: number | undefined,
  { floor, most, headline }: Repricing,
  { money }: Pick<Writing, "money">,
): string | undefined {
  if (amount === undefined) return `Write an amount like ${money({ ...headline, amount: 3_900 })}.`;
  if (floor && amount < floor.amount) return `The floor of this offer is ${money(floor)}.`;
  if (most && amount > most.amount)
    return `At most ${money(most)}: the price before the drop is the seller's.`;
  return undefined;
}

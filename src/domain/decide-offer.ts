/** Decides commands about offers: creation, changes, price toggles, opening to withdrawal. Pure. */
import { coverFault, funderFault } from "./agreement.ts";
import type { OfferAction, OfferCommand } from "./commands.ts";
import { decided, refused } from "./decision.ts";
import type { EventBody } from "./events.ts";
import { LIMITS } from "./limits.ts";
import type { Offer, OfferStatus, OfferTerms } from "./offer.ts";
import type { PriceTerms } from "./pricing.ts";
import type { Refusal } from "./refusal.ts";
import { releaseAll } from "./release.ts";
import type { Decision } from "./reply.ts";
import type { ReleaseReason, Reservation } from "./reservation.ts";
import type { SessionState } from "./session.ts";

type OfferCommandOf<T extends OfferCommand["type"]> = Extract<OfferCommand, { type: T }>;

export function decideOffer(
  state: SessionState,
  { terms }: OfferCommandOf<"offer.create">,
  nowMs: number,
): Decision {
  if (isOver(state)) return refused({ code: "session_state_conflict", status: state.status });
  if (state.offers.has(terms.id)) return refused({ code: "offer_exists" });
  if (state.offers.size >= LIMITS.offersPerSession) {
    return refused({ code: "limit_reached", limit: "offersPerSession", max: LIMITS.offersPerSession });
  }
  const skus = terms.lines.map((line) => line.sku);
  const fault =
    windowFault(terms) ??
    coverFault(state.terms?.agreement, skus) ??
    priceFault(state, terms.price) ??
    stepsFault(state, terms, nowMs);
  if (fault) return refused(fault);
  return decided({ ok: true, show: "offer", offer: terms.id }, { type: "offer.created", v: 1, terms });
}

export function decideOfferUpdate(
  state: SessionState,
  command: OfferCommandOf<"offer.update">,
  nowMs: number,
): Decision {
  const offer = state.offers.get(command.offer);
  if (!offer) return refused({ code: "offer_not_found" });
  if (isOver(state)) return refused({ code: "session_state_conflict", status: state.status });
  if (offer.status === "withdrawn") return refused({ code: "offer_state_conflict", status: offer.status });
  const { changes, price } = command;
  const fault = windowFault({ ...offer, ...changes }) ?? (price && priceFault(state, price));
  if (fault) return refused(fault);
  const events: EventBody[] = [];
  if (Object.keys(changes).length > 0) events.push({ type: "offer.updated", v: 1, offer: offer.id, changes });
  if (price) events.push(repriced(offer, price, command.olderTokens, nowMs));
  return decided({ ok: true, show: "offer", offer: offer.id }, ...events);
}

/** A new price version; tokens of the one before are honoured while any of them can still be valid, or void at once. */
export function repriced(
  offer: Offer,
  price: PriceTerms,
  olderTokens: "honour" | "void",
  nowMs: number,
): EventBody {
  const until = nowMs + LIMITS.offerTokenMs + LIMITS.pictureStaleMs + LIMITS.clockSkewMs;
  return {
    type: "offer.repriced",
    v: 1,
    offer: offer.id,
    price,
    priceVersion: offer.priceVersion + 1,
    ...(olderTokens === "honour" ? { olderTokensUntilAtMs: until } : {}),
  };
}

const FROM: Readonly<Record<OfferAction, readonly OfferStatus[]>> = {
  open: ["scheduled", "closed"],
  close: ["open"],
  pin: ["scheduled", "open", "closed"],
  unpin: ["scheduled", "open", "closed"],
  withdraw: ["scheduled", "open", "closed"],
};

export function decideOfferMove(
  state: SessionState,
  command: OfferCommandOf<"offer.move">,
  nowMs: number,
): Decision {
  const offer = state.offers.get(command.offer);
  if (!offer) return refused({ code: "offer_not_found" });
  if (isOver(state)) return refused({ code: "session_state_conflict", status: state.status });
  if (!FROM[command.action].includes(offer.status)) {
    return refused({ code: "offer_state_conflict", status: offer.status });
  }
  // It would close again by itself in the next turn.
  if (command.action === "open" && offer.closesAtMs !== undefined && offer.closesAtMs <= nowMs) {
    return refused({ code: "offer_window_invalid" });
  }
  return decided({ ok: true, show: "offer", offer: offer.id }, ...moveEvents(state, offer, command.action));
}

/**
 * Closing and withdrawing stop the offer's tokens at once and end its waitlist. Holds keep their time: a promise
 * already made is kept. Withdrawing is for good, and takes the pin away.
 */
function moveEvents(state: SessionState, offer: Offer, action: OfferAction): EventBody[] {
  const of = { v: 1, offer: offer.id } as const;
  const unpinned: EventBody[] = state.pinned === offer.id ? [{ type: "offer.unpinned", ...of }] : [];
  switch (action) {
    case "open":
      return [{ type: "offer.opened", ...of }];
    case "close":
      return closeEvents(state, offer);
    case "withdraw":
      return [
        { type: "offer.withdrawn", ...of },
        ...endWaitlist(state, offer, "offer_withdrawn"),
        ...unpinned,
      ];
    case "pin":
      return unpinned.length > 0 ? [] : [{ type: "offer.pinned", ...of }];
    case "unpin":
      return unpinned;
  }
}

export function closeEvents(state: SessionState, offer: Offer): EventBody[] {
  return [{ type: "offer.closed", v: 1, offer: offer.id }, ...endWaitlist(state, offer, "offer_closed")];
}

function endWaitlist(state: SessionState, offer: Offer, reason: ReleaseReason): EventBody[] {
  if (state.waitlist.size === 0) return [];
  const waits = (reservation: Reservation): boolean =>
    reservation.status === "backordered" && reservation.lines.some((line) => line.offer === offer.id);
  return releaseAll(state, waits, reason);
}

function isOver(state: SessionState): boolean {
  return state.status === "ended" || state.status === "cancelled";
}

function windowFault(offer: Pick<OfferTerms, "opensAtMs" | "closesAtMs">): Refusal | undefined {
  const { opensAtMs, closesAtMs } = offer;
  if (opensAtMs === undefined || closesAtMs === undefined || opensAtMs < closesAtMs) return undefined;
  return { code: "offer_window_invalid" };
}

/**
 * All of a session's prices are in its currency, the headline and drop price are not below the floor, and who pays for
 * the drop is whom the contract lets.
 */
function priceFault(state: SessionState, price: PriceTerms): Refusal | undefined {
  const currency = state.terms?.currency ?? "";
  const amounts = [
    price.headline,
    ...(price.drop ? [price.drop.price] : []),
    ...(price.floor ? [price.floor] : []),
  ];
  if (amounts.some((amount) => amount.currency !== currency)) return { code: "currency_mismatch", currency };
  const floor = price.floor?.amount ?? 0;
  const least = Math.min(price.headline.amount, price.drop?.price.amount ?? price.headline.amount);
  if (least < floor) return { code: "price_below_floor", floor };
  return price.drop && funderFault(state.terms?.agreement, "drop_price", price.drop.funder);
}

function stepsFault(state: SessionState, terms: OfferTerms, nowMs: number): Refusal | undefined {
  for (const step of terms.priceSteps) {
    const fault =
      step.atMs <= nowMs ? ({ code: "offer_window_invalid" } as const) : priceFault(state, step.price);
    if (fault) return fault;
  }
  return undefined;
}

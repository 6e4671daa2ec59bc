/** Whatever sellers, viewers and providers may send, sensible or not, made from chance and what the session looks like. */
import type { Command, OfferAction, ReservationItem, ReserveRequest } from "../../../src/domain/commands.ts";
import type {
  OfferId,
  OrderId,
  RefundId,
  ReservationId,
  TokenId,
  ViewerId,
} from "../../../src/domain/ids.ts";
import type { OfferChanges, OfferTerms } from "../../../src/domain/offer.ts";
import type { OrderStatus } from "../../../src/domain/order.ts";
import { priceOf, type PriceTerms } from "../../../src/domain/pricing.ts";
import type { SessionAction, SessionState } from "../../../src/domain/session.ts";
import { AGREEMENT } from "../contracts.ts";
import {
  ANA,
  BEN,
  CLEO,
  CONSENT,
  MINUTE,
  MUG,
  offerTerms,
  priced,
  SECOND,
  sessionTerms,
  SET,
  SET_TERMS,
  TEE,
  usd,
} from "../shop.ts";
import type { Dice } from "./dice.ts";
import type { IssuedToken } from "./entries.ts";
import { allocate, warmup } from "./host-traffic.ts";

const LATE: OfferId = "ofr_late";
const EXTRA: OfferId = "ofr_extra";
const VIEWERS: readonly ViewerId[] = [ANA, BEN, CLEO];
const CREDIT_LIMIT = 600;
const CREATOR_CODE = { code: "ANA10", off: { basisPoints: 1_000 }, funder: "creator" } as const;
/** Nobody agreed that the platform pays for anything. */
const UNAGREED_CODE = { ...CREATOR_CODE, funder: "platform" } as const;
const FOREIGN_CODE = {
  code: "EUR5",
  off: { amount: { amount: 500, currency: "EUR" } },
  funder: "creator",
} as const;

const SESSION_ACTIONS = often<SessionAction>(
  ["start", 10],
  ["resume", 20],
  ["pause", 4],
  ["schedule", 4],
  ["end", 1],
  ["cancel", 1],
);
const OFFER_ACTIONS = often<OfferAction>(
  ["open", 8],
  ["pin", 4],
  ["close", 5],
  ["unpin", 3],
  ["withdraw", 1],
);
/** The more often an offer is named here, the more taps it gets. */
const OFFERS = often<OfferId>([TEE, 6], [MUG, 5], [SET, 4], [LATE, 2], [EXTRA, 1]);

/** How many of each kind of command there are, in a hundred or so. */
export const COMMANDS = often(
  ["reserve", 14],
  ["queue", 8],
  ["buy", 12],
  ["place", 6],
  ["extend", 4],
  ["release", 5],
  ["pend", 2],
  ["authorize", 10],
  ["capture", 7],
  ["fail", 3],
  ["cancel", 2],
  ["refund", 6],
  ["unname", 1],
  ["allocate", 5],
  ["createSession", 1],
  ["updateSession", 1],
  ["moveSession", 2],
  ["createOffer", 2],
  ["updateOffer", 4],
  ["reprice", 4],
  ["moveOffer", 6],
  ["warmup", 3],
);

export type CommandKind = (typeof COMMANDS)[number];

/** What a shop begins with, before chance takes over. */
export function opening(nowMs: number, started: boolean): Command[] {
  const limits = { perViewer: 4, perOrder: 2 };
  const offers = [
    offerTerms(TEE, { limits, backorder: CONSENT }),
    offerTerms(MUG),
    { ...SET_TERMS, backorder: CONSENT },
  ];
  return [
    {
      type: "session.create",
      v: 1,
      terms: sessionTerms({ creatorCodes: [CREATOR_CODE], scheduledAtMs: nowMs, agreement: AGREEMENT }),
    },
    { type: "session.move", v: 1, action: started ? "start" : "schedule" },
    { type: "stock.allocate", v: 1, sku: "tee", zone: "main", allocated: 4 },
    { type: "stock.allocate", v: 1, sku: "mug", zone: "main", allocated: 5 },
    { type: "stock.allocate", v: 1, sku: "tee", zone: "popup", allocated: 1 },
    ...offers.flatMap((terms): Command[] => [
      { type: "offer.create", v: 1, terms },
      { type: "offer.move", v: 1, offer: terms.id, action: "open" },
    ]),
    { type: "offer.create", v: 1, terms: lateTerms(nowMs) },
  ];
}

/** An offer with a window and price steps to come. */
function lateTerms(nowMs: number): OfferTerms {
  return offerTerms(LATE, {
    lines: [{ sku: "tee", quantity: 1 }],
    holdMs: 20 * SECOND,
    opensAtMs: nowMs + 30 * SECOND,
    closesAtMs: nowMs + 4 * MINUTE,
    priceSteps: [
      { atMs: nowMs + MINUTE, price: priced(1_800) },
      { atMs: nowMs + 2 * MINUTE, price: priced(1_700, { floor: usd(1_600) }) },
      { atMs: nowMs + 3 * MINUTE, price: priced(1_500) },
    ],
  });
}

/** What nobody sends before there is an order, mostly. */
const NEEDS_ORDER: ReadonlySet<CommandKind> = new Set([
  "pend",
  "authorize",
  "capture",
  "fail",
  "cancel",
  "refund",
  "unname",
]);

/** Each as often as it says. */
function often<const T extends string>(...weights: readonly (readonly [T, number])[]): T[] {
  return weights.flatMap(([value, times]) => Array.from({ length: times }, () => value));
}

export class Traffic {
  /** Every token ever issued, with its viewer. */
  readonly issued = new Map<string, IssuedToken>();
  readonly #reservations: ReservationId[] = ["rsv_none"];
  readonly #orders: OrderId[] = ["ord_none"];
  readonly #refunds: RefundId[] = [];
  #made = 0;

  /** A command of this kind, as somebody might send it who sees this state at this time. */
  command(wanted: CommandKind, dice: Dice, state: SessionState, nowMs: number): Command {
    const early = NEEDS_ORDER.has(wanted) && state.orders.size === 0 && !dice.oneIn(5);
    const kind = early ? "buy" : wanted;
    switch (kind) {
      case "reserve":
        return { type: "reservation.reserve", v: 1, ...this.#request(dice, state, nowMs) };
      case "queue": {
        const request = this.#request(dice, state, nowMs);
        return { type: "reservation.reserve", v: 1, ...request, allowPartial: false, backorder: true };
      }
      case "buy":
        return {
          type: "order.buy",
          v: 1,
          order: this.#newOrder(dice),
          paymentMethod: "pm_card",
          reserve: this.#request(dice, state, nowMs),
        };
      case "place":
        return {
          type: "order.place",
          v: 1,
          order: this.#newOrder(dice),
          paymentMethod: "pm_card",
          ...this.#own(dice, state),
        };
      case "extend":
        return { type: "reservation.extend", v: 1, ...this.#own(dice, state) };
      case "release":
        return { type: "reservation.release", v: 1, ...this.#own(dice, state) };
      case "pend": {
        const order = this.#order(dice, state, ["placed"]);
        return { type: "order.pend", v: 1, order, ...(dice.oneIn(2) ? { payment: payment(order) } : {}) };
      }
      case "authorize": {
        const order = this.#order(dice, state, ["placed"]);
        return { type: "order.authorize", v: 1, order, payment: payment(order) };
      }
      case "capture":
        return { type: "order.capture", v: 1, order: this.#order(dice, state, ["authorized"]) };
      case "fail": {
        const order = this.#order(dice, state, ["placed", "authorized"]);
        return { type: "order.fail", v: 1, order, reason: dice.of(["declined", "capture_failed"]) };
      }
      case "cancel":
        return { type: "order.cancel", v: 1, order: this.#order(dice, state, ["placed"]) };
      case "refund":
        return this.#refund(dice, state);
      case "unname":
        return { type: "viewer.unname", v: 1, order: this.#order(dice, state, ["placed", "authorized"]) };
      case "allocate":
        return allocate(dice, state);
      case "createSession":
        return {
          type: "session.create",
          v: 1,
          terms: sessionTerms({
            creatorCodes: [dice.of([FOREIGN_CODE, UNAGREED_CODE, CREATOR_CODE, CREATOR_CODE])],
            scheduledAtMs: nowMs + MINUTE,
            agreement: AGREEMENT,
          }),
        };
      case "updateSession": {
        const creatorCodes = [dice.of([FOREIGN_CODE, UNAGREED_CODE, CREATOR_CODE])];
        const changes = dice.oneIn(2) ? { title: `Drop ${dice.upTo(9)}` } : { creatorCodes };
        return { type: "session.update", v: 1, changes };
      }
      case "moveSession":
        return { type: "session.move", v: 1, action: dice.of(SESSION_ACTIONS) };
      case "createOffer":
        return { type: "offer.create", v: 1, terms: newOffer(dice, nowMs) };
      case "updateOffer":
        return {
          type: "offer.update",
          v: 1,
          offer: dice.of(OFFERS),
          changes: someChanges(dice, nowMs),
          olderTokens: "honour",
        };
      case "reprice":
        return {
          type: "offer.update",
          v: 1,
          offer: dice.of(OFFERS),
          changes: {},
          price: newPrice(dice),
          olderTokens: dice.of(["honour", "void"]),
        };
      case "moveOffer":
        return { type: "offer.move", v: 1, offer: dice.of(OFFERS), action: dice.of(OFFER_ACTIONS) };
      case "warmup":
        return warmup(dice, state, nowMs);
    }
  }

  #request(dice: Dice, state: SessionState, nowMs: number): ReserveRequest {
    const viewer = dice.of(VIEWERS);
    const count = dice.of([1, 1, 1, 2, 2, 3]);
    const items = Array.from({ length: count }, () => this.#item(dice, state, nowMs, viewer));
    const taken = dice.oneIn(25);
    return {
      reservation: taken ? this.#lately(dice, this.#reservations) : this.#newReservation(),
      viewer,
      items,
      ...(dice.oneIn(8) ? { zone: "popup" } : {}),
      allowPartial: dice.oneIn(4),
      backorder: dice.oneIn(2),
    };
  }

  /** A token as the edge issues it, or, now and then, one that was issued before. */
  #item(dice: Dice, state: SessionState, nowMs: number, viewer: ViewerId): ReservationItem {
    const quantity = dice.of([1, 1, 1, 2, 2, 3]);
    const own = [...this.issued.values()].filter((token) => token.viewer === viewer);
    if (own.length > 0 && dice.oneIn(12)) return { ...this.#lately(dice, own).item, quantity };
    const id = dice.of(OFFERS);
    const offer = state.offers.get(id);
    const input = {
      ...(dice.oneIn(5) ? { creatorCode: CREATOR_CODE } : {}),
      ...(dice.oneIn(5) ? { creditAmount: 100 + dice.upTo(200) } : {}),
    };
    const item: ReservationItem = {
      token: this.#next("tok") satisfies TokenId,
      tokenExpiresAtMs: nowMs + (dice.oneIn(20) ? 5 : dice.of([2 * MINUTE, 5 * MINUTE, 20 * MINUTE])),
      offer: id,
      priceVersion: offer?.priceVersion ?? 1,
      price: priceOf(offer?.price ?? priced(2_000), input),
      maxQuantity: dice.of([1, 3, 3, 9, 9]),
      quantity,
      creditLimit: CREDIT_LIMIT,
      priority: dice.upTo(3),
    };
    this.issued.set(item.token, { item, viewer });
    return item;
  }

  /** A reservation and its viewer, mostly. */
  #own(dice: Dice, state: SessionState): { reservation: ReservationId; viewer: ViewerId } {
    const known = [...state.reservations.values()];
    const held = known.filter(({ status, order }) => status === "held" && order === undefined);
    const among = held.length > 0 && !dice.oneIn(4) ? held : known;
    const reservation =
      among.length > 0 && !dice.oneIn(8) ? dice.of(among).id : this.#lately(dice, this.#reservations);
    const viewer = state.reservations.get(reservation)?.viewer;
    return { reservation, viewer: viewer !== undefined && !dice.oneIn(15) ? viewer : dice.of(VIEWERS) };
  }

  /** An order that this can happen to, mostly. */
  #order(dice: Dice, state: SessionState, statuses: readonly OrderStatus[]): OrderId {
    const known = [...state.orders.values()];
    const ready = known.filter(({ status }) => statuses.includes(status));
    if (ready.length > 0 && !dice.oneIn(6)) return dice.of(ready).id;
    return known.length > 0 && !dice.oneIn(3) ? dice.of(known).id : this.#lately(dice, this.#orders);
  }

  #refund(dice: Dice, state: SessionState): Command {
    const chosen = this.#order(dice, state, ["captured", "refunded"]);
    const { due, refunded } = state.orders.get(chosen) ?? { due: usd(100), refunded: usd(0) };
    const left = due.amount - refunded.amount;
    const amount = usd(dice.of([left, left, Math.floor(left / 2), 1, 0, left + 1]));
    const repeated = this.#refunds.length > 0 && dice.oneIn(6);
    const refund = repeated ? this.#lately(dice, this.#refunds) : this.#next("rfd");
    this.#refunds.push(refund);
    const currency = dice.oneIn(15) ? "EUR" : amount.currency;
    return {
      type: "order.refund",
      v: 1,
      order: chosen,
      refund,
      amount: { amount: amount.amount, currency },
      returnUnits: !dice.oneIn(4),
    };
  }

  #newReservation(): ReservationId {
    const id: ReservationId = this.#next("rsv");
    this.#reservations.push(id);
    return id;
  }

  #newOrder(dice: Dice): OrderId {
    if (dice.oneIn(25)) return this.#lately(dice, this.#orders);
    const id: OrderId = this.#next("ord");
    this.#orders.push(id);
    return id;
  }

  /** One of a list, the latest ones more often. */
  #lately<T>(dice: Dice, list: readonly T[]): T {
    const back = dice.oneIn(4) ? dice.upTo(list.length) : dice.upTo(Math.min(4, list.length));
    return list[list.length - 1 - back]!;
  }

  #next<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
    this.#made += 1;
    return `${prefix}_${this.#made}`;
  }
}

function payment(order: OrderId): { provider: string; id: string } {
  return { provider: "sandbox", id: `pay_${order}` };
}

function newPrice(dice: Dice): PriceTerms {
  if (dice.oneIn(10)) return { headline: { amount: 2_000, currency: "EUR" } };
  const drop = dice.oneIn(2)
    ? { drop: { price: usd(1_000 + dice.upTo(900)), funder: dice.oneIn(8) ? "platform" : "seller" } as const }
    : {};
  const floor = dice.oneIn(3) ? { floor: usd(900 + dice.upTo(300)) } : {};
  return priced(1_500 + dice.upTo(1_000), { ...drop, ...floor });
}

function newOffer(dice: Dice, nowMs: number): OfferTerms {
  if (dice.oneIn(3)) return lateTerms(nowMs);
  return offerTerms(dice.of([EXTRA, EXTRA, TEE]), {
    lines: [{ sku: dice.of(["tee", "mug", "nothing", "not-covered"]), quantity: 1 + dice.upTo(2) }],
    price: newPrice(dice),
    holdMs: dice.of([5 * SECOND, MINUTE, 14 * MINUTE]),
    ...(dice.oneIn(2) ? { backorder: CONSENT } : {}),
    ...someWindow(dice, nowMs),
  });
}

function someChanges(dice: Dice, nowMs: number): OfferChanges {
  return dice.of<OfferChanges>([
    { title: `Offer ${dice.upTo(9)}` },
    { limits: { perViewer: 1 + dice.upTo(5) } },
    { backorder: CONSENT, holdMs: 30 * SECOND },
    someWindow(dice, nowMs),
    someWindow(dice, nowMs),
  ]);
}

function someWindow(dice: Dice, nowMs: number): OfferChanges {
  const opensAtMs = nowMs + dice.upTo(MINUTE);
  const closesAtMs = nowMs + dice.upTo(2 * MINUTE);
  return dice.of<OfferChanges>([{ opensAtMs }, { closesAtMs }, { opensAtMs, closesAtMs }]);
}

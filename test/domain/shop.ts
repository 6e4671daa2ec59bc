/** A shop for the specifications: a session with a clock of its own, where every command is a block unless said otherwise. */
import { closeBlock, execute, openBlock, replayBlock, type Block } from "../../src/domain/block.ts";
import type { Command, Evidence, ReservationItem, ReserveRequest } from "../../src/domain/commands.ts";
import type { Event, EventType } from "../../src/domain/events.ts";
import {
  type OfferId,
  type OrderId,
  type RefundId,
  type ReservationId,
  type ViewerId,
} from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { money, type Money } from "../../src/domain/money.ts";
import type { Offer, OfferTerms } from "../../src/domain/offer.ts";
import type { Order, Payment } from "../../src/domain/order.ts";
import { priceOf, type PriceInput, type PriceTerms } from "../../src/domain/pricing.ts";
import type { Refusal } from "../../src/domain/refusal.ts";
import type { Reply } from "../../src/domain/reply.ts";
import type { Reservation } from "../../src/domain/reservation.ts";
import type { SessionAction, SessionTerms } from "../../src/domain/session.ts";
import { emptyState } from "../../src/domain/state.ts";
import { availableIn } from "../../src/domain/stock.ts";

export const T0 = Date.UTC(2026, 5, 1, 18);
export const SECOND = 1_000;
export const MINUTE = 60_000;

export const ANA: ViewerId = "vwr_ana";
export const BEN: ViewerId = "vwr_ben";
export const CLEO: ViewerId = "vwr_cleo";

export const TEE: OfferId = "ofr_tee";
export const MUG: OfferId = "ofr_mug";
/** A tee and two mugs. */
export const SET: OfferId = "ofr_set";

export const PAYMENT: Payment = { provider: "sandbox", id: "pay_1" };

export function usd(amount: number): Money {
  return money(amount, "USD");
}

export function priced(headline: number, rest: Omit<PriceTerms, "headline"> = {}): PriceTerms {
  return { headline: usd(headline), ...rest };
}

export function sessionTerms(over: Partial<SessionTerms> = {}): SessionTerms {
  return {
    id: "ses_1",
    seller: "sel_1",
    title: "Friday drop",
    currency: "USD",
    defaultZone: "main",
    expectedViewers: 1_000,
    creatorCodes: [],
    ...over,
  };
}

/** An offer of one SKU named like the offer, at 20.00, held for two minutes. */
export function offerTerms(id: OfferId, over: Partial<OfferTerms> = {}): OfferTerms {
  return {
    id,
    title: id,
    lines: [{ sku: id.slice("ofr_".length), quantity: 1 }],
    price: priced(2_000),
    limits: {},
    holdMs: LIMITS.holdDefaultMs,
    priceSteps: [],
    ...over,
  };
}

export const SET_TERMS: OfferTerms = offerTerms(SET, {
  lines: [
    { sku: "tee", quantity: 1 },
    { sku: "mug", quantity: 2 },
  ],
});

export const CONSENT = { by: "sel_1", givenAtMs: T0 };

type ReserveOptions = Partial<Pick<ReserveRequest, "reservation" | "zone" | "allowPartial" | "backorder">>;

export class Shop {
  readonly state = emptyState();
  readonly journal: Block[] = [];
  nowMs = T0;
  #made = 0;

  /** A live session with stock in its default zone and these offers open. */
  static live(stock: Readonly<Record<string, number>>, ...offers: OfferTerms[]): Shop {
    const shop = Shop.created();
    shop.move("start");
    for (const [sku, allocated] of Object.entries(stock)) shop.allocate(sku, allocated);
    for (const terms of offers) {
      shop.create(terms);
      shop.open(terms.id);
    }
    return shop;
  }

  static created(over: Partial<SessionTerms> = {}): Shop {
    const shop = new Shop();
    shop.send({ type: "session.create", v: 1, terms: sessionTerms(over) });
    return shop;
  }

  /** One command, one block. */
  send(command: Command, as: { readonly id?: string; readonly fingerprint?: string } = {}): Reply {
    return this.sendTogether([{ command, ...as }])[0]!;
  }

  /** Commands that arrive in one turn share a block. */
  sendTogether(
    sent: readonly { readonly command: Command; readonly id?: string; readonly fingerprint?: string }[],
  ): Reply[] {
    const block = openBlock(this.state, this.nowMs);
    const replies = sent.map(
      ({ command, id = this.newId("cmd"), fingerprint = JSON.stringify(command) }) =>
        execute(this.state, block, { id, fingerprint, command }).reply,
    );
    const closed = closeBlock(this.state, block);
    if (closed) this.journal.push(closed);
    return replies;
  }

  /** Time passes and the alarm rings: what fell due happens. */
  wait(ms: number): void {
    this.nowMs += ms;
    this.sendTogether([]);
  }

  newId<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}` {
    this.#made += 1;
    return `${prefix}_${this.#made}`;
  }

  move(action: SessionAction): Reply {
    return this.send({ type: "session.move", v: 1, action });
  }

  allocate(sku: string, allocated: number, over: { zone?: string; expected?: number } = {}): Reply {
    return this.send({ type: "stock.allocate", v: 1, sku, zone: "main", allocated, ...over });
  }

  create(terms: OfferTerms): Reply {
    return this.send({ type: "offer.create", v: 1, terms });
  }

  open(offer: OfferId): Reply {
    return this.send({ type: "offer.move", v: 1, offer, action: "open" });
  }

  close(offer: OfferId): Reply {
    return this.send({ type: "offer.move", v: 1, offer, action: "close" });
  }

  withdraw(offer: OfferId): Reply {
    return this.send({ type: "offer.move", v: 1, offer, action: "withdraw" });
  }

  reprice(offer: OfferId, price: PriceTerms, olderTokens: "honour" | "void"): Reply {
    return this.send({ type: "offer.update", v: 1, offer, changes: {}, price, olderTokens });
  }

  /** What the edge would sign for the offer now. */
  token(offer: OfferId, over: Partial<ReservationItem> = {}, input: PriceInput = {}): ReservationItem {
    const { price, priceVersion } = this.offer(offer);
    return {
      token: this.newId("tok"),
      tokenExpiresAtMs: this.nowMs + LIMITS.offerTokenMs,
      offer,
      priceVersion,
      price: priceOf(price, input),
      maxQuantity: LIMITS.quantityPerItem,
      quantity: 1,
      creditLimit: 0,
      priority: 0,
      ...over,
    };
  }

  request(viewer: ViewerId, items: readonly ReservationItem[], over: ReserveOptions = {}): ReserveRequest {
    return {
      reservation: this.newId("rsv"),
      viewer,
      items,
      allowPartial: false,
      backorder: false,
      ...over,
    };
  }

  reserve(viewer: ViewerId, items: readonly ReservationItem[], over: ReserveOptions = {}): Reply {
    return this.send({ type: "reservation.reserve", v: 1, ...this.request(viewer, items, over) });
  }

  /** A reservation with a fresh token, which must succeed; its id. */
  hold(
    viewer: ViewerId,
    offer: OfferId,
    quantity = 1,
    over: Partial<ReservationItem> = {},
    options: ReserveOptions = {},
  ): ReservationId {
    const request = this.request(viewer, [this.token(offer, { quantity, ...over })], options);
    mustSucceed(this.send({ type: "reservation.reserve", v: 1, ...request }));
    return request.reservation;
  }

  /** A place on the waitlist, which must be given; its id. */
  waitFor(viewer: ViewerId, offer: OfferId, quantity = 1, priority = 0): ReservationId {
    return this.hold(viewer, offer, quantity, { priority }, { backorder: true });
  }

  extend(reservation: ReservationId, viewer: ViewerId): Reply {
    return this.send({ type: "reservation.extend", v: 1, reservation, viewer });
  }

  release(reservation: ReservationId, viewer: ViewerId): Reply {
    return this.send({ type: "reservation.release", v: 1, reservation, viewer });
  }

  place(reservation: ReservationId, viewer: ViewerId, order: OrderId): Reply {
    return this.send({ type: "order.place", v: 1, order, reservation, viewer, paymentMethod: "pm_card" });
  }

  /** One tap with a fresh token. */
  buy(
    viewer: ViewerId,
    offer: OfferId,
    order: OrderId,
    quantity = 1,
    { shownAs, ...input }: PriceInput & Pick<Evidence, "shownAs"> = {},
  ): Reply {
    const creditLimit = Number.MAX_SAFE_INTEGER;
    const reserve = this.request(viewer, [this.token(offer, { quantity, creditLimit }, input)]);
    const name = shownAs === undefined ? {} : { shownAs };
    return this.send({ type: "order.buy", v: 1, order, paymentMethod: "pm_card", reserve, ...name });
  }

  authorize(order: OrderId, payment: Payment = PAYMENT): Reply {
    return this.send({ type: "order.authorize", v: 1, order, payment });
  }

  capture(order: OrderId): Reply {
    return this.send({ type: "order.capture", v: 1, order });
  }

  fail(order: OrderId, reason: "declined" | "capture_failed" = "declined"): Reply {
    return this.send({ type: "order.fail", v: 1, order, reason });
  }

  cancel(order: OrderId): Reply {
    return this.send({ type: "order.cancel", v: 1, order });
  }

  refund(order: OrderId, amount: Money, refund: RefundId = this.newId("rfd"), returnUnits = true): Reply {
    return this.send({ type: "order.refund", v: 1, order, refund, amount, returnUnits });
  }

  /** A bought and paid order of one tap. */
  sell(
    viewer: ViewerId,
    offer: OfferId,
    order: OrderId,
    quantity = 1,
    input: PriceInput & Pick<Evidence, "shownAs"> = {},
  ): void {
    mustSucceed(this.buy(viewer, offer, order, quantity, input));
    mustSucceed(this.authorize(order));
    mustSucceed(this.capture(order));
  }

  pool(sku: string, zone = "main"): { available: number; held: number; committed: number } {
    const pool = this.state.pools.get(zone, sku)!;
    return { available: availableIn(pool), held: pool.held, committed: pool.committed };
  }

  offer(id: OfferId): Offer {
    return this.state.offers.get(id)!;
  }

  reservation(id: ReservationId): Reservation {
    return this.state.reservations.get(id)!;
  }

  order(id: OrderId): Order {
    return this.state.orders.get(id)!;
  }

  /** Every event so far. */
  events(): Event[] {
    return this.journal.flatMap((block) => block.events);
  }

  /** Types of the events that `act` leads to. */
  eventsOf(act: () => unknown): EventType[] {
    const before = this.events().length;
    act();
    return this.events()
      .slice(before)
      .map((event) => event.type);
  }

  /** A shop that knows the journal alone, as text, and goes on from there. */
  restarted(): Shop {
    const shop = new Shop();
    for (const block of this.journal) replayBlock(shop.state, throughJson(block));
    shop.journal.push(...this.journal);
    shop.nowMs = this.nowMs;
    shop.#made = this.#made;
    return shop;
  }
}

export function throughJson<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  return copy;
}

export function refusalOf(reply: Reply): Refusal | undefined {
  return reply.ok ? undefined : reply.refusal;
}

function mustSucceed(reply: Reply): void {
  if (!reply.ok) throw new Error(`refused: ${JSON.stringify(reply.refusal)}`);
}

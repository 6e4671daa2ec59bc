/** Pictures, purchases and a client that does what a test says, for tests of the card's pure parts. */
import type {
  ClientState,
  OfferPicture,
  OwnOrder,
  Picture,
  Price,
  Quote,
  Reservation,
  SessionClient,
  SessionFace,
} from "../../src/sdk/index.ts";
import type { Seen } from "../../src/web/card/view.ts";

export const NOW_MS = Date.parse("2026-11-22T18:00:00.000Z");
export const OFFER = "ofr_01kas0000000000000000mug00";
export const OTHER = "ofr_01kas0000000000000000bowl0";
export const SESSION = "ses_01kas00000000000000000000a";

export function usd(amount: number): { amount: number; currency: string } {
  return { amount, currency: "USD" };
}

/** $38 before anything is taken off. */
export function price(total = 3800, headline = total): Price {
  const drop = total - headline;
  return {
    total: usd(total),
    due: usd(total),
    layers: [
      { kind: "headline", amount: usd(headline) },
      ...(drop < 0 ? [{ kind: "drop_price", amount: usd(drop), funder: "seller" } as const] : []),
    ],
  };
}

export function offer(changes: Partial<OfferPicture> = {}): OfferPicture {
  return {
    id: OFFER,
    title: "Ash mug",
    lines: [{ sku: "MUG", quantity: 1 }],
    status: "open",
    price: price(),
    priceVersion: 1,
    limits: {},
    holdMs: 120_000,
    available: { main: 12 },
    soldOut: false,
    waitlist: false,
    ...changes,
  };
}

export function picture(
  offers: readonly OfferPicture[] = [offer()],
  face: Partial<SessionFace> = {},
): Picture {
  const session: SessionFace = {
    status: "live",
    title: "First drop",
    currency: "USD",
    seller: "sel_01kas0000000000000000000aa",
    defaultZone: "main",
    pinned: OFFER,
    ...face,
  };
  return { id: SESSION, cursor: 7, session, offers: Object.fromEntries(offers.map((of) => [of.id, of])) };
}

export function state(changes: Partial<ClientState> = {}): ClientState {
  return {
    connection: "socket",
    picture: picture(),
    viewers: 3,
    purchases: {},
    missing: false,
    ...changes,
  };
}

export function seen(changes: Partial<Seen> = {}): Seen {
  return {
    state: state(),
    offer: OFFER,
    nowMs: NOW_MS,
    quantity: 1,
    pays: true,
    hasCheckout: false,
    peak: 12,
    ...changes,
  };
}

export function reservation(changes: Partial<Reservation> = {}): Reservation {
  return {
    id: "rsv_01kas000000000000000000001",
    viewer: "vwr_01kas000000000000000000001",
    zone: "main",
    lines: [
      {
        offer: OFFER,
        quantity: 2,
        token: "tok_01kas000000000000000000001",
        tokenExpiresAt: "2026-11-22T18:02:00.000Z",
        priceVersion: 1,
        price: price(),
      },
    ],
    units: [{ sku: "MUG", zone: "main", quantity: 2 }],
    status: "held",
    createdAt: "2026-11-22T18:00:00.000Z",
    expiresAt: "2026-11-22T18:02:00.000Z",
    latestAt: "2026-11-22T18:10:00.000Z",
    holdMs: 120_000,
    extensions: 0,
    priority: 0,
    seq: 8,
    ...changes,
  };
}

export function order(changes: Partial<OwnOrder> = {}): OwnOrder {
  const { lines, units, viewer, id } = reservation();
  return {
    id: "ord_01kas00000000000abcdefgh12sessionpart",
    reservation: id,
    viewer,
    lines,
    units,
    paymentMethod: "pm_card",
    total: usd(7600),
    due: usd(7600),
    placedAt: "2026-11-22T18:00:01.000Z",
    refunded: usd(0),
    status: "captured",
    paymentPending: false,
    refunds: [],
    ...changes,
  };
}

/** A client whose answers a test gives; `calls` is what was asked of it. */
export class ScriptedClient implements SessionClient {
  readonly calls: string[] = [];
  state: ClientState = state();
  nowIsMs = NOW_MS;
  creditIs = 0;
  /** One after the other; the last one again and again. */
  quotes: (Price | Error)[] = [price()];
  buys: (OwnOrder | Error)[] = [order()];

  subscribe(): () => void {
    return () => undefined;
  }

  nowMs(): number {
    return this.nowIsMs;
  }

  credit(): number {
    return this.creditIs;
  }

  async quote(of: string, wish: object = {}): Promise<Quote> {
    this.calls.push(`quote ${of} ${JSON.stringify(wish)}`);
    return { token: "t", expiresAt: "2026-11-22T18:02:00.000Z", price: next(this.quotes) };
  }

  async buy(of: string, wish: object): Promise<OwnOrder> {
    this.calls.push(`buy ${of} ${JSON.stringify(wish)}`);
    return next(this.buys);
  }

  async reserve(of: string, wish: object = {}): Promise<Reservation> {
    this.calls.push(`reserve ${of} ${JSON.stringify(wish)}`);
    return reservation();
  }

  async pay(of: string, paymentMethod: string): Promise<OwnOrder> {
    this.calls.push(`pay ${of} ${paymentMethod}`);
    return next(this.buys);
  }

  async extend(of: string): Promise<Reservation> {
    this.calls.push(`extend ${of}`);
    return reservation();
  }

  async release(of: string): Promise<Reservation> {
    this.calls.push(`release ${of}`);
    return reservation({ status: "released" });
  }

  async refreshOrder(of: string): Promise<OwnOrder> {
    this.calls.push(`refreshOrder ${of}`);
    return next(this.buys);
  }

  clicks(): string[] {
    return [];
  }
}

function next<T>(answers: (T | Error)[]): T {
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer instanceof Error || answer === undefined) throw answer ?? new Error("nothing to answer");
  return answer;
}

// Pictures, reservations and orders for the SDK's tests.
import type { OfferPicture, OwnOrder, Picture, Price, Reservation } from "../../src/sdk/types.ts";
import { SESSION } from "./network.ts";

export const PRICE: Price = {
  total: { amount: 3_800, currency: "USD" },
  due: { amount: 3_800, currency: "USD" },
  layers: [{ kind: "headline", amount: { amount: 3_800, currency: "USD" } }],
};

export function offer(id: string, available: number, over: Partial<OfferPicture> = {}): OfferPicture {
  return {
    id: id as OfferPicture["id"],
    title: id,
    lines: [{ sku: "MUG", quantity: 1 }],
    status: "open",
    price: PRICE,
    priceVersion: 1,
    limits: {},
    holdMs: 120_000,
    available: { main: available },
    soldOut: available === 0,
    waitlist: false,
    ...over,
  };
}

export function picture(cursor: number, offers: readonly OfferPicture[]): Picture {
  return {
    id: SESSION,
    cursor,
    session: { status: "live", title: "Drop", currency: "USD", seller: "sel_1", defaultZone: "main" },
    offers: Object.fromEntries(offers.map((one) => [one.id, one])),
  };
}

export function reservation(over: Partial<Reservation> = {}): Reservation {
  return {
    id: "rsv_1",
    viewer: "vwr_1",
    zone: "main",
    lines: [
      {
        offer: "ofr_a",
        quantity: 1,
        token: "tok_1",
        tokenExpiresAt: "2026-11-22T18:02:00.000Z",
        priceVersion: 1,
        price: PRICE,
      },
    ],
    units: [{ sku: "MUG", zone: "main", quantity: 1 }],
    status: "held",
    createdAt: "2026-11-22T18:00:00.000Z",
    expiresAt: "2026-11-22T18:02:00.000Z",
    holdMs: 120_000,
    extensions: 0,
    priority: 0,
    seq: 7,
    ...over,
  };
}

export function order(over: Partial<OwnOrder> = {}): OwnOrder {
  const { viewer, lines, units } = reservation();
  return {
    id: "ord_1",
    reservation: "rsv_1",
    viewer,
    lines,
    units,
    paymentMethod: "pm_1",
    total: PRICE.total,
    due: PRICE.due,
    placedAt: "2026-11-22T18:00:00.000Z",
    refunded: { amount: 0, currency: "USD" },
    status: "placed",
    paymentPending: false,
    refunds: [],
    ...over,
  };
}

// What the benchmark sends: a live session with offers, and one-unit reservations of its drop. The same in workerd and
// in Node. Pure but for ids and the clock.
import { typeid } from "typeid-js";
import type { Command, Envelope } from "../../src/domain/commands.ts";
import { commandIdOf, type OfferId, type SessionId, type ViewerId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { OfferTerms } from "../../src/domain/offer.ts";
import { priceOf, type PriceTerms } from "../../src/domain/pricing.ts";
import { fingerprintOf, reservationIdFor } from "../../src/live/taps.ts";

/** A headline and a drop price: the layers that a drop's token usually has. */
export const PRICE: PriceTerms = {
  headline: { amount: 2_500, currency: "USD" },
  drop: { price: { amount: 1_900, currency: "USD" }, funder: "seller" },
};

/** The offer that every reservation is of; the others stand beside it. */
export const DROP: OfferId = offerIdAt(0);

/** Units of the drop that one viewer may hold: every side counts them. */
export const PER_VIEWER = 100;

/** Nothing may expire while it is measured, nor in a later round. */
export const HOLD_MS = LIMITS.holdMaxMs;

/** A session to open: its drop has `stock` units, the others as many each. */
export interface Opening {
  readonly offers: number;
  readonly stock: number;
  /** Decides how many relays there are. */
  readonly expectedViewers?: number;
}

export function newSession(): SessionId {
  return `ses_${typeid().getSuffix()}`;
}

export function newViewer(): ViewerId {
  return `vwr_${typeid().getSuffix()}`;
}

export function skuAt(index: number): string {
  return `SKU-${index}`;
}

/** Commands after which a session is live and its offers open; every offer has a SKU of its own. */
export function openingOf(
  session: SessionId,
  { offers, stock, expectedViewers = 1_000 }: Opening,
): Envelope[] {
  const commands: Command[] = [
    {
      type: "session.create",
      v: 1,
      terms: {
        id: session,
        seller: `sel_${"0".repeat(26)}`,
        title: "Bench",
        currency: "USD",
        defaultZone: "main",
        expectedViewers,
        creatorCodes: [],
      },
    },
    { type: "session.move", v: 1, action: "start" },
  ];
  for (let index = 0; index < offers; index++) {
    const terms = termsAt(index);
    commands.push(
      { type: "stock.allocate", v: 1, sku: skuAt(index), zone: "main", allocated: stock },
      { type: "offer.create", v: 1, terms },
      { type: "offer.move", v: 1, offer: terms.id, action: "open" },
    );
  }
  return commands.map((command) => envelope("host", command));
}

/** What a relay sends for one viewer's tap on the drop, its token already verified; it holds for `tokenMs`. */
export function reservationOf(session: SessionId, nowMs: number, tokenMs: number = HOLD_MS): Envelope {
  const viewer = newViewer();
  return envelope(viewer, {
    type: "reservation.reserve",
    v: 1,
    reservation: reservationIdFor(session),
    viewer,
    allowPartial: false,
    backorder: false,
    items: [
      {
        token: `tok_${typeid().getSuffix()}`,
        tokenExpiresAtMs: nowMs + tokenMs,
        offer: DROP,
        priceVersion: 1,
        price: priceOf(PRICE),
        maxQuantity: 1,
        quantity: 1,
        creditLimit: 0,
        priority: 0,
      },
    ],
  });
}

/** As many of them as a relay's call brings them: read from bytes, no text in them shared with anything. */
export function reservationsOf(session: SessionId, nowMs: number, count: number): Envelope[] {
  return structuredClone(Array.from({ length: count }, () => reservationOf(session, nowMs)));
}

/** The same viewer gives the units back. */
export function releaseOf({ command }: Envelope): Envelope {
  if (command.type !== "reservation.reserve") throw new Error("there is nothing to release");
  const { reservation, viewer } = command;
  return envelope(viewer, { type: "reservation.release", v: 1, reservation, viewer });
}

/** A change of the drop's stock, which every viewer is shown. */
export function restocking(allocated: number): Envelope {
  return envelope("host", { type: "stock.allocate", v: 1, sku: skuAt(0), zone: "main", allocated });
}

function termsAt(index: number): OfferTerms {
  return {
    id: offerIdAt(index),
    title: `Offer ${index}`,
    lines: [{ sku: skuAt(index), quantity: 1 }],
    price: PRICE,
    limits: { perViewer: PER_VIEWER },
    holdMs: HOLD_MS,
    priceSteps: [],
  };
}

function offerIdAt(index: number): OfferId {
  return `ofr_${index.toString().padStart(26, "0")}`;
}

function envelope(principal: string, command: Command): Envelope {
  return {
    id: commandIdOf(principal, crypto.randomUUID()),
    fingerprint: fingerprintOf("bench", command),
    command,
  };
}

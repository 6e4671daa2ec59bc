/**
 * What taps that are on their way will have done to the stock that is shown: laid over the picture, never written into it,
 * so that taking a guess back leaves exactly what the server said. Pure.
 */
import { demandOf } from "../domain/stock.ts";
import type { OfferPicture, Picture } from "./types.ts";

interface Guess {
  readonly offer: string;
  readonly quantity: number;
  /** Pictures to come before it is dropped, whatever they say: its tap was answered, and one of them has it. */
  readonly pictures: number;
}

/** The first picture after an answer may have been made before it. */
const AFTER_ANSWER = 2;

export class Guesses {
  readonly #guesses = new Map<string, Guess>();

  /** By the id of the tap. */
  add(tap: string, offer: string, quantity: number): void {
    this.#guesses.set(tap, { offer, quantity, pictures: Infinity });
  }

  /** The tap was carried out: the server's pictures will have it. */
  answered(tap: string): void {
    const guess = this.#guesses.get(tap);
    if (guess) this.#guesses.set(tap, { ...guess, pictures: AFTER_ANSWER });
  }

  /** The tap took nothing. */
  remove(tap: string): void {
    this.#guesses.delete(tap);
  }

  /** A later picture is here: where it says something new of an offer's stock, it knows better than a guess. */
  settle(before: Picture | undefined, after: Picture): void {
    for (const [tap, guess] of this.#guesses) {
      const pictures = guess.pictures - 1;
      const isTold = !sameStock(before?.offers[guess.offer], after.offers[guess.offer]);
      if (isTold || pictures === 0) this.#guesses.delete(tap);
      else this.#guesses.set(tap, { ...guess, pictures });
    }
  }

  /** The picture with all guesses; the same object when there are none. */
  over(picture: Picture): Picture {
    let guessed = picture;
    for (const guess of this.#guesses.values()) guessed = taken(guessed, guess);
    return guessed;
  }
}

function sameStock(before: OfferPicture | undefined, after: OfferPicture | undefined): boolean {
  return JSON.stringify(before?.available) === JSON.stringify(after?.available);
}

/** The picture after a tap; offers that draw on the same pools have less as well. */
function taken(picture: Picture, { offer: id, quantity }: Guess): Picture {
  const zone = picture.session.defaultZone;
  const tapped = picture.offers[id];
  if (!tapped) return picture;
  const demand = demandOf(zone, [{ lines: tapped.lines, quantity }]);
  const offers = Object.entries(picture.offers).map(([key, offer]) => {
    const units = demand.reduce(
      (least, { sku, quantity: wanted }) =>
        Math.min(least, leftOf(offer, sku, poolAt(picture, zone, sku) - wanted)),
      (offer.available[zone] ?? 0) - (key === id ? quantity : 0),
    );
    return [key, withUnits(offer, zone, Math.max(0, units))] as const;
  });
  return { ...picture, offers: Object.fromEntries(offers) };
}

/** Units that a pool has at least, by what is shown of the offers that draw on it: all of it where one sells them singly. */
function poolAt(picture: Picture, zone: string, sku: string): number {
  return Object.values(picture.offers).reduce(
    (most, offer) => Math.max(most, (offer.available[zone] ?? 0) * perUnit(offer, sku)),
    0,
  );
}

/** How many of the offer so many units of a SKU make. */
function leftOf(offer: OfferPicture, sku: string, units: number): number {
  const each = perUnit(offer, sku);
  return each === 0 ? Infinity : Math.floor(units / each);
}

function perUnit({ lines }: OfferPicture, sku: string): number {
  return lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
}

function withUnits(offer: OfferPicture, zone: string, units: number): OfferPicture {
  if (offer.available[zone] === undefined || offer.available[zone] === units) return offer;
  const available = { ...offer.available, [zone]: units };
  return { ...offer, available, soldOut: Object.values(available).every((left) => left === 0) };
}

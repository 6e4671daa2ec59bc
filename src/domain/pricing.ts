/** The price of an offer as layers, each with its funder, none below the floor. Pure. */
import type { CreatorId } from "./ids.ts";
import { money, shareOf, type Money } from "./money.ts";

/** Who pays for a layer that makes the price lower. */
export type Funder = "platform" | "seller" | "creator";

/** What an offer's price is made from. `floor` is the least the price may be after any layer. */
export interface PriceTerms {
  readonly headline: Money;
  readonly drop?: { readonly price: Money; readonly funder: Funder };
  readonly floor?: Money;
}

/** A code a creator gives to followers: a share of the price so far, or a fixed amount. */
export interface CreatorCode {
  readonly code: string;
  readonly off: { readonly basisPoints: number } | { readonly amount: Money };
  readonly funder: Funder;
  /** Whose it is; the session's creator's without one. */
  readonly creator?: CreatorId;
}

export type LayerKind = "headline" | "drop_price" | "creator_code" | "loyalty_credit";

/**
 * One step of a price. The headline's amount is positive, the others' are zero or negative.
 * `clipped` is there when the floor kept the layer from being as large as `wanted`.
 */
export interface Layer {
  readonly kind: LayerKind;
  readonly amount: Money;
  readonly funder?: Funder;
  readonly code?: string;
  /** Whose code it is, where that is not the session's creator. */
  readonly creator?: CreatorId;
  readonly clipped?: { readonly wanted: Money; readonly floor: Money };
}

/**
 * A price of one unit of an offer. `total` is what the unit sells for; `due` is what is charged after loyalty credit,
 * which is tender: it pays part of the total and takes nothing off it.
 */
export interface Price {
  readonly total: Money;
  readonly due: Money;
  readonly layers: readonly Layer[];
}

export interface PriceInput {
  readonly creatorCode?: CreatorCode;
  /** Loyalty credit to use on each unit, in minor units of the offer's currency. */
  readonly creditAmount?: number;
}

/**
 * Builds the price layer by layer: headline, drop price, creator code, loyalty credit. After every layer the running
 * price is held at the floor (for credit: at zero), and a layer that was cut short says so.
 */
export function priceOf(terms: PriceTerms, input: PriceInput = {}): Price {
  const { currency } = terms.headline;
  const floor = terms.floor?.amount ?? 0;
  const layers: Layer[] = [{ kind: "headline", amount: terms.headline }];
  let running = terms.headline.amount;

  const takeOff = (
    wanted: number,
    least: number,
    layer: Pick<Layer, "kind" | "funder" | "code" | "creator">,
  ): void => {
    const taken = Math.max(0, Math.min(wanted, running - least));
    running -= taken;
    const clipped =
      taken < wanted ? { clipped: { wanted: money(-wanted, currency), floor: money(least, currency) } } : {};
    layers.push({ ...layer, amount: money(taken === 0 ? 0 : -taken, currency), ...clipped });
  };

  if (terms.drop) {
    const off = terms.headline.amount - terms.drop.price.amount;
    if (off > 0) takeOff(off, floor, { kind: "drop_price", funder: terms.drop.funder });
  }
  if (input.creatorCode) {
    const { code, off, funder, creator } = input.creatorCode;
    const wanted = "basisPoints" in off ? shareOf(running, off.basisPoints) : off.amount.amount;
    takeOff(wanted, floor, { kind: "creator_code", funder, code, ...(creator ? { creator } : {}) });
  }
  const total = money(running, currency);
  if (input.creditAmount !== undefined && input.creditAmount > 0) {
    takeOff(input.creditAmount, 0, { kind: "loyalty_credit", funder: "platform" });
  }
  return { total, due: money(running, currency), layers };
}

/** What one unit costs before anything is taken off it, in minor units. */
export function headlineOf(price: Price): number {
  return price.layers.find(({ kind }) => kind === "headline")?.amount.amount ?? price.total.amount;
}

/** Loyalty credit used by one unit at this price, in minor units. */
export function creditOf(price: Price): number {
  return price.total.amount - price.due.amount;
}

/** What a tap does, over the SDK: never at another price than the one that was on the button. No markup, no clock. */
import {
  DropcastError,
  type Money,
  type Price,
  type QuoteWish,
  type SessionClient,
} from "../../sdk/index.ts";

export interface Tap {
  readonly offer: string;
  readonly quantity: number;
  readonly creatorCode?: string;
  /** Uses the viewer's loyalty credit. */
  readonly credit?: boolean;
  /** Buys at once; without it units are reserved. */
  readonly paymentMethod?: string;
  /** The viewer has agreed to be shown to have bought, under this first name. */
  readonly shownAs?: string;
  /** The viewer has agreed to wait for stock. */
  readonly backorder?: boolean;
  /** What one unit costs by the button that was tapped. */
  readonly shown: Money;
}

/** The signed price is another one than was shown: nothing was done. */
export interface Repriced {
  readonly price: Price;
}

/** Buys or reserves. Throws `DropcastError`. */
export async function tap(client: SessionClient, wanted: Tap): Promise<Repriced | undefined> {
  try {
    return await tapOnce(client, wanted);
  } catch (error) {
    if (!(error instanceof DropcastError)) throw error;
    // The signature was older than it looked: once more with a new one, should that be of the same price.
    const isOld = ["token_expired", "price_version_void", "credit_exceeded"].includes(error.code);
    if (!isOld) throw error;
    return tapOnce(client, wanted);
  }
}

async function tapOnce(client: SessionClient, wanted: Tap): Promise<Repriced | undefined> {
  const { offer, shown, paymentMethod, shownAs, backorder = false } = wanted;
  const { price } = await client.quote(offer, wishOf(wanted));
  if (price.due.amount !== shown.amount || price.due.currency !== shown.currency) return { price };
  if (paymentMethod === undefined || backorder) await client.reserve(offer, { ...wishOf(wanted), backorder });
  else await client.buy(offer, { ...wishOf(wanted), paymentMethod, ...(shownAs && { shownAs }) });
}

function wishOf({ quantity, creatorCode, credit }: Tap): QuoteWish {
  return { quantity, ...(creatorCode && { creatorCode }), ...(credit && { credit }) };
}

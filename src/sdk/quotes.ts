/** Signed prices: got when asked for, kept until a tap uses them or they run out. Touches the network. */
import type { Clock } from "./clock.ts";
import type { DropcastError } from "./error.ts";
import { ask } from "./http.ts";
import type { Quote, QuoteWish } from "./types.ts";
import { isUnknown, type ViewerTokens } from "./viewer-tokens.ts";

export interface QuotesPorts {
  readonly url: string;
  readonly session: string;
  readonly tokens: ViewerTokens;
  readonly clock: Clock;
}

/** A price that runs out sooner is not begun with: the tap takes its time, and may have to be repeated. */
const SPARE_MS = 15_000;

export class Quotes {
  readonly #ports: QuotesPorts;
  readonly #kept = new Map<string, { readonly quote: Quote; readonly wanted: QuoteWish }>();
  /** Loyalty credit left, once the server has said so. */
  #creditLeft = Infinity;

  constructor(ports: QuotesPorts) {
    this.#ports = ports;
  }

  get credit(): number {
    const { session, tokens } = this.#ports;
    return Math.min(this.#creditLeft, tokens.credit(session));
  }

  async quote(offer: string, wish: QuoteWish): Promise<Quote> {
    const quote = await this.#ask(offer, wish).catch((error: unknown) => {
      // A token that was kept for long may be one that the server has forgotten; it is rejected now.
      if (isUnknown(error)) return this.#ask(offer, wish);
      throw error;
    });
    this.#kept.set(offer, { quote, wanted: wish });
    return quote;
  }

  /** The kept price, which is then used up, or a new one. */
  async take(offer: string, wanted: QuoteWish): Promise<Quote> {
    const kept = this.#kept.get(offer);
    const isFit = kept && isSame(kept.wanted, wanted) && this.#isFresh(kept.quote);
    const quote = isFit ? kept.quote : await this.quote(offer, wanted);
    this.#kept.delete(offer);
    return quote;
  }

  /** A tap was refused; what it says of the viewer's credit counts from now on. */
  refused({ problem }: DropcastError): void {
    const remaining = problem?.code === "credit_exceeded" ? problem["remaining"] : undefined;
    if (typeof remaining === "number") this.#creditLeft = remaining;
  }

  async #ask(offer: string, { quantity = 1, creatorCode, credit }: QuoteWish): Promise<Quote> {
    const { url, tokens } = this.#ports;
    return tokens.as((bearer) => {
      const creditAmount = credit ? Math.floor(this.credit / quantity) : 0;
      const body = {
        quantity,
        ...(creatorCode !== undefined && { creatorCode }),
        ...(creditAmount > 0 && { creditAmount }),
      };
      return ask("POST", `${url}/offers/${encodeURIComponent(offer)}/tokens`, { bearer, body });
    });
  }

  #isFresh({ expiresAt }: Quote): boolean {
    return Date.parse(expiresAt) - SPARE_MS > this.#ports.clock.nowMs();
  }
}

function isSame(one: QuoteWish, other: QuoteWish): boolean {
  const isSameCode = one.creatorCode === other.creatorCode;
  return isSameCode && (one.quantity ?? 1) === (other.quantity ?? 1) && !one.credit === !other.credit;
}

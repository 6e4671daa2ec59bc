/** A viewer at one offer on one card: what they chose, did and were told there. Talks to the SDK; no markup, no timers. */
import {
  DropcastError,
  type Money,
  type OfferPicture,
  type Price,
  type Purchase,
  type SessionClient,
} from "../../sdk/index.ts";
import { tap } from "./deeds.ts";
import { fire, firePurchase, type Reserved } from "./events.ts";
import { dueOf, isLost } from "./purchase-view.ts";
import { stageOf, unitsOf } from "./stage.ts";
import type { Texts } from "./texts.ts";
import { quantityOf, viewOf, type Deed, type SideDeed, type Trouble, type View } from "./view.ts";

/** After the offer or its price changed under the finger, a tap is not meant for it yet. */
const SETTLE_MS = 400;
/** A new price of a creator code is asked for within this time: not by everybody at once. */
const SPREAD_MS = 1_000;
/** And once more within this, where it was not given. */
const AGAIN_MS = 20_000;

export interface Settings {
  readonly session: string;
  /** Creator code; empty for none. */
  readonly code: string;
  /** What one tap pays with; empty to reserve instead. */
  readonly paymentMethod: string;
  /** Under which first name the viewer has agreed to be shown. */
  readonly shownAs?: string | undefined;
  readonly onCart: ((reserved: Reserved) => void) | undefined;
}

export interface Around {
  readonly client: SessionClient;
  readonly settings: () => Settings;
  /** Something is to be shown anew. */
  readonly changed: () => void;
  /** Where events are fired. */
  readonly stage: EventTarget;
}

export class Visit {
  readonly #offer: string;
  readonly #around: Around;
  #quantity = 1;
  #peak = 0;
  /** A signed price, and what it was given for. */
  #signed: { readonly of: string; readonly price: Price } | undefined;
  #asksFor: string | undefined;
  /** Within how many ms a price is to be asked for: at once the first time, then not by everybody together. */
  priceWithinMs = 0;
  /** The session does not know it: it is told so, and must not keep the viewer from buying. */
  #unknownCode = "";
  #trouble: Trouble | undefined;
  #past: DropcastError | undefined;
  #wasShut = false;
  #repricedFrom: Money | undefined;
  #aside: Purchase | undefined;
  #doing: Deed | SideDeed | undefined;
  #consent: "asked" | "given" | undefined;
  /** The purchase began here, so that this card tells the page about it. */
  #isMine = false;
  #step: Purchase["step"] | undefined;
  #wasSoldOut = false;
  #unit: number | undefined;
  #settledAtMs = 0;

  constructor(offer: string, around: Around) {
    this.#offer = offer;
    this.#around = around;
  }

  /** The offer takes another one's place on screen. */
  settle(): void {
    this.#settledAtMs = this.#around.client.nowMs() + SETTLE_MS;
  }

  get peak(): number {
    return this.#peak;
  }

  get hasAgreed(): boolean {
    return this.#consent === "given";
  }

  /** Epoch ms of the server's clock from when on a tap counts. */
  get settledAtMs(): number {
    return this.#settledAtMs;
  }

  /** The viewer is in the middle of a purchase: the card stays with this offer. */
  get isUnderWay(): boolean {
    const purchase = this.#purchase;
    if (!purchase || isLost(purchase, this.#around.client.nowMs())) return false;
    const { step } = purchase;
    return step === "pending" || step === "held" || step === "paying" || step === "action";
  }

  /** The order that waits for the viewer's bank. */
  get unconfirmed(): string | undefined {
    return this.#purchase?.step === "action" ? this.#purchase.order?.id : undefined;
  }

  view(texts: Texts, nowMs: number): View {
    const offer = this.#picture;
    this.#note(offer, nowMs);
    const settings = this.#around.settings();
    return viewOf(
      {
        state: this.#around.client.state,
        offer: this.#offer,
        nowMs,
        quantity: this.#quantity,
        pays: settings.paymentMethod !== "",
        hasCheckout: settings.onCart !== undefined,
        peak: this.#peak,
        isSettling: nowMs < this.#settledAtMs,
        price: this.#priceOf(offer),
        trouble: this.#trouble,
        past: this.#past,
        repricedFrom: this.#repricedFrom,
        aside: this.#aside,
        doing: this.#doing,
        consent: this.#consent,
      },
      texts,
    );
  }

  /** Tells the page what has become of the offer and of what was bought here. */
  report(view: View | undefined): void {
    const { session } = this.#around.settings();
    const purchase = this.#purchase;
    if (purchase?.step !== this.#step) {
      this.#step = purchase?.step;
      if (this.#isMine && purchase) this.#tellOf(purchase);
    }
    // While a tap is on its way the stock shown is a guess.
    if (!view?.offer || purchase?.step === "pending") return;
    const isSoldOut = view.stage === "soldout";
    if (isSoldOut && !this.#wasSoldOut) {
      const { waitlist } = view.offer;
      fire(this.#around.stage, "dropcast:soldout", { session, offer: this.#offer, waitlist });
    }
    this.#wasSoldOut = isSoldOut;
  }

  choose(quantity: number): void {
    this.#quantity = quantity;
    this.#around.changed();
  }

  agree(isGiven: boolean): void {
    this.#consent = isGiven ? "given" : "asked";
    this.#around.changed();
  }

  /** A signed price is wanted and not there: one that takes the creator code or the viewer's credit off. */
  get lacksPrice(): boolean {
    const offer = this.#picture;
    const isLess = this.#code !== "" || this.#hasCredit;
    if (!isLess || offer?.status !== "open" || this.#isSigned(offer)) return false;
    const { picture } = this.#around.client.state;
    return picture?.session.status === "live" && this.#asksFor !== this.#nameOf(offer);
  }

  /** Asks for it, once for each price, code and share of the credit. */
  async getPrice(): Promise<void> {
    const offer = this.#picture;
    if (!offer || !this.lacksPrice) return;
    const creatorCode = this.#code;
    const of = (this.#asksFor = this.#nameOf(offer));
    try {
      const { price } = await this.#around.client.quote(this.#offer, {
        quantity: this.#sharing(offer),
        ...(creatorCode && { creatorCode }),
        ...(this.#hasCredit && { credit: true }),
      });
      this.#signed = { of, price };
      this.priceWithinMs = SPREAD_MS;
    } catch (error) {
      if (isCodeUnknown(error)) {
        this.#unknownCode = creatorCode;
        this.#trouble = this.#troubleOf(error);
      } else {
        // The viewer did nothing, and need not be told: a tap finds out the price as well.
        this.#asksFor = "";
        this.priceWithinMs = AGAIN_MS;
      }
    }
    this.#around.changed();
  }

  /** Carries out what a button says. */
  async act(deed: Deed | SideDeed, view: View): Promise<void> {
    // Until then what is tapped is what was there before.
    if (deed === "verify" || this.#around.client.nowMs() < this.#settledAtMs) return;
    if (deed === "join") return this.agree(false);
    if (deed === "again") {
      this.#aside = this.#purchase;
      // The key that was pressed may still be down, and the button that buys gets the focus.
      this.settle();
      return this.#around.changed();
    }
    if (deed === "checkout") return this.#toCart();
    if (this.#doing) return;
    this.#doing = deed;
    this.#trouble = undefined;
    this.#repricedFrom = undefined;
    this.#isMine = true;
    this.#around.changed();
    try {
      await this.#carryOut(deed, view);
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#doing = undefined;
      this.#around.changed();
    }
  }

  async #carryOut(
    deed: "buy" | "reserve" | "confirm" | "pay" | "extend" | "release",
    view: View,
  ): Promise<void> {
    if (deed === "buy" || deed === "reserve" || deed === "confirm")
      return this.#tap(view, deed === "confirm");
    const { client, settings } = this.#around;
    const reservation = this.#purchase?.reservation?.id;
    if (reservation === undefined) return;
    const { paymentMethod, shownAs } = settings();
    if (deed === "pay") await client.pay(reservation, paymentMethod, shownAs);
    else await client[deed](reservation);
  }

  async #tap({ price, quantity }: View, backorder: boolean): Promise<void> {
    const offer = this.#picture;
    if (!price || !offer) return;
    const { paymentMethod, shownAs } = this.#around.settings();
    const code = this.#code;
    const shown = price.now;
    const wanted = {
      offer: this.#offer,
      quantity,
      shown,
      backorder,
      ...(paymentMethod === "" ? {} : { paymentMethod }),
      ...(shownAs && { shownAs }),
      ...(this.#hasCredit && { credit: true }),
    };
    const { client } = this.#around;
    const coded = code === "" ? wanted : { ...wanted, creatorCode: code };
    const repriced = await tap(client, coded).catch((error: unknown) => {
      if (!isCodeUnknown(error)) throw error;
      this.#unknownCode = code;
      return tap(client, wanted);
    });
    this.#consent = undefined;
    if (!repriced) return;
    this.#repricedFrom = shown;
    this.#signed = { of: this.#nameOf(offer), price: repriced.price };
  }

  #toCart(): void {
    const { onCart } = this.#around.settings();
    const purchase = this.#purchase;
    if (purchase?.reservation) onCart?.(this.#reservedOf(purchase, purchase.reservation));
  }

  #tellOf(purchase: Purchase): void {
    const { session, onCart } = this.#around.settings();
    const { reservation } = purchase;
    if (purchase.step === "held" && reservation) {
      const reserved = this.#reservedOf(purchase, reservation);
      fire(this.#around.stage, "dropcast:reserved", reserved);
      onCart?.(reserved);
    } else {
      firePurchase(this.#around.stage, session, purchase);
    }
  }

  #reservedOf({ quantity }: Purchase, reservation: NonNullable<Purchase["reservation"]>): Reserved {
    const { session } = this.#around.settings();
    const { id, expiresAt } = reservation;
    return { session, offer: this.#offer, quantity, reservation: id, expiresAt, due: dueOf(reservation) };
  }

  #refused(error: unknown): void {
    this.#trouble = this.#troubleOf(error);
    if (!(error instanceof DropcastError)) return;
    const { session } = this.#around.settings();
    const { code, status, retryAfterMs } = error;
    fire(this.#around.stage, "dropcast:refused", { session, offer: this.#offer, code, status, retryAfterMs });
  }

  #troubleOf(error: unknown): Trouble {
    if (!(error instanceof DropcastError)) return { code: "internal" };
    const { code, retryAfterMs } = error;
    return { code, retryAtMs: retryAfterMs && this.#around.client.nowMs() + retryAfterMs };
  }

  /** Keeps what the pictures of the past said: the most units seen, when the price last went up, what was shut. */
  #note(offer: OfferPicture | undefined, nowMs: number): void {
    const { state } = this.#around.client;
    const { picture } = state;
    if (!offer || !picture) return;
    const isShut = stageOf(state, this.#offer) !== "open";
    if (!isShut && this.#wasShut) {
      // Why there was nothing to be had is no longer so.
      this.#trouble = undefined;
      this.#past = this.#purchase?.refusal;
    }
    // While a tap is on its way the stock shown is a guess.
    if (!this.#doing) this.#wasShut = isShut;
    this.#peak = Math.max(this.#peak, unitsOf(picture, offer));
    const unit = (this.#priceOf(offer) ?? offer.price).due.amount;
    if (this.#unit !== undefined && unit > this.#unit) this.#settledAtMs = nowMs + SETTLE_MS;
    this.#unit = unit;
  }

  /** The creator's code to take off; empty where there is none. */
  get #code(): string {
    const { code } = this.#around.settings();
    return code === this.#unknownCode ? "" : code;
  }

  get #hasCredit(): boolean {
    return this.#around.client.credit() > 0;
  }

  /** Units that the viewer's credit is shared among; without any a price is the same for each number of them. */
  #sharing(offer: OfferPicture): number {
    const { picture } = this.#around.client.state;
    return picture && this.#hasCredit
      ? quantityOf(offer, unitsOf(picture, offer), this.#quantity).quantity
      : 1;
  }

  /** What a signed price of the offer would be given for now. */
  #nameOf(offer: OfferPicture): string {
    return `${offer.priceVersion} ${this.#code} ${this.#sharing(offer)}`;
  }

  #isSigned(offer: OfferPicture): boolean {
    return this.#signed?.of === this.#nameOf(offer);
  }

  #priceOf(offer: OfferPicture | undefined): Price | undefined {
    return offer && this.#isSigned(offer) ? this.#signed?.price : undefined;
  }

  get #picture(): OfferPicture | undefined {
    return this.#around.client.state.picture?.offers[this.#offer];
  }

  get #purchase(): Purchase | undefined {
    const { purchases } = this.#around.client.state;
    return Object.hasOwn(purchases, this.#offer) ? purchases[this.#offer] : undefined;
  }
}

function isCodeUnknown(error: unknown): boolean {
  return error instanceof DropcastError && error.code === "creator_code_unknown";
}

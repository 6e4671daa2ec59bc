/** The client of one session: puts feed, pictures, taps and purchases together, and tells who subscribed. Touches the network by them. */
import { FIRST_NAME } from "../domain/first-name.ts";
import { sleep } from "./backoff.ts";
import { Clicks } from "./clicks.ts";
import { Clock } from "./clock.ts";
import { DropcastError } from "./error.ts";
import { Feed } from "./feed.ts";
import type { Message } from "./following.ts";
import { Guesses } from "./guesses.ts";
import { ask } from "./http.ts";
import { newId } from "./ids.ts";
import { Outcomes } from "./outcomes.ts";
import { boughtBy, ownOf } from "./own.ts";
import { Pictures, type Taken } from "./pictures.ts";
import { look } from "./polling.ts";
import { Purchases } from "./purchases.ts";
import { Quotes } from "./quotes.ts";
import { forget, keep, kept } from "./storage.ts";
import { Taps, type Answers, type Tap } from "./taps.ts";
import type * as types from "./types.ts";
import { ViewerTokens } from "./viewer-tokens.ts";

/** A tap without a token that runs out is repeated for as long as one with a fresh token. */
const TAP_MS = 120_000;
/** Before the address of a session in which this browser tapped, until it has seen what became of it. */
const TAPPED = "dropcast.tapped ";
/** An order takes no longer name. */
const NAME_CHARS = 24;

type ReservationId = types.Reservation["id"];
type HoldTap = Extract<Tap, { readonly reservation: ReservationId }>;

export class Client implements types.SessionClient {
  readonly #url: string;
  readonly #api: string;
  readonly #clock = new Clock(Date.now);
  readonly #pictures = new Pictures();
  readonly #guesses = new Guesses();
  readonly #purchases = new Purchases();
  readonly #tokens: ViewerTokens;
  readonly #clicks: Clicks;
  readonly #quotes: Quotes;
  readonly #taps: Taps;
  readonly #outcomes: Outcomes;
  readonly #feed: Feed;
  readonly #listeners = new Set<() => void>();
  /** Taps on their way, by what they ask for: a double tap is one. */
  readonly #tapping = new Map<string, Promise<unknown>>();
  /** There is something that a page loaded anew would have to ask about. */
  #isKept = false;
  /** While somebody follows; ends the first request for a picture with it. */
  #following: AbortController | undefined;
  #state: types.ClientState = {
    connection: "connecting",
    picture: undefined,
    viewers: 0,
    purchases: this.#purchases.byOffer,
    missing: false,
  };

  constructor({ api, session, viewerToken, isMonitor = false }: types.ClientOptions) {
    const url = `${api}/v1/sessions/${encodeURIComponent(session)}`;
    this.#api = api;
    this.#url = url;
    const clock = this.#clock;
    const tokens = new ViewerTokens({ api, host: viewerToken, clock });
    this.#tokens = tokens;
    this.#clicks = new Clicks({ api, clock });
    this.#quotes = new Quotes({ url, session, tokens, clock });
    this.#feed = new Feed({
      url,
      tokens,
      after: () => this.#pictures.cursor,
      isMonitor,
      take: (message) => this.#take(message),
      picture: (picture) => this.#see(() => this.#pictures.snapshot(picture)),
      connection: (connection) => this.#connected(connection),
      missing: () => this.#set({ missing: true }),
    });
    const { socket } = this.#feed;
    this.#taps = new Taps({ url, socket, tokens, clock, otherViewer: () => this.#feed.again() });
    this.#outcomes = new Outcomes({
      open: () => this.#purchases.open,
      ask: ({ order, reservation }) =>
        order ? this.refreshOrder(order.id) : this.#refreshReservation(reservation?.id),
      nowMs: () => clock.nowMs(),
      isTold: () => this.#state.connection === "socket" || this.#state.connection === "stream",
    });
  }

  get state(): types.ClientState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    // The same function may be subscribed twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    this.#start();
    return () => {
      this.#listeners.delete(own);
      // Who moves an element in a page takes it out and puts it in again at once.
      queueMicrotask(() => {
        if (this.#listeners.size === 0) this.#stop();
      });
    };
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  clicks(): string[] {
    return this.#clicks.forOrder().clicks ?? [];
  }

  credit(): number {
    return this.#quotes.credit;
  }

  quote(offer: string, wish: types.QuoteWish = {}): Promise<types.Quote> {
    return this.#quotes.quote(offer, wish);
  }

  buy(offer: string, wish: types.BuyWish): Promise<types.OwnOrder> {
    const { paymentMethod, shownAs } = wish;
    return this.#once(`buy ${offer} ${JSON.stringify(wish)}`, async () => {
      const order = await this.#forUnits(offer, wish, (items, untilMs) =>
        this.#taps.send(
          { type: "order", items, allowPartial: false, paymentMethod, ...this.#beside(shownAs) },
          untilMs,
        ),
      );
      this.#purchases.placed(order);
      this.#changed();
      return order;
    });
  }

  reserve(offer: string, wish: types.ReserveWish = {}): Promise<types.Reservation> {
    const { backorder = false } = wish;
    return this.#once(`reserve ${offer} ${JSON.stringify(wish)}`, async () => {
      const { reservation } = await this.#forUnits(offer, wish, (items, untilMs) =>
        this.#taps.send({ type: "reserve", items, allowPartial: false, backorder }, untilMs),
      );
      this.#purchases.held(reservation);
      this.#changed();
      return reservation;
    });
  }

  pay(reservation: string, paymentMethod: string, shownAs?: string): Promise<types.OwnOrder> {
    return this.#once(`pay ${reservation} ${paymentMethod}`, async () => {
      const held = this.#purchases.ofReservation(reservation);
      if (held) this.#purchases.pending(held);
      this.#changed();
      const id = reservation as ReservationId;
      const beside = this.#beside(shownAs);
      const order = await this.#forHold({ type: "order", reservation: id, paymentMethod, ...beside }, held);
      this.#purchases.placed(order);
      this.#changed();
      return order;
    });
  }

  extend(reservation: string): Promise<types.Reservation> {
    return this.#change("extend", reservation);
  }

  release(reservation: string): Promise<types.Reservation> {
    return this.#change("release", reservation);
  }

  async refreshOrder(order: string): Promise<types.OwnOrder> {
    const url = `${this.#api}/v1/orders/${encodeURIComponent(order)}`;
    const now = await this.#tokens.as((bearer) => ask<types.OwnOrder>("GET", url, { bearer }));
    this.#purchases.order(now);
    this.#changed();
    const { reservation, paymentAction } = now;
    // For how long the units are held meanwhile.
    if (paymentAction && !this.#purchases.ofReservation(reservation)?.reservation)
      await this.#refreshReservation(reservation).catch(() => undefined);
    return now;
  }

  /** What an order comes with, and is the same order without. */
  #beside(shownAs = ""): { clicks?: string[]; shownAs?: string } {
    const name = shownAs.trim();
    const isName = name.length <= NAME_CHARS && FIRST_NAME.test(name);
    return { ...this.#clicks.forOrder(), ...(isName && { shownAs: name }) };
  }

  #start(): void {
    if (this.#following || this.#state.connection === "over") return;
    this.#following = new AbortController();
    void this.#hydrate(this.#following.signal);
    if (kept(TAPPED + this.#url)) void this.#restore().catch(() => undefined);
    this.#feed.start();
    this.#outcomes.update();
  }

  #stop(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#feed.stop();
    this.#outcomes.stop();
  }

  /** The first picture comes from a cache, before there is a token or a socket. */
  async #hydrate(signal: AbortSignal): Promise<void> {
    try {
      const { picture } = await look(this.#url, undefined, signal);
      if (picture) this.#see(() => this.#pictures.snapshot(picture));
    } catch (error) {
      if (!(error instanceof DropcastError) || error.code !== "session_not_found") return;
      this.#set({ missing: true });
      this.#end();
    }
  }

  /** What was begun before the page was loaded anew. */
  async #restore(): Promise<void> {
    const { reservations, orders } = await ownOf(this.#url, this.#tokens);
    for (const one of reservations) this.#purchases.reservation(one);
    for (const one of orders) this.#purchases.order(one);
    this.#isKept = true;
    this.#changed();
  }

  /** False when something is missing before it. */
  #take(message: Message): boolean {
    if ("serverAt" in message) this.#clock.heard(message.serverAt);
    switch (message.type) {
      case "snapshot":
      case "frame": {
        if (message.viewers !== this.#state.viewers) this.#set({ viewers: message.viewers });
        const pictures = this.#pictures;
        const take = (): Taken =>
          message.type === "snapshot" ? pictures.snapshot(message.picture) : pictures.change(message.change);
        return this.#see(take) !== "gap";
      }
      case "notice":
        if (message.order) this.#purchases.order(message.order);
        if (message.reservation) this.#purchases.reservation(message.reservation);
        this.#changed();
        break;
      case "ack":
      case "error":
        this.#taps.answered(message);
        break;
      case "welcome":
      case "pong":
    }
    return true;
  }

  #see(take: () => Taken): Taken {
    const before = this.#pictures.picture;
    const taken = take();
    const after = this.#pictures.picture;
    if (taken !== "news" || !after) return taken;
    this.#guesses.settle(before, after);
    this.#changed();
    return taken;
  }

  #connected(connection: types.Connection): void {
    if (connection !== "socket") this.#taps.cut();
    this.#set({ connection });
    // What was told meanwhile is not told again.
    if (connection === "socket" || connection === "stream") this.#outcomes.askAll();
  }

  /** Takes units of an offer, at a signed price; until the answer the stock shown is what it will be then. */
  async #forUnits<T extends types.OwnOrder | Answers["reserve"]>(
    offer: string,
    wish: types.QuoteWish,
    send: (items: { token: string; quantity: number }[], untilMs: number) => Promise<T>,
  ): Promise<T> {
    const { quantity = 1 } = wish;
    const guess = newId();
    const before = this.#purchases.pending({ offer, quantity });
    this.#guesses.add(guess, offer, quantity);
    this.#changed();
    try {
      const { token, expiresAt } = await this.#quotes.take(offer, wish);
      this.#isKept = true;
      keep(TAPPED + this.#url, "1");
      const untilMs = Date.parse(expiresAt);
      const answer = await send([{ token, quantity }], untilMs).catch(async (error: unknown) => {
        if ((error as Partial<DropcastError>).code !== "offline") throw error;
        // Until then what was sent may still arrive.
        await sleep(untilMs - this.nowMs());
        const found = boughtBy(token, "paymentMethod" in wish, await ownOf(this.#url, this.#tokens));
        if (!found) throw error;
        return found as T;
      });
      const { reservation } = answer;
      // Who waits for stock has taken none.
      const isTaken = typeof reservation === "string" || reservation.status !== "backordered";
      if (isTaken) this.#guesses.answered(guess);
      else this.#guesses.remove(guess);
      return answer;
    } catch (error) {
      this.#guesses.remove(guess);
      if (error instanceof DropcastError) {
        this.#quotes.refused(error);
        this.#purchases.refused({ offer, quantity, refusal: error }, before);
      }
      this.#changed();
      throw error;
    }
  }

  #change(type: "extend" | "release", reservation: string): Promise<types.Reservation> {
    return this.#once(`${type} ${reservation}`, async () => {
      const held = this.#purchases.ofReservation(reservation);
      const now = await this.#forHold({ type, reservation: reservation as ReservationId }, held);
      this.#purchases.reservation(now);
      this.#changed();
      return now;
    });
  }

  /** Asks something about a hold. When it is refused the hold stands, or has ended: that is asked then. */
  async #forHold<Asked extends HoldTap>(
    tap: Asked,
    held: types.Purchase | undefined,
  ): Promise<Answers[Asked["type"]]> {
    try {
      return await this.#taps.send(tap, this.nowMs() + TAP_MS);
    } catch (error) {
      if (held && error instanceof DropcastError) {
        this.#purchases.stands(held, error);
        this.#changed();
        await this.#refreshReservation(tap.reservation).catch(() => undefined);
      }
      throw error;
    }
  }

  async #refreshReservation(id: ReservationId | undefined): Promise<void> {
    if (id === undefined) return;
    const url = `${this.#url}/reservations/${id}`;
    const now = await this.#tokens.as((bearer) => ask<types.Reservation>("GET", url, { bearer }));
    this.#purchases.reservation(now);
    this.#changed();
    // Paid for by a tap whose answer never came, or in another tab.
    if (now.order && !this.#purchases.ofReservation(id)?.order) await this.refreshOrder(now.order);
  }

  async #once<T>(what: string, run: () => Promise<T>): Promise<T> {
    const running = this.#tapping.get(what);
    if (running) return running as Promise<T>;
    const started = run().finally(() => this.#tapping.delete(what));
    this.#tapping.set(what, started);
    return started;
  }

  /** Pictures or purchases may be others now. */
  #changed(): void {
    const { picture } = this.#pictures;
    const isAnyOpen = this.#purchases.open.length > 0;
    if (this.#isKept && !isAnyOpen) {
      this.#isKept = false;
      forget(TAPPED + this.#url);
    }
    this.#set({
      picture: picture && this.#guesses.over(picture),
      purchases: this.#purchases.byOffer,
    });
    if (this.#listeners.size === 0) return;
    this.#outcomes.update();
    const status = picture?.session.status;
    // A payment may still be under way when the session is over.
    const isOver = status === "ended" || status === "cancelled";
    if (isOver && !isAnyOpen) this.#end();
  }

  #end(): void {
    this.#stop();
    if (this.#state.connection !== "over") this.#connected("over");
  }

  #set(news: Partial<types.ClientState>): void {
    this.#state = { ...this.#state, ...news };
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        // One that fails is the page's concern, and must not keep news from the others.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

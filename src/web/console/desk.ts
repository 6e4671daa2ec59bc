/**
 * All that the console knows of its session, kept fresh: the picture by the SDK's feed, the numbers each second, the journal
 * as it grows, the offers' whole terms as they change. Touches the network and timers; nothing while the page is hidden.
 */
import { each } from "../../sdk/api.ts";
import { clientOf, DropcastError, type ClientState, type SessionClient } from "../../sdk/index.ts";
import { api } from "../signed-in/api.ts";
import { sampled } from "../signed-in/samples.ts";
import { askAgain } from "../signed-in/who.ts";
import { journalEvent, joined, KEPT, type EventType, type JournalEvent } from "./journal.ts";
import type { Stats } from "./numbers.ts";
import type { HostOffer } from "./rows.ts";

const EVERY_MS = 1_000;
/** Of a session that is over: late payments alone change it. */
const OVER_EVERY_MS = 5_000;
/** When the picture moves the numbers follow, though not with every frame. */
const SOON_MS = 250;
const READ_MS = 500;
const PAGE = 500;
/** So many pages are read in one go before the screen is renewed. */
const PAGES = 3;

const CHANGES_TERMS: ReadonlySet<EventType> = new Set<EventType>([
  "offer.created",
  "offer.updated",
  "offer.repriced",
]);

export class Desk {
  readonly session: string;
  readonly #client: SessionClient;
  readonly #changed: () => void;
  /** Ends what is under way when the page is left. */
  #stopping = new AbortController();
  #stats: Stats | undefined;
  #statsAtMs = 0;
  #polling: ReturnType<typeof setTimeout> | undefined;
  #dueAtMs = 0;
  #viewers: readonly number[] = [];
  #offers: ReadonlyMap<string, HostOffer> = new Map();
  #events: readonly JournalEvent[] = [];
  #readAtMs = 0;
  #reading: Promise<void> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #cursor = 0;
  #sampledAtMs = 0;
  /** The offers' terms are others than those that are known, as far as this page has heard. */
  #areTermsOld = true;
  #isReadingTerms = false;
  #isRefused = false;
  #isUnanswered = false;

  constructor(session: string, changed: () => void) {
    this.session = session;
    this.#client = clientOf({ api: location.origin, session, isMonitor: true });
    this.#changed = changed;
  }

  get client(): ClientState {
    return this.#client.state;
  }

  get stats(): Stats | undefined {
    return this.#stats;
  }

  /** How many viewers there were, second by second, while this page looked. */
  get viewers(): readonly number[] {
    return this.#viewers;
  }

  /** By id, with what only hosts see. */
  get offers(): ReadonlyMap<string, HostOffer> {
    return this.#offers;
  }

  get events(): readonly JournalEvent[] {
    return this.#events;
  }

  /** Whoever is signed in does not host this session, or there is none. */
  get isRefused(): boolean {
    return this.#isRefused || this.client.missing;
  }

  /** What is shown may be out of date. */
  get isOffline(): boolean {
    return this.#isUnanswered || !navigator.onLine || this.client.connection === "offline";
  }

  /** More has happened than the picture has in it, as far as this page has heard. */
  get isBehind(): boolean {
    return this.#cursor > (this.client.picture?.cursor ?? 0);
  }

  /** The server's clock. */
  nowMs(): number {
    return this.#client.nowMs();
  }

  /** Follows until the function it gives is called. */
  start(): () => void {
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    const stop = this.#client.subscribe(() => {
      const { cursor = 0 } = this.client.picture ?? {};
      if (cursor > this.#cursor) this.refresh();
      this.#cursor = Math.max(this.#cursor, cursor);
      this.#changed();
    });
    document.addEventListener("visibilitychange", () => this.refresh(), { signal });
    for (const news of ["online", "offline"])
      addEventListener(
        news,
        () => {
          this.#changed();
          this.refresh();
        },
        { signal },
      );
    void this.#poll();
    void this.#terms();
    return () => {
      stop();
      this.#stopping.abort();
      clearTimeout(this.#polling);
      clearTimeout(this.#later);
    };
  }

  /** The numbers, and with them the journal, at once or as soon as they may be asked for again. */
  refresh(): void {
    const waitMs = Math.max(0, this.#statsAtMs + SOON_MS - Date.now());
    this.#next(waitMs);
  }

  /** The earliest time that was asked for counts. */
  #next(inMs: number): void {
    const dueAtMs = Date.now() + inMs;
    if (this.#polling !== undefined && this.#dueAtMs <= dueAtMs) return;
    clearTimeout(this.#polling);
    this.#polling = undefined;
    if (this.#stopping.signal.aborted || this.#isRefused) return;
    this.#dueAtMs = dueAtMs;
    this.#polling = setTimeout(() => {
      this.#polling = undefined;
      void this.#poll();
    }, inMs);
  }

  async #poll(): Promise<void> {
    if (document.visibilityState === "hidden") return;
    this.#statsAtMs = Date.now();
    // Also where no numbers come: names are hidden by the journal.
    void this.#read();
    const { signal } = this.#stopping;
    try {
      const path = { session: this.session };
      const { data } = await api.GET("/v1/sessions/{session}/stats", { params: { path }, signal });
      // Answers may overtake each other.
      if (!this.#stats || data.at >= this.#stats.at) this.#stats = data;
      this.#isUnanswered = false;
      this.#sample(data.viewers);
      this.#cursor = Math.max(this.#cursor, data.cursor);
      this.#changed();
      void this.#read();
      void this.#terms();
    } catch (error) {
      this.#failed(error);
    }
    const status = this.#stats?.status;
    this.#next(status === "ended" || status === "cancelled" ? OVER_EVERY_MS : EVERY_MS);
  }

  /** One a second, however often it is asked. */
  #sample(viewers: number): void {
    if (Date.now() < this.#sampledAtMs + EVERY_MS) return;
    this.#sampledAtMs = Date.now();
    this.#viewers = sampled(this.#viewers, viewers);
  }

  /** The journal's new events. */
  async #read(): Promise<void> {
    if (this.#reading || this.#cursor <= this.#last) return;
    const waitMs = this.#readAtMs + READ_MS - Date.now();
    if (waitMs > 0) {
      clearTimeout(this.#later);
      this.#later = setTimeout(() => void this.#read(), waitMs);
      return;
    }
    clearTimeout(this.#later);
    this.#readAtMs = Date.now();
    this.#reading = this.#readOn().catch((error: unknown) => this.#failed(error));
    await this.#reading;
    this.#reading = undefined;
  }

  async #readOn(): Promise<void> {
    // Who comes late, or looked away in a rush, begins a little before now.
    let after = Math.max(this.#last, this.#cursor - KEPT);
    for (let page = 0; page < PAGES; page += 1) {
      const params = { path: { session: this.session }, query: { after, limit: PAGE } };
      const { data } = await api.GET("/v1/sessions/{session}/events", {
        params,
        signal: this.#stopping.signal,
      });
      const news = data.data.map(journalEvent);
      this.#events = joined(this.#events, news);
      this.#changed();
      if (news.some(({ type }) => CHANGES_TERMS.has(type))) this.#areTermsOld = true;
      void this.#terms();
      after = news.at(-1)?.seq ?? after;
      if (data.nextCursor === null) return;
    }
  }

  get #last(): number {
    return this.#events.at(-1)?.seq ?? 0;
  }

  /** One at a time; what fails, or grows old while it is read, is read again with the next poll. */
  async #terms(): Promise<void> {
    if (this.#isReadingTerms || !this.#areTermsOld) return;
    this.#isReadingTerms = true;
    this.#areTermsOld = false;
    const path = { session: this.session };
    const { signal } = this.#stopping;
    try {
      const offers = new Map<string, HostOffer>();
      const pages = each((at) =>
        api.GET("/v1/sessions/{session}/offers", { params: { path, query: at }, signal }),
      );
      for await (const offer of pages) offers.set(offer.id, offer);
      this.#offers = offers;
      this.#changed();
    } catch (error) {
      this.#areTermsOld = true;
      this.#failed(error);
    }
    this.#isReadingTerms = false;
  }

  /** What is only late comes with the next try; the feed says when there is no connection. */
  #failed(error: unknown): void {
    if (this.#stopping.signal.aborted || !(error instanceof DropcastError)) return;
    if (error.code === "unauthenticated") askAgain();
    this.#isUnanswered = error.code === "offline";
    this.#isRefused ||= error.code === "session_not_found" || error.code === "forbidden";
    this.#changed();
  }
}

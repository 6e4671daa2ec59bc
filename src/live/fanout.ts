/**
 * From a parent to its relays, be it the session or a hub: what changed since each relay's cursor, at most once a tick,
 * one push under way per relay, so that a slow relay gets fewer and fuller pushes. May call relays.
 */
import type { Metered } from "../domain/cost/metered.ts";
import { LIMITS } from "../domain/limits.ts";
import type { PictureChange } from "../domain/picture.ts";
import type { Notice } from "./notices.ts";
import { Ticker } from "./ticker.ts";

/** What a relay is sent. `change.after` is the cursor the relay said it has. */
export interface Push {
  readonly change: PictureChange;
  /** Of the whole session; undefined while a parent that slept has not heard from all its relays. */
  readonly viewers: number | undefined;
  readonly notices: readonly Notice[];
}

/** Where a relay is after a push. */
export interface Shown {
  readonly cursor: number;
  readonly viewers: number;
  /** Viewers and monitors; a version before this one does not tell them apart. */
  readonly screens?: number;
  /** What it has counted of itself since it last said, now and then. */
  readonly relayed?: Metered | undefined;
}

/** The half of a relay that its parent calls. */
export interface RelayPort {
  /** The relay's cursor and viewers afterwards; undefined when it has none and wants no more. */
  push(push: Push): Promise<Shown | undefined>;
}

/** What a parent pushes, and to whom. */
export interface FanoutSource {
  changeSince(cursor: number): PictureChange;
  /** Viewers of the whole session, where these are not those below: undefined until it is known, and nothing is pushed. */
  viewers?(): number | undefined;
  /** The notices since it was last asked. */
  takeNotices(): readonly Notice[];
  relay(name: string): RelayPort;
  /** Keeps the relays' names while the object sleeps. */
  readonly names: {
    list(): readonly string[];
    add(name: string): void;
    remove(name: string): void;
  };
  /** What a relay has counted of itself. */
  relayed(counts: Metered): void;
  /** A relay that could not be reached for `relayLostMs`; it is already forgotten here. */
  lost(name: string): void;
}

interface Subscriber {
  cursor: number;
  /** Undefined until it has said, since this object woke. */
  viewers: number | undefined;
  /** Viewers and monitors, as far as it has said. */
  screens: number;
  /** When the push under way began. */
  pushingSinceMs: number | undefined;
  behind: boolean;
  failures: number;
  failingSinceMs: number | undefined;
  notices: readonly Notice[];
}

/** What the pushes of one tick have in common. */
interface Tick {
  readonly changes: Map<number, PictureChange>;
  readonly viewers: number | undefined;
}

export class Fanout {
  readonly #source: FanoutSource;
  readonly #subscribers = new Map<string, Subscriber>();
  /** Given up with a push under way. */
  readonly #lost = new Set<Subscriber>();
  readonly #ticker = new Ticker(
    () => Math.max(LIMITS.frameTickMs, this.#subscribers.size * LIMITS.pushRelayMs),
    () => this.#tick(),
  );
  /** Viewers come and go all the time: their number alone is pushed once in a while. */
  readonly #counting = new Ticker(
    () => LIMITS.presenceTickMs,
    () => this.#announce(),
  );

  constructor(source: FanoutSource) {
    this.#source = source;
    for (const name of source.names.list()) this.#subscribers.set(name, subscriber(0));
    // Whatever was not pushed before this object was last put to sleep or reset is pushed now.
    if (this.#subscribers.size > 0) this.#announce();
  }

  get relays(): string[] {
    return [...this.#subscribers.keys()];
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Viewers below this parent. */
  get viewers(): number {
    let viewers = 0;
    for (const relay of this.#subscribers.values()) viewers += relay.viewers ?? 0;
    return viewers;
  }

  /** Screens below this parent, be they viewers' or monitors. */
  get screens(): number {
    let screens = 0;
    for (const relay of this.#subscribers.values()) screens += relay.screens;
    return screens;
  }

  /** Screens by relay: what it has to carry. */
  *loads(): Generator<readonly [relay: string, screens: number]> {
    for (const [name, { screens }] of this.#subscribers) yield [name, screens];
  }

  /** A relay has viewers, or other screens, and wants pushes after `cursor`. */
  subscribe(name: string, cursor: number, viewers: number, screens = viewers): void {
    if (!this.#subscribers.has(name)) this.#source.names.add(name);
    this.#subscribers.set(name, { ...subscriber(cursor), viewers, screens, behind: false });
    if (viewers > 0) this.#counting.request();
  }

  unsubscribe(name: string): void {
    if (!this.#subscribers.delete(name)) return;
    this.#source.names.remove(name);
    this.#counting.request();
  }

  /** False for a relay that is not known here: it must subscribe. */
  presence(name: string, viewers: number, screens = viewers): boolean {
    const relay = this.#subscribers.get(name);
    if (!relay) return false;
    this.#said(relay, viewers, screens);
    return true;
  }

  /** Something is to be pushed. Called when it is on disk or behind the output gate, never before. */
  changed(): void {
    if (this.#subscribers.size > 0) this.#announce();
  }

  /** Forgets every relay, and that anything was to be pushed. */
  clear(): void {
    for (const name of this.#subscribers.keys()) this.#source.names.remove(name);
    this.#subscribers.clear();
    this.#lost.clear();
    this.#ticker.stop();
    this.#counting.stop();
  }

  /** Viewers below this parent, once all relays have said. */
  get #counted(): number | undefined {
    for (const relay of this.#subscribers.values()) if (relay.viewers === undefined) return undefined;
    return this.viewers;
  }

  /** Monitors are nobody's news. */
  #said(relay: Subscriber, viewers: number, screens: number): void {
    relay.screens = screens;
    if (relay.viewers === viewers) return;
    relay.viewers = viewers;
    this.#counting.request();
  }

  #announce(): void {
    for (const relay of this.#subscribers.values()) relay.behind = true;
    this.#ticker.request();
  }

  #tick(): void {
    const viewers = this.#source.viewers ? this.#source.viewers() : this.#counted;
    if (this.#source.viewers && viewers === undefined) return;
    const notices = this.#source.takeNotices();
    const changes = new Map<number, PictureChange>();
    const nowMs = Date.now();
    for (const [name, relay] of this.#subscribers) {
      if (notices.length > 0) relay.notices = [...relay.notices, ...notices].slice(-LIMITS.noticesWaiting);
      if (relay.pushingSinceMs === undefined) {
        if (relay.behind) void this.#push(name, relay, { changes, viewers });
      } else if (nowMs - relay.pushingSinceMs >= LIMITS.relayLostMs) this.#giveUp(name, relay);
    }
  }

  /** Relays at the same cursor share the change that is worked out for it. */
  async #push(name: string, relay: Subscriber, { changes, viewers }: Tick): Promise<void> {
    const change = changes.get(relay.cursor) ?? this.#source.changeSince(relay.cursor);
    changes.set(relay.cursor, change);
    const { notices } = relay;
    relay.notices = [];
    relay.behind = false;
    relay.pushingSinceMs = Date.now();
    try {
      const shown = await this.#source.relay(name).push({ change, viewers, notices });
      relay.failures = 0;
      relay.failingSinceMs = undefined;
      if (this.#lost.delete(relay)) return this.#found(name, shown);
      if (shown === undefined) return this.#forget(name, relay);
      relay.cursor = shown.cursor;
      if (shown.relayed) this.#source.relayed(shown.relayed);
      // It took the change in too late, or not at all.
      if (shown.cursor < change.cursor) relay.behind = true;
      this.#said(relay, shown.viewers, screensOf(shown));
    } catch {
      if (this.#lost.delete(relay)) return;
      relay.failures += 1;
      relay.failingSinceMs ??= relay.pushingSinceMs;
      relay.notices = [...notices, ...relay.notices].slice(-LIMITS.noticesWaiting);
      relay.behind = true;
      if (Date.now() - (relay.failingSinceMs ?? 0) >= LIMITS.relayLostMs) this.#giveUp(name, relay);
    } finally {
      relay.pushingSinceMs = undefined;
      if (relay.behind && this.#subscribers.get(name) === relay) this.#again(relay.failures);
    }
  }

  /** A relay that fails is asked less and less often, until it is lost. */
  #again(failures: number): void {
    if (failures === 0) this.#ticker.request();
    else
      setTimeout(
        () => this.#ticker.request(),
        Math.min(LIMITS.pushRetryMaxMs, LIMITS.frameTickMs * 2 ** failures),
      );
  }

  /** Unless it has subscribed anew meanwhile. */
  #forget(name: string, relay: Subscriber): void {
    if (this.#subscribers.get(name) === relay) this.unsubscribe(name);
  }

  #giveUp(name: string, relay: Subscriber): void {
    if (this.#subscribers.get(name) !== relay) return;
    this.unsubscribe(name);
    if (relay.pushingSinceMs !== undefined) this.#lost.add(relay);
    this.#source.lost(name);
  }

  /** A relay that was given up answers after all: it was only slow, and it does not know that it was forgotten. */
  #found(name: string, shown: Shown | undefined): void {
    if (shown === undefined || screensOf(shown) === 0 || this.#subscribers.has(name)) return;
    this.subscribe(name, shown.cursor, shown.viewers, shown.screens);
    this.#announce();
  }
}

function screensOf({ viewers, screens = viewers }: Shown): number {
  return screens;
}

function subscriber(cursor: number): Subscriber {
  return {
    cursor,
    viewers: undefined,
    screens: 0,
    pushingSinceMs: undefined,
    behind: true,
    failures: 0,
    failingSinceMs: undefined,
    notices: [],
  };
}

/**
 * From a session to its relays: what changed since each relay's cursor, at most once a tick, one push under way per
 * relay, so that a slow relay gets fewer and fuller pushes. May call relays; keeps their names in the journal's storage.
 */
import type { Event } from "../domain/events.ts";
import { LIMITS } from "../domain/limits.ts";
import { pictureSince, type Picture, type PictureChange } from "../domain/picture.ts";
import type { SessionState } from "../domain/session.ts";
import type { Journal } from "./journal.ts";
import { NoticeList, type Notice } from "./notices.ts";
import { Ticker } from "./ticker.ts";

/** What a relay is sent. `change.after` is the cursor the relay said it has. */
export interface Push {
  readonly change: PictureChange;
  readonly viewers: number;
  readonly notices: readonly Notice[];
}

/** The half of a relay that a session calls. */
export interface RelayPort {
  /** The relay's cursor and sockets afterwards; undefined when it has none and wants no more. */
  push(push: Push): Promise<{ readonly cursor: number; readonly viewers: number } | undefined>;
}

interface Subscriber {
  cursor: number;
  viewers: number;
  pushing: boolean;
  behind: boolean;
  failures: number;
  notices: Notice[];
}

export class Fanout {
  readonly #state: () => SessionState;
  readonly #journal: Journal;
  readonly #relay: (name: string) => RelayPort;
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #notices = new NoticeList();
  readonly #ticker = new Ticker(LIMITS.frameTickMs, () => this.#tick());

  constructor(state: () => SessionState, journal: Journal, relay: (name: string) => RelayPort) {
    this.#state = state;
    this.#journal = journal;
    this.#relay = relay;
    for (const name of journal.relays()) this.#subscribers.set(name, subscriber(0));
    // Whatever was not pushed before this object was last put to sleep or reset is pushed now.
    if (this.#subscribers.size > 0) this.#announce();
  }

  get viewers(): number {
    let viewers = 0;
    for (const relay of this.#subscribers.values()) viewers += relay.viewers;
    return viewers;
  }

  /** A relay has sockets and wants pushes after `cursor`. */
  subscribe(name: string, cursor: number, viewers: number): void {
    if (!this.#subscribers.has(name)) this.#journal.addRelay(name);
    this.#subscribers.set(name, { ...subscriber(cursor), viewers, behind: false });
    if (viewers > 0) this.#announce();
  }

  unsubscribe(name: string): void {
    if (!this.#subscribers.delete(name)) return;
    this.#journal.removeRelay(name);
    this.#announce();
  }

  /** False for a relay that is not known here: it must subscribe. */
  presence(name: string, viewers: number): boolean {
    const relay = this.#subscribers.get(name);
    if (!relay) return false;
    if (relay.viewers !== viewers) {
      relay.viewers = viewers;
      this.#announce();
    }
    return true;
  }

  /** Called after every block, never before: what relays see is on disk, the output gate holds the calls until then. */
  changed(events: readonly Event[]): void {
    if (this.#subscribers.size === 0 || events.length === 0) return;
    for (const event of events) this.#notices.add(event);
    this.#announce();
  }

  #announce(): void {
    for (const relay of this.#subscribers.values()) relay.behind = true;
    this.#ticker.request();
  }

  #tick(): void {
    const notices = this.#notices.take(this.#state());
    const changes = new Map<number, PictureChange>();
    for (const [name, relay] of this.#subscribers) {
      relay.notices = [...relay.notices, ...notices].slice(-LIMITS.noticesWaiting);
      if (relay.behind && !relay.pushing) void this.#push(name, relay, changes);
    }
  }

  /** Relays at the same cursor share the change that is worked out for it. */
  async #push(name: string, relay: Subscriber, changes: Map<number, PictureChange>): Promise<void> {
    const change = changes.get(relay.cursor) ?? pictureSince(this.#state(), relay.cursor);
    changes.set(relay.cursor, change);
    const notices = relay.notices;
    relay.notices = [];
    relay.behind = false;
    relay.pushing = true;
    try {
      const shown = await this.#relay(name).push({ change, viewers: this.viewers, notices });
      relay.failures = 0;
      if (shown === undefined) return this.#forget(name, relay);
      relay.cursor = shown.cursor;
      // It took the change in too late, or not at all.
      if (shown.cursor < change.cursor) relay.behind = true;
      if (shown.viewers !== relay.viewers) {
        relay.viewers = shown.viewers;
        this.#announce();
      }
    } catch {
      relay.failures += 1;
      relay.notices = [...notices, ...relay.notices].slice(-LIMITS.noticesWaiting);
      relay.behind = true;
    } finally {
      relay.pushing = false;
      if (relay.behind && this.#subscribers.get(name) === relay) this.#again(relay.failures);
    }
  }

  /** A relay that fails is asked less and less often, but never given up: its sockets see nothing else. */
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
}

/** A full picture with the sequence of the last change to each part: from it, any cursor's change can be worked out. */
export interface Subscription {
  readonly picture: Picture;
  readonly sessionChangedSeq: number;
  readonly offerChangedSeq: Readonly<Record<string, number>>;
  readonly viewers: number;
}

function subscriber(cursor: number): Subscriber {
  return { cursor, viewers: 0, pushing: false, behind: true, failures: 0, notices: [] };
}

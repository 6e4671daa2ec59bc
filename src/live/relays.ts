/**
 * A session's relays: who is told of changes, how many relays there are and behind which hub they stand. Reads the
 * session's state, calls relays, keeps names and placement in the object's storage.
 */
import type { Metered } from "../domain/cost/metered.ts";
import type { Event } from "../domain/events.ts";
import type { SessionId } from "../domain/ids.ts";
import { pictureOf, pictureSince, type PictureChange } from "../domain/picture.ts";
import type { SessionState } from "../domain/session.ts";
import { Fanout, type RelayPort } from "./fanout.ts";
import type { Journal } from "./journal.ts";
import { NoticeList } from "./notices.ts";
import type { Elsewhere } from "./parent.ts";
import { partsOfRelay, relayName, type Placement } from "./placement.ts";
import type { Subscription } from "./relay-picture.ts";
import { Roster } from "./roster.ts";

export interface RelaysPorts {
  readonly session: SessionId;
  readonly state: () => SessionState;
  readonly journal: Pick<Journal, "relays" | "addRelay" | "removeRelay">;
  /** What a relay has counted of itself came with its answer to a push. */
  readonly relayed: (counts: Metered) => void;
  readonly kv: SyncKvStorage;
  readonly relay: (name: string) => RelayPort;
}

export class Relays {
  readonly #session: SessionId;
  readonly #state: () => SessionState;
  readonly #notices = new NoticeList();
  readonly #roster: Roster;
  readonly #fanout: Fanout;
  /** Relays that could not reach their hub, by its name: the session serves them until they have another. */
  readonly #stranded = new Map<string, string>();

  constructor({ session, state, journal, relayed, kv, relay }: RelaysPorts) {
    this.#session = session;
    this.#state = state;
    this.#roster = new Roster(kv);
    this.#fanout = new Fanout({
      changeSince: (cursor) => pictureSince(state(), cursor),
      takeNotices: () => this.#notices.take(state()),
      relay,
      relayed,
      names: {
        list: () => journal.relays(),
        add: (name) => journal.addRelay(name),
        remove: (name) => journal.removeRelay(name),
      },
      lost: (name) => this.#roster.replace(name),
    });
  }

  get viewers(): number {
    return this.#fanout.viewers;
  }

  get placement(): Placement {
    return this.#roster.placement;
  }

  /** Relays and hubs right below the session. */
  get names(): string[] {
    return this.#fanout.relays;
  }

  /** Called after every block, never before: what relays see is on disk, the output gate holds the calls until then. */
  changed(events: readonly Event[]): void {
    if (this.#fanout.size === 0 || events.every(({ type }) => type === "session.measured")) return;
    for (const event of events) this.#notices.add(event);
    this.#fanout.changed();
  }

  /** The picture, and pushes from its cursor on; or the hub that has it, unless that is the one that is `lost`. */
  subscribe(
    relay: string,
    viewers: number,
    lost?: string,
    screens?: number,
  ): Subscription | Elsewhere | undefined {
    const state = this.#state();
    const picture = pictureOf(state);
    if (!picture) return undefined;
    this.#follow(relay);
    const hub = this.#roster.hubOf(this.#session, relay);
    if (hub !== undefined && hub !== lost) {
      this.unsubscribe(relay);
      return { hub };
    }
    if (hub !== undefined) this.#stranded.set(relay, hub);
    this.#fanout.subscribe(relay, picture.cursor, viewers, screens);
    return {
      picture,
      sessionChangedSeq: state.changedSeq,
      buysChangedSeq: state.buysChangedSeq,
      offerChangedSeq: Object.fromEntries([...state.offers].map(([id, { changedSeq }]) => [id, changedSeq])),
      viewers: this.viewers,
    };
  }

  unsubscribe(relay: string): void {
    this.#stranded.delete(relay);
    this.#fanout.unsubscribe(relay);
  }

  /** False for a relay that is not known here, or belongs to a hub by now: it must subscribe. */
  presence(relay: string, viewers: number, screens?: number): boolean {
    if (!this.#fanout.presence(relay, viewers, screens)) return false;
    this.#follow(relay);
    const hub = this.#roster.hubOf(this.#session, relay);
    return hub === undefined || this.#stranded.get(relay) === hub;
  }

  /** What changed after a cursor, for a relay whose client knows more than it does. */
  since(cursor: number): { change: PictureChange; viewers: number } | undefined {
    const state = this.#state();
    return state.terms && { change: pictureSince(state, cursor), viewers: this.viewers };
  }

  /** Sees to it that there are these relays at least. Gives all there are, and the names of those in the planned regions. */
  plan(planned: Placement): { placement: Placement; relays: string[] } {
    if (!this.#state().terms) return { placement: {}, relays: [] };
    this.#roster.plan(planned);
    const { placement } = this;
    const relays = Object.keys(planned).flatMap((region) =>
      (placement[region] ?? []).map((place) => relayName(this.#session, region, place)),
    );
    return { placement, relays };
  }

  /** Says a hub of a relay below it that it could not reach: another takes its place. */
  lost(relay: string): void {
    this.#roster.replace(relay);
  }

  /** The session is over and its relays were told. */
  forget(): void {
    this.#fanout.clear();
    this.#stranded.clear();
    this.#roster.clear();
  }

  /** The region of a relay that has something to say gets as many relays as its screens ask for, counted or not. */
  #follow(relay: string): void {
    const { region } = partsOfRelay(relay);
    let screens = 0;
    for (const [name, load] of this.#fanout.loads())
      if (partsOfRelay(name).region === region) screens += load;
    this.#roster.follow(region, screens, this.#state().terms?.expectedViewers ?? 0);
  }
}

/**
 * Which relays a session has, and where: its placement and the hubs that stand before it. Kept in the object's storage
 * beside the journal, since it is no part of what was sold. May touch that storage, nothing else.
 */
import type { SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import {
  firstPlaces,
  grown,
  hubName,
  hubPosition,
  partsOfRelay,
  relaysWanted,
  replaced,
  type Placement,
} from "./placement.ts";

/** As it is stored; fields may be missing in what an older version wrote. */
interface Stored {
  readonly placement: Placement;
  /** Like places, a hub's number is never given twice. */
  readonly hubs: Placement;
}

const KEY = "roster";

export class Roster {
  readonly #kv: SyncKvStorage;
  #placement: Placement;
  #hubs: Placement;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
    const stored = kv.get<Partial<Stored>>(KEY);
    this.#placement = stored?.placement ?? {};
    this.#hubs = stored?.hubs ?? {};
  }

  get placement(): Placement {
    return this.#placement;
  }

  /** Makes a region's relays as many as its viewers, or the viewers expected of the session, ask for. */
  follow(region: string, viewers: number, expectedViewers: number): void {
    const places = this.#placement[region] ?? firstPlaces(relaysWanted(0, expectedViewers));
    const more = grown(places, relaysWanted(viewers, 0));
    if (more !== this.#placement[region]) this.#write({ ...this.#placement, [region]: more }, this.#hubs);
  }

  /** Adds what a plan wants beyond what is there. */
  plan(planned: Placement): void {
    const placement = { ...this.#placement };
    for (const [region, wanted] of Object.entries(planned)) {
      const count = Math.min(LIMITS.relaysPerRegion, wanted.length);
      placement[region] = grown(placement[region] ?? [], count);
    }
    this.#write(placement, this.#hubs);
  }

  /** A lost relay or hub is taken out and another put in its place. */
  replace(name: string): void {
    const { region, place, isHub } = partsOfRelay(name);
    const list = (isHub ? this.#hubs : this.#placement)[region] ?? [];
    const changed = place === undefined ? undefined : replaced(list, place);
    if (!changed) return;
    if (isHub) this.#write(this.#placement, { ...this.#hubs, [region]: changed });
    else this.#write({ ...this.#placement, [region]: changed }, this.#hubs);
  }

  /** The hub that a relay belongs to; undefined where it belongs to the session itself. */
  hubOf(session: SessionId, relay: string): string | undefined {
    const { region, place, isHub } = partsOfRelay(relay);
    if (isHub || place === undefined) return undefined;
    const position = hubPosition(this.#placement, region, place);
    if (position === undefined) return undefined;
    const hubs = grown(this.#hubs[region] ?? [], position + 1);
    if (hubs !== this.#hubs[region]) this.#write(this.#placement, { ...this.#hubs, [region]: hubs });
    return hubName(session, region, hubs[position] ?? position);
  }

  /** Leaves nothing behind. */
  clear(): void {
    this.#placement = {};
    this.#hubs = {};
    this.#kv.delete(KEY);
  }

  #write(placement: Placement, hubs: Placement): void {
    this.#placement = placement;
    this.#hubs = hubs;
    this.#kv.put(KEY, { placement, hubs } satisfies Stored);
  }
}

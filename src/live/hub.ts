/**
 * What makes a relay a hub: relays below it instead of sockets. Pushes to them what its own parent pushed, keeps their
 * names in the object's storage, since they must be found again after it slept.
 */
import type { Metered } from "../domain/cost/metered.ts";
import { Fanout, type RelayPort } from "./fanout.ts";
import type { Notice } from "./notices.ts";
import type { RelayPicture, Subscription } from "./relay-picture.ts";

const PREFIX = "child:";

export interface HubPorts {
  readonly kv: SyncKvStorage;
  readonly picture: () => RelayPicture | undefined;
  readonly relay: (name: string) => RelayPort;
  readonly relayed: (counts: Metered) => void;
  readonly lost: (name: string) => void;
}

export class Hub {
  readonly #ports: HubPorts;
  readonly fanout: Fanout;
  #notices: Notice[] = [];

  constructor(ports: HubPorts) {
    this.#ports = ports;
    const { kv, picture } = ports;
    this.fanout = new Fanout({
      changeSince: (cursor) => picture()?.changeSince(cursor) ?? { after: cursor, cursor, offers: {} },
      viewers: () => picture()?.viewers,
      takeNotices: () => this.#notices.splice(0),
      relay: ports.relay,
      relayed: ports.relayed,
      names: {
        list: () => [...kv.list({ prefix: PREFIX })].map(([key]) => key.slice(PREFIX.length)),
        add: (name) => kv.put(PREFIX + name, true),
        remove: (name) => kv.delete(PREFIX + name),
      },
      lost: ports.lost,
    });
  }

  /** What its parent pushed goes on to the relays below. */
  passOn(notices: readonly Notice[]): void {
    if (this.fanout.size === 0) return;
    this.#notices.push(...notices);
    this.#ports.picture()?.absorb();
    this.fanout.changed();
  }

  /** A relay below wants the picture, and pushes from it on. */
  subscribe(relay: string, viewers: number, screens?: number): Subscription | undefined {
    const picture = this.#ports.picture();
    if (!picture) return undefined;
    picture.absorb();
    this.fanout.subscribe(relay, picture.cursor, viewers, screens);
    return picture.subscription();
  }
}

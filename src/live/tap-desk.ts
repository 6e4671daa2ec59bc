/**
 * Where a relay's taps come in: turns away what it has no time for before any token is looked at, gives each of the rest
 * its place in the queue and its arrival on the record, and answers what need not go to the session. No I/O of its own.
 */
import type { Arrival, Envelope } from "../domain/commands.ts";
import type { ViewerId } from "../domain/ids.ts";
import type { TapOutcome, TurnedAway } from "./client.ts";
import { askedIn, type AskedTap, type Known, type Scarcity } from "./sold-out.ts";
import { SoldOutGate } from "./sold-out-gate.ts";
import { TapBatcher, type Place, type SendBatch } from "./tap-batcher.ts";
import { TapLimits } from "./tap-limits.ts";

/** What the desk needs of its relay. */
export interface DeskPorts {
  /** Region and place: the relay's name without its session. */
  readonly relay: string;
  readonly send: SendBatch;
  readonly scarcity: () => Promise<Scarcity | undefined>;
  /** What the relay knows of its session now; undefined while nobody watches. */
  readonly known: () => Known | undefined;
}

/** A tap that was let in. It must be taken or dropped: the taps behind it wait for that. */
export interface Ticket {
  /** The refusal of a tap for what is sold out, by what it claims to be: its tokens need not have been verified. */
  refuse(unverified: () => AskedTap | undefined): TapOutcome | undefined;
  take(envelope: Envelope): Promise<TapOutcome>;
  drop(): void;
}

export class TapDesk {
  readonly #ports: DeskPorts;
  readonly #batcher: TapBatcher;
  readonly #gate: SoldOutGate;
  readonly #limits = new TapLimits();
  #lastAtMs = 0;
  #arrived = 0;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
    this.#batcher = new TapBatcher(ports.send);
    this.#gate = new SoldOutGate(ports.scarcity);
  }

  /** Called the moment a tap comes in: its place is the next one. */
  admit(viewer: ViewerId, nowMs: number): Ticket | TurnedAway {
    const away = this.#limits.turnedAway(viewer, this.#batcher.waitMs(nowMs), nowMs);
    if (away) return away;
    const arrival = this.#arrival(nowMs);
    const place = this.#batcher.place();
    this.#limits.entered(viewer);
    let isOpen = true;
    const leave = (): void => {
      place.leave();
      if (isOpen) this.#limits.left(viewer);
      isOpen = false;
    };
    return {
      refuse: (unverified) => this.#refused(unverified, nowMs),
      take: (envelope) => this.#taken({ ...envelope, arrival }, place, nowMs).finally(leave),
      drop: leave,
    };
  }

  #refused(unverified: () => AskedTap | undefined, nowMs: number): TapOutcome | undefined {
    const tap = this.#gate.isTold ? unverified() : undefined;
    return tap && this.#gate.answer(tap, this.#ports.known(), nowMs);
  }

  async #taken(envelope: Envelope, place: Place, nowMs: number): Promise<TapOutcome> {
    const tap = askedIn(envelope);
    if (!tap) return place.fill(envelope);
    const known = this.#gate.answer(tap, this.#ports.known(), nowMs);
    if (known) return known;
    this.#gate.sent(tap);
    const outcome = await place.fill(envelope);
    this.#gate.done(tap, outcome);
    return outcome;
  }

  #arrival(nowMs: number): Arrival {
    this.#lastAtMs = Math.max(this.#lastAtMs, nowMs);
    this.#arrived += 1;
    return { relay: this.#ports.relay, atMs: this.#lastAtMs, number: this.#arrived };
  }
}

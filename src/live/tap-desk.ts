/**
 * Where a relay's taps come in: turns away what it has no time for before any token is looked at, gives each of the rest
 * its place in the queue and its arrival on the record, and answers what need not go to the session. No I/O of its own.
 */
import type { Arrival, Command, Envelope } from "../domain/commands.ts";
import type { ViewerId } from "../domain/ids.ts";
import type { TapOutcome, TurnedAway } from "./client.ts";
import type { Meter } from "./meter.ts";
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
  /** What becomes of taps is counted here. */
  readonly meter: Pick<Meter, "answered" | "turnedAway">;
}

/** A tap that was let in. It must be taken or dropped: the taps behind it wait for that. */
export interface Ticket {
  /** The refusal of a tap for what is sold out, by what it claims to be: its tokens need not have been verified. */
  refuse(unverified: () => AskedTap | undefined): TapOutcome | undefined;
  /** The relay itself has refused a tap for something to buy: its token does not hold, say. */
  refused(code: string): void;
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
    if (away) return this.#away(away);
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
      refused: (code) => this.#ports.meter.answered(Date.now() - nowMs, code),
      take: (envelope) => this.#taken({ ...envelope, arrival }, place, nowMs).finally(leave),
      drop: leave,
    };
  }

  #refused(unverified: () => AskedTap | undefined, nowMs: number): TapOutcome | undefined {
    const tap = this.#gate.isTold ? unverified() : undefined;
    const known = tap && this.#gate.answer(tap, this.#ports.known(), nowMs);
    return known && this.#counted(known, nowMs);
  }

  async #taken(envelope: Envelope, place: Place, nowMs: number): Promise<TapOutcome> {
    const tap = askedIn(envelope);
    const known = tap && this.#gate.answer(tap, this.#ports.known(), nowMs);
    const sent = known ? undefined : tap;
    if (sent) this.#gate.sent(sent);
    const outcome = known ?? (await place.fill(envelope));
    if (sent) this.#gate.done(sent, outcome);
    return isToBuy(envelope.command) ? this.#counted(outcome, nowMs) : outcome;
  }

  #away(away: TurnedAway): TurnedAway {
    this.#ports.meter.turnedAway(codeOf(away));
    return away;
  }

  /** Each tap once: a repeat gets the answer that was counted before. */
  #counted(outcome: TapOutcome, nowMs: number): TapOutcome {
    const { meter } = this.#ports;
    if ("overloaded" in outcome) meter.turnedAway(codeOf(outcome));
    else if (!outcome.replayed) {
      const { reply } = outcome;
      meter.answered(Date.now() - nowMs, reply.ok ? undefined : reply.refusal.code);
    }
    return outcome;
  }

  #arrival(nowMs: number): Arrival {
    this.#lastAtMs = Math.max(this.#lastAtMs, nowMs);
    this.#arrived += 1;
    return { relay: this.#ports.relay, atMs: this.#lastAtMs, number: this.#arrived };
  }
}

/** The problem that somebody who is turned away is told of. */
export function codeOf({ because }: TurnedAway): "rate_limited" | "overloaded" {
  return because === "viewer" ? "rate_limited" : "overloaded";
}

function isToBuy({ type }: Command): boolean {
  return type === "reservation.reserve" || type === "order.buy";
}

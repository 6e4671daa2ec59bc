/**
 * The way up from a relay: to the session, or to the hub that the session sent it to. Calls the two, keeps nothing but
 * which of them it is.
 */
import type { Envelope } from "../domain/commands.ts";
import type { Metered } from "../domain/cost/metered.ts";
import type { PictureChange } from "../domain/picture.ts";
import { LIMITS } from "../domain/limits.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { TapOutcome } from "./client.ts";
import type { Meter } from "./meter.ts";
import { partsOfRelay, relayAt } from "./placement.ts";
import type { Subscription } from "./relay-picture.ts";
import { isRetryable } from "./retry.ts";
import type { Scarcity } from "./sold-out.ts";

/** Told instead of the picture: this hub has it. */
export interface Elsewhere {
  readonly hub: string;
}

/**
 * The half of a session or a hub that the relays below it call. `relayed` is what they metered since they last said;
 * `screens` are viewers and monitors, where a version before this one says nothing but viewers.
 */
export interface ParentPort {
  /** `lost` is a hub that the relay could not reach. Undefined for a session that does not exist. */
  subscribe(
    relay: string,
    viewers: number,
    lost?: string,
    screens?: number,
  ): Promise<Subscription | Elsewhere | undefined>;
  unsubscribe(relay: string, relayed?: Metered): Promise<void>;
  /** False for a relay that has to subscribe. */
  presence(relay: string, viewers: number, relayed?: Metered, screens?: number): Promise<boolean>;
  execute(batch: readonly Envelope[], relayed?: Metered): Promise<readonly TapOutcome[]>;
}

/** A session has more to say than a hub. */
export interface SessionPort extends ParentPort {
  /** What changed since a cursor; undefined for a session that does not exist. */
  since(cursor: number): Promise<{ readonly change: PictureChange; readonly viewers: number } | undefined>;
  /** For refusing what is sold out; undefined when nothing is. */
  scarcity(): Promise<Scarcity | undefined>;
  /** A relay that could not be reached. */
  lost(relay: string): Promise<void>;
}

/** Who is below a relay, or on it. */
export interface Crowd {
  readonly viewers: number;
  /** Viewers and monitors. */
  readonly screens: number;
}

export interface ParentEnv {
  readonly LIVE_SESSION: DurableObjectNamespace;
  readonly RELAY: DurableObjectNamespace;
}

export class Parent {
  readonly #env: ParentEnv;
  readonly #relay: string;
  readonly #meter: Meter;
  /** The hub it is subscribed at; undefined for the session itself. */
  #hub: string | undefined;

  constructor(env: ParentEnv, relay: string, meter: Meter) {
    this.#env = env;
    this.#relay = relay;
    this.#meter = meter;
  }

  /** The session, whoever the parent is. */
  get session(): SessionPort {
    const { session } = partsOfRelay(this.#relay);
    return this.#env.LIVE_SESSION.getByName(session) as unknown as SessionPort;
  }

  /** The picture, and pushes from it on, from whom the session names. Undefined for a session that does not exist. */
  async subscribe({ viewers, screens }: Crowd): Promise<Subscription | undefined> {
    const answer = await this.session.subscribe(this.#relay, viewers, undefined, screens);
    if (!answer || !("hub" in answer)) return this.#belongsTo(undefined, answer);
    const fromHub = await this.#subscribeAt(answer.hub, { viewers, screens });
    if (fromHub) return this.#belongsTo(answer.hub, fromHub);
    const instead = await this.session.subscribe(this.#relay, viewers, answer.hub, screens);
    if (instead && "hub" in instead) throw new Error("the session names a hub that was said to be lost");
    return this.#belongsTo(undefined, instead);
  }

  unsubscribe(): Promise<void> {
    return this.#port().unsubscribe(this.#relay, this.#meter.take(Date.now()));
  }

  presence({ viewers, screens }: Crowd): Promise<boolean> {
    return this.#port().presence(this.#relay, viewers, this.#meter.take(Date.now()), screens);
  }

  /** A batch may be sent again, and by another way: its commands have ids. */
  async execute(batch: readonly Envelope[]): Promise<readonly TapOutcome[]> {
    const metered = this.#meter.takeDue(Date.now());
    try {
      return await this.#port().execute(batch, metered);
    } catch (error) {
      if (this.#hub === undefined && !isRetryable(error)) throw error;
      await scheduler.wait(Math.random() * LIMITS.retryJitterMs);
      return this.session.execute(batch);
    }
  }

  async #subscribeAt(hub: string, { viewers, screens }: Crowd): Promise<Subscription | undefined> {
    try {
      const answer = await this.#hubPort(hub).subscribe(this.#relay, viewers, undefined, screens);
      return answer as Subscription | undefined;
    } catch (error) {
      logLine({ event: "hub_out_of_reach", hub, relay: this.#relay, ...errorFacts(error) });
      return undefined;
    }
  }

  #belongsTo(hub: string | undefined, subscription: Subscription | undefined): Subscription | undefined {
    this.#hub = hub;
    return subscription;
  }

  #port(): ParentPort {
    return this.#hub === undefined ? this.session : this.#hubPort(this.#hub);
  }

  #hubPort(hub: string): ParentPort {
    return relayAt(this.#env.RELAY, hub) as unknown as ParentPort;
  }
}

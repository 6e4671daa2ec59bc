/**
 * The typed way to live sessions: host commands go to the session itself, taps through a relay. Everything outside
 * this room reaches the objects through here.
 */
import type { Envelope } from "../domain/commands.ts";
import type { Executed } from "../domain/block.ts";
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { HostedOffer } from "../domain/offer.ts";
import type { Order } from "../domain/order.ts";
import type { Purchases } from "../domain/purchases.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { Pool } from "../domain/stock.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { CLOSE } from "../wire/live.ts";
import type { BlockHash, Head, StoredBlock } from "./journal.ts";
import type { JournalCheck } from "./journal-check.ts";
import type { MeterReading } from "./meter.ts";
import type { OutletName } from "./publisher.ts";
import {
  partsOfRelay,
  relayAt,
  relayName,
  relaysFor,
  type Placement,
  type Whereabouts,
} from "./placement.ts";
import type { Relay } from "./relay.ts";
import { eachOf } from "./each.ts";
import { isRetryable } from "./retry.ts";
import { closedAtOnce } from "./sockets.ts";
import type { Hydrated, LiveSession } from "./session.ts";
import type { SessionStats } from "./stats.ts";
import type { Upkeep } from "./upkeep.ts";

/** The objects' bindings. */
export interface LiveBindings {
  readonly LIVE_SESSION: DurableObjectNamespace<LiveSession>;
  readonly RELAY: DurableObjectNamespace<Relay>;
}

/** Who watches, and where, as far as placement goes. */
export interface Audience extends Whereabouts {
  /** When the token runs out by which the viewer is known. */
  readonly expiresAtMs?: number | undefined;
  /** A screen of whoever makes the show: it is shown all that viewers are, and counted as none. */
  readonly isMonitor?: boolean;
}

/** The word that nobody has time for a tap, or not for one more of this viewer's, and when to come back. */
export interface TurnedAway {
  readonly overloaded: true;
  readonly retryAfterMs: number;
  readonly because?: "viewer";
}

/** What became of a tap. */
export type TapOutcome = Executed | TurnedAway;

/** Header by which the edge tells a relay whose socket it is; taken off requests from outside. */
export const VIEWER_HEADER = "dropcast-viewer";
/** And until when it is theirs. */
export const EXPIRES_HEADER = "dropcast-viewer-expires";
/** And that it is none of a viewer's. */
export const MONITOR_HEADER = "dropcast-monitor";

export class LiveClient {
  readonly #env: LiveBindings;

  constructor(env: LiveBindings) {
    this.#env = env;
  }

  /** A host's or the system's command; answered by the session itself. Safe to repeat: it has an id. */
  async command(session: SessionId, envelope: Envelope): Promise<Executed> {
    const [executed] = await this.#retrying(session, (stub) => stub.execute([envelope]));
    if (!executed) throw new Error("the session gave no answer");
    return executed;
  }

  /** A viewer's command, batched with others by the viewer's relay. */
  tap(session: SessionId, audience: Audience, envelope: Envelope): Promise<TapOutcome> {
    const { names } = relaysFor(session, audience);
    if (audience.viewer === undefined) throw new Error("a tap is somebody's");
    return this.#relay(names[0] ?? "").tap(audience.viewer, envelope);
  }

  /** The session's picture and what the edge needs to price tokens; undefined for a session that was never created. */
  hydrate(session: SessionId): Promise<Hydrated | undefined> {
    return this.#retrying(session, (stub) => stub.hydrate());
  }

  reservation(session: SessionId, id: ReservationId): Promise<Reservation | undefined> {
    return this.#retrying(session, (stub) => stub.reservation(id));
  }

  order(session: SessionId, id: OrderId): Promise<Order | undefined> {
    return this.#retrying(session, (stub) => stub.order(id));
  }

  /** What the viewer holds, waits for and has ordered. */
  purchases(session: SessionId, viewer: ViewerId): Promise<Purchases> {
    return this.#retrying(session, (stub) => stub.purchases(viewer));
  }

  pools(session: SessionId): Promise<Pool[]> {
    return this.#retrying(session, (stub) => stub.pools());
  }

  /** Every offer with its whole terms, floors among them: for hosts. */
  offers(session: SessionId): Promise<HostedOffer[]> {
    return this.#retrying(session, (stub) => stub.offers());
  }

  /** What the session sold and what its relays have counted, as of now. Undefined for a session that nobody created. */
  stats(session: SessionId): Promise<SessionStats | undefined> {
    return this.#retrying(session, (stub) => stub.stats());
  }

  /** Events after a sequence number, oldest first; fewer than `limit` means the journal's end. */
  events(session: SessionId, afterSeq: number, limit: number): Promise<Event[]> {
    return this.#retrying(session, (stub) => stub.events(afterSeq, limit));
  }

  /** The journal's end: its hash stands for every block before it. */
  head(session: SessionId): Promise<Head> {
    return this.#retrying(session, (stub) => stub.head());
  }

  /** Blocks after a block number; with payloads fewer than `limit` where they are large. */
  blocks(
    session: SessionId,
    afterBlock: number,
    limit: number,
    withPayload: boolean,
  ): Promise<(StoredBlock | BlockHash)[]> {
    return this.#retrying(session, (stub) => stub.blocks(afterBlock, limit, withPayload));
  }

  /** A projection has applied everything up to `appliedSeq`: it need not be sent again. */
  confirm(session: SessionId, outlet: OutletName, appliedSeq: number): Promise<void> {
    return this.#retrying(session, (stub) => stub.confirm(outlet, appliedSeq));
  }

  /** Replays the journal and compares: state, hash chain, publishing. Costs as much as the journal is long. */
  check(session: SessionId): Promise<JournalCheck> {
    return this.#retrying(session, (stub) => stub.check());
  }

  /** What the session and its relays have counted of themselves. */
  metered(session: SessionId): Promise<MeterReading> {
    return this.#retrying(session, (stub) => stub.metered());
  }

  /**
   * Hands a WebSocket upgrade to the viewer's relay, or to the next one when that is full or out of reach. The answer
   * is the 101; where no relay has room the socket is closed at once with the word to come back.
   */
  async connect(session: SessionId, audience: Audience, request: Request): Promise<Response> {
    const answer = await this.#knock(session, audience, request);
    return answer.status === 101 ? answer : closedAtOnce(CLOSE.resume, "no relay has room", request);
  }

  /**
   * The session as an event stream from the viewer's relay: 200, or 404 for no such session, or with `Retry-After` 429
   * for a viewer who has enough and 503 where no relay has room; these without a body. `?after=` or `Last-Event-ID`
   * resumes.
   */
  stream(session: SessionId, audience: Audience, request: Request): Promise<Response> {
    return this.#knock(session, audience, request);
  }

  /**
   * Sees to it that the session has these relays and that each of them has its picture, until `untilMs`. Gives the
   * relays there are now, and how many of them could not be warmed. Safe to repeat.
   */
  async warm(
    session: SessionId,
    placement: Placement,
    untilMs: number,
  ): Promise<{ readonly placement: Placement; readonly relays: number; readonly failed: number }> {
    const planned = await this.#retrying(session, (stub) => stub.planRelays(placement));
    const warmed = await eachOf(planned.relays, LIMITS.relaysCalledAtOnce, (name) =>
      this.#relay(name)
        .warm(untilMs)
        .catch(() => false),
    );
    const failed = warmed.filter((isWarm) => !isWarm).length;
    return { placement: planned.placement, relays: warmed.length - failed, failed };
  }

  /**
   * The session is over: its relays close their sockets and forget everything, then the session forgets its relays.
   * Gives how many were told. Safe to repeat; throws when one could not be told, and the next time goes on from there.
   */
  async cool(session: SessionId): Promise<{ readonly relays: number }> {
    const names = await this.#retrying(session, (stub) => stub.relays());
    const hubs = names.filter((name) => partsOfRelay(name).isHub);
    const below = await eachOf(hubs, LIMITS.relaysCalledAtOnce, (name) => this.#relay(name).below());
    const relays = new Set([...below.flat(), ...names.filter((name) => !hubs.includes(name))]);
    // Hubs are told last: nobody else knows the relays below them.
    for (const told of [[...relays], hubs]) {
      await eachOf(told, LIMITS.relaysCalledAtOnce, (name) => this.#relay(name).cool());
    }
    await this.#retrying(session, (stub) => stub.forgetRelays());
    return { relays: relays.size + hubs.length };
  }

  /** What opens when, and what was done for it. Undefined for a session that was never created. */
  upkeep(session: SessionId): Promise<Upkeep | undefined> {
    return this.#retrying(session, (stub) => stub.upkeep());
  }

  /** The session itself is loaded, and stays so until then. */
  stayAwake(session: SessionId, untilMs: number): Promise<void> {
    return this.#retrying(session, (stub) => stub.stayAwake(untilMs));
  }

  /** The session is over and keeps nothing that would wake it. */
  rest(session: SessionId): Promise<void> {
    return this.#retrying(session, (stub) => stub.rest());
  }

  /** One relay of each region fetches images into the cache of its data centre. Gives how many are in each of them. */
  prefetch(session: SessionId, placement: Placement, addresses: readonly string[]): Promise<number[]> {
    const first = Object.entries(placement).flatMap(([region, [place]]) =>
      place === undefined ? [] : [relayName(session, region, place)],
    );
    return eachOf(first, LIMITS.relaysCalledAtOnce, (name) =>
      this.#relay(name)
        .prefetch(addresses)
        .catch(() => 0),
    );
  }

  /** Asks the viewer's relays in turn until one takes the request; the last one's answer when none does. */
  async #knock(session: SessionId, audience: Audience, request: Request): Promise<Response> {
    const headers = new Headers(request.headers);
    for (const ours of [VIEWER_HEADER, EXPIRES_HEADER, MONITOR_HEADER]) headers.delete(ours);
    if (audience.viewer !== undefined) headers.set(VIEWER_HEADER, audience.viewer);
    if (audience.expiresAtMs !== undefined) headers.set(EXPIRES_HEADER, String(audience.expiresAtMs));
    if (audience.isMonitor) headers.set(MONITOR_HEADER, "yes");
    let answer = new Response(null, { status: 503, headers: { "Retry-After": "1" } });
    for (const name of relaysFor(session, audience).names) {
      try {
        answer = await this.#relay(name).fetch(new Request(request.url, { headers }));
      } catch (error) {
        logLine({ event: "relay_out_of_reach", relay: name, ...errorFacts(error) });
        continue;
      }
      if (answer.status !== 503) break;
    }
    return answer;
  }

  #relay(name: string): DurableObjectStub<Relay> {
    return relayAt(this.#env.RELAY, name);
  }

  /** One more try, on a new stub, when the platform says that the call may be repeated. */
  async #retrying<T>(
    session: SessionId,
    call: (stub: DurableObjectStub<LiveSession>) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(this.#env.LIVE_SESSION.getByName(session));
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await scheduler.wait(Math.random() * LIMITS.retryJitterMs);
      return call(this.#env.LIVE_SESSION.getByName(session));
    }
  }
}

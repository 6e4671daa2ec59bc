/**
 * The typed way to live sessions: host commands go to the session itself, taps through a relay. Everything outside
 * this room reaches the objects through here.
 */
import type { Envelope } from "../domain/commands.ts";
import type { Executed } from "../domain/block.ts";
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Order } from "../domain/order.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { Pool } from "../domain/stock.ts";
import type { BlockHash, Head, StoredBlock } from "./journal.ts";
import type { OutletName } from "./publisher.ts";
import { relayName } from "./placement.ts";
import type { Relay } from "./relay.ts";
import { isRetryable } from "./retry.ts";
import type { Hydrated, JournalCheck, LiveSession } from "./session.ts";

/** The objects' bindings. */
export interface LiveBindings {
  readonly LIVE_SESSION: DurableObjectNamespace<LiveSession>;
  readonly RELAY: DurableObjectNamespace<Relay>;
}

/** Where a viewer is, as far as placement goes. */
export interface Audience {
  readonly viewer: ViewerId | undefined;
  /** Continent code as Cloudflare names it; `XX` when unknown. */
  readonly region: string;
  /** Expected viewers of the session, from its picture. */
  readonly expectedViewers: number;
}

/** What became of a tap: an answer, or the word that nobody has time for it. */
export type TapOutcome = Executed | { readonly overloaded: true; readonly retryAfterMs: number };

/** Header by which the edge tells a relay whose socket it is; taken off requests from outside. */
export const VIEWER_HEADER = "dropcast-viewer";

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
    return this.#relay(session, audience).tap(envelope);
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

  pools(session: SessionId): Promise<Pool[]> {
    return this.#retrying(session, (stub) => stub.pools());
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

  /** Hands a WebSocket upgrade to the viewer's relay; the answer is the 101. */
  connect(session: SessionId, audience: Audience, request: Request): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.delete(VIEWER_HEADER);
    if (audience.viewer !== undefined) headers.set(VIEWER_HEADER, audience.viewer);
    return this.#relay(session, audience).fetch(new Request(request, { headers }));
  }

  #relay(session: SessionId, audience: Audience): DurableObjectStub<Relay> {
    const { name, locationHint } = relayName(session, audience);
    return this.#env.RELAY.getByName(name, locationHint ? { locationHint } : {});
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

/**
 * `LiveSession`: one object per live session, the only writer of its journal. Commands come in batches; those of one
 * turn share a block. It decides by the domain's rules and may touch its own storage, its queues and its relays.
 */
import { DurableObject } from "cloudflare:workers";
import { closeBlock, execute, openBlock, replayBlock, type Block, type Executed } from "../domain/block.ts";
import type { Envelope } from "../domain/commands.ts";
import { nextDueAtMs } from "../domain/due.ts";
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Order } from "../domain/order.ts";
import { pictureOf, pricingTermsOf, type Picture, type PricingTerms } from "../domain/picture.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { SessionState } from "../domain/session.ts";
import { emptyState, serialize } from "../domain/state.ts";
import type { Pool } from "../domain/stock.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import type { PublishedEvents } from "../wire/publishing.ts";
import { Fanout, type RelayPort, type Subscription } from "./fanout.ts";
import { GENESIS, hashBlock, Journal, type BlockHash, type Head, type StoredBlock } from "./journal.ts";
import { Publisher, type OutletName } from "./publisher.ts";

/** The bindings the object needs. */
export interface LiveSessionEnv {
  readonly RELAY: DurableObjectNamespace;
  readonly SETTLEMENT_QUEUE: Queue<PublishedEvents>;
  readonly REPORTING_QUEUE: Queue<PublishedEvents>;
}

/** What the edge keeps of a session for a moment: the picture for all, the terms for pricing tokens. */
export interface Hydrated {
  readonly picture: Picture;
  readonly pricing: PricingTerms;
  readonly viewers: number;
}

/** What a replay of the whole journal found. */
export interface JournalCheck {
  readonly head: Head;
  /** Every block's hash follows from the one before and its payload. */
  readonly chainWhole: boolean;
  /** The state rebuilt from the journal equals the one in memory, byte for byte. */
  readonly replayEqual: boolean;
  readonly blocks: number;
  readonly events: number;
  readonly pools: readonly Pool[];
  /** Last sequence number sent, by queue. */
  readonly published: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly envelopes: readonly Envelope[];
  readonly resolve: (executed: Executed[]) => void;
}

/** The platform tries a failed alarm this often, then forgets it; the last failure must therefore re-arm by itself. */
const ALARM_RETRIES = 6;

export class LiveSession extends DurableObject<LiveSessionEnv> {
  readonly #journal: Journal;
  readonly #publisher: Publisher;
  readonly #fanout: Fanout;
  #state: SessionState;
  #waiting: Waiting[] = [];
  #alarmAtMs = Number.POSITIVE_INFINITY;
  /** When commands were last executed. */
  #turnedAtMs = 0;

  constructor(ctx: DurableObjectState, env: LiveSessionEnv) {
    super(ctx, env);
    const session = (ctx.id.name ?? "") as SessionId;
    this.#journal = new Journal(ctx.storage);
    this.#state = this.#journal.load();
    this.#publisher = new Publisher(session, this.#journal, [
      { name: "settlement", queue: env.SETTLEMENT_QUEUE },
      { name: "reporting", queue: env.REPORTING_QUEUE },
    ]);
    this.#fanout = new Fanout(
      () => this.#state,
      this.#journal,
      (name) => env.RELAY.getByName(name) as unknown as RelayPort,
    );
    this.#arm();
  }

  /**
   * Executes a batch, in order. Resolves once its block is durable: the output gate holds the answers back, replays
   * of earlier answers included, until every write before them is on disk.
   */
  execute(envelopes: readonly Envelope[]): Promise<Executed[]> {
    return new Promise((resolve) => {
      this.#waiting.push({ envelopes, resolve });
      // A batch, or a command in a quiet time, is a turn of its own; single ones in a rush are gathered.
      const isQuiet = Date.now() - this.#turnedAtMs >= LIMITS.gatherMs;
      if (envelopes.length > 1 || isQuiet) this.#turn();
      else if (this.#waiting.length === 1) setTimeout(() => this.#turn(), 0);
    });
  }

  hydrate(): Hydrated | undefined {
    this.#turn();
    const picture = pictureOf(this.#state);
    return picture && { picture, pricing: pricingTermsOf(this.#state), viewers: this.#fanout.viewers };
  }

  reservation(id: ReservationId): Reservation | undefined {
    this.#turn();
    return this.#state.reservations.get(id);
  }

  order(id: OrderId): Order | undefined {
    this.#turn();
    return this.#state.orders.get(id);
  }

  pools(): Pool[] {
    this.#turn();
    return [...this.#state.pools.values()].map((pool) => ({ ...pool }));
  }

  /** The journal's end. */
  head(): Head {
    const { number, lastSeq, hash } = this.#journal.head;
    return { number, lastSeq, hash };
  }

  events(afterSeq: number, limit: number): Event[] {
    return this.#journal.events(afterSeq, Math.min(limit, LIMITS.pageMax));
  }

  /** With payloads as many blocks as one answer may carry, at least one. */
  blocks(afterBlock: number, limit: number, withPayload: boolean): (StoredBlock | BlockHash)[] {
    const most = Math.min(limit, LIMITS.pageMax);
    if (!withPayload) return this.#journal.hashes(afterBlock, most);
    const blocks: StoredBlock[] = [];
    let chars = 0;
    for (const block of this.#journal.read(afterBlock, most)) {
      blocks.push(block);
      chars += block.payload.length;
      if (chars >= LIMITS.auditPayloadChars) break;
    }
    return blocks;
  }

  /** Rebuilds the state from the first block on, checking the chain as it goes. */
  check(): JournalCheck {
    this.#turn();
    const rebuilt = emptyState();
    let previous: Head = GENESIS;
    let chainWhole = true;
    for (const block of this.#journal.read(0)) {
      const follows = block.number === previous.number + 1 && block.prevHash === previous.hash;
      chainWhole &&= follows && block.hash === hashBlock(block.prevHash, block.payload);
      replayBlock(rebuilt, JSON.parse(block.payload) as Block);
      previous = block;
    }
    return {
      head: { number: previous.number, lastSeq: previous.lastSeq, hash: previous.hash },
      chainWhole: chainWhole && previous.hash === this.#journal.head.hash,
      replayEqual: serialize(rebuilt) === serialize(this.#state),
      blocks: previous.number,
      events: previous.lastSeq,
      pools: this.pools(),
      published: this.#publisher.cursors(),
    };
  }

  /** A reader of a queue has applied everything up to `appliedSeq`. */
  confirm(outlet: OutletName, appliedSeq: number): void {
    this.#publisher.confirm(outlet, appliedSeq);
  }

  /** A relay has sockets: it gets the picture now and pushes from its cursor on. Undefined for no such session. */
  subscribe(relay: string, viewers: number): Subscription | undefined {
    this.#turn();
    const picture = pictureOf(this.#state);
    if (!picture) return undefined;
    this.#fanout.subscribe(relay, picture.cursor, viewers);
    const offerChangedSeq = Object.fromEntries(
      [...this.#state.offers].map(([id, offer]) => [id, offer.changedSeq]),
    );
    return {
      picture,
      sessionChangedSeq: this.#state.changedSeq,
      offerChangedSeq,
      viewers: this.#fanout.viewers,
    };
  }

  unsubscribe(relay: string): void {
    this.#fanout.unsubscribe(relay);
  }

  /** False for a relay that has to subscribe. */
  presence(relay: string, viewers: number): boolean {
    return this.#fanout.presence(relay, viewers);
  }

  /** Deadlines, windows, price steps, and queues that are behind. May come late or twice: it looks at what is due now. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#alarmAtMs = Number.POSITIVE_INFINITY;
    try {
      this.#turn();
      if (this.#quietMs() >= LIMITS.confirmMs && this.#publisher.unconfirmed) this.#publisher.resend();
      await this.#publisher.publish();
      this.#journal.saveCursors();
    } catch (error) {
      if ((info?.retryCount ?? 0) < ALARM_RETRIES - 1) throw error;
      logLine({ event: "alarm_failed", session: this.ctx.id.name, ...errorFacts(error) });
      this.#armAt(Date.now() + LIMITS.publishRetryMaxMs);
    }
    this.#arm();
  }

  /**
   * One turn: what is due, then every command that waits, as one block. Deciding and writing are one synchronous step.
   * If any of it fails the object starts anew from the journal: its memory may be ahead of the disk.
   */
  #turn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#turnedAtMs = Date.now();
    try {
      const open = openBlock(this.#state, Date.now());
      const answers = waiting.map(({ envelopes, resolve }) => {
        const executed = envelopes.map((envelope) => execute(this.#state, open, envelope));
        return () => resolve(executed);
      });
      const block = closeBlock(this.#state, open);
      if (block) this.#write(block);
      for (const answer of answers) answer();
    } catch (error) {
      this.ctx.abort(`turn failed: ${String(error)}`);
      throw error;
    }
  }

  #write(block: Block): void {
    this.#journal.append(block);
    this.#journal.snapshotWhenDue(this.#state);
    this.#fanout.changed(block.events);
    this.#arm();
    if (block.events.length > 0) this.ctx.waitUntil(this.#publisher.publish().then(() => this.#arm()));
  }

  /** One alarm for everything: the earliest of what falls due and of the next look at queues and their readers. */
  #arm(): void {
    const dueAtMs = nextDueAtMs(this.#state) ?? Number.POSITIVE_INFINITY;
    const { behind, unconfirmed, retryMs } = this.#publisher;
    const nowMs = Date.now();
    const publishAtMs = behind ? nowMs + retryMs : Number.POSITIVE_INFINITY;
    const resendAtMs = unconfirmed
      ? nowMs + Math.max(LIMITS.confirmMs, this.#quietMs())
      : Number.POSITIVE_INFINITY;
    this.#armAt(Math.min(dueAtMs, publishAtMs, resendAtMs));
  }

  /** How long nothing has happened: while events follow each other, each message lets its reader fill the gap before it. */
  #quietMs(): number {
    return Date.now() - this.#state.atMs;
  }

  /** Only ever moves the alarm earlier: one that fires for nothing costs less than a write per command. */
  #armAt(atMs: number): void {
    if (atMs >= this.#alarmAtMs) return;
    this.#alarmAtMs = atMs;
    void this.ctx.storage.setAlarm(atMs);
  }
}

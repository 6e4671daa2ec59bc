/**
 * `LiveSession`: one object per live session, the only writer of its journal. Commands come in batches; those of one
 * turn share a block. It decides by the domain's rules and may touch its own storage, its queues and its relays.
 */
import { DurableObject } from "cloudflare:workers";
import { closeBlock, execute, measure, openBlock, type Block, type Executed } from "../domain/block.ts";
import type { Envelope } from "../domain/commands.ts";
import type { Metered } from "../domain/cost/metered.ts";
import type { Feature } from "../domain/cost/model.ts";
import { nextDueAtMs } from "../domain/due.ts";
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, SessionId, ViewerId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import { isMeasureDue } from "../domain/measured.ts";
import { withoutChangedSeq, type HostedOffer } from "../domain/offer.ts";
import type { Order } from "../domain/order.ts";
import { pictureOf, pricingTermsOf, type Picture, type PricingTerms } from "../domain/picture.ts";
import { purchasesOf, type Purchases } from "../domain/purchases.ts";
import type { Reservation } from "../domain/reservation.ts";
import type { SessionState } from "../domain/session.ts";
import type { Pool } from "../domain/stock.ts";
import { errorFacts, logLine } from "../wire/log.ts";
import { Alarm } from "./alarm.ts";
import type { RelayPort } from "./fanout.ts";
import { checkJournal, type JournalCheck } from "./journal-check.ts";
import { Journal, type BlockHash, type Head, type StoredBlock } from "./journal.ts";
import { featureOf, meteredKv, type MeterReading } from "./meter.ts";
import type { Placement } from "./placement.ts";
import { Publisher, type OutletName } from "./publisher.ts";
import { Relays } from "./relays.ts";
import { Awake } from "./awake.ts";
import { ScarcityMaker, type Scarcity } from "./sold-out.ts";
import { statsOf, type SessionStats } from "./stats.ts";
import { Ticker } from "./ticker.ts";
import { Turns } from "./turns.ts";
import { upkeepOf, type Upkeep } from "./upkeep.ts";

/** The bindings the object needs. */
export interface LiveSessionEnv {
  readonly RELAY: DurableObjectNamespace;
  readonly SETTLEMENT_QUEUE: Queue<string>;
  readonly REPORTING_QUEUE: Queue<string>;
}

/** What the edge keeps of a session for a moment: the picture for all, the terms for pricing tokens. */
export interface Hydrated {
  readonly picture: Picture;
  readonly pricing: PricingTerms;
  readonly viewers: number;
  /** Where its relays are; a version before this one does not say. */
  readonly placement?: Placement;
  /** When the session was so, by its own clock; a version before this one does not say. */
  readonly atMs?: number;
  /** For refusing what is sold out; absent when nothing is, and in what a version before this one says. */
  readonly scarcity?: Scarcity;
}

/** The platform tries a failed alarm this often, then forgets it; the last failure must therefore re-arm by itself. */
const ALARM_RETRIES = 6;

export class LiveSession extends DurableObject<LiveSessionEnv> {
  readonly #journal: Journal;
  readonly #publisher: Publisher;
  readonly #relays: Relays;
  readonly #publishing = new Ticker(
    () => LIMITS.publishTickMs,
    () => this.ctx.waitUntil(this.#publisher.publish().then(() => this.#arm())),
  );
  readonly #keeping = new Ticker(
    () => LIMITS.audienceSaveMs,
    () => this.#journal.saveMeter(Date.now()),
  );
  #state: SessionState;
  readonly #alarm = new Alarm(this.ctx.storage, () => this.#journal.meter.tally("rowsWritten", "timers", 1));
  readonly #turns = new Turns({ turn: () => this.#turn(), durable: () => this.ctx.storage.sync() });
  readonly #awake = new Awake();
  readonly #scarcity = new ScarcityMaker();

  constructor(ctx: DurableObjectState, env: LiveSessionEnv) {
    super(ctx, env);
    const session = (ctx.id.name ?? "") as SessionId;
    this.#journal = new Journal(ctx.storage);
    this.#state = this.#journal.load();
    this.#publisher = new Publisher(session, this.#journal, [
      { name: "settlement", queue: env.SETTLEMENT_QUEUE },
      { name: "reporting", queue: env.REPORTING_QUEUE },
    ]);
    this.#relays = new Relays({
      session,
      state: () => this.#state,
      journal: this.#journal,
      relayed: (counts) => this.#watched(counts),
      kv: meteredKv(ctx.storage.kv, this.#journal.meter, "fanout"),
      relay: (name) => env.RELAY.getByName(name) as unknown as RelayPort,
    });
    this.#arm();
  }

  /**
   * Executes a batch, in order. Resolves once its block is durable: the output gate holds the answers back, replays
   * of earlier answers included, until every write before them is on disk.
   */
  execute(envelopes: readonly Envelope[], relayed?: Metered): Promise<Executed[]> {
    const feature = envelopes[0] ? featureOf(envelopes[0].command) : "hosting";
    this.#called(feature, relayed);
    if (feature === "taps") this.#journal.meter.add("taps", envelopes.length);
    return this.#turns.wait(envelopes);
  }

  hydrate(): Hydrated | undefined {
    const state = this.#asked("hydrate");
    const picture = pictureOf(state);
    if (!picture) return undefined;
    const atMs = Date.now();
    const scarcity = this.#scarcity.of(state, atMs);
    return {
      picture,
      pricing: pricingTermsOf(state),
      viewers: this.#relays.viewers,
      placement: this.#relays.placement,
      atMs,
      ...(scarcity ? { scarcity } : {}),
    };
  }

  /** For relays that see something sold out. Undefined when nothing is, or too much was sold to tell of. */
  scarcity(): Scarcity | undefined {
    return this.#scarcity.of(this.#asked("taps"), Date.now());
  }

  reservation(id: ReservationId): Reservation | undefined {
    return this.#asked("taps").reservations.get(id);
  }

  order(id: OrderId): Order | undefined {
    return this.#asked("taps").orders.get(id);
  }

  purchases(viewer: ViewerId): Purchases {
    return purchasesOf(this.#asked("taps"), viewer);
  }

  pools(): Pool[] {
    return [...this.#asked("hosting").pools.values()].map((pool) => ({ ...pool }));
  }

  offers(): HostedOffer[] {
    return [...this.#asked("hosting").offers.values()].map(withoutChangedSeq);
  }

  /** The session's numbers as they are now, from memory. Undefined for a session that nobody created. */
  stats(): SessionStats | undefined {
    const state = this.#asked("hosting");
    this.#watched();
    return statsOf(state, this.#journal.meter, { viewers: this.#relays.viewers, atMs: Date.now() });
  }

  /** The journal's end. */
  head(): Head {
    this.#called("hosting");
    const { number, lastSeq, hash } = this.#journal.head;
    return { number, lastSeq, hash };
  }

  events(afterSeq: number, limit: number): Event[] {
    this.#called("hosting");
    return this.#journal.events(afterSeq, Math.min(limit, LIMITS.pageMax));
  }

  /** With payloads as many blocks as one answer may carry, at least one. */
  blocks(afterBlock: number, limit: number, withPayload: boolean): (StoredBlock | BlockHash)[] {
    this.#called("hosting");
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
    this.#called("hosting");
    this.#turn();
    return { ...checkJournal(this.#journal, this.#state), published: this.#publisher.cursors() };
  }

  /** A reader of a queue has applied everything up to `appliedSeq`. */
  confirm(outlet: OutletName, appliedSeq: number): void {
    this.#called(outlet);
    this.#publisher.confirm(outlet, appliedSeq);
    if (this.#state.endedAtMs !== undefined) this.#disarm();
    this.#journal.saveMeter(Date.now(), LIMITS.meterSaveMs);
  }

  /** For a relay: the picture, and pushes from it on, or the hub that has it, unless that is `lost`. Undefined for no session. */
  subscribe(...asked: Parameters<Relays["subscribe"]>): ReturnType<Relays["subscribe"]> {
    this.#asked("fanout");
    return this.#relays.subscribe(...asked);
  }

  unsubscribe(relay: string, relayed?: Metered): void {
    this.#called("fanout");
    this.#relays.unsubscribe(relay);
    this.#watched(relayed);
  }

  /** False for a relay that has to subscribe. */
  presence(relay: string, viewers: number, relayed?: Metered, screens?: number): boolean {
    this.#called("fanout");
    const isKnown = this.#relays.presence(relay, viewers, screens);
    this.#watched(relayed);
    return isKnown;
  }

  /** What changed after a cursor, for a relay whose client knows more than it does. */
  since(cursor: number): ReturnType<Relays["since"]> {
    this.#asked("fanout");
    return this.#relays.since(cursor);
  }

  /** A hub could not reach this relay. */
  lost(relay: string): void {
    this.#called("fanout");
    this.#relays.lost(relay);
  }

  /** Sees to it that there are these relays at least. Gives all there are, and the names of those in the planned regions. */
  planRelays(planned: Placement): ReturnType<Relays["plan"]> {
    this.#called("warmup");
    return this.#relays.plan(planned);
  }

  /** Relays and hubs right below the session. */
  relays(): string[] {
    this.#called("cooldown");
    return this.#relays.names;
  }

  /** The session is over and its relays were told: nothing is left of them here. */
  forgetRelays(): void {
    this.#called("cooldown");
    this.#relays.forget();
  }

  /** What it all took so far: the session's own counts and its relays', as far as those have reported. */
  metered(): MeterReading {
    this.#called("hosting");
    this.#watched();
    return this.#journal.meter.reading(Date.now());
  }

  /** For the warm-up's cron: what opens when, what was done. Undefined for a session that nobody created. */
  upkeep(): Upkeep | undefined {
    return upkeepOf(this.#asked("warmup"), this.#journal.head, this.#publisher.isDone);
  }

  /** Stays loaded until then. */
  stayAwake(untilMs: number): void {
    this.#called("warmup");
    this.#awake.until(untilMs);
    this.#journal.meter.warm(untilMs, Date.now());
  }

  /** It is over: nothing keeps it in memory, and its snapshot has nothing in it any more that the state has forgotten. */
  rest(): void {
    this.#called("cooldown");
    this.#turn();
    this.#awake.end();
    this.#journal.meter.warm(0, Date.now());
    this.#journal.snapshot(this.#state);
    this.#disarm();
  }

  /** Deadlines, windows, price steps, and queues that are behind. May come late or twice: it looks at what is due now. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#alarm.fired();
    this.#called("timers");
    try {
      this.#turn();
      if (this.#quietMs() >= LIMITS.confirmMs && this.#publisher.unconfirmed) this.#publisher.resend();
      await this.#publisher.publish();
      this.#journal.saveCursors();
      this.#journal.saveMeter(Date.now());
      this.#snapshotInLull();
    } catch (error) {
      if ((info?.retryCount ?? 0) < ALARM_RETRIES - 1) throw error;
      logLine({ event: "alarm_failed", session: this.ctx.id.name, ...errorFacts(error) });
      this.#alarm.set(Date.now() + LIMITS.publishRetryMaxMs);
    }
    this.#arm();
  }

  #snapshotInLull(): void {
    const isLull = this.#quietMs() >= LIMITS.snapshotQuietMs;
    if (isLull && this.#journal.isSnapshotDue(this.#state, LIMITS.snapshotEveryEvents))
      this.#journal.snapshot(this.#state);
  }

  /** A call came in, for the meter; a relay's may bring what that has counted since it last said. */
  #called(feature: Feature, relayed?: Metered): void {
    this.#journal.meter.call(feature, Date.now(), relayed);
    this.#journal.working(feature);
  }

  /** The state as it is now: what fell due has happened. */
  #asked(feature: Feature): SessionState {
    this.#called(feature);
    this.#turn();
    return this.#state;
  }

  /** How many watch may have changed. What a relay counted of its audience is kept soon: it may be the last for long. */
  #watched(relayed?: Metered): void {
    const nowMs = Date.now();
    if (relayed) this.#journal.meter.merge(relayed);
    this.#journal.meter.watched(this.#relays.viewers, nowMs);
    if ((relayed?.views ?? 0) + (relayed?.tapsAnswered ?? 0) > 0) this.#keeping.request();
    else this.#journal.saveMeter(nowMs, LIMITS.meterSaveMs);
    if (isMeasureDue(this.#state, nowMs)) this.#turn();
  }

  /**
   * One turn: what is due, then every command that waits, as one block. Deciding and writing are one synchronous step.
   * If any of it fails the object starts anew from the journal: its memory may be ahead of the disk.
   */
  #turn(): void {
    const waiting = this.#turns.take();
    const [first] = waiting[0]?.envelopes ?? [];
    this.#journal.working(first ? featureOf(first.command) : "timers");
    try {
      const open = openBlock(this.#state, Date.now());
      const answers = waiting.map(({ envelopes, resolve }) => {
        const executed = envelopes.map((envelope) => execute(this.#state, open, envelope));
        return () => resolve(executed);
      });
      measure(this.#state, open, this.#journal.meter);
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
    void this.#turns.written();
    // In a rush nobody waits for a snapshot, until waking up without one would take too long.
    if (this.#journal.isSnapshotDue(this.#state, LIMITS.snapshotTailEvents))
      this.#journal.snapshot(this.#state);
    this.#journal.meter.events(block.events);
    this.#journal.saveMeter(block.atMs, LIMITS.meterSaveMs);
    this.#relays.changed(block.events);
    this.#arm();
    if (block.events.length > 0) this.#publishing.request();
    // What relays had not told by the end; a little later than that is due, since a timer may come early.
    if (this.#state.endedAtMs === block.atMs && this.#relays.names.length > 0)
      setTimeout(() => this.#turn(), LIMITS.measureLateMs + LIMITS.publishTickMs);
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
    const snapshotAtMs = this.#journal.isSnapshotDue(this.#state, LIMITS.snapshotEveryEvents)
      ? nowMs + LIMITS.snapshotQuietMs
      : Number.POSITIVE_INFINITY;
    this.#alarm.set(Math.min(dueAtMs, publishAtMs, resendAtMs, snapshotAtMs));
  }

  /** Nothing will come any more, but for what is known of. */
  #disarm(): void {
    this.#alarm.clear();
    this.#arm();
  }

  /** How long nothing has happened: while events follow each other, each message lets its reader fill the gap before it. */
  #quietMs(): number {
    return Date.now() - this.#state.atMs;
  }
}

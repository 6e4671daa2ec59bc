/**
 * How a projection applies a journal's events exactly once, though they come at least once, in any order and with
 * gaps. One place for every room that projects: where rows are kept, how the journal is read and what a message is
 * come in as arguments. No I/O of its own, no clock, no randomness.
 */
import type { Event, OrderEvent, Recorded } from "./events.ts";
import type { OrderId, SessionId } from "./ids.ts";
import { LIMITS } from "./limits.ts";

/** Events `firstSeq` to `lastSeq` of one session as they were sent; none of them when they were too large to send. */
export interface Stretch {
  readonly session: SessionId;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly Event[];
}

/** The rows of one projection of one session, and how far they have come. */
export interface ProjectionStore {
  /** Sequence number of the last event applied; 0 before the first. */
  cursor(): Promise<number>;
  /**
   * Applies the events right after `cursor` and moves it past them: all of it or nothing. False, with nothing changed,
   * when the cursor was not there any more.
   */
  apply(cursor: number, events: readonly Event[]): Promise<boolean>;
}

/** Reads a session's events after a sequence number, oldest first; it may answer with the first part of them. */
export type ReadJournal = (session: SessionId, afterSeq: number) => Promise<readonly Event[]>;

/** A message of a queue, as far as consuming it goes. */
export interface Delivery {
  readonly body: unknown;
  /** Which delivery of the message this is, from 1. */
  readonly attempts: number;
  ack(): void;
  retry(options: { readonly delaySeconds: number }): void;
}

/** What consuming for one projection needs. */
export interface Projection {
  readonly name: string;
  /** The stretch a message's body is; undefined when it is none. */
  readonly read: (body: unknown) => Stretch | undefined;
  readonly store: (session: SessionId) => ProjectionStore;
  readonly journal: ReadJournal;
  /** Tells the session how far the projection is, so that it need not send that again. Nothing is lost if it fails. */
  readonly confirm: (session: SessionId, appliedSeq: number) => Promise<void>;
  /** Gets one structured line about what could not be applied. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

interface Received {
  readonly stretch: Stretch;
  readonly delivery: Delivery;
}

/**
 * Applies a batch of messages, a session's together, and acknowledges or retries each by itself. What is malformed
 * or fails is retried until the queue hands it to its dead letters. Does not throw.
 */
export async function consume(deliveries: readonly Delivery[], projection: Projection): Promise<void> {
  const received: Received[] = [];
  for (const delivery of deliveries) {
    const stretch = projection.read(delivery.body);
    if (stretch && isWhole(stretch)) received.push({ stretch, delivery });
    else refuse(delivery, projection);
  }
  const sessions = Map.groupBy(received, ({ stretch }) => stretch.session);
  await Promise.all([...sessions].map(([session, group]) => consumeOf(session, group, projection)));
}

async function consumeOf(
  session: SessionId,
  group: readonly Received[],
  projection: Projection,
): Promise<void> {
  const store = projection.store(session);
  let reached: number;
  try {
    const stretches = group.map(({ stretch }) => stretch);
    reached = await catchUp(store, (afterSeq) => projection.journal(session, afterSeq), stretches);
  } catch (error) {
    const { name, log } = projection;
    log({
      event: "projection_failed",
      projection: name,
      session,
      messages: group.length,
      error: String(error),
    });
    // What came before the failure may be applied all the same.
    reached = await store.cursor().catch(() => 0);
  }
  await projection.confirm(session, reached).catch(() => undefined);
  for (const { stretch, delivery } of group) {
    if (stretch.lastSeq <= reached) delivery.ack();
    else retryLater(delivery);
  }
}

/** A message nobody can read is logged once, not at each of its deliveries. */
function refuse(delivery: Delivery, { name, log }: Projection): void {
  if (delivery.attempts === 1) log({ event: "message_malformed", projection: name });
  retryLater(delivery);
}

/** Doubled each time up to a minute, so that twenty deliveries outlast a quarter of an hour without a database. */
function retryLater(delivery: Delivery): void {
  const delayMs = Math.min(LIMITS.publishRetryMaxMs, LIMITS.publishRetryMs * 2 ** delivery.attempts);
  delivery.retry({ delaySeconds: delayMs / 1_000 });
}

/**
 * Several projections that are fed by the same messages, as one: each later one finds what the earlier ones have made of
 * the same events. It is as far as the one furthest behind.
 */
export function inTurn(stores: readonly ProjectionStore[]): ProjectionStore {
  const cursors = (): Promise<number[]> => Promise.all(stores.map((store) => store.cursor()));
  return {
    cursor: async () => Math.min(...(await cursors())),
    async apply(cursor, events) {
      for (const store of stores) {
        const at = await store.cursor();
        if (at < cursor) return false;
        const rest = events.filter(({ seq }) => seq > at);
        if (rest.length > 0 && !(await store.apply(at, rest))) return false;
      }
      return true;
    },
  };
}

/**
 * Brings a projection to where the stretches end, or further, and answers how far it is. Every turn moves the cursor
 * or finds that somebody else has.
 */
export async function catchUp(
  store: ProjectionStore,
  journal: (afterSeq: number) => Promise<readonly Event[]>,
  stretches: readonly Stretch[],
): Promise<number> {
  const inOrder = stretches.toSorted((a, b) => a.firstSeq - b.firstSeq);
  const lastSeq = Math.max(0, ...stretches.map((stretch) => stretch.lastSeq));
  let cursor = await store.cursor();
  while (cursor < lastSeq) {
    const known = following(cursor, inOrder);
    const events = known.length > 0 ? known : await journal(cursor);
    if (events.length === 0) throw new Error(`the journal has nothing after event ${cursor}`);
    cursor = await step(store, cursor, events);
  }
  return cursor;
}

/** Brings a projection to the journal's end. */
export async function catchUpWithJournal(
  store: ProjectionStore,
  journal: (afterSeq: number) => Promise<readonly Event[]>,
): Promise<number> {
  let cursor = await store.cursor();
  for (;;) {
    const events = await journal(cursor);
    if (events.length === 0) return cursor;
    cursor = await step(store, cursor, events);
  }
}

async function step(store: ProjectionStore, cursor: number, events: readonly Event[]): Promise<number> {
  let last = cursor;
  for (const { seq } of events) {
    // A hole in an answer of the journal would be an event lost for good.
    if (seq !== last + 1) throw new Error(`event ${seq} does not follow event ${last}`);
    last = seq;
  }
  return (await store.apply(cursor, events)) ? last : store.cursor();
}

/** The events right after `cursor` among stretches in order, up to the first gap; none when they begin with one. */
function following(cursor: number, inOrder: readonly Stretch[]): Event[] {
  const events: Event[] = [];
  let reached = cursor;
  for (const stretch of inOrder) {
    if (stretch.lastSeq <= reached) continue;
    if (stretch.firstSeq > reached + 1 || stretch.events.length === 0) break;
    for (const event of stretch.events) if (event.seq > reached) events.push(event);
    reached = stretch.lastSeq;
  }
  return events;
}

/** Whether a message has every event it says it has, or none at all. */
function isWhole({ firstSeq, lastSeq, events }: Stretch): boolean {
  if (firstSeq > lastSeq) return false;
  if (events.length === 0) return true;
  return events.length === lastSeq - firstSeq + 1 && events.every(({ seq }, at) => seq === firstSeq + at);
}

/** Whether an event is about an order, of a type that this version knows or of one that it does not. */
export function isOrderEvent(event: Event): event is Recorded<OrderEvent> {
  return event.type.startsWith("order.");
}

/** Orders that must be known before the events can be applied: those they change, besides those they create. */
export function ordersChangedBy(events: readonly Event[]): OrderId[] {
  const changed = new Set<OrderId>();
  for (const event of events) {
    if (isOrderEvent(event) && event.type !== "order.placed") changed.add(event.order);
  }
  return [...changed];
}

/**
 * Throws on the event of a newer version: its message then waits for the deploy that knows it, where passing it over
 * would lose it.
 */
export function assertKnownVersion({ type, v }: Event): void {
  if ((v as number) !== 1) throw new Error(`unknown version ${v as number} of ${type}`);
}

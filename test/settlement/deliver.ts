/** A queue that does its worst: messages of a journal repeated, reordered, cut differently, emptied and lost. */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import * as fc from "fast-check";
import type { Event } from "../../src/domain/events.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import type { JournalReader, PublishedEvents } from "../../src/wire/publishing.ts";

export interface Ports {
  readonly db: D1Database;
  readonly journal: JournalReader;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  readonly confirm?: (session: SessionId, appliedSeq: number) => Promise<void>;
}

export type Consume = (batch: MessageBatch, ports: Required<Ports>) => Promise<void>;

/** Events `from` to `to` of a journal as one message. */
export function message(
  session: SessionId,
  events: readonly Event[],
  from = 1,
  to = events.length,
): PublishedEvents {
  return { session, firstSeq: from, lastSeq: to, events: events.slice(from - 1, to) };
}

/** A journal that answers with at most `page` events. */
export function journalOf(
  journals: Readonly<Record<SessionId, readonly Event[]>>,
  page = Number.MAX_SAFE_INTEGER,
): JournalReader {
  return async (session, afterSeq) => journals[session]?.slice(afterSeq, afterSeq + page) ?? [];
}

/** Without a journal, for when none should be asked. */
export const noJournal: JournalReader = () => Promise.reject(new Error("the journal was asked"));

/** Sends one batch through the consumer; the bodies that were not acknowledged. */
export async function deliver<Body>(
  consume: Consume,
  bodies: readonly Body[],
  ports: Ports,
  attempts = 1,
): Promise<Body[]> {
  const sent = bodies.map((body, at) => ({ id: String(at), timestamp: new Date(), attempts, body }));
  const batch = createMessageBatch("dropcast-settlement", sent);
  await consume(batch, { confirm: async () => undefined, ...ports });
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  if (explicitAcks.length + retryMessages.length !== bodies.length) throw new Error("left undecided");
  return retryMessages.map(({ msgId }) => bodies[Number(msgId)]!);
}

/** How a queue treats a journal of any length. */
export interface Mistreatment {
  /** Ways of cutting the journal into messages, as shares of its length. */
  readonly cuttings: readonly (readonly number[])[];
  /** Of each message: how often it comes, when, and whether its events are left out. */
  readonly fates: readonly { readonly copies: number; readonly emptied: boolean; readonly place: number }[];
  readonly batchSize: number;
  /** Batches that are consumed at the same time. */
  readonly consumers: number;
}

export const mistreatment: fc.Arbitrary<Mistreatment> = fc.record({
  cuttings: fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 3,
  }),
  fates: fc.array(
    fc.record({
      copies: fc.integer({ min: 0, max: 5 }),
      emptied: fc.boolean(),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 7, maxLength: 23 },
  ),
  batchSize: fc.integer({ min: 1, max: 9 }),
  consumers: fc.integer({ min: 1, max: 3 }),
});

/** The messages in the order they come. Some never do; the journal's last does, so that its end is known. */
export function mistreat(
  session: SessionId,
  events: readonly Event[],
  { cuttings, fates }: Mistreatment,
): PublishedEvents[] {
  const sent: { readonly place: number; readonly body: PublishedEvents }[] = [];
  let at = 0;
  for (const cutting of cuttings) {
    const ends = [...new Set([...cutting.map((share) => Math.ceil(share * events.length)), events.length])];
    let from = 1;
    for (const to of ends.filter((end) => end > 0).toSorted((a, b) => a - b)) {
      const { copies, emptied } = fates[at % fates.length]!;
      const whole = message(session, events, from, to);
      const body = emptied ? { ...whole, events: [] } : whole;
      const times = to === events.length ? Math.max(1, copies) : copies;
      for (let copy = 0; copy < times; copy++) {
        sent.push({ place: fates[(at * 7 + copy * 3) % fates.length]!.place, body });
      }
      from = to + 1;
      at += 1;
    }
  }
  return sent.toSorted((a, b) => a.place - b.place).map(({ body }) => body);
}

/** Delivers until everything is acknowledged. `ports` are asked for anew for every batch. */
export async function deliverAll(
  consume: Consume,
  bodies: readonly PublishedEvents[],
  { batchSize, consumers }: Pick<Mistreatment, "batchSize" | "consumers">,
  ports: () => Ports,
): Promise<void> {
  let waiting = [...bodies];
  for (let round = 1; waiting.length > 0; round++) {
    if (round > 200) throw new Error("never acknowledged");
    const batches = Array.from({ length: consumers }, (_, at) =>
      waiting.slice(at * batchSize, (at + 1) * batchSize),
    ).filter((batch) => batch.length > 0);
    const rest = waiting.slice(batches.flat().length);
    const again = await Promise.all(batches.map((batch) => deliver(consume, batch, ports(), round)));
    waiting = [...rest, ...again.flat()];
  }
}

/** When a database call fails: before anything happened, or after all of it had. */
export type Failure = "before" | "after" | undefined;

/**
 * A database whose calls fail as `next` says, call by call; what `next` itself does comes before the call. `bound` is
 * told what statements are given.
 */
export function failing(
  db: D1Database,
  next: () => Failure | Promise<Failure>,
  bound: (values: readonly unknown[]) => void = () => undefined,
): D1Database {
  const guard = async <T>(call: () => Promise<T>): Promise<T> => {
    const failure = await next();
    if (failure === "before") throw new Error("D1_ERROR: connection lost before");
    const result = await call();
    if (failure === "after") throw new Error("D1_ERROR: connection lost after");
    return result;
  };
  const statement = (real: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(real, {
      get(target, key) {
        if (key === "bind") {
          return (...values: unknown[]) => {
            bound(values);
            return statement(target.bind(...values));
          };
        }
        if (key === "real") return target;
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => guard(async (): Promise<unknown> => value.apply(target, args));
      },
    });
  return new Proxy(db, {
    get(target, key) {
      if (key === "prepare") return (sql: string) => statement(target.prepare(sql));
      if (key === "batch") {
        return (statements: (D1PreparedStatement & { real: D1PreparedStatement })[]) =>
          guard(() => target.batch(statements.map(({ real }) => real)));
      }
      return Reflect.get(target, key);
    },
  });
}

/** How SQLite would answer the one statement that `query` sends. */
export async function planOf(db: D1Database, query: (db: D1Database) => Promise<unknown>): Promise<string> {
  let text = "";
  let values: unknown[] = [];
  const listening = new Proxy(db, {
    get: (target, key) =>
      key === "prepare"
        ? (sql: string) => {
            text = sql;
            const statement = target.prepare(sql);
            return {
              bind: (...bound: unknown[]) => {
                values = bound;
                return statement.bind(...bound);
              },
            };
          }
        : Reflect.get(target, key),
  });
  await query(listening);
  const explained = db.prepare(`EXPLAIN QUERY PLAN ${text}`).bind(...values);
  const { results } = await explained.all<{ detail: string }>();
  return results.map(({ detail }) => detail).join("\n");
}

/**
 * An order's own events in its session's journal, each with its block. A journal is read by sequence and block numbers,
 * both of which rise with time: the way in is halved, and what is read from there is limited. Reads the session.
 */
import { TypeID } from "typeid-js";
import type { Event } from "../domain/events.ts";
import type { OrderId, ReservationId, SessionId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { LiveClient } from "../live/client.ts";
import type { BlockHash, Head } from "../live/journal.ts";

type Journal = Pick<LiveClient, "events" | "blocks" | "head" | "reservation">;

/** What is looked for, and what is known of where it is. */
export interface Looked {
  readonly session: SessionId;
  readonly order: OrderId;
  readonly reservation: ReservationId;
  readonly placedAtMs: number;
  /** The event by which it was captured, or else the last one about it. */
  readonly settledSeq: number;
  /** Later events about it. */
  readonly laterSeqs: readonly number[];
}

export interface FoundEvent {
  readonly event: Event;
  readonly block: BlockHash;
}

export interface Found {
  readonly events: readonly FoundEvent[];
  /** False when there was too much in between to read all of it. */
  readonly complete: boolean;
}

/** Events of the order and its reservation, oldest first. */
export async function eventsOfOrder(live: Journal, looked: Looked): Promise<Found> {
  const { session, order, reservation, placedAtMs, settledSeq, laterSeqs } = looked;
  const blocks = new Blocks(live, session, await live.head(session));
  const isAbout = (event: Event): boolean => isOf(event, order, reservation);
  const placed = await blocks.first((block) => block.atMs >= placedAtMs);
  const settled = await blocks.first((block) => block.lastSeq >= settledSeq);
  if (!placed || !settled) return { events: [], complete: false };
  const way = await stretch(live, session, placed.firstSeq, settled.lastSeq);
  const events = new Map(way.events.filter(isAbout).map((event) => [event.seq, event]));
  const held = await heldBefore(live, blocks, looked, placed, [...events.values()]);
  if (held) events.set(held.seq, held);
  for (const seq of laterSeqs) {
    if (events.has(seq)) continue;
    const [later] = await live.events(session, seq - 1, 1);
    if (later && isAbout(later)) events.set(later.seq, later);
  }
  const found: FoundEvent[] = [];
  for (const event of [...events.values()].toSorted((a, b) => a.seq - b.seq)) {
    const block = await blocks.first(({ lastSeq }) => lastSeq >= event.seq);
    if (block) found.push({ event, block });
  }
  const isMade = found.some(({ event }) => isMaking(event, reservation));
  const isPlaced = found.some(({ event }) => event.type === "order.placed");
  return { events: found, complete: way.complete && isMade && isPlaced };
}

function isOf(event: Event, order: OrderId, reservation: ReservationId): boolean {
  if ("order" in event) return (typeof event.order === "string" ? event.order : event.order.id) === order;
  if (!("reservation" in event)) return false;
  return (typeof event.reservation === "string" ? event.reservation : event.reservation.id) === reservation;
}

/** Whether it is the event that made the reservation. */
function isMaking(event: Event, reservation: ReservationId): boolean {
  return (
    "reservation" in event && typeof event.reservation !== "string" && event.reservation.id === reservation
  );
}

/**
 * Events from one sequence number to another. Of more than may be read the first and the last half: what happens to an
 * order, happens soon after it is placed and when its money comes.
 */
async function stretch(
  live: Journal,
  session: SessionId,
  firstSeq: number,
  lastSeq: number,
): Promise<{ readonly events: Event[]; readonly complete: boolean }> {
  const complete = lastSeq - firstSeq < LIMITS.traceEvents;
  if (complete) return { events: await read(live, session, firstSeq, lastSeq), complete };
  const half = Math.floor(LIMITS.traceEvents / 2);
  const early = await read(live, session, firstSeq, firstSeq + half - 1);
  return { events: [...early, ...(await read(live, session, lastSeq - half + 1, lastSeq))], complete };
}

async function read(live: Journal, session: SessionId, firstSeq: number, lastSeq: number): Promise<Event[]> {
  const events: Event[] = [];
  let after = firstSeq - 1;
  while (after < lastSeq) {
    const some = await live.events(session, after, Math.min(LIMITS.pageMax, lastSeq - after));
    events.push(...some);
    const last = some.at(-1);
    if (!last) break;
    after = last.seq;
  }
  return events;
}

/** A reservation that was made before its order: by what the session remembers of it, or by the time in its id. */
async function heldBefore(
  live: Journal,
  blocks: Blocks,
  { session, reservation }: Looked,
  placed: BlockHash,
  events: readonly Event[],
): Promise<Event | undefined> {
  if (events.some((event) => isMaking(event, reservation))) return undefined;
  const known = await live.reservation(session, reservation);
  const madeAtMs = timeIn(reservation);
  const from = known
    ? known.seq
    : madeAtMs === undefined
      ? undefined
      : (await blocks.first(({ atMs }) => atMs >= madeAtMs - LIMITS.clockSkewMs))?.firstSeq;
  if (from === undefined) return undefined;
  const until = Math.min(known ? from : placed.firstSeq - 1, from + LIMITS.traceEvents - 1);
  const before = await read(live, session, from, until);
  return before.find((event) => isMaking(event, reservation));
}

const ID_CHARS = 26;
const TIME_HEX = 12;

/** Ids begin with a UUIDv7, and that with the milliseconds of its making (RFC 9562 §5.7). */
function timeIn(id: ReservationId): number | undefined {
  try {
    const uuid = TypeID.fromString(id.slice(0, "rsv_".length + ID_CHARS)).toUUID();
    return Number.parseInt(uuid.replaceAll("-", "").slice(0, TIME_HEX), 16);
  } catch {
    return undefined;
  }
}

/** Blocks that come along with one: an order's own are near each other. */
const NEIGHBOURS = 32;

/** A journal's blocks by halving, each asked for once. */
class Blocks {
  readonly #live: Journal;
  readonly #session: SessionId;
  readonly #head: Head;
  readonly #known = new Map<number, BlockHash>();

  constructor(live: Journal, session: SessionId, head: Head) {
    this.#live = live;
    this.#session = session;
    this.#head = head;
  }

  /** The first block of which something holds that also holds of all after it; undefined when it holds of none. */
  async first(holds: (block: BlockHash) => boolean): Promise<BlockHash | undefined> {
    let low = 1;
    let high = this.#head.number + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const block = await this.#block(middle);
      if (!block || holds(block)) high = middle;
      else low = middle + 1;
    }
    return low > this.#head.number ? undefined : this.#block(low);
  }

  async #block(number: number): Promise<BlockHash | undefined> {
    const known = this.#known.get(number);
    if (known) return known;
    const some = await this.#live.blocks(this.#session, number - 1, NEIGHBOURS, false);
    for (const block of some) this.#known.set(block.number, block);
    return this.#known.get(number);
  }
}

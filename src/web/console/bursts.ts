/** What viewers did, counted over moments that belong together, so that a rush is one line and not a thousand. Pure. */
import type { Money } from "../../sdk/index.ts";
import type { JournalEvent } from "./journal.ts";

/** Units and people of one moment. */
export interface Burst {
  readonly firstSeq: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Units sold, by offer. */
  readonly sold: ReadonlyMap<string, number>;
  /** The reservations of these sales, as they came. */
  readonly sales: readonly string[];
  /** Units that are held and not being paid for yet, by offer. */
  readonly held: ReadonlyMap<string, number>;
  readonly waiting: number;
  readonly filled: number;
  readonly expired: number;
  readonly released: number;
  readonly declined: number;
  readonly failed: number;
  readonly refunds: readonly Money[];
}

/** A pause longer than this ends a burst; so does its own length, so that a long rush has several lines. */
const PAUSE_MS = 3_000;
const LONGEST_MS = 15_000;

type Units = ReadonlyMap<string, number>;

/** Who took what, as far as the events tell: by reservation. */
export function takenBy(events: readonly JournalEvent[]): ReadonlyMap<string, Units> {
  const taken = new Map<string, Units>();
  const note = (id: string, lines: readonly { offer: string; quantity: number }[]): void =>
    void taken.set(
      id,
      lines.reduce((sum, line) => added(sum, line.offer, line.quantity), new Map()),
    );
  for (const { type, data } of events) {
    if (type === "reservation.held" || type === "reservation.backordered")
      note(data.reservation.id, data.reservation.lines);
    if (type === "order.placed") note(data.order.reservation, data.order.lines);
  }
  return taken;
}

/** A burst while it is being counted. */
export class Counting {
  readonly #taken: ReadonlyMap<string, Units>;
  readonly #firstSeq: number;
  readonly #fromMs: number;
  #untilMs: number;
  #sold = new Map<string, number>();
  readonly #sales: string[] = [];
  /** By reservation, since some of them are paid for in the same moment. */
  readonly #holds = new Map<string, Units>();
  readonly #counts = { waiting: 0, filled: 0, expired: 0, released: 0, declined: 0, failed: 0 };
  readonly #refunds: Money[] = [];

  constructor({ seq, atMs }: JournalEvent, taken: ReadonlyMap<string, Units>) {
    this.#taken = taken;
    this.#firstSeq = seq;
    this.#fromMs = atMs;
    this.#untilMs = atMs;
  }

  /** Whether something that viewers did at this moment is part of it. */
  belongs(atMs: number): boolean {
    return atMs - this.#untilMs <= PAUSE_MS && atMs - this.#fromMs <= LONGEST_MS;
  }

  take(event: JournalEvent): void {
    this.#untilMs = event.atMs;
    const { type, data } = event;
    switch (type) {
      case "reservation.held":
        this.#holds.set(data.reservation.id, this.#taken.get(data.reservation.id) ?? new Map());
        break;
      case "reservation.committed":
        this.#sales.push(data.reservation);
        for (const [offer, units] of this.#taken.get(data.reservation) ?? [])
          this.#sold = added(this.#sold, offer, units);
        break;
      case "order.placed":
        this.#holds.delete(data.order.reservation);
        break;
      case "reservation.backordered":
        this.#counts.waiting += 1;
        break;
      case "reservation.filled":
        this.#counts.filled += 1;
        break;
      case "reservation.expired":
        this.#counts.expired += 1;
        break;
      case "reservation.released":
        // Otherwise it follows from something that is told already.
        if (data.reason === "viewer") this.#counts.released += 1;
        break;
      case "order.failed":
        this.#counts[data.reason === "declined" ? "declined" : "failed"] += 1;
        break;
      case "order.refunded":
        this.#refunds.push(data.amount);
        break;
      default:
    }
  }

  get burst(): Burst {
    const held = [...this.#holds.values()]
      .flatMap((units) => [...units])
      .reduce((sum, [offer, units]) => added(sum, offer, units), new Map<string, number>());
    return {
      firstSeq: this.#firstSeq,
      fromMs: this.#fromMs,
      untilMs: this.#untilMs,
      sold: this.#sold,
      sales: this.#sales,
      held,
      refunds: this.#refunds,
      ...this.#counts,
    };
  }
}

const BY_VIEWERS: ReadonlySet<string> = new Set([
  "reservation.held",
  "reservation.backordered",
  "reservation.filled",
  "reservation.released",
  "reservation.expired",
  "reservation.committed",
  "order.placed",
  "order.failed",
  "order.refunded",
] satisfies JournalEvent["type"][]);

export function isByViewers({ type }: JournalEvent): boolean {
  return BY_VIEWERS.has(type);
}

function added(to: ReadonlyMap<string, number>, offer: string, units: number): Map<string, number> {
  return new Map(to).set(offer, (to.get(offer) ?? 0) + units);
}

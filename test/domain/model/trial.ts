/**
 * One run of a session under random traffic, in two copies: one that never stops and one that is rebuilt from the
 * journal now and then. Both must say and write the same, and both must keep the promises as the book sees them.
 */
import {
  closeBlock,
  execute,
  measure,
  openBlock,
  replayBlock,
  type Block,
  type Executed,
} from "../../../src/domain/block.ts";
import type { Envelope } from "../../../src/domain/commands.ts";
import { nextDueAtMs } from "../../../src/domain/due.ts";
import type { Event } from "../../../src/domain/events.ts";
import type { Measured } from "../../../src/domain/measured.ts";
import { deserialize, emptyState, serialize } from "../../../src/domain/state.ts";
import { availableIn } from "../../../src/domain/stock.ts";
import { MINUTE, SECOND, T0 } from "../shop.ts";
import { Book } from "./book.ts";
import type { Dice } from "./dice.ts";
import { keyOf, must, sum } from "./entries.ts";
import { checkRepriced, checkTap } from "./oracle.ts";
import { COMMANDS, opening, Traffic } from "./traffic.ts";

/** How often each thing happens. */
export const STEPS = [
  ["send", 56],
  ["turn", 30],
  ["wait", 5],
  ["again", 4],
  ["restart", 3],
  ["forge", 1],
  ["rewind", 1],
] as const;
export type StepKind = (typeof STEPS)[number][0];

/** How often what happened over many trials: event types and refusal codes. */
export class Seen {
  readonly #times = new Map<string, number>();

  add(what: string): void {
    this.#times.set(what, this.times(what) + 1);
  }

  times(what: string): number {
    return this.#times.get(what) ?? 0;
  }
}

interface Known {
  readonly fingerprint: string;
  readonly text: string;
  readonly atMs: number;
}

/** An answer is stable at least this long. */
const ANSWER_STABLE_MS = 30 * MINUTE;

export class Trial {
  readonly #seen: Seen;
  readonly #live = emptyState();
  #twin = emptyState();
  readonly #traffic = new Traffic();
  readonly #book = new Book(this.#traffic.issued);
  readonly #journal: string[] = [];
  #snapshot = { text: serialize(emptyState()), blocks: 0 };
  readonly #sent: Envelope[] = [];
  #inFlight: Envelope[] = [];
  readonly #answers = new Map<string, Known>();
  #nowMs = T0;
  #lastAtMs = 0;

  constructor(seen: Seen) {
    this.#seen = seen;
  }

  /** The session is created, started or only scheduled, and opens its offers, in one block. */
  open(started: boolean): void {
    const envelopes = opening(this.#nowMs, started).map((command, index) => ({
      id: `seller:${index}`,
      fingerprint: JSON.stringify(command),
      command,
    }));
    this.#turn(envelopes);
  }

  step(kind: StepKind, dice: Dice): void {
    switch (kind) {
      case "send":
        return this.#send(dice);
      case "turn":
        return this.#turn(Array.from({ length: 1 + dice.upTo(5) }, () => this.#arriving(dice)).flat());
      case "wait":
        this.#nowMs += this.#pause(dice);
        return;
      case "again":
        if (this.#sent.length > 0) this.#inFlight.push(dice.of(this.#sent));
        return;
      case "forge":
        if (this.#sent.length > 0) {
          const { command } = dice.of(this.#sent);
          this.#inFlight.push({
            id: dice.of(this.#sent).id,
            fingerprint: `forged ${dice.upTo(1e6)}`,
            command,
          });
        }
        return;
      case "rewind":
        this.#nowMs -= dice.of([1, SECOND, MINUTE, 60 * MINUTE]);
        return;
      case "restart":
        return this.#restart(dice);
    }
  }

  /** What its relays would have counted by now. */
  get measured(): Measured {
    return { views: this.#sent.length, viewersPeak: 1, taps: this.#answers.size, refused: 0 };
  }

  /** Whatever is still under way arrives, and the journal alone leads to the same state. */
  close(): void {
    this.#turn(this.#inFlight.splice(0));
    this.#checkSales();
    const replayed = emptyState();
    for (const block of this.#journal) replayBlock(replayed, parsed(block));
    const text = serialize(this.#live);
    must(serialize(replayed) === text, "promise 5: the journal is the state, byte for byte");
    must(serialize(deserialize(text)) === text, "promise 5: so is a snapshot");
  }

  #send(dice: Dice): void {
    const command = this.#traffic.command(dice.of(COMMANDS), dice, this.#live, this.#nowMs);
    const envelope = { id: `cmd:${this.#sent.length}`, fingerprint: JSON.stringify(command), command };
    this.#sent.push(envelope);
    this.#inFlight.push(envelope);
  }

  /** One of those under way, in any order. */
  #arriving(dice: Dice): Envelope[] {
    return this.#inFlight.length === 0 ? [] : this.#inFlight.splice(dice.upTo(this.#inFlight.length), 1);
  }

  /** Time passes: a little, up to the next deadline or just past it, or so long that much is forgotten. */
  #pause(dice: Dice): number {
    const untilDue = Math.max(0, (nextDueAtMs(this.#live) ?? this.#nowMs) - this.#nowMs);
    const usual = [1, SECOND, 10 * SECOND, untilDue - 1, untilDue, untilDue, untilDue + 1, MINUTE];
    if (dice.oneIn(8)) return dice.of([5 * MINUTE, 31 * MINUTE]);
    return Math.max(0, dice.of(usual));
  }

  #turn(envelopes: readonly Envelope[]): void {
    const block = openBlock(this.#live, this.#nowMs);
    const twin = openBlock(this.#twin, this.#nowMs);
    this.#record(block.events);
    this.#checkDue(block.atMs);
    for (const envelope of envelopes) {
      const before = block.events.length;
      const executed = execute(this.#live, block, envelope);
      const text = JSON.stringify(executed);
      const again = JSON.stringify(execute(this.#twin, twin, envelope));
      must(text === again, "a rebuilt session answers as the one that never stopped", { text, again });
      const events = block.events.slice(before);
      this.#checkAnswer(envelope, executed, events, block.atMs);
      if (!executed.replayed) checkTap(this.#book, envelope.command, executed.reply, events);
      this.#record(events);
      if (events.length > 0) checkRepriced(this.#book, envelope.command, executed.reply);
    }
    const before = block.events.length;
    for (const [state, open] of [
      [this.#live, block],
      [this.#twin, twin],
    ] as const)
      measure(state, open, this);
    if (block.events.length > before) this.#record(block.events.slice(before));
    const closed = closeBlock(this.#live, block);
    const written = JSON.stringify(closed);
    must(
      written === JSON.stringify(closeBlock(this.#twin, twin)),
      "a rebuilt session writes the same",
      written,
    );
    must(nextDueAtMs(this.#live) === nextDueAtMs(this.#twin), "a rebuilt session wakes at the same time");
    if (!closed) return;
    must(closed.atMs >= this.#lastAtMs, "time never runs backwards", closed);
    this.#lastAtMs = closed.atMs;
    this.#journal.push(written);
  }

  #record(events: readonly Event[]): void {
    for (const event of events) {
      this.#book.record(event);
      this.#seen.add(event.type);
    }
    this.#checkPools();
    this.#checkWaitlist();
  }

  /** Promise 1, against the book's own lists. */
  #checkPools(): void {
    const book = this.#book;
    const pools = [...this.#live.pools.values()];
    must(pools.length === book.allocated.size, "every pool is in the book");
    for (const pool of pools) {
      const key = keyOf(pool);
      const counted = {
        held: book.held(key),
        committed: book.committed(key),
        available: book.available(key),
      };
      must(
        pool.allocated === book.allocated.get(key) &&
          pool.held === counted.held &&
          pool.committed === counted.committed &&
          availableIn(pool) === counted.available,
        "promise 1: available + held + committed = allocated",
        { pool, counted },
      );
      must(Math.min(...Object.values(counted)) >= 0, "promise 1: none is negative", { pool, counted });
    }
  }

  /** What was counted as it went is what the book's lists add up to. */
  #checkSales(): void {
    const orders = [...this.#book.orders.values()];
    for (const [status, counted] of Object.entries(this.#live.orderCounts)) {
      must(orders.filter((order) => order.status === status).length === counted, "orders by status", {
        status,
      });
    }
    const refunded = sum(orders.map((order) => order.refunded));
    must(this.#live.refunded === refunded, "money that went back", { refunded });
    for (const id of this.#live.offers.keys()) {
      const { held, sold, captured } = this.#live.sales.get(id) ?? { held: 0, sold: 0, captured: 0 };
      const booked = this.#book.salesOf(id);
      must(held === booked.held && sold === booked.sold, "an offer's units", { id, held, sold, booked });
      must(captured === booked.captured, "an offer's money", { id, captured, booked });
    }
  }

  /** Nobody waits for what is there, nor for what is not sold any more. */
  #checkWaitlist(): void {
    const waiting = this.#book.waiting();
    const open = waiting.every(({ lines }) =>
      lines.every((line) => this.#book.offers.get(line.offer)?.status === "open"),
    );
    must(open, "nobody waits for a closed offer", waiting);
    const forgotten = waiting.filter(({ units }) => this.#book.fits(units));
    must(forgotten.length === 0, "nobody waits for what is available", forgotten);
  }

  /** Promise 3, and windows and price steps likewise: once a turn begins, nothing is due any more. */
  #checkDue(atMs: number): void {
    const late = this.#book.reservations.filter(
      ({ status, deadlineMs }) => status === "held" && deadlineMs <= atMs,
    );
    must(late.length === 0, "promise 3: at its deadline a hold has expired", late);
    if (this.#book.status === "ended" || this.#book.status === "cancelled") return;
    for (const offer of this.#live.offers.values()) {
      const { opensAtMs = Infinity, closesAtMs = Infinity, status, priceSteps } = offer;
      must(status !== "open" || closesAtMs > atMs, "an offer closes at its time", offer);
      must(
        (status !== "scheduled" && status !== "closed") || opensAtMs > atMs,
        "it opens at its time",
        offer,
      );
      must(
        priceSteps.every((step) => step.atMs > atMs),
        "a price changes at its time",
        offer,
      );
    }
  }

  /** Promises 4 and 11: one id, one answer; a refusal changes nothing. */
  #checkAnswer(
    { id, fingerprint }: Envelope,
    executed: Executed,
    events: readonly Event[],
    atMs: number,
  ): void {
    const { reply, replayed } = executed;
    const refused = reply.ok ? undefined : reply.refusal;
    if (refused) {
      this.#seen.add("scope" in refused ? `${refused.code} ${refused.scope}` : refused.code);
      must(events.length === 0, "promise 11: a refusal changes nothing", { refused, events });
    }
    // Nothing is kept of what was asked of something that is not there.
    if (refused?.code.endsWith("_not_found")) return;
    const text = JSON.stringify(reply);
    const known = this.#answers.get(id);
    const reused = refused?.code === "idempotency_key_reused";
    if (replayed || reused) {
      must(events.length === 0, "promise 4: a repeated id does nothing", events);
      must(known !== undefined, "promise 4: only what was answered is repeated", executed);
      must((known?.fingerprint === fingerprint) === replayed, "promise 4: one id, one body", executed);
      must(reused || known?.text === text, "promise 4: one id, one answer", { known, text });
    } else {
      const forgotten = known === undefined || known.atMs < atMs - ANSWER_STABLE_MS;
      must(forgotten, "promise 4: an answer is kept", { known, text });
      this.#answers.set(id, { fingerprint, text, atMs });
    }
  }

  /**
   * The second copy stops in a turn that nobody will hear of; another goes on from the journal, or from a snapshot and
   * the journal after it.
   */
  #restart(dice: Dice): void {
    const lost = openBlock(this.#twin, this.#nowMs);
    for (const envelope of this.#inFlight.slice(0, 3)) execute(this.#twin, lost, envelope);
    const text = serialize(this.#live);
    const { text: snapshot, blocks } = dice.of([
      { text: serialize(emptyState()), blocks: 0 },
      this.#snapshot,
      { text, blocks: this.#journal.length },
    ]);
    const rebuilt = deserialize(snapshot);
    for (const block of this.#journal.slice(blocks)) replayBlock(rebuilt, parsed(block));
    must(serialize(rebuilt) === text, "promise 5: rebuilt state equals the state in memory, byte for byte");
    this.#twin = rebuilt;
    if (dice.oneIn(2)) this.#snapshot = { text, blocks: this.#journal.length };
  }
}

function parsed(text: string): Block {
  const block: Block = JSON.parse(text);
  return block;
}

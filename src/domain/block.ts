/**
 * Blocks: what a session does in one turn. `openBlock` applies what fell due, `execute` one command after another,
 * `closeBlock` gives what the journal must keep; `replayBlock` does the same from the journal alone. Pure.
 */
import { apply } from "./apply.ts";
import type { Arrival, Envelope } from "./commands.ts";
import { decide } from "./decide.ts";
import { due } from "./due.ts";
import type { Event, EventBody } from "./events.ts";
import type { CommandId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { isMeasureDue, measuring, type Measured } from "./measured.ts";
import { refuse, type DecidedResult, type Refused, type Reply, type SessionView } from "./reply.ts";
import { withoutChangedSeq } from "./offer.ts";
import type { RefusalCode } from "./refusal.ts";
import type { SessionState } from "./session.ts";

/** An answer as the journal keeps it: what it showed, and after which event, not the thing itself once more. */
export interface KeptAnswer {
  readonly id: CommandId;
  readonly fingerprint: string;
  readonly result: DecidedResult;
  /** Sequence number of the last event before the answer: the state it was worded from. */
  readonly atSeq: number;
  /** Of a tap: its place at its relay. For audits of who came first; the state does not depend on it. */
  readonly arrival?: Arrival;
}

/** One turn of a session: the events it led to, and the answers given. Either may be empty, not both. */
export interface Block {
  readonly atMs: number;
  readonly events: readonly Event[];
  readonly answers: readonly KeptAnswer[];
}

/** A block while it is being made. */
export interface OpenBlock {
  readonly atMs: number;
  readonly events: Event[];
  readonly answers: KeptAnswer[];
}

/** What a command was answered with; `replayed` when the answer was given before. */
export interface Executed {
  readonly reply: Reply;
  readonly replayed: boolean;
}

/** Begins a turn: time moves on (never back) and what fell due is applied before any command sees the state. */
export function openBlock(state: SessionState, nowMs: number): OpenBlock {
  const block: OpenBlock = { atMs: Math.max(nowMs, state.atMs), events: [], answers: [] };
  for (;;) {
    const bodies = due(state, block.atMs);
    if (bodies.length === 0) return block;
    record(state, block, bodies);
  }
}

const NOT_FOUND: ReadonlySet<RefusalCode> = new Set([
  "session_not_found",
  "offer_not_found",
  "reservation_not_found",
  "order_not_found",
]);

/** Decides and applies one command, or repeats the answer its id got before. */
export function execute(
  state: SessionState,
  block: OpenBlock,
  { id, fingerprint, command, arrival }: Envelope,
): Executed {
  const kept = state.answers.get(id) ?? state.refusals.get(id);
  if (kept) {
    if (kept.fingerprint === fingerprint) return { reply: kept.reply, replayed: true };
    return { reply: refuse({ code: "idempotency_key_reused" }), replayed: false };
  }
  const { events, result } = decide(state, command, block.atMs);
  record(state, block, events);
  // What was asked of something that is not there is not kept: whoever makes ids up must not fill a disk.
  if (!result.ok && NOT_FOUND.has(result.refusal.code)) return { reply: result, replayed: false };
  block.answers.push({ id, fingerprint, result, atSeq: state.seq, ...(arrival ? { arrival } : {}) });
  return { reply: remember(state, { id, fingerprint, result }, block.atMs), replayed: false };
}

/** Writes down what was counted of the audience, where it is time to: see `isMeasureDue`. No command asks for it. */
export function measure(
  state: SessionState,
  block: OpenBlock,
  counter: { readonly measured: Measured },
): void {
  if (isMeasureDue(state, block.atMs)) record(state, block, measuring(state, counter.measured));
}

/** Ends a turn. Nothing to keep, nothing to write: undefined. */
export function closeBlock(state: SessionState, block: OpenBlock): Block | undefined {
  if (block.events.length === 0 && block.answers.length === 0) return undefined;
  settle(state, block);
  return block;
}

/** Applies a block from the journal. The state afterwards is the one that wrote it. */
export function replayBlock(state: SessionState, block: Block): void {
  let answered = 0;
  const rememberUpTo = (seq: number): void => {
    for (let kept = block.answers[answered]; kept && kept.atSeq <= seq; kept = block.answers[answered]) {
      remember(state, kept, block.atMs);
      answered += 1;
    }
  };
  for (const event of block.events) {
    rememberUpTo(event.seq - 1);
    apply(state, event);
  }
  rememberUpTo(Number.POSITIVE_INFINITY);
  settle(state, block);
}

/** Words an answer from the state as it stands, and keeps it as it stood. */
function remember(
  state: SessionState,
  { id, fingerprint, result }: Pick<KeptAnswer, "id" | "fingerprint" | "result">,
  atMs: number,
): Reply {
  const reply = show(state, result);
  (reply.ok ? state.answers : state.refusals).set(id, { fingerprint, reply, atMs });
  return reply;
}

function record(state: SessionState, block: OpenBlock, bodies: readonly EventBody[]): void {
  for (const body of bodies) {
    const event = { ...body, seq: state.seq + 1, atMs: block.atMs } as Event;
    apply(state, event);
    block.events.push(event);
  }
}

/** A block of refusals moves time on as well: what has expired for one answer has expired for all later ones. */
function settle(state: SessionState, { atMs }: Block): void {
  state.atMs = atMs;
  forget(state, atMs);
}

/**
 * Drops what can no longer be asked for: old answers, ended reservations, unpaid orders, spent tokens past their expiry.
 * It depends on the block's time alone, so that memory and replay forget alike.
 */
function forget(state: SessionState, atMs: number): void {
  const before = atMs - LIMITS.answerKeptMs;
  const { answers, refusals, ended, unpaid, spentTokens } = state.oldest;
  answers.deleteWhile((answer) => answer.atMs < before || state.answers.size > LIMITS.answersKept);
  refusals.deleteWhile((answer) => answer.atMs < before || state.refusals.size > LIMITS.refusalsKept);
  ended.deleteWhile((endedAtMs, id) => {
    const isOver = endedAtMs < before || state.ended.size > LIMITS.endedReservationsKept;
    if (isOver) state.reservations.delete(id);
    return isOver;
  });
  unpaid.deleteWhile((unpaidAtMs, id) => {
    const isOver = unpaidAtMs < before || state.unpaid.size > LIMITS.unpaidOrdersKept;
    if (isOver) state.orders.delete(id);
    return isOver;
  });
  // A token past its time is refused for that, spent or not.
  spentTokens.deleteWhile((expiresAtMs) => expiresAtMs <= atMs);
}

/** Words an answer from the state as it stands after the command's events. */
function show(state: SessionState, result: DecidedResult): Reply {
  if (!result.ok) return result;
  switch (result.show) {
    case "session":
      return state.terms
        ? { ok: true, session: { terms: state.terms, status: state.status } satisfies SessionView }
        : missing();
    case "warmup":
      return { ok: true, warmup: state.warmup ?? {} };
    case "pool": {
      const pool = state.pools.get(result.zone, result.sku);
      return pool ? { ok: true, pool: { ...pool } } : missing();
    }
    case "offer": {
      const offer = state.offers.get(result.offer);
      return offer ? { ok: true, offer: withoutChangedSeq(offer) } : missing();
    }
    case "reservation": {
      const reservation = state.reservations.get(result.reservation);
      return reservation ? { ok: true, reservation, shortfall: result.shortfall } : missing();
    }
    case "order": {
      const order = state.orders.get(result.order);
      if (!order) return missing();
      if (!result.withReservation) return { ok: true, order };
      const reservation = state.reservations.get(order.reservation);
      return reservation ? { ok: true, order, reservation } : missing();
    }
  }
}

/** Unreachable while `decide` and `apply` agree; a value all the same, since the domain does not throw. */
function missing(): Refused {
  return refuse({ code: "session_not_found" });
}

// Contenders in Node: the rules alone. A block of reservations is decided, applied, worded as JSON and hashed, as the
// journal does it, in a small state and in a large one, with few offers and with many.
import { closeBlock, execute, openBlock } from "../../src/domain/block.ts";
import type { Envelope } from "../../src/domain/commands.ts";
import type { SessionId } from "../../src/domain/ids.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { deserialize, emptyState, serialize } from "../../src/domain/state.ts";
import { hashBlock } from "../../src/live/journal.ts";
import { timed, type Contender, type Timed } from "./contender.ts";
import { newSession, openingOf, reservationOf } from "./traffic.ts";

const BLOCK = 16;
export const DOMAIN = `domain alone in Node, blocks of ${BLOCK}`;
const SMALL = 100;
const LARGE = 6_000;
/** Reservations measured in a run: in one large state, or so many in each of several small ones. */
const MEASURED = 3_840;
const MEASURED_IN_SMALL = 96;
const STOCK = 1_000_000;

export function domainContenders(): Contender[] {
  return [10, 200].flatMap((offers) => {
    const name = (held: number): string => `${held.toLocaleString("en")} held before, ${offers} offers`;
    const contender = (held: number, each: number, beside: readonly string[]): Contender => {
      let prepared: string | undefined;
      return {
        group: DOMAIN,
        name: name(held),
        operation: "reservation",
        beside,
        run: () => run((prepared ??= stateWith(offers, held)), each),
      };
    };
    return [contender(SMALL, MEASURED_IN_SMALL, []), contender(LARGE, MEASURED, [name(SMALL)])];
  });
}

/** Every run starts from the same state; nothing is built while the clock runs. */
async function run(prepared: string, each: number): Promise<Timed> {
  const session = newSession();
  const nowMs = Date.now();
  const tasks = Array.from({ length: MEASURED / each }, () => {
    const state = deserialize(prepared);
    return { state, before: state.reservations.size, envelopes: reservations(session, each, nowMs) };
  });
  const time = await timed(MEASURED, async () => {
    for (const { state, envelopes } of tasks) work(state, envelopes, nowMs);
  });
  if (tasks.some(({ state, before }) => state.reservations.size !== before + each)) {
    throw new Error("a reservation was refused");
  }
  return time;
}

/** The text of a live session's state that holds so many reservations. */
function stateWith(offers: number, held: number): string {
  const session = newSession();
  const nowMs = Date.now();
  const state = emptyState();
  work(state, openingOf(session, { offers, stock: STOCK }), nowMs);
  work(state, reservations(session, held, nowMs), nowMs);
  return serialize(state);
}

function reservations(session: SessionId, count: number, nowMs: number): Envelope[] {
  return Array.from({ length: count }, () => reservationOf(session, nowMs));
}

/** Gives the last block's hash, as the journal's head would have it. */
function work(state: SessionState, envelopes: readonly Envelope[], nowMs: number): string {
  let hash = "";
  for (let at = 0; at < envelopes.length; at += BLOCK) {
    const open = openBlock(state, nowMs);
    for (const envelope of envelopes.slice(at, at + BLOCK)) execute(state, open, envelope);
    const block = closeBlock(state, open);
    if (block) hash = hashBlock(hash, JSON.stringify(block));
  }
  return hash;
}

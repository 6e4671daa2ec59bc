/** A session's state as text and back: the snapshot, and the yardstick by which two states are equal. Pure. */
import { Agenda } from "./agenda.ts";
import { OffersBySku } from "./offers-by-sku.ts";
import { Oldest } from "./oldest.ts";
import { PairMap } from "./pair-map.ts";
import { noOrders } from "./sales.ts";
import type { SessionState } from "./session.ts";
import { Waitlist } from "./waitlist.ts";

/** A session nobody has created yet. */
export function emptyState(): SessionState {
  return indexed(emptyFacts());
}

function emptyFacts(): Facts {
  return {
    seq: 0,
    atMs: 0,
    terms: undefined,
    status: "draft",
    startedAtMs: undefined,
    endedAtMs: undefined,
    pinned: undefined,
    changedSeq: 0,
    shownSeq: 0,
    pools: new PairMap(),
    offers: new Map(),
    reservations: new Map(),
    ended: new Map(),
    orders: new Map(),
    unpaid: new Map(),
    shownAs: new Map(),
    unnamed: new Set(),
    bought: new Map(),
    recentBuys: [],
    buysChangedSeq: 0,
    spentTokens: new Map(),
    viewerUnits: new PairMap(),
    creditUsed: new Map(),
    answers: new Map(),
    refusals: new Map(),
    sales: new Map(),
    orderCounts: noOrders(),
    refunded: 0,
    measured: undefined,
    warmup: undefined,
  };
}

/** A state without its indexes. */
type Facts = Omit<SessionState, "agenda" | "waitlist" | "offersBySku" | "oldest">;

function indexed(facts: Facts): SessionState {
  const state: SessionState = {
    ...facts,
    agenda: new Agenda(),
    waitlist: new Waitlist(),
    offersBySku: new OffersBySku(),
    oldest: {
      answers: new Oldest(facts.answers),
      refusals: new Oldest(facts.refusals),
      unpaid: new Oldest(facts.unpaid),
      ended: new Oldest(facts.ended),
      spentTokens: new Oldest(facts.spentTokens),
    },
  };
  for (const offer of state.offers.values()) {
    state.agenda.addOffer(offer);
    state.offersBySku.add(offer);
  }
  for (const reservation of state.reservations.values()) {
    if (reservation.status === "held") state.agenda.addHold(reservation);
    if (reservation.status === "backordered") state.waitlist.add(reservation);
  }
  return state;
}

/** Raise when the text's shape changes: a snapshot of another version is ignored and the journal replayed. */
export const STATE_VERSION = 4;

/** What `serialize` writes: the facts, each map and set as its entries. */
type Written = {
  readonly [K in keyof Facts]: Facts[K] extends Map<infer Key, infer Value>
    ? [Key, Value][]
    : Facts[K] extends PairMap<infer First, infer Second, infer Value>
      ? [First, Second, Value][]
      : Facts[K] extends Set<infer Member>
        ? Member[]
        : Facts[K];
};

/** Equal texts, equal states: maps and sets keep the order of their insertion, which the journal fixes. */
export function serialize(state: SessionState): string {
  const { agenda: _, waitlist: __, offersBySku: ___, oldest: ____, ...facts } = state;
  const written: Written = {
    ...facts,
    pools: [...facts.pools],
    offers: [...facts.offers],
    reservations: [...facts.reservations],
    ended: [...facts.ended],
    orders: [...facts.orders],
    unpaid: [...facts.unpaid],
    shownAs: [...facts.shownAs],
    unnamed: [...facts.unnamed],
    bought: [...facts.bought],
    spentTokens: [...facts.spentTokens],
    viewerUnits: [...facts.viewerUnits],
    creditUsed: [...facts.creditUsed],
    answers: [...facts.answers],
    refusals: [...facts.refusals],
    sales: [...facts.sales],
  };
  return JSON.stringify(written);
}

/** The state whose `serialize` gave this text, its indexes rebuilt. */
export function deserialize(text: string): SessionState {
  const written: Written = JSON.parse(text);
  return indexed({
    ...emptyFacts(),
    ...written,
    pools: new PairMap(written.pools),
    offers: new Map(written.offers),
    reservations: new Map(written.reservations),
    ended: new Map(written.ended),
    orders: new Map(written.orders),
    unpaid: new Map(written.unpaid),
    shownAs: new Map(written.shownAs),
    unnamed: new Set(written.unnamed),
    bought: new Map(written.bought),
    spentTokens: new Map(written.spentTokens),
    viewerUnits: new PairMap(written.viewerUnits),
    creditUsed: new Map(written.creditUsed),
    answers: new Map(written.answers),
    refusals: new Map(written.refusals),
    sales: new Map(written.sales),
  });
}

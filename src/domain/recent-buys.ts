/**
 * The last buys of a session, as its screens tell of them: a first name where the buyer gave one, and only while that may
 * be shown. Pure; called by `apply`, which alone changes the state.
 */
import type { OfferId, OrderId, ViewerId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import type { Order } from "./order.ts";
import type { SessionState } from "./session.ts";

/** What the session's screens may say of buys: with names where they were given, without, or nothing. */
export type ShowBuys = "named" | "unnamed" | "none";

/** Units of one offer that were bought by one order, as everybody may see them. */
export interface RecentBuy {
  readonly offer: OfferId;
  readonly quantity: number;
  /** Units of the offer that were bought up to here, with these: who saw fewer knows how many they missed. */
  readonly bought: number;
  /** A first name that the buyer wants to be shown; absent where none was given. */
  readonly shownAs?: string;
  readonly atMs: number;
}

/** A recent buy with its order, which is nobody's business but the buyer's and the host's. */
export interface NotedBuy extends RecentBuy {
  readonly order: OrderId;
}

/** Whether a name that this viewer gives is kept at all. */
export function mayName(state: SessionState, viewer: ViewerId): boolean {
  return isNaming(state) && !state.unnamed.has(viewer);
}

/** The name waits for the order to be paid for: nobody is shown to have bought what they have not. */
export function awaitName(
  state: SessionState,
  { id, viewer }: Pick<Order, "id" | "viewer">,
  shownAs: string | undefined,
): void {
  if (shownAs !== undefined && mayName(state, viewer)) state.shownAs.set(id, shownAs);
}

/** The order is paid for. */
export function noteBuy(state: SessionState, order: Order, { seq, atMs }: Moment): void {
  const shownAs = state.shownAs.get(order.id);
  state.shownAs.delete(order.id);
  const name = shownAs === undefined ? {} : { shownAs };
  const noted: NotedBuy[] = [];
  for (const [offer, quantity] of unitsByOffer(order)) {
    const bought = (state.bought.get(offer) ?? 0) + quantity;
    state.bought.set(offer, bought);
    noted.push({ offer, quantity, bought, ...name, atMs, order: order.id });
  }
  if (isTelling(state)) show(state, [...state.recentBuys, ...noted].slice(-LIMITS.recentBuys), seq);
}

/** Nothing came of the order: it is told of no longer. */
export function forgetBuy(state: SessionState, order: OrderId, { seq }: Pick<Moment, "seq">): void {
  state.shownAs.delete(order);
  const others = state.recentBuys.filter((buy) => buy.order !== order);
  if (others.length < state.recentBuys.length) show(state, others, seq);
}

/** What may be shown is another, or the session is over: what may not be shown any more is gone, for good. */
export function hideBuys(state: SessionState, { seq }: Pick<Moment, "seq">): void {
  if (isTelling(state) && isNaming(state)) return;
  state.shownAs.clear();
  const { recentBuys } = state;
  const left = isTelling(state) ? recentBuys.map(withoutName) : [];
  const isLess = left.length < recentBuys.length || recentBuys.some(({ shownAs }) => shownAs !== undefined);
  if (isLess) show(state, left, seq);
}

/** A host wants the viewer named no more: neither as who bought nor as who will buy. */
export function unname(state: SessionState, viewer: ViewerId, { seq }: Pick<Moment, "seq">): void {
  state.unnamed.add(viewer);
  const isTheirs = (order: OrderId): boolean => state.orders.get(order)?.viewer === viewer;
  for (const order of state.shownAs.keys()) if (isTheirs(order)) state.shownAs.delete(order);
  const buys = state.recentBuys.map((buy) => (isTheirs(buy.order) ? withoutName(buy) : buy));
  show(state, buys, seq);
}

interface Moment {
  readonly seq: number;
  readonly atMs: number;
}

function isNaming({ terms }: SessionState): boolean {
  return (terms?.showBuys ?? "named") === "named";
}

function isTelling({ terms, status }: SessionState): boolean {
  return terms?.showBuys !== "none" && status !== "ended" && status !== "cancelled";
}

function show(state: SessionState, buys: readonly NotedBuy[], seq: number): void {
  state.recentBuys = buys;
  state.buysChangedSeq = seq;
}

function withoutName(noted: NotedBuy): NotedBuy {
  const { shownAs: _, ...buy } = noted;
  return buy;
}

function unitsByOffer({ lines }: Order): Map<OfferId, number> {
  const units = new Map<OfferId, number>();
  for (const { offer, quantity } of lines) units.set(offer, (units.get(offer) ?? 0) + quantity);
  return units;
}

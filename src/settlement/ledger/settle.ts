/** What order events do to the ledger: from events and what is known of their orders to transactions. Pure. */
import { versionFor, type ContractVersion, type ReferralRate } from "../../domain/contract.ts";
import type { Event } from "../../domain/events.ts";
import type { ContractId, CreatorId, OrderId } from "../../domain/ids.ts";
import { refundOf, saleOf, type Parties, type Transaction } from "../../domain/ledger.ts";
import { assertKnownVersion, isOrderEvent } from "../../domain/projection.ts";
import { legsLess, NO_LEGS, returnedLegs, splitOf, sumOfLegs, type Legs } from "../../domain/split.ts";
import type { OrderRow } from "../tables.ts";
import type { SettledOrder } from "./tables.ts";

/** What is known of a session's orders before a run of events, and what the run makes of it. */
export interface Settling {
  /** The orders that the events are about. */
  readonly orders: ReadonlyMap<OrderId, OrderRow>;
  readonly contracts: ReadonlyMap<ContractId, readonly ContractVersion[]>;
  /** Of orders that were brought by a creator who is not their host, and has a rate for that. */
  readonly referrals: ReadonlyMap<OrderId, GuestReferral>;
  /** What the session had captured before. */
  volume: number;
  readonly settled: Map<OrderId, SettledOrder>;
  readonly recorded: {
    readonly transaction: Transaction;
    readonly atMs: number;
    readonly eventSeq: number;
  }[];
}

/** As it was decided when the order was placed. */
export interface GuestReferral extends ReferralRate {
  readonly guest: CreatorId;
}

/** Orders whose money the events move. */
export function ordersSettledBy(events: readonly Event[]): OrderId[] {
  const orders = events.flatMap((event) =>
    event.type === "order.captured" || event.type === "order.refunded" ? [event.order] : [],
  );
  return [...new Set(orders)];
}

/** Applies events in order. Throws where something is missing that the events before must have brought. */
export function settle(settling: Settling, events: readonly Event[]): void {
  for (const event of events) {
    if (isOrderEvent(event)) assertKnownVersion(event);
    if (event.type === "order.captured") capture(settling, event.order, event);
    else if (event.type === "order.refunded") refund(settling, event);
  }
}

function capture(settling: Settling, id: OrderId, { seq, atMs }: Event): void {
  const order = settling.orders.get(id);
  if (!order) throw new Error(`order ${id} was captured before it was placed`);
  const version = versionOf(settling, order);
  const referral = settling.referrals.get(id);
  const split = splitOf(
    {
      lines: order.lines,
      total: { amount: order.total, currency: order.currency },
      due: { amount: order.due, currency: order.currency },
    },
    version?.terms,
    settling.volume,
    referral,
  );
  settling.volume += split.total;
  const settled: SettledOrder = {
    order: id,
    session: order.session,
    seq,
    seller: order.seller,
    creator: version?.terms.creator ?? null,
    guest: referral?.guest ?? null,
    contract: order.contract,
    contractVersion: version?.version ?? null,
    currency: split.currency,
    total: split.total,
    captured: split.captured,
    legs: split.legs,
    basis: split.basis,
    reserved: split.reserved,
    reservedUntilAtMs: split.reserved > 0 ? atMs + (version?.terms.reserve?.heldMs ?? 0) : null,
    returned: 0,
    returnedLegs: NO_LEGS,
    returns: 0,
    capturedAtMs: atMs,
    // What credit paid is at the provider there is when it goes out.
    provider: split.captured === 0 ? null : order.paymentProvider,
    charge: null,
    chargedAtMs: null,
    feeAmount: null,
    feeCurrency: null,
  };
  settling.settled.set(id, settled);
  settling.recorded.push({ transaction: saleOf(id, partiesOf(settled), split), atMs, eventSeq: seq });
}

/** The version an order was sold under; none where its session has no contract. */
function versionOf(settling: Settling, order: OrderRow): ContractVersion | undefined {
  if (order.contract === null) return undefined;
  const version = versionFor(settling.contracts.get(order.contract) ?? [], order.placedAtMs);
  if (!version) throw new Error(`contract ${order.contract} of ${order.id} is not there`);
  return version;
}

function refund(settling: Settling, event: Extract<Event, { type: "order.refunded" }>): void {
  const before = settling.settled.get(event.order);
  if (!before) throw new Error(`order ${event.order} was refunded before it was captured`);
  const { after, legs, beyond, reserved } = giveBack(before, event.amount.amount);
  settling.settled.set(event.order, after);
  const given = { currency: before.currency, legs, beyond, reserved };
  settling.recorded.push({
    transaction: refundOf(event.refund, event.order, partiesOf(before), given),
    atMs: event.atMs,
    eventSeq: event.seq,
  });
}

/** A settled order when some of what was kept back of it is not any more; with the last of it the wait is over. */
export function lessReserved(before: SettledOrder, amount: number): SettledOrder {
  const reserved = before.reserved - amount;
  return { ...before, reserved, reservedUntilAtMs: reserved > 0 ? before.reservedUntilAtMs : null };
}

/** A settled order after what was claimed of it has changed, and what that changes of each leg's part. */
export interface Claimed {
  readonly after: SettledOrder;
  readonly legs: Legs;
  /** Of the change, what is beyond all that was captured. */
  readonly beyond: number;
}

/** What is given back; of the seller's leg first what is kept back of the sale (`reserved`), which is kept for this. */
export interface Given extends Claimed {
  readonly reserved: number;
}

/** Some more of a settled order goes back: a refund, or a dispute. */
export function giveBack(before: SettledOrder, amount: number): Given {
  const returned = before.returned + amount;
  const given = returnedLegs(before, Math.min(returned, before.captured));
  const legs = legsLess(given, before.returnedLegs);
  const reserved = Math.min(before.reserved, Math.max(0, legs.seller));
  const after = { ...before, returned, returnedLegs: given, returns: before.returns + 1 };
  return { after: lessReserved(after, reserved), legs, beyond: amount - sumOfLegs(legs), reserved };
}

/**
 * What was disputed of a settled order does not go back after all. What else went back meanwhile takes its place, where
 * it was beyond all that was captured.
 */
export function takeBack(before: SettledOrder, amount: number): Claimed {
  const returned = before.returned - amount;
  const given = returnedLegs(before, Math.min(returned, before.captured));
  const legs = legsLess(before.returnedLegs, given);
  const after = { ...before, returned, returnedLegs: given, returns: before.returns + 1 };
  return { after, legs, beyond: amount - sumOfLegs(legs) };
}

export function partiesOf({ seller, creator, guest }: SettledOrder): Parties {
  return { seller, creator: creator ?? undefined, guest: guest ?? undefined };
}

/** The buyers' side of the model: sales, charges, refunds and disputes, made by the real rules. Counts money apart. */
import type { ContractId, DisputeId, OrderId, RefundId } from "../../../src/domain/ids.ts";
import type { Event } from "../../../src/domain/events.ts";
import {
  chargeOf,
  disputeLost,
  disputeOpened,
  disputeWon,
  feeOf,
  refundFailedOf,
  refundSentOf,
  reserveReleasedOf,
  type Disputed,
} from "../../../src/domain/ledger.ts";
import { money } from "../../../src/domain/money.ts";
import { orderTotals } from "../../../src/domain/order.ts";
import { priceOf } from "../../../src/domain/pricing.ts";
import { referralOf } from "../../../src/domain/referral.ts";
import {
  giveBack,
  lessReserved,
  partiesOf,
  settle,
  takeBack,
  type GuestReferral,
  type Settling,
} from "../../../src/settlement/ledger/settle.ts";
import type { SettledOrder } from "../../../src/settlement/ledger/tables.ts";
import type { OrderRow } from "../../../src/settlement/tables.ts";
import { Books } from "./books.ts";
import { pricingOf, SELLER, STEP_MS, type Deal, type Life, type Ware } from "./deals.ts";

export const PROVIDER = "bank";

/** Amounts by whatever they are of. */
export class Tally {
  readonly #amounts = new Map<string, number>();

  add(key: string, amount: number): void {
    this.#amounts.set(key, this.of(key) + amount);
  }

  of(key: string): number {
    return this.#amounts.get(key) ?? 0;
  }
}

/** An order as the shop knows it: nothing here comes from the ledger. */
export interface Sold {
  readonly id: OrderId;
  readonly deal: Deal;
  readonly due: number;
  readonly placedAtMs: number;
  isCharged: boolean;
  hasFee: boolean;
  refunded: number;
  refunds: number;
  isReleased: boolean;
  /** What was lost in disputes. */
  lost: number;
}

interface Refund {
  readonly id: RefundId;
  readonly order: Sold;
  readonly amount: number;
  status: "requested" | "sent" | "failed";
}

export interface Dispute {
  readonly of: Disputed;
  readonly order: Sold;
  fee: number;
  status: "open" | "won" | "lost";
}

/** The part of `whole` that a share of 10,000 is, at least one where there is anything. */
export function partOf(whole: number, share: number): number {
  return Math.min(whole, Math.max(1, Number((BigInt(whole) * BigInt(share)) / 10_000n)));
}

export class ShopSide {
  readonly books = new Books();
  readonly sold: Sold[] = [];
  readonly refunds: Refund[] = [];
  readonly disputes: Dispute[] = [];
  /** The platform's money at the provider, fees and disputed money, as `clearing USD`. */
  readonly truth = new Tally();
  readonly life: Life;
  readonly settling: Settling;
  nowMs = 0;
  readonly referrals = new Map<OrderId, GuestReferral>();
  readonly #orders = new Map<OrderId, OrderRow>();

  constructor(life: Life) {
    this.life = life;
    const contracts = new Map(
      life.deals.flatMap(({ contract, versions }) =>
        contract === undefined ? [] : ([[contract, versions]] as [ContractId, Deal["versions"]][]),
      ),
    );
    this.settling = {
      orders: this.#orders,
      contracts,
      referrals: this.referrals,
      volume: 0,
      settled: new Map(),
      recorded: [],
    };
  }

  settled(order: OrderId): SettledOrder {
    const found = this.settling.settled.get(order);
    if (!found) throw new Error(`${order} is not settled`);
    return found;
  }

  tick(): void {
    this.nowMs += STEP_MS;
  }

  sell(pick: number): void {
    const deal = this.life.deals[pick % this.life.deals.length]!;
    const basket = this.life.baskets[(pick >> 2) % this.life.baskets.length]!;
    const id: OrderId = `ord_${this.sold.length}`;
    // Captured some time after it was placed: what counts is the version when it was placed.
    const placedAtMs = Math.max(0, this.nowMs - (pick % 3) * STEP_MS);
    const row = rowOf(id, deal, basket, placedAtMs);
    this.#refer(id, deal, placedAtMs);
    this.#orders.set(id, row);
    this.#apply({ type: "order.captured", v: 1, order: id, seq: 1, atMs: this.nowMs });
    const isCharged = row.due === 0;
    const none = { hasFee: isCharged, refunded: 0, refunds: 0, isReleased: false, lost: 0 };
    this.sold.push({ id, deal, due: row.due, placedAtMs, isCharged, ...none });
  }

  /** Some orders are brought by a creator whose session it is not, and who has a rate with the seller. */
  #refer(order: OrderId, deal: Deal, placedAtMs: number): void {
    const { guest } = deal;
    if (guest === undefined) return;
    const of = { host: deal.creator, currency: deal.currency, placedAtMs, skus: [], zones: [] };
    const found = referralOf(of, guest.creator, guest.versions);
    if (!("none" in found))
      this.referrals.set(order, { guest: guest.creator, basisPoints: found.basisPoints });
  }

  charge(pick: number, share: number): void {
    const order = choose(this.sold, pick, ({ isCharged }) => !isCharged);
    if (!order) return;
    order.isCharged = true;
    const { currency } = order.deal;
    this.books.record(chargeOf(order.id, PROVIDER, money(order.due, currency)));
    this.truth.add(`clearing ${currency}`, order.due);
    if (share > 3_000) this.#fee(order, share);
  }

  fee(pick: number, share: number): void {
    const order = choose(this.sold, pick, ({ isCharged, hasFee }) => isCharged && !hasFee);
    if (order) this.#fee(order, share);
  }

  /** Now and then a provider keeps its fee in another currency than it charged in. */
  #fee(order: Sold, share: number): void {
    order.hasFee = true;
    const fee = money(Math.floor(order.due / 34), share % 7 === 0 ? "USD" : order.deal.currency);
    this.books.record(feeOf("charge_fee", order.id, order.id, PROVIDER, fee));
    this.truth.add(`clearing ${fee.currency}`, -fee.amount);
    this.truth.add(`fees ${fee.currency}`, fee.amount);
  }

  /** As much as the session lets: never more than is left; an order that credit paid for is refunded once, by zero. */
  refund(pick: number, share: number): void {
    const order = choose(this.sold, pick, ({ due, refunded, refunds }) => refunded < due || refunds === 0);
    if (!order) return;
    const { currency } = order.deal;
    const amount = order.due === order.refunded ? 0 : partOf(order.due - order.refunded, share);
    order.refunded += amount;
    order.refunds += 1;
    const id: RefundId = `rfd_${this.refunds.length}`;
    const refundedTotal = money(order.refunded, currency);
    const of = { order: order.id, refund: id, amount: money(amount, currency), refundedTotal };
    this.#apply({ type: "order.refunded", v: 1, ...of, unitsReturned: false, seq: 1, atMs: this.nowMs });
    this.refunds.push({ id, order, amount, status: amount === 0 ? "sent" : "requested" });
  }

  refundOutcome(pick: number): void {
    const refund = choose(this.refunds, pick, ({ status, amount }) => status === "requested" || amount > 0);
    if (!refund || refund.status === "failed") return;
    const { currency } = refund.order.deal;
    const amount = money(refund.amount, currency);
    if (refund.status === "requested") {
      refund.status = "sent";
      this.books.record(refundSentOf(refund.id, refund.order.id, PROVIDER, amount));
      this.truth.add(`clearing ${currency}`, -refund.amount);
    } else if (pick % 4 === 0) {
      refund.status = "failed";
      this.books.record(refundFailedOf(refund.id, refund.order.id, PROVIDER, amount));
      this.truth.add(`clearing ${currency}`, refund.amount);
    }
  }

  dispute(pick: number, share: number): void {
    const order = choose(this.sold, pick, ({ isCharged, due }) => isCharged && due > 0);
    if (!order) return;
    const before = this.settled(order.id);
    const amount = partOf(order.due, share > 6_000 ? 10_000 : share);
    const { after, legs, reserved } = giveBack(before, amount);
    this.settling.settled.set(order.id, after);
    const id: DisputeId = `dsp_${this.disputes.length}`;
    const parties = partiesOf(before);
    const { currency } = order.deal;
    const of = { id, order: order.id, parties, provider: PROVIDER, amount: money(amount, currency), legs };
    this.books.record(disputeOpened(of, reserved));
    this.truth.add(`clearing ${currency}`, -amount);
    this.truth.add(`disputed ${currency}`, amount);
    this.disputes.push({ of, order, fee: 0, status: "open" });
  }

  disputeFee(pick: number): void {
    const dispute = choose(this.disputes, pick, ({ fee }) => fee < 3);
    if (!dispute) return;
    dispute.fee += 1;
    const { currency } = dispute.order.deal;
    const fee = money(dispute.fee === 3 ? -1_500 : 1_500, currency);
    const subject = `${dispute.of.id}/${dispute.fee}`;
    this.books.record(feeOf("dispute_fee", subject, dispute.order.id, PROVIDER, fee));
    this.truth.add(`clearing ${currency}`, -fee.amount);
    this.truth.add(`fees ${currency}`, fee.amount);
  }

  decide(pick: number): void {
    const dispute = choose(this.disputes, pick, ({ status }) => status === "open");
    if (!dispute) return;
    const { of, order } = dispute;
    const { amount, currency } = of.amount;
    this.truth.add(`disputed ${currency}`, -amount);
    if (pick % 2 === 0) {
      dispute.status = "won";
      const { after, legs } = takeBack(this.settled(order.id), amount);
      this.settling.settled.set(order.id, after);
      this.books.record(disputeWon(of, legs));
      this.truth.add(`clearing ${currency}`, amount);
    } else {
      dispute.status = "lost";
      order.lost += amount;
      this.books.record(disputeLost(of));
    }
  }

  release(pick: number): void {
    const order = choose(this.sold, pick, (one) => {
      const { reservedUntilAtMs } = this.settled(one.id);
      return !one.isReleased && reservedUntilAtMs !== null && reservedUntilAtMs <= this.nowMs;
    });
    if (!order) return;
    order.isReleased = true;
    const before = this.settled(order.id);
    const { reserved, seller, currency } = before;
    this.settling.settled.set(order.id, lessReserved(before, reserved));
    this.books.record(reserveReleasedOf(order.id, seller, money(reserved, currency)));
  }

  #apply(event: Event): void {
    const from = this.settling.recorded.length;
    settle(this.settling, [event]);
    for (const { transaction } of this.settling.recorded.slice(from)) this.books.record(transaction);
  }
}

/** One of those that fit, as `pick` says. */
export function choose<T>(
  of: readonly T[],
  pick: number,
  fits: (one: T) => boolean = () => true,
): T | undefined {
  const fitting = of.filter(fits);
  return fitting[pick % fitting.length];
}

function rowOf(id: OrderId, deal: Deal, basket: readonly Ware[], placedAtMs: number): OrderRow {
  const { currency } = deal;
  const lines = basket.map((ware, at) => ({
    offer: `ofr_${at}` as const,
    quantity: ware.quantity,
    token: `tok_${at}` as const,
    tokenExpiresAtMs: 0,
    priceVersion: 1,
    price: priceOf(...pricingOf(ware, deal)),
  }));
  const { total, due } = orderTotals(lines, currency);
  return {
    id,
    session: "ses_1",
    seller: SELLER,
    creator: deal.creator ?? null,
    contract: deal.contract ?? null,
    viewer: "vwr_1",
    reservation: "rsv_1",
    status: "captured",
    currency,
    total: total.amount,
    due: due.amount,
    refunded: 0,
    paymentMethod: "card",
    paymentProvider: PROVIDER,
    paymentId: "pay_1",
    paymentPending: false,
    failure: null,
    lines,
    units: [],
    refunds: [],
    placedAtMs,
    updatedAtMs: placedAtMs,
    seq: 1,
  };
}

/** What must hold of the money at any moment: the ledger against what really happened. Throws on what does not. */
import { accountOf, type Account } from "../../../src/domain/ledger.ts";
import { LEGS, returnedLegs, sumOfLegs, type Legs } from "../../../src/domain/split.ts";
import type { SettledOrder } from "../../../src/settlement/ledger/tables.ts";
import { PARTIES, type PartySide } from "./party-side.ts";
import { PROVIDER, type ShopSide, type Sold } from "./shop-side.ts";

function equal(actual: number, expected: number, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${actual}, not ${expected}`);
}

const provider = (which: "clearing" | "connected" | "disputed" | "fees"): Account =>
  `provider:${PROVIDER}:${which}`;

/** After every step. */
export function auditMoney(shop: ShopSide, parties: PartySide): void {
  const { books, truth } = shop;
  for (const currency of new Set([...parties.currencies, "USD"])) {
    for (const which of ["clearing", "connected", "disputed", "fees"] as const) {
      equal(
        books.balance(provider(which), currency),
        truth.of(`${which} ${currency}`),
        `${which} ${currency}`,
      );
    }
    equal(books.balance("buyers:clearing", currency), buyersOwe(shop, currency), `buyers ${currency}`);
    let atProvider = 0;
    for (const party of PARTIES) {
      const of = (which: "payable" | "transit" | "balance" | "reserve"): number =>
        -books.balance(accountOf(party, which), currency);
      const account = parties.truth.of(`account ${party} ${currency}`);
      const leaving = onTheirWay(parties, party, currency);
      equal(of("balance") + leaving.fromAccount, account, `account of ${party} ${currency}`);
      equal(of("transit"), leaving.fromAccount + leaving.toAccount, `transit of ${party} ${currency}`);
      if (of("balance") < 0) throw new Error(`${party} has less than nothing at the provider`);
      const has = of("payable") + of("transit") + of("balance") + of("reserve");
      const bank = parties.truth.of(`bank ${party} ${currency}`);
      equal(has + bank, earned(shop, party, currency), `what ${party} has ${currency}`);
      equal(of("reserve"), keptBack(shop, party, currency), `kept back of ${party} ${currency}`);
      const positions = [...books.positions(accountOf(party, "payable"), currency).values()];
      equal(-positions.reduce((sum, one) => sum + one, 0), of("payable"), `positions of ${party}`);
      atProvider += of("balance") + leaving.fromAccount;
    }
    equal(books.balance(provider("connected"), currency), atProvider, `connected ${currency}`);
  }
}

/** Debits of buyers: captured and not charged, less refunds that they do not have. */
function buyersOwe({ sold, refunds }: ShopSide, currency: string): number {
  const uncharged = sold
    .filter(({ deal, isCharged }) => deal.currency === currency && !isCharged)
    .reduce((sum, { due }) => sum + due, 0);
  const unsent = refunds
    .filter(({ order, status }) => order.deal.currency === currency && status !== "sent")
    .reduce((sum, { amount }) => sum + amount, 0);
  return uncharged - unsent;
}

function onTheirWay(
  { transfers, reversals, payouts }: PartySide,
  party: string,
  currency: string,
): { readonly toAccount: number; readonly fromAccount: number } {
  const sum = (rows: PartySide["payouts"] | PartySide["transfers"] | PartySide["reversals"]): number =>
    rows
      .filter(({ status }) => status === "transferring")
      .filter(({ of }) => of.party === party && of.amount.currency === currency)
      .reduce((total, { of }) => total + of.amount.amount, 0);
  return { toAccount: sum(transfers), fromAccount: sum(reversals) + sum(payouts) };
}

/** What sales have brought a party, less what it gave back; disputes that are open have not taken anything yet. */
function earned(shop: ShopSide, party: string, currency: string): number {
  const legOf = (legs: Legs, of: SettledOrder): number =>
    (of.seller === party ? legs.seller : 0) +
    (of.creator === party ? legs.creator : 0) +
    (of.guest === party ? legs.referral : 0);
  let sum = 0;
  for (const order of shop.settling.settled.values()) {
    if (order.currency === currency) sum += legOf(order.legs, order) - legOf(order.returnedLegs, order);
  }
  for (const { of, order, status } of shop.disputes) {
    if (status === "open" && of.amount.currency === currency) sum += legOf(of.legs, shop.settled(order.id));
  }
  return sum;
}

/** Of a seller's sales what is still reserved, and of both what is at stake in disputes. */
function keptBack(shop: ShopSide, party: string, currency: string): number {
  let sum = 0;
  for (const { seller, reserved, currency: of } of shop.settling.settled.values()) {
    if (reserved < 0) throw new Error(`${reserved} is kept back`);
    if (of === currency && seller === party) sum += reserved;
  }
  for (const { of, status } of shop.disputes) {
    if (status !== "open" || of.amount.currency !== currency) continue;
    sum +=
      (of.parties.seller === party ? of.legs.seller : 0) +
      (of.parties.creator === party ? of.legs.creator : 0) +
      (of.parties.guest === party ? of.legs.referral : 0);
  }
  return sum;
}

/** Each order: its split, and that what went back of it does not depend on the way it went. */
export function auditOrders(shop: ShopSide): void {
  for (const order of shop.sold) {
    const settled = shop.settled(order.id);
    auditSplit(settled, order);
    const disputed = shop.disputes
      .filter((one) => one.order === order && one.status === "open")
      .reduce((sum, { of }) => sum + of.amount.amount, 0);
    const claimed = order.refunded + order.lost + disputed;
    equal(settled.returned, claimed, `returned of ${order.id}`);
    auditReturned(settled, Math.min(claimed, order.due), order.refunds > 0);
    const isWhole = order.refunded === order.due && order.refunds > 0;
    if (isWhole && !shop.disputes.some((one) => one.order === order)) auditWholeRefund(shop, settled);
  }
}

function auditSplit(settled: SettledOrder, order: Sold): void {
  equal(settled.captured, order.due, `captured of ${order.id}`);
  equal(sumOfLegs(settled.legs), order.due, `split of ${order.id}`);
  const version = order.deal.versions.findLast(({ effectiveAtMs }) => effectiveAtMs <= order.placedAtMs);
  equal(settled.contractVersion ?? 0, version?.version ?? 0, `version of ${order.id}`);
  const { legs, basis, reserved } = settled;
  if (legs.seller < 0 || legs.tax < 0 || legs.loyalty > 0 || reserved < 0 || reserved > legs.seller) {
    throw new Error(`split of ${order.id}: ${JSON.stringify(settled)}`);
  }
  equal(legs.platform + basis.funded.platform, basis.platformFee, `fee of ${order.id}`);
  equal(legs.creator + basis.funded.creator, basis.creatorEarns, `rate of ${order.id}`);
  auditReferral(settled, order);
}

/** A guest has the part that was agreed on, to the nearest unit, or all that was left to the seller. */
function auditReferral({ guest, legs, basis }: SettledOrder, { id, deal, placedAtMs }: Sold): void {
  const agreed = deal.guest?.versions.findLast(({ effectiveAtMs }) => effectiveAtMs <= placedAtMs);
  const rate = deal.guest?.creator === deal.creator ? undefined : agreed?.terms.referral;
  if (!rate) {
    equal(legs.referral, 0, `referral of ${id}`);
    if (guest !== null || basis.referral) throw new Error(`${id} has a guest`);
    return;
  }
  const wanted = basis.referral?.wanted ?? Number.NaN;
  const off = BigInt(wanted) * 20_000n - 2n * BigInt(basis.base) * BigInt(rate.basisPoints);
  if (off > 10_000n || off < -10_000n) throw new Error(`referral of ${id} is off by ${off}`);
  equal(legs.referral, Math.min(wanted, legs.referral + legs.seller), `referral of ${id}`);
  if (guest !== deal.guest?.creator) throw new Error(`${guest} is not the guest of ${id}`);
}

/** Every leg gives back its proportional part, rounded one way or the other. */
function auditReturned(settled: SettledOrder, returned: number, isRefunded: boolean): void {
  const { order, captured, legs, returnedLegs: given } = settled;
  equal(sumOfLegs(given), returned, `returned legs of ${order}`);
  if (captured === 0) {
    for (const leg of LEGS) equal(given[leg], isRefunded ? legs[leg] : 0, `${leg} of ${order}`);
    return;
  }
  const canonical = returnedLegs(settled, returned);
  for (const leg of LEGS) {
    equal(given[leg], canonical[leg], `${leg} of ${order}`);
    const off = BigInt(given[leg]) * BigInt(captured) - BigInt(legs[leg]) * BigInt(returned);
    if (off >= BigInt(captured) || -off >= BigInt(captured))
      throw new Error(`${leg} of ${order} is off by ${off}`);
  }
}

/** From the entries alone: sale and refunds cancel out, account by account, but for what buyers get. */
function auditWholeRefund(shop: ShopSide, { order, captured, seller }: SettledOrder): void {
  const sums = shop.books.ofOrder(order, ["sale", "refund"]);
  const payable = accountOf(seller, "payable");
  const reserve = accountOf(seller, "reserve");
  equal((sums.get(payable) ?? 0) + (sums.get(reserve) ?? 0), 0, `${payable} of ${order}`);
  for (const [account, sum] of sums) {
    if (account !== payable && account !== reserve) equal(sum, 0, `${account} of ${order}, ${captured}`);
  }
}

/** At the end: balances are the sums of the entries, and there are no others. */
export function auditBalances({ books }: ShopSide): void {
  const summed = books.fromEntries();
  const kept = books.balances();
  equal(kept.size, summed.size, "accounts");
  for (const [account, sum] of summed) equal(kept.get(account) ?? Number.NaN, sum, account);
  const currencies = new Map<string, number>();
  for (const { currency, amount } of books.entries) {
    currencies.set(currency, (currencies.get(currency) ?? 0) + amount);
  }
  for (const [currency, sum] of currencies) equal(sum, 0, `all of ${currency}`);
}

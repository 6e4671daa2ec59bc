/**
 * The ledger's rules: the transactions that money's way through its accounts is made of. Double entry; debits are
 * positive, credits negative, and every transaction sums to zero per currency. Corrections are new transactions. Pure.
 */
import { accountOf, type Account, type PartyAccount } from "./accounts.ts";
import type { CreatorId, DisputeId, OrderId, PartyId, SellerId } from "./ids.ts";
import type { Money } from "./money.ts";
import { LEGS, legsLess, sumOfLegs, type LegOf, type Legs, type Split } from "./split.ts";

export { accountOf, isDebitNormal, ownerOf, type Account, type PartyAccount } from "./accounts.ts";

export interface Posting {
  readonly account: Account;
  readonly currency: string;
  /** Minor units; debit positive, credit negative, never zero. */
  readonly amount: number;
  /** Whose money it is, where that is not the transaction's order. */
  readonly order?: OrderId;
}

/** A transaction's id says what it records, so that the same fact cannot be recorded twice: `sale:ord_…`. */
export type TransactionId = `${TransactionKind}:${string}`;

export type TransactionKind =
  | "sale"
  | "charge"
  | "charge_fee"
  | "refund"
  | "refund_sent"
  | "refund_failed"
  | "reserve_released"
  | "netted"
  | "transfer_started"
  | "transfer_sent"
  | "transfer_failed"
  | "reversal_started"
  | "reversal_sent"
  | "reversal_failed"
  | "payout_started"
  | "payout_paid"
  | "payout_failed"
  | "payout_returned"
  | "dispute_opened"
  | "dispute_fee"
  | "dispute_won"
  | "dispute_lost"
  | "platform_payout"
  | "provider_fee";

export interface Transaction {
  readonly id: TransactionId;
  readonly kind: TransactionKind;
  /** The order whose money it is; payouts are of many. */
  readonly order?: OrderId;
  readonly postings: readonly Posting[];
}

/** Who a sale is between. */
export interface Parties {
  readonly seller: SellerId;
  readonly creator: CreatorId | undefined;
  /** Who brought the order to a session that is not theirs, where a referral was agreed on. */
  readonly guest?: CreatorId | undefined;
}

/** Debits and credits by account; what comes to nothing is left out. */
type Amounts = readonly (readonly [account: Account, amount: number])[];

function transaction(
  kind: TransactionKind,
  subject: string,
  order: OrderId | undefined,
  currency: string,
  amounts: Amounts,
): Transaction {
  return {
    id: `${kind}:${subject}`,
    kind,
    ...(order === undefined ? {} : { order }),
    postings: amounts
      .filter(([, amount]) => amount !== 0)
      .map(([account, amount]) => ({ account, currency, amount })),
  };
}

function entry(debited: Account, credited: Account, amount: number): Amounts {
  return [
    [debited, amount],
    [credited, -amount],
  ];
}

/** The account that a leg is owed on. */
function accountOfLeg(leg: LegOf, { seller, creator, guest }: Parties): Account {
  switch (leg) {
    case "platform":
      return "platform:revenue";
    case "creator":
      // A leg without anybody to have it is zero, and makes no posting.
      return creator === undefined ? "platform:revenue" : accountOf(creator, "payable");
    case "referral":
      return guest === undefined ? "platform:revenue" : accountOf(guest, "payable");
    case "seller":
      return accountOf(seller, "payable");
    case "tax":
      return "tax:payable";
    case "loyalty":
      return "loyalty:credit";
  }
}

/** Order captured: buyers owe what was captured, and each party is owed its leg, the seller a part of it later. */
export function saleOf(order: OrderId, parties: Parties, split: Split): Transaction {
  return transaction("sale", order, order, split.currency, [
    ["buyers:clearing", split.captured],
    ...LEGS.map((leg) => [accountOfLeg(leg, parties), -split.legs[leg]] as const),
    ...entry(accountOf(parties.seller, "payable"), accountOf(parties.seller, "reserve"), split.reserved),
  ]);
}

/** The provider has reported the charge: the buyers' debt is paid. */
export function chargeOf(order: OrderId, provider: string, amount: Money): Transaction {
  return transaction("charge", order, order, amount.currency, [
    [`provider:${provider}:clearing`, amount.amount],
    ["buyers:clearing", -amount.amount],
  ]);
}

/** The provider's fee, as it reported it, in the currency it keeps it in. A negative one was given back. */
export function feeOf(
  kind: "charge_fee" | "dispute_fee",
  subject: string,
  order: OrderId,
  provider: string,
  fee: Money,
): Transaction {
  return transaction(kind, subject, order, fee.currency, [
    [`provider:${provider}:fees`, fee.amount],
    [`provider:${provider}:clearing`, -fee.amount],
  ]);
}

/**
 * Order refunded: each party gives back its part, the platform also what is `beyond` all that was captured, the seller
 * first what is kept back of the sale (`reserved`).
 */
export function refundOf(
  subject: string,
  order: OrderId,
  parties: Parties,
  given: {
    readonly currency: string;
    readonly legs: Legs;
    readonly beyond: number;
    readonly reserved: number;
  },
): Transaction {
  const { currency, legs, beyond, reserved } = given;
  return transaction("refund", subject, order, currency, [
    ...returned(parties, { ...legs, seller: legs.seller - reserved }),
    [accountOf(parties.seller, "reserve"), reserved],
    ["platform:revenue", beyond],
    ["buyers:clearing", -(sumOfLegs(legs) + beyond)],
  ]);
}

function returned(parties: Parties, legs: Legs): Amounts {
  return LEGS.map((leg) => [accountOfLeg(leg, parties), legs[leg]] as const);
}

/** The provider has sent a refund to the buyer. */
export function refundSentOf(subject: string, order: OrderId, provider: string, amount: Money): Transaction {
  return transaction("refund_sent", subject, order, amount.currency, [
    ["buyers:clearing", amount.amount],
    [`provider:${provider}:clearing`, -amount.amount],
  ]);
}

/** A refund that was sent has come back: the buyer is still owed it. */
export function refundFailedOf(
  subject: string,
  order: OrderId,
  provider: string,
  amount: Money,
): Transaction {
  return transaction("refund_failed", subject, order, amount.currency, [
    [`provider:${provider}:clearing`, amount.amount],
    ["buyers:clearing", -amount.amount],
  ]);
}

/**
 * What the provider did by itself, by its own id: money between the platform's balance there and its bank, or a fee.
 * `amount` is what it added to the balance; negative where it took.
 */
export function providersOwnOf(
  kind: "platform_payout" | "provider_fee",
  line: string,
  provider: string,
  amount: Money,
): Transaction {
  const other: Account = kind === "platform_payout" ? "platform:bank" : `provider:${provider}:fees`;
  return transaction(kind, line, undefined, amount.currency, [
    [`provider:${provider}:clearing`, amount.amount],
    [other, -amount.amount],
  ]);
}

/** What was kept back of a sale is now owed. */
export function reserveReleasedOf(order: OrderId, seller: SellerId, amount: Money): Transaction {
  return transaction("reserve_released", order, order, amount.currency, [
    ...entry(accountOf(seller, "reserve"), accountOf(seller, "payable"), amount.amount),
  ]);
}

/**
 * What a party owes for one order, taken from what it is owed for another. Both are on the same account: the balance
 * stays, and each order's part of it tells where the money went.
 */
export function nettedOf(
  subject: string,
  party: PartyId,
  { from, to, amount }: { readonly from: OrderId; readonly to: OrderId; readonly amount: Money },
): Transaction {
  const account = accountOf(party, "payable");
  const { currency } = amount;
  return {
    id: `netted:${subject}`,
    kind: "netted",
    postings: [
      { account, currency, amount: amount.amount, order: from },
      { account, currency, amount: -amount.amount, order: to },
    ],
  };
}

/** Money on its way to or from a party. */
export interface Movement {
  /** Id of the transfer, reversal or payout. */
  readonly id: string;
  readonly party: PartyId;
  readonly provider: string;
  readonly amount: Money;
  readonly order?: OrderId;
}

function movement(kind: TransactionKind, { id, order, amount }: Movement, amounts: Amounts): Transaction {
  return transaction(kind, id, order, amount.currency, amounts);
}

/** `payable → transit → balance` at the provider's word, or back to `payable`. */
export function transferStarted(of: Movement): Transaction {
  return movement("transfer_started", of, between(of, "payable", "transit"));
}

export function transferSent(of: Movement): Transaction {
  return movement("transfer_sent", of, [
    ...between(of, "transit", "balance"),
    ...entry(`provider:${of.provider}:connected`, `provider:${of.provider}:clearing`, of.amount.amount),
  ]);
}

export function transferFailed(of: Movement): Transaction {
  return movement("transfer_failed", of, between(of, "transit", "payable"));
}

/** `balance → transit → payable` at the provider's word, or back to `balance`. */
export function reversalStarted(of: Movement): Transaction {
  return movement("reversal_started", of, between(of, "balance", "transit"));
}

export function reversalSent(of: Movement): Transaction {
  return movement("reversal_sent", of, [
    ...between(of, "transit", "payable"),
    ...entry(`provider:${of.provider}:clearing`, `provider:${of.provider}:connected`, of.amount.amount),
  ]);
}

export function reversalFailed(of: Movement): Transaction {
  return movement("reversal_failed", of, between(of, "transit", "balance"));
}

/** `balance → transit → bank`, or back to `balance`, before the bank had it or after. */
export function payoutStarted(of: Movement): Transaction {
  return movement("payout_started", of, between(of, "balance", "transit"));
}

export function payoutPaid(of: Movement): Transaction {
  return movement("payout_paid", of, [
    [accountOf(of.party, "transit"), of.amount.amount],
    [`provider:${of.provider}:connected`, -of.amount.amount],
  ]);
}

export function payoutFailed(of: Movement): Transaction {
  return movement("payout_failed", of, between(of, "transit", "balance"));
}

export function payoutReturned(of: Movement): Transaction {
  return movement("payout_returned", of, [
    [`provider:${of.provider}:connected`, of.amount.amount],
    [accountOf(of.party, "balance"), -of.amount.amount],
  ]);
}

function between({ party, amount }: Movement, from: PartyAccount, to: PartyAccount): Amounts {
  return entry(accountOf(party, from), accountOf(party, to), amount.amount);
}

/** A dispute, and what the order's parties have at stake in it. */
export interface Disputed {
  readonly id: DisputeId;
  readonly order: OrderId;
  readonly parties: Parties;
  readonly provider: string;
  readonly amount: Money;
  /** What each leg would give back if it is lost; the platform has the rest. */
  readonly legs: Legs;
}

/**
 * The provider has taken the disputed amount; sellers' and creators' parts are kept back until it is decided, as the
 * part of the seller's is that was kept back of the sale already (`reserved`).
 */
export function disputeOpened(of: Disputed, reserved: number): Transaction {
  const { provider, amount } = of;
  return transaction("dispute_opened", of.id, of.order, amount.currency, [
    ...entry(`provider:${provider}:disputed`, `provider:${provider}:clearing`, amount.amount),
    ...keptBack({ ...of, legs: { ...of.legs, seller: of.legs.seller - reserved } }, 1),
  ]);
}

/**
 * Won: what was kept back, before the dispute too, is owed now, less what went back to the buyer otherwise meanwhile and
 * could not be taken from it. `regained` is each leg of what does not go back after all.
 */
export function disputeWon(of: Disputed, regained: Legs): Transaction {
  const { provider, amount, legs, parties } = of;
  const borne = legsLess(legs, regained);
  return transaction("dispute_won", of.id, of.order, amount.currency, [
    ...entry(`provider:${provider}:clearing`, `provider:${provider}:disputed`, amount.amount),
    ...keptBack(of, -1),
    ...returned(parties, borne),
    ["platform:revenue", -sumOfLegs(borne)],
  ]);
}

/** Lost: each party bears its leg, the platform also what is beyond all that was captured. */
export function disputeLost(of: Disputed): Transaction {
  const { provider, amount, legs } = of;
  return transaction("dispute_lost", of.id, of.order, amount.currency, [
    [`provider:${provider}:disputed`, -amount.amount],
    ["platform:revenue", amount.amount - sumOfLegs(legs)],
    ...returned(of.parties, legs),
    ...keptBack(of, -1),
  ]);
}

/** Sellers' and creators' legs from `payable` to `reserve`, or back. */
function keptBack({ parties: { seller, creator, guest }, legs }: Disputed, way: 1 | -1): Amounts {
  const stakes = [
    [seller, legs.seller],
    [creator, legs.creator],
    [guest, legs.referral],
  ] as const;
  return stakes.flatMap(([party, amount]) =>
    party === undefined ? [] : entry(accountOf(party, "payable"), accountOf(party, "reserve"), way * amount),
  );
}

/**
 * The sum of a transaction's postings in each currency; every one is zero, or the transaction is not one. Exact, as the
 * database sums: an amount beyond the exact integers of a number counts as it is.
 */
export function imbalanceOf({ postings }: Pick<Transaction, "postings">): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, amount } of postings) {
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount));
  }
  for (const [currency, sum] of sums) if (sum === 0n) sums.delete(currency);
  return sums;
}

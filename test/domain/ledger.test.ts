/** The ledger's rules: for each kind of transaction the accounts it moves, each summing to zero per currency. */
import { describe, expect, it } from "vitest";
import type { Parties, Transaction } from "../../src/domain/ledger.ts";
import * as ledger from "../../src/domain/ledger.ts";
import { money } from "../../src/domain/money.ts";
import { NO_LEGS, type Legs, type Split } from "../../src/domain/split.ts";

const ORDER = "ord_1";
const PARTIES: Parties = { seller: "sel_1", creator: "cre_1" };
const CLEARING = "provider:bank:clearing";
const CONNECTED = "provider:bank:connected";
const DISPUTED = "provider:bank:disputed";

/** 100.00 captured: 8 to the platform, 15 to the creator, 70 to the seller, 12 tax, 5 paid by credit. */
const LEGS: Legs = { platform: 800, creator: 1_500, referral: 0, seller: 7_000, tax: 1_200, loyalty: -500 };
const split = (over: Partial<Split> = {}): Split => ({
  currency: "USD",
  total: 10_500,
  captured: 10_000,
  legs: LEGS,
  reserved: 0,
  basis: {
    asked: 10_500,
    funded: { platform: 0, seller: 0, creator: 0 },
    base: 9_300,
    platformFee: 800,
    isMinimumFee: false,
    creatorEarns: 1_500,
    tier: undefined,
    volume: 0,
  },
  ...over,
});

const usd = (amount: number) => money(amount, "USD");
const movement = { id: "trf_1s1", party: "sel_1", provider: "bank", order: ORDER, amount: usd(700) } as const;
const payout = { id: "pyo_1", party: "cre_1", provider: "bank", amount: usd(700) } as const;
const disputed = {
  id: "dsp_1",
  order: ORDER,
  parties: PARTIES,
  provider: "bank",
  amount: usd(10_000),
  legs: LEGS,
} as const;

/** What a transaction does, by account; entries on one account are summed. */
function effect({ postings }: Transaction): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, amount } of postings) sums[account] = (sums[account] ?? 0) + amount;
  return sums;
}

const SALE = {
  "buyers:clearing": 10_000,
  "platform:revenue": -800,
  "creator:cre_1:payable": -1_500,
  "seller:sel_1:payable": -7_000,
  "tax:payable": -1_200,
  "loyalty:credit": 500,
};
const KEPT_BACK = {
  "seller:sel_1:payable": 7_000,
  "seller:sel_1:reserve": -7_000,
  "creator:cre_1:payable": 1_500,
  "creator:cre_1:reserve": -1_500,
};

const KINDS: readonly (readonly [what: string, Transaction, id: string, effect: Record<string, number>])[] = [
  ["a sale", ledger.saleOf(ORDER, PARTIES, split()), "sale:ord_1", SALE],
  [
    "a sale of which a part is kept back",
    ledger.saleOf(ORDER, PARTIES, split({ reserved: 700 })),
    "sale:ord_1",
    { ...SALE, "seller:sel_1:payable": -6_300, "seller:sel_1:reserve": -700 },
  ],
  [
    "a sale without a creator, whose layer the platform then has",
    ledger.saleOf(ORDER, { seller: "sel_1", creator: undefined }, split()),
    "sale:ord_1",
    {
      "buyers:clearing": 10_000,
      "platform:revenue": -2_300,
      "seller:sel_1:payable": -7_000,
      "tax:payable": -1_200,
      "loyalty:credit": 500,
    },
  ],
  [
    "a sale that credit paid for in full",
    ledger.saleOf(ORDER, PARTIES, split({ captured: 0, legs: { ...LEGS, loyalty: -10_500 } })),
    "sale:ord_1",
    {
      "platform:revenue": -800,
      "creator:cre_1:payable": -1_500,
      "seller:sel_1:payable": -7_000,
      "tax:payable": -1_200,
      "loyalty:credit": 10_500,
    },
  ],
  [
    "a charge",
    ledger.chargeOf(ORDER, "bank", usd(10_000)),
    "charge:ord_1",
    { [CLEARING]: 10_000, "buyers:clearing": -10_000 },
  ],
  [
    "a fee",
    ledger.feeOf("charge_fee", ORDER, ORDER, "bank", usd(320)),
    "charge_fee:ord_1",
    { "provider:bank:fees": 320, [CLEARING]: -320 },
  ],
  [
    "a fee that was given back",
    ledger.feeOf("dispute_fee", "dsp_1/0", ORDER, "bank", usd(-1_500)),
    "dispute_fee:dsp_1/0",
    { "provider:bank:fees": -1_500, [CLEARING]: 1_500 },
  ],
  [
    "a refund in whole",
    ledger.refundOf("rfd_1", ORDER, PARTIES, { currency: "USD", legs: LEGS, beyond: 0, reserved: 0 }),
    "refund:rfd_1",
    Object.fromEntries(Object.entries(SALE).map(([account, amount]) => [account, -amount])),
  ],
  [
    "a refund of which a part was kept back",
    ledger.refundOf("rfd_1", ORDER, PARTIES, { currency: "USD", legs: LEGS, beyond: 0, reserved: 700 }),
    "refund:rfd_1",
    {
      ...Object.fromEntries(Object.entries(SALE).map(([account, amount]) => [account, -amount])),
      "seller:sel_1:payable": 6_300,
      "seller:sel_1:reserve": 700,
    },
  ],
  [
    "a refund beyond what was captured, which the platform bears",
    ledger.refundOf("rfd_1", ORDER, PARTIES, { currency: "USD", legs: NO_LEGS, beyond: 300, reserved: 0 }),
    "refund:rfd_1",
    { "platform:revenue": 300, "buyers:clearing": -300 },
  ],
  [
    "a refund that was sent",
    ledger.refundSentOf("rfd_1", ORDER, "bank", usd(300)),
    "refund_sent:rfd_1",
    { "buyers:clearing": 300, [CLEARING]: -300 },
  ],
  [
    "a refund that came back",
    ledger.refundFailedOf("rfd_1", ORDER, "bank", usd(300)),
    "refund_failed:rfd_1",
    { "buyers:clearing": -300, [CLEARING]: 300 },
  ],
  [
    "a reserve that is over",
    ledger.reserveReleasedOf(ORDER, "sel_1", usd(700)),
    "reserve_released:ord_1",
    { "seller:sel_1:reserve": 700, "seller:sel_1:payable": -700 },
  ],
  [
    "a debt taken from other earnings, which leaves the balance as it is",
    ledger.nettedOf("ord_1/ord_2/7", "cre_1", { from: "ord_1", to: "ord_2", amount: usd(70) }),
    "netted:ord_1/ord_2/7",
    { "creator:cre_1:payable": 0 },
  ],
  [
    "a transfer that starts",
    ledger.transferStarted(movement),
    "transfer_started:trf_1s1",
    { "seller:sel_1:payable": 700, "seller:sel_1:transit": -700 },
  ],
  [
    "a transfer that was sent",
    ledger.transferSent(movement),
    "transfer_sent:trf_1s1",
    { "seller:sel_1:transit": 700, "seller:sel_1:balance": -700, [CONNECTED]: 700, [CLEARING]: -700 },
  ],
  [
    "a transfer that was refused",
    ledger.transferFailed(movement),
    "transfer_failed:trf_1s1",
    { "seller:sel_1:transit": 700, "seller:sel_1:payable": -700 },
  ],
  [
    "a reversal that starts",
    ledger.reversalStarted(movement),
    "reversal_started:trf_1s1",
    { "seller:sel_1:balance": 700, "seller:sel_1:transit": -700 },
  ],
  [
    "a reversal that was made",
    ledger.reversalSent(movement),
    "reversal_sent:trf_1s1",
    { "seller:sel_1:transit": 700, "seller:sel_1:payable": -700, [CLEARING]: 700, [CONNECTED]: -700 },
  ],
  [
    "a reversal that was refused",
    ledger.reversalFailed(movement),
    "reversal_failed:trf_1s1",
    { "seller:sel_1:transit": 700, "seller:sel_1:balance": -700 },
  ],
  [
    "a payout that starts",
    ledger.payoutStarted(payout),
    "payout_started:pyo_1",
    { "creator:cre_1:balance": 700, "creator:cre_1:transit": -700 },
  ],
  [
    "a payout that the bank has",
    ledger.payoutPaid(payout),
    "payout_paid:pyo_1",
    { "creator:cre_1:transit": 700, [CONNECTED]: -700 },
  ],
  [
    "a payout that never left",
    ledger.payoutFailed(payout),
    "payout_failed:pyo_1",
    { "creator:cre_1:transit": 700, "creator:cre_1:balance": -700 },
  ],
  [
    "a payout that the bank sent back",
    ledger.payoutReturned(payout),
    "payout_returned:pyo_1",
    { [CONNECTED]: 700, "creator:cre_1:balance": -700 },
  ],
  [
    "a dispute",
    ledger.disputeOpened(disputed, 0),
    "dispute_opened:dsp_1",
    { [DISPUTED]: 10_000, [CLEARING]: -10_000, ...KEPT_BACK },
  ],
  [
    "a dispute of a sale of which a part is kept back already",
    ledger.disputeOpened(disputed, 700),
    "dispute_opened:dsp_1",
    {
      [DISPUTED]: 10_000,
      [CLEARING]: -10_000,
      ...KEPT_BACK,
      "seller:sel_1:payable": 6_300,
      "seller:sel_1:reserve": -6_300,
    },
  ],
  [
    "a dispute that is won",
    ledger.disputeWon(disputed, LEGS),
    "dispute_won:dsp_1",
    {
      [DISPUTED]: -10_000,
      [CLEARING]: 10_000,
      "seller:sel_1:payable": -7_000,
      "seller:sel_1:reserve": 7_000,
      "creator:cre_1:payable": -1_500,
      "creator:cre_1:reserve": 1_500,
    },
  ],
  [
    "a dispute that is won after all was refunded, which parties and not the platform bear from then on",
    ledger.disputeWon(disputed, NO_LEGS),
    "dispute_won:dsp_1",
    {
      [DISPUTED]: -10_000,
      [CLEARING]: 10_000,
      "platform:revenue": 800 - 10_000,
      "seller:sel_1:payable": 0,
      "seller:sel_1:reserve": 7_000,
      "creator:cre_1:payable": 0,
      "creator:cre_1:reserve": 1_500,
      "tax:payable": 1_200,
      "loyalty:credit": -500,
    },
  ],
  [
    "a dispute that is lost",
    ledger.disputeLost(disputed),
    "dispute_lost:dsp_1",
    {
      [DISPUTED]: -10_000,
      "platform:revenue": 800,
      "creator:cre_1:payable": 0,
      "creator:cre_1:reserve": 1_500,
      "seller:sel_1:payable": 0,
      "seller:sel_1:reserve": 7_000,
      "tax:payable": 1_200,
      "loyalty:credit": -500,
    },
  ],
  [
    "a dispute of more than was captured, whose rest the platform bears",
    ledger.disputeLost({ ...disputed, amount: usd(10_400) }),
    "dispute_lost:dsp_1",
    {
      [DISPUTED]: -10_400,
      "platform:revenue": 1_200,
      "creator:cre_1:payable": 0,
      "creator:cre_1:reserve": 1_500,
      "seller:sel_1:payable": 0,
      "seller:sel_1:reserve": 7_000,
      "tax:payable": 1_200,
      "loyalty:credit": -500,
    },
  ],
  [
    "a payout of the platform's own money",
    ledger.providersOwnOf("platform_payout", "txn_1", "bank", usd(-2_000)),
    "platform_payout:txn_1",
    { [CLEARING]: -2_000, "platform:bank": 2_000 },
  ],
  [
    "a fee that the provider takes by itself",
    ledger.providersOwnOf("provider_fee", "txn_2", "bank", usd(-75)),
    "provider_fee:txn_2",
    { [CLEARING]: -75, "provider:bank:fees": 75 },
  ],
];

describe("a transaction", () => {
  it.each(KINDS)("of %s", (_, transaction, id, expected) => {
    expect(transaction.id).toBe(id);
    expect(effect(transaction)).toEqual(expected);
  });

  it.each(KINDS)("of %s sums to zero, and has no entry of nothing", (_, transaction) => {
    expect(ledger.imbalanceOf(transaction)).toEqual(new Map());
    expect(transaction.postings.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0)).toBe(
      true,
    );
  });

  it("is there for every kind", () => {
    expect(new Set(KINDS.map(([, { kind }]) => kind)).size).toBe(24);
  });

  it("is about its order, but a netting about two, a payout about many, and what the provider does by itself", () => {
    const ofNone = /^(netted|payout_.*|platform_payout|provider_fee)$/;
    for (const [, { kind, order, postings }] of KINDS) {
      expect(order, kind).toBe(ofNone.test(kind) ? undefined : ORDER);
      const named = postings.map((posting) => posting.order);
      expect(named, kind).toEqual(kind === "netted" ? ["ord_1", "ord_2"] : postings.map(() => undefined));
    }
  });
});

describe("an imbalance", () => {
  it("is told by currency: what sums to zero over two currencies does not balance", () => {
    const postings = [
      { account: "buyers:clearing", currency: "USD", amount: 100 },
      { account: "platform:revenue", currency: "EUR", amount: -100 },
      { account: "buyers:clearing", currency: "JPY", amount: 5 },
      { account: "platform:revenue", currency: "JPY", amount: -5 },
    ] as const;
    expect(ledger.imbalanceOf({ postings })).toEqual(
      new Map([
        ["USD", 100n],
        ["EUR", -100n],
      ]),
    );
  });

  it("of amounts that numbers cannot add up is found all the same", () => {
    const [large, one] = [2 ** 53, 1];
    const amounts = [large, one, -large];
    const postings = amounts.map(
      (amount) => ({ account: "platform:revenue", currency: "USD", amount }) as const,
    );
    // What numbers make of it: 2^53 + 1 is 2^53.
    expect(amounts.reduce((sum, amount) => sum + amount)).toBe(0);
    expect(ledger.imbalanceOf({ postings })).toEqual(new Map([["USD", 1n]]));
  });
});

describe("an account", () => {
  it("is addressed by whose it is", () => {
    expect(ledger.accountOf("sel_1", "payable")).toBe("seller:sel_1:payable");
    expect(ledger.accountOf("cre_1", "reserve")).toBe("creator:cre_1:reserve");
  });

  it("grows by debits where it is money that is there, spent, or owed to the platform", () => {
    const debit = [CLEARING, CONNECTED, "provider:bank:fees", "buyers:clearing", "loyalty:credit"] as const;
    const credit = [
      "platform:revenue",
      "tax:payable",
      "seller:sel_1:payable",
      "creator:cre_1:balance",
    ] as const;
    expect(debit.every(ledger.isDebitNormal)).toBe(true);
    expect(credit.some(ledger.isDebitNormal)).toBe(false);
  });
});

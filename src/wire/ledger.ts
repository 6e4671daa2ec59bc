/** The ledger on the wire: accounts by their addresses, entries, transactions with their postings, the books' check. */
import { z } from "zod";
import type { Account, TransactionId, TransactionKind } from "../domain/ledger.ts";
import { ofPeriod, partyId } from "./periods.ts";
import { currency, instant, money, orderId, pageQuery } from "./primitives.ts";

const PARTY_ACCOUNT = "(?:payable|transit|balance|reserve)";
const ADDRESS = new RegExp(
  `^(?:buyers:clearing|platform:bank|platform:revenue|tax:payable|loyalty:credit` +
    `|provider:[a-z0-9_-]{1,32}:(?:clearing|connected|disputed|fees)` +
    `|seller:sel_[0-9a-z]{26,64}:${PARTY_ACCOUNT}|creator:cre_[0-9a-z]{26,64}:${PARTY_ACCOUNT})$`,
);

export const accountAddress = z
  .string()
  .regex(ADDRESS, "must be the address of an account")
  .transform((address) => address as Account)
  .meta({
    description:
      "Address of an account. A party's `payable` is owed to it, `transit` on its way, `balance` in its account at the " +
      "provider, `reserve` owed later",
    example: "seller:sel_01jd3m5n8yfx0t2qv4w6z9r1ab:payable",
  });

/** A transaction's id names what it records. */
export const transactionId = z
  .string()
  .max(255)
  .regex(/^[a-z_]{1,32}:[0-9A-Za-z_/-]+$/, "must be the id of a transaction")
  .transform((id) => id as TransactionId)
  .meta({ description: "What it records; URL-encode it in paths", example: "sale:ord_01jd3m5n8yfx0t2q…" });

export const transactionKind = z.enum([
  "sale",
  "charge",
  "charge_fee",
  "refund",
  "refund_sent",
  "refund_failed",
  "reserve_released",
  "netted",
  "transfer_started",
  "transfer_sent",
  "transfer_failed",
  "reversal_started",
  "reversal_sent",
  "reversal_failed",
  "payout_started",
  "payout_paid",
  "payout_failed",
  "payout_returned",
  "dispute_opened",
  "dispute_fee",
  "dispute_won",
  "dispute_lost",
  "platform_payout",
  "provider_fee",
]);
({}) as z.output<typeof transactionKind> satisfies TransactionKind;
({}) as TransactionKind satisfies z.output<typeof transactionKind>;

/** What an account holds: sums of many amounts, of either sign. */
export const balance = z.object({ amount: z.int(), currency }).meta({
  id: "Balance",
  description: "Integer minor units of an ISO 4217 currency; negative where more was taken than there was",
});

export const ledgerAccount = z
  .object({
    account: accountAddress,
    currency,
    side: z.enum(["debit", "credit"]).meta({ description: "The side on which the account grows" }),
    balance: balance.meta({ description: "Positive on the account's own side" }),
  })
  .meta({ id: "LedgerAccount" });

const side = {
  debit: money.exactOptional(),
  credit: money.exactOptional(),
};

export const ledgerEntry = z
  .object({
    number: z.int().meta({ description: "In the order in which entries were made, over all accounts" }),
    transaction: transactionId,
    order: orderId.meta({ description: "Whose money it is" }).exactOptional(),
    at: instant,
    ...side,
  })
  .meta({ id: "LedgerEntry", description: "Either a debit or a credit" });

const ledgerPosting = z
  .object({ account: accountAddress, order: orderId.exactOptional(), ...side })
  .meta({ id: "LedgerPosting", description: "Either a debit or a credit" });

export const eventId = z
  .string()
  .meta({ description: "Id of the event of the session's journal", example: "evt_01jd3m5n8yfx0t2q…" });

export const ledgerTransaction = z
  .object({
    id: transactionId,
    kind: transactionKind,
    order: orderId.exactOptional(),
    event: eventId.meta({ description: "The event that caused it, where one did" }).exactOptional(),
    at: instant,
    postings: z.array(ledgerPosting),
  })
  .meta({
    id: "LedgerTransaction",
    description:
      "Its postings sum to zero per currency. A seller and a creator see those on their own accounts",
  });

export const accountsQuery = pageQuery.extend({ party: partyId.optional(), currency: currency.optional() });
export const entriesQuery = ofPeriod({ ...pageQuery.shape, currency: currency.optional() });
export const transactionsQuery = ofPeriod({
  ...pageQuery.shape,
  order: orderId.optional(),
  kind: transactionKind.optional(),
});

const count = z.int().min(0);

export const booksCheck = z
  .object({
    balanced: z.boolean().meta({ description: "Whether all that follows is as it must be" }),
    currencies: z.array(
      z.object({
        currency,
        sum: balance.meta({ description: "Of all entries; zero" }),
        entries: count,
        oldestAt: instant,
        newestAt: instant,
      }),
    ),
    transactions: count,
    unbalancedTransactions: count.meta({ description: "That do not sum to zero; none" }),
    differingBalances: count.meta({
      description: "Accounts whose balance is not the sum of its entries; none",
    }),
    differingPositions: count.meta({
      description: "Orders' parts of accounts that are not the sum of their entries; none",
    }),
    differingDays: count.meta({
      description: "Days of a party's money that are not the sum of their entries; none",
    }),
    differingSessions: count.meta({
      description: "Sessions' days of a party's money that are not the sum of their entries; none",
    }),
  })
  .meta({ id: "BooksCheck", description: "What the entries themselves sum to" });

/**
 * The ledger's tables in D1: transactions and their entries, which are only ever added to, and what is summed from
 * them. Amounts are minor units, debits positive, credits negative.
 */
import { customType, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { sql } from "drizzle-orm";
import type { ContractId, CreatorId, OrderId, PartyId, SellerId, SessionId } from "../../domain/ids.ts";
import type { Account, TransactionId, TransactionKind } from "../../domain/ledger.ts";
import { NO_LEGS, type Legs, type SplitBasis } from "../../domain/split.ts";

/** Legs as JSON. Rows from before there was a kind of leg do not name it, and have nothing of it. */
export const legsColumn = customType<{ data: Legs; driverData: string }>({
  dataType: () => "text",
  toDriver: (legs) => JSON.stringify(legs),
  fromDriver: (json) => ({ ...NO_LEGS, ...(JSON.parse(json) as Partial<Legs>) }),
});

export const ledgerTransactions = sqliteTable(
  "ledger_transactions",
  {
    /** What it records; the key is what keeps a fact from being recorded twice. */
    id: text().$type<TransactionId>().primaryKey(),
    kind: text().$type<TransactionKind>().notNull(),
    order: text().$type<OrderId>(),
    /** The event of the order's session that caused it; absent where the provider's word did. */
    eventSeq: integer("event_seq"),
    /** When what it records happened, as far as that is known. */
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    index("ledger_transactions_by_order").on(table.order),
    index("ledger_transactions_by_time").on(table.atMs, table.id),
  ],
);

export const ledgerEntries = sqliteTable(
  "ledger_entries",
  {
    /** The order in which entries were made. */
    number: integer().primaryKey({ autoIncrement: true }),
    transaction: text().$type<TransactionId>().notNull(),
    account: text().$type<Account>().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
    order: text().$type<OrderId>(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    index("ledger_entries_by_account").on(table.account, table.currency, table.number),
    // `number` is the row's own and ends every index: one time's entries are in the order they were made.
    index("ledger_entries_by_time").on(table.account, table.currency, table.atMs),
    index("ledger_entries_by_transaction").on(table.transaction),
    index("ledger_entries_by_order")
      .on(table.order)
      .where(sql`"order" IS NOT NULL`),
  ],
);

/** The sum of each account's entries; moved in the batch that makes them. */
export const ledgerBalances = sqliteTable(
  "ledger_balances",
  {
    account: text().$type<Account>().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.currency] }),
    index("ledger_balances_by_currency").on(table.currency, table.account),
  ],
);

/**
 * What a day (UTC) moved of a party's money, by kind of transaction; moved in the batch that makes the entries. So what a
 * party was owed at some time costs the days until then, however much was sold on them.
 */
export const ledgerDays = sqliteTable(
  "ledger_days",
  {
    party: text().$type<PartyId>().notNull(),
    currency: text().notNull(),
    /** Whole days since the epoch. */
    day: integer().notNull(),
    kind: text().$type<TransactionKind>().notNull(),
    /** Of entries on all of the party's accounts. */
    amount: integer().notNull(),
    /** Those with a part of the party's. */
    transactions: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.party, table.currency, table.day, table.kind] })],
);

/**
 * What a day (UTC) moved of a party's money of one session's orders, by account; moved in the batch that makes the
 * entries. What is of no order is not here: payouts are of many.
 */
export const ledgerSessions = sqliteTable(
  "ledger_sessions",
  {
    party: text().$type<PartyId>().notNull(),
    session: text().$type<SessionId>().notNull(),
    currency: text().notNull(),
    /** Whole days since the epoch. */
    day: integer().notNull(),
    payable: integer().notNull(),
    transit: integer().notNull(),
    balance: integer().notNull(),
    reserve: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.party, table.session, table.currency, table.day] })],
);

/** The sum of each party's payable entries by order: what is still to be transferred, or to be taken back. */
export const ledgerPositions = sqliteTable(
  "ledger_positions",
  {
    account: text().$type<Account>().notNull(),
    order: text().$type<OrderId>().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.order, table.currency] }),
    index("ledger_positions_open")
      .on(table.account, table.order)
      .where(sql`amount <> 0`),
  ],
);

/** Captured orders as they were split, and how much of each has gone back. */
export const settledOrders = sqliteTable(
  "settled_orders",
  {
    order: text().$type<OrderId>().primaryKey(),
    session: text().$type<SessionId>().notNull(),
    /** The event that captured it. */
    seq: integer().notNull(),
    seller: text().$type<SellerId>().notNull(),
    creator: text().$type<CreatorId>(),
    /** Who brought it to a session that is not theirs, where that earns them a referral. */
    guest: text().$type<CreatorId>(),
    contract: text().$type<ContractId>(),
    /** The version it was sold under. */
    contractVersion: integer("contract_version"),
    currency: text().notNull(),
    total: integer().notNull(),
    captured: integer().notNull(),
    legs: legsColumn().notNull(),
    basis: text({ mode: "json" }).$type<SplitBasis>().notNull(),
    /** Of the seller's leg, still kept back, until `reservedUntilAtMs`. What goes back to the buyer is taken from it first. */
    reserved: integer().notNull(),
    reservedUntilAtMs: integer("reserved_until_at_ms"),
    /**
     * What went back to the buyer or is disputed, both where they met: it may be more than was captured. Each leg's part
     * is of what is within.
     */
    returned: integer().notNull(),
    returnedLegs: legsColumn("returned_legs").notNull(),
    /** Counts the changes of what was returned or is kept back: who changes it names the one before. */
    returns: integer().notNull(),
    capturedAtMs: integer("captured_at_ms").notNull(),
    /** Where the money is, and the provider's record of the charge; absent until it was asked. Credit has no charge. */
    provider: text(),
    charge: text(),
    chargedAtMs: integer("charged_at_ms"),
    feeAmount: integer("fee_amount"),
    feeCurrency: text("fee_currency"),
  },
  (table) => [
    index("settled_orders_by_session").on(table.session, table.seq),
    index("settled_orders_uncharged")
      .on(table.capturedAtMs)
      .where(sql`charged_at_ms IS NULL OR (captured > 0 AND fee_amount IS NULL)`),
    index("settled_orders_reserved")
      .on(table.reservedUntilAtMs)
      .where(sql`reserved_until_at_ms IS NOT NULL`),
  ],
);

export type SettledOrder = typeof settledOrders.$inferSelect;

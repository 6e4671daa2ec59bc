/**
 * The tables of the sandbox: what a provider of our own remembers, as a real one would on its own machines. Its `id` of
 * a thing follows from ours, which is `reference`, so that a repeat meets what the first call made. Money is integer
 * minor units beside its currency.
 */
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { OrderId, PartyId, PayoutId, RefundId, ReversalId, TransferId } from "../../../domain/ids.ts";

/** What the sandbox knows of the orders it was asked to charge. */
export const sandboxPayments = sqliteTable("sandbox_payments", {
  order: text().$type<OrderId>().primaryKey(),
  id: text().notNull(),
  method: text().notNull(),
  amount: integer().notNull(),
  currency: text().notNull(),
  /** What is kept of it when it is captured. */
  fee: integer().notNull(),
  status: text({ enum: ["pending", "authorized", "captured", "declined", "returned"] }).notNull(),
  /** What a pending payment becomes, and when. */
  outcome: text({ enum: ["authorized", "declined"] }).notNull(),
  settlesAtMs: integer("settles_at_ms").notNull(),
  /** Set for good when the money was taken, also where it was given back later. */
  capturedAtMs: integer("captured_at_ms"),
});

/** Refunds. What is left of a payment is its amount less those that have not failed. */
export const sandboxRefunds = sqliteTable(
  "sandbox_refunds",
  {
    id: text().primaryKey(),
    reference: text().$type<RefundId>().notNull(),
    order: text().$type<OrderId>().notNull(),
    amount: integer().notNull(),
    /** When the buyer's bank sends it back. */
    failsAtMs: integer("fails_at_ms"),
  },
  (table) => [index("sandbox_refunds_by_order").on(table.order)],
);

/** Disputes of whole payments. They are bound to come from the start, and open when the money is taken. */
export const sandboxDisputes = sqliteTable("sandbox_disputes", {
  order: text().$type<OrderId>().primaryKey(),
  id: text().notNull().unique(),
  amount: integer().notNull(),
  currency: text().notNull(),
  fee: integer().notNull(),
  openedAtMs: integer("opened_at_ms"),
  /** Who gets the money in the end, seen from the platform; absent where nobody ever decides. */
  outcome: text({ enum: ["won", "lost"] }),
  decidedAtMs: integer("decided_at_ms"),
});

/** Accounts of sellers and creators. */
export const sandboxAccounts = sqliteTable("sandbox_accounts", {
  id: text().primaryKey(),
  party: text().$type<PartyId>().notNull().unique(),
  name: text().notNull(),
  /** When its onboarding was finished. */
  enabledAtMs: integer("enabled_at_ms"),
});

export const sandboxTransfers = sqliteTable(
  "sandbox_transfers",
  {
    id: text().primaryKey(),
    reference: text().$type<TransferId>().notNull(),
    order: text().$type<OrderId>().notNull(),
    account: text().notNull(),
    amount: integer().notNull(),
    currency: text().notNull(),
    /** The charge it named; all that name one are never more than it. */
    charge: text(),
  },
  (table) => [index("sandbox_transfers_by_charge").on(table.charge)],
);

/** Reversals of transfers, in the transfer's currency and from its account. */
export const sandboxReversals = sqliteTable(
  "sandbox_reversals",
  {
    id: text().primaryKey(),
    reference: text().$type<ReversalId>().notNull(),
    transfer: text().notNull(),
    amount: integer().notNull(),
  },
  (table) => [index("sandbox_reversals_by_transfer").on(table.transfer)],
);

export const sandboxPayouts = sqliteTable("sandbox_payouts", {
  id: text().primaryKey(),
  reference: text().$type<PayoutId>().notNull(),
  account: text().notNull(),
  amount: integer().notNull(),
  currency: text().notNull(),
  /** When the bank has it. */
  doneAtMs: integer("done_at_ms").notNull(),
  /** When the bank sends it back. */
  returnsAtMs: integer("returns_at_ms"),
});

/** Refunds, transfers, reversals and payouts that were refused, by the id that they would have had. */
export const sandboxRefusals = sqliteTable("sandbox_refusals", {
  id: text().primaryKey(),
  /** What was asked for, to tell it from another thing under the same id. */
  asked: text().notNull(),
  reason: text().notNull(),
});

/**
 * The sandbox's books: a line for whatever moved money of the platform or of an account. Written with what it is about,
 * also where its time is yet to come; then it has no number and counts for nothing until it is posted.
 */
export const sandboxLines = sqliteTable(
  "sandbox_lines",
  {
    id: text().primaryKey(),
    /** Whose money: `platform` or an account. */
    holder: text().notNull(),
    currency: text().notNull(),
    kind: text().notNull(),
    /** Our id of what it is about; of a dispute the sandbox's. */
    reference: text().notNull(),
    /** What it added, before the fee. */
    amount: integer().notNull(),
    fee: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    /** In the order of posting. */
    number: integer().unique(),
    /** What the holder has in this currency after it. */
    balance: integer(),
  },
  (table) => [
    uniqueIndex("sandbox_lines_by_holder").on(table.holder, table.currency, table.number),
    index("sandbox_lines_by_time").on(table.holder, table.atMs, table.number),
  ],
);

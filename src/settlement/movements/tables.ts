/**
 * Money on its way, in D1: transfers to a party's account at the provider, reversals of them, payouts to its bank, and
 * those accounts. A row is written before the provider is called; its id is the idempotency key of the call.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { OrderId, PartyId, PayoutId, ReversalId, TransferId } from "../../domain/ids.ts";

/**
 * `accrued` is earned and cannot be moved yet, `payable` can be; `transferring` has an amount that does not change and
 * may have reached the provider; `paid` is where it should be. `failed` never left, `returned` came back.
 */
export type MovementStatus = "accrued" | "payable" | "transferring" | "paid" | "failed" | "returned";

/** Columns that the sending of every kind needs. */
const sending = {
  currency: text().notNull(),
  amount: integer().notNull(),
  status: text().$type<MovementStatus>().notNull(),
  provider: text(),
  /** The party's account at the provider. */
  account: text(),
  /** The provider's id, recorded before anything else is done about its answer. */
  providerId: text("provider_id"),
  /** Why it failed or came back, in the provider's words. */
  failure: text(),
  /** Times the provider was asked. */
  attempts: integer().notNull(),
  /** When to ask next; absent when there is nothing to ask. */
  nextAttemptAtMs: integer("next_attempt_at_ms"),
  createdAtMs: integer("created_at_ms").notNull(),
  /** When its amount was fixed: the provider may know of it from then on. */
  startedAtMs: integer("started_at_ms"),
  updatedAtMs: integer("updated_at_ms").notNull(),
};

const isDue = sql`next_attempt_at_ms IS NOT NULL`;

export const transfers = sqliteTable(
  "transfers",
  {
    id: text().$type<TransferId>().primaryKey(),
    party: text().$type<PartyId>().notNull(),
    order: text().$type<OrderId>().notNull(),
    ...sending,
    /** The charge the money comes from, by the provider's id; absent where it does not cover it, or credit paid. */
    charge: text(),
    /** What was taken back of it. */
    reversed: integer().notNull(),
    /** The payout that brought it to the bank. */
    payout: text().$type<PayoutId>(),
  },
  (table) => [
    index("transfers_by_party").on(table.party, table.createdAtMs, table.id),
    index("transfers_by_time").on(table.createdAtMs, table.id),
    index("transfers_by_order").on(table.order, table.party),
    index("transfers_waiting")
      .on(table.party, table.order)
      .where(sql`status IN ('accrued', 'payable')`),
    index("transfers_due").on(table.nextAttemptAtMs).where(isDue),
    index("transfers_not_paid_out")
      .on(table.party, table.currency)
      .where(sql`status = 'paid' AND payout IS NULL`),
  ],
);

export const reversals = sqliteTable(
  "reversals",
  {
    id: text().$type<ReversalId>().primaryKey(),
    transfer: text().$type<TransferId>().notNull(),
    party: text().$type<PartyId>().notNull(),
    order: text().$type<OrderId>().notNull(),
    ...sending,
  },
  (table) => [
    index("reversals_by_order").on(table.order, table.party),
    index("reversals_by_transfer").on(table.transfer),
    index("reversals_due").on(table.nextAttemptAtMs).where(isDue),
  ],
);

export const payouts = sqliteTable(
  "payouts",
  {
    id: text().$type<PayoutId>().primaryKey(),
    party: text().$type<PartyId>().notNull(),
    ...sending,
  },
  (table) => [
    index("payouts_by_party").on(table.party, table.createdAtMs, table.id),
    index("payouts_by_time").on(table.createdAtMs, table.id),
    index("payouts_due").on(table.nextAttemptAtMs).where(isDue),
  ],
);

/** The transfers that each payout brought to the bank, also after it came back. */
export const payoutTransfers = sqliteTable(
  "payout_transfers",
  {
    payout: text().$type<PayoutId>().notNull(),
    transfer: text().$type<TransferId>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.payout, table.transfer] }),
    index("payout_transfers_by_transfer").on(table.transfer),
  ],
);

/** When a party's balance is paid out. */
export type PayoutInterval = "daily" | "weekly" | "monthly" | "manual";

/** Parties' accounts at the provider, and when they are paid out. */
export const paymentAccounts = sqliteTable(
  "payment_accounts",
  {
    party: text().$type<PartyId>().primaryKey(),
    provider: text().notNull(),
    account: text().notNull(),
    status: text({ enum: ["onboarding", "enabled", "restricted"] }).notNull(),
    country: text().notNull(),
    payoutInterval: text("payout_interval").$type<PayoutInterval>().notNull(),
    /** The least that is paid out, in minor units by currency. */
    payoutMinimums: text("payout_minimums", { mode: "json" })
      .$type<Readonly<Record<string, number>>>()
      .notNull(),
    /** When the balance is next looked at; absent when payouts are made by hand. */
    nextPayoutAtMs: integer("next_payout_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("payment_accounts_by_account").on(table.provider, table.account),
    index("payment_accounts_payout_due")
      .on(table.nextPayoutAtMs)
      .where(sql`next_payout_at_ms IS NOT NULL`),
  ],
);

export type TransferRow = typeof transfers.$inferSelect;
export type ReversalRow = typeof reversals.$inferSelect;
export type PayoutRow = typeof payouts.$inferSelect;
export type PaymentAccountRow = typeof paymentAccounts.$inferSelect;

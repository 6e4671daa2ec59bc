/** The Stripe adapter's table in D1: what Stripe was asked to make, written before it is asked. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One row for each thing asked for, by our id of it: an order's payment, a refund, a transfer, an account. */
export const stripeRequests = sqliteTable("stripe_requests", {
  id: text().primaryKey(),
  /** Stripe's parameters as they were first sent: a repetition sends these and no others. */
  params: text({ mode: "json" }).$type<Readonly<Record<string, unknown>>>().notNull(),
  /** Stripe's id of what was made; absent as long as no answer was read. */
  object: text(),
  /**
   * Part of the idempotency key. Counts up once it is certain that the attempt before made nothing; after that, with
   * each capture of the payment that was made.
   */
  attempt: integer().notNull(),
  /** When the attempt's key may have been used first: Stripe may forget it a day later. */
  attemptedAtMs: integer("attempted_at_ms").notNull(),
  /** Why Stripe made nothing of the attempt before, or why nothing is to be asked any more. */
  refusal: text(),
});

export type StripeRequest = typeof stripeRequests.$inferSelect;

/**
 * What reconciliation keeps in D1: the provider's books as they were read, both sides of everything they and the ledger
 * tell of, and what did not agree. Money is minor units beside its currency, seen from the platform.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ProviderEntryKind } from "../psp/port.ts";
import type { FindingId, FindingKind, ItemKind, WatchKind } from "./compare.ts";

/** How far a provider's books and our ledger have been read. */
export const reconciliationCursors = sqliteTable("reconciliation_cursors", {
  provider: text().primaryKey(),
  /** The books are known from their start until then. */
  booksUntilMs: integer("books_until_ms").notNull(),
  /** Where a reading goes on that was too long for one run, and its end; both absent between readings. */
  readingFromMs: integer("reading_from_ms"),
  readingUntilMs: integer("reading_until_ms"),
  /** The last ledger entry that was read. NOT NULL is what fails the batch of a run that another has overtaken. */
  ledgerNumber: integer("ledger_number").notNull(),
  /** When both sides were last compared. */
  ranAtMs: integer("ran_at_ms"),
});

/** Lines of the provider's books, each kept once by its id and never changed. */
export const providerEntries = sqliteTable(
  "provider_entries",
  {
    provider: text().notNull(),
    /** The provider's id of the line. */
    id: text().notNull(),
    kind: text().$type<ProviderEntryKind>().notNull(),
    /** What it is about as the provider names it: our id, but of a dispute its own. */
    reference: text(),
    /** The item it counts for. */
    item: text().$type<ItemKind>().notNull(),
    subject: text().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
    feeCurrency: text("fee_currency").notNull(),
    fee: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    readAtMs: integer("read_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.id] }),
    index("provider_entries_by_subject").on(table.provider, table.item, table.subject),
  ],
);

/** The sum of the kept lines, fees taken off; moved in the batch that keeps them. */
export const providerBalances = sqliteTable(
  "provider_balances",
  {
    provider: text().notNull(),
    currency: text().notNull(),
    amount: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.currency] })],
);

/** One thing that provider and ledger both tell of, and what each says it came to. */
export const reconciliationItems = sqliteTable(
  "reconciliation_items",
  {
    provider: text().notNull(),
    kind: text().$type<ItemKind>().notNull(),
    subject: text().notNull(),
    currency: text().notNull(),
    providerAmount: integer("provider_amount").notNull(),
    providerFee: integer("provider_fee").notNull(),
    providerLines: integer("provider_lines").notNull(),
    ledgerAmount: integer("ledger_amount").notNull(),
    ledgerFee: integer("ledger_fee").notNull(),
    ledgerEntries: integer("ledger_entries").notNull(),
    /** When one of the sides was last found changed. */
    changedAtMs: integer("changed_at_ms").notNull(),
    /** When it was last examined for not agreeing; the longest ago is next. */
    lookedAtMs: integer("looked_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.kind, table.subject, table.currency] }),
    index("reconciliation_items_differing")
      .on(table.provider, table.lookedAtMs)
      .where(sql`(provider_amount <> ledger_amount OR provider_fee <> ledger_fee)`),
  ],
);

/** What must be looked at again, because sums alone do not tell how it stands. */
export const reconciliationWatches = sqliteTable(
  "reconciliation_watches",
  {
    provider: text().notNull(),
    kind: text().$type<WatchKind>().notNull(),
    subject: text().notNull(),
    nextLookAtMs: integer("next_look_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.kind, table.subject] }),
    index("reconciliation_watches_due").on(table.provider, table.nextLookAtMs),
  ],
);

/** What did not agree, with both sides as they were last seen to differ; open until they agree again. */
export const reconciliationFindings = sqliteTable(
  "reconciliation_findings",
  {
    id: text().$type<FindingId>().primaryKey(),
    provider: text().notNull(),
    kind: text().$type<FindingKind>().notNull(),
    about: text().$type<ItemKind | WatchKind>().notNull(),
    subject: text().notNull(),
    /** Found by a watch, which also resolves it; the others are resolved by their item's sums. */
    watched: integer({ mode: "boolean" }).notNull(),
    currency: text().notNull(),
    providerAmount: integer("provider_amount").notNull(),
    providerFee: integer("provider_fee").notNull(),
    providerState: text("provider_state"),
    ledgerAmount: integer("ledger_amount").notNull(),
    ledgerFee: integer("ledger_fee").notNull(),
    ledgerState: text("ledger_state"),
    reason: text(),
    status: text({ enum: ["open", "resolved"] }).notNull(),
    firstSeenAtMs: integer("first_seen_at_ms").notNull(),
    lastSeenAtMs: integer("last_seen_at_ms").notNull(),
    resolvedAtMs: integer("resolved_at_ms"),
  },
  (table) => [
    index("reconciliation_findings_by_time").on(table.firstSeenAtMs, table.id),
    index("reconciliation_findings_open")
      .on(table.firstSeenAtMs, table.id)
      .where(sql`status = 'open'`),
  ],
);

export type ReconciliationItem = typeof reconciliationItems.$inferSelect;
export type ReconciliationWatch = typeof reconciliationWatches.$inferSelect;
export type ReconciliationFinding = typeof reconciliationFindings.$inferSelect;

/** Reads what reconciliation has found: the report, and pages of findings. Touches reconciliation's tables and balances. */
import { and, count, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { LIMITS } from "../../domain/limits.ts";
import { money, type Money } from "../../domain/money.ts";
import { pageOf, startOf, type Page, type PageQuery } from "../readers/pages.ts";
import { readCursor } from "./books.ts";
import type { FindingKind } from "./compare.ts";
import { reconciliationFindings, type ReconciliationFinding } from "./tables.ts";

/** One currency's money at the provider, as its books have it and as the ledger has it. */
export interface Compared {
  readonly currency: string;
  readonly provider: Money;
  readonly ledger: Money;
  /** What the provider has more than the ledger. */
  readonly difference: Money;
}

export interface Reconciliation {
  readonly provider: string;
  /** How far the provider's books are known; undefined before the first order. */
  readonly untilMs: number | undefined;
  readonly ranAtMs: number | undefined;
  readonly currencies: readonly Compared[];
  readonly equal: boolean;
  /** Findings that are open. */
  readonly open: number;
}

const SUMS = `
SELECT currency, sum(provider) AS provider, sum(ledger) AS ledger FROM (
  SELECT currency, amount AS provider, 0 AS ledger FROM provider_balances WHERE provider = ?1
  UNION ALL SELECT currency, 0, amount FROM ledger_balances WHERE account = ?2)
GROUP BY currency ORDER BY currency`;

/**
 * How provider and ledger stand to each other: its books as far as they were read, the ledger as it is. Books that were
 * not read for a while are equal to nothing.
 */
export async function reconciliationOf(
  d1: D1Database,
  provider: string,
  nowMs: number,
): Promise<Reconciliation> {
  const [cursor, sums, open] = await Promise.all([
    readCursor(d1, provider),
    d1
      .prepare(SUMS)
      .bind(provider, `provider:${provider}:clearing`)
      .all<{ currency: string; provider: number; ledger: number }>(),
    drizzle(d1)
      .select({ open: count() })
      .from(reconciliationFindings)
      .where(sql`${reconciliationFindings.status} = 'open'`)
      .get(),
  ]);
  const currencies = sums.results.map(({ currency, ...sum }) => ({
    currency,
    provider: money(sum.provider, currency),
    ledger: money(sum.ledger, currency),
    difference: money(sum.provider - sum.ledger, currency),
  }));
  const isRead = cursor ? nowMs - cursor.booksUntilMs <= LIMITS.reconcileGraceMs : currencies.length === 0;
  return {
    provider,
    untilMs: cursor?.booksUntilMs,
    ranAtMs: cursor?.ranAtMs ?? undefined,
    currencies,
    equal: isRead && currencies.every(({ difference }) => difference.amount === 0),
    open: open?.open ?? 0,
  };
}

/** A line of the provider's books as a finding shows it. */
export interface ShownLine {
  readonly id: string;
  readonly kind: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly atMs: number;
}

export type ShownFinding = ReconciliationFinding & { readonly lines: readonly ShownLine[] };

const CURSOR = /^(\d{1,15})\.(fnd_[0-9a-z]{1,64})$/;

/** Newest first. Undefined when the cursor is not one of ours. */
export async function listFindings(
  d1: D1Database,
  query: PageQuery & {
    readonly status?: ReconciliationFinding["status"] | undefined;
    readonly kind?: FindingKind | undefined;
  },
): Promise<Page<ShownFinding> | undefined> {
  const start = startOf(query, CURSOR);
  if (!start.ok) return undefined;
  const { status, kind, limit } = query;
  const table = reconciliationFindings;
  const rows = await drizzle(d1)
    .select()
    .from(table)
    .where(
      and(
        // To the letter, so that the index of open findings is used.
        status === "open" ? sql`${table.status} = 'open'` : status && eq(table.status, status),
        kind && eq(table.kind, kind),
        start.after &&
          sql`(${table.firstSeenAtMs}, ${table.id}) < (${Number(start.after[0])}, ${start.after[1]})`,
      ),
    )
    .orderBy(desc(table.firstSeenAtMs), desc(table.id))
    .limit(limit + 1);
  const lines = await linesOf(d1, rows.slice(0, limit));
  return pageOf(
    rows,
    limit,
    (row) => [row.firstSeenAtMs, row.id],
    (row) => ({ ...row, lines: (lines.get(keyOf(row)) ?? []).slice(0, LIMITS.linesPerFinding) }),
  );
}

const LINES = `
SELECT e.provider, e.item AS about, e.subject, e.id, e.kind, e.amount, e.currency, e.fee, e.fee_currency AS feeCurrency,
  e.at_ms AS atMs
FROM json_each(?1) AS asked JOIN provider_entries e
  ON e.provider = asked.value ->> 0 AND e.item = asked.value ->> 1 AND e.subject = asked.value ->> 2
ORDER BY e.at_ms, e.id LIMIT ?2`;

interface LineRow {
  readonly provider: string;
  readonly about: string;
  readonly subject: string;
  readonly id: string;
  readonly kind: string;
  readonly amount: number;
  readonly currency: string;
  readonly fee: number;
  readonly feeCurrency: string;
  readonly atMs: number;
}

type Key = Pick<LineRow, "provider" | "about" | "subject">;

function keyOf({ provider, about, subject }: Key): string {
  return JSON.stringify([provider, about, subject]);
}

/** The provider's lines about what was found. */
async function linesOf(d1: D1Database, findings: readonly Key[]): Promise<ReadonlyMap<string, ShownLine[]>> {
  const asked = JSON.stringify(findings.map(({ provider, about, subject }) => [provider, about, subject]));
  const most = findings.length * LIMITS.linesPerFinding;
  const { results } = await d1.prepare(LINES).bind(asked, most).all<LineRow>();
  const shown = new Map<string, ShownLine[]>();
  for (const row of results) {
    const { id, kind, amount, currency, fee, feeCurrency, atMs } = row;
    const line = { id, kind, amount: money(amount, currency), fee: money(fee, feeCurrency), atMs };
    shown.set(keyOf(row), [...(shown.get(keyOf(row)) ?? []), line]);
  }
  return shown;
}

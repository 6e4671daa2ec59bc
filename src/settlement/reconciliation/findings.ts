/** Writes down what did not agree, and that it agrees again. May touch the findings' table. */
import { jsonPieces } from "../d1.ts";
import { findingIdOf, type FindingKind } from "./compare.ts";
import type { ReconciliationFinding } from "./tables.ts";

/** What is wrong with something, and what both sides say of it. */
export interface Found extends Pick<
  ReconciliationFinding,
  | "provider"
  | "about"
  | "subject"
  | "watched"
  | "currency"
  | "providerAmount"
  | "providerFee"
  | "ledgerAmount"
  | "ledgerFee"
> {
  readonly kind: FindingKind;
  readonly providerState?: string;
  readonly ledgerState?: string;
  readonly reason?: string;
}

/** One that was resolved is open again, and was first seen now. */
const NOTE = `
INSERT INTO reconciliation_findings (id, provider, kind, about, subject, watched, currency, provider_amount, provider_fee,
  provider_state, ledger_amount, ledger_fee, ledger_state, reason, status, first_seen_at_ms, last_seen_at_ms)
SELECT value ->> 'id', value ->> 'provider', value ->> 'kind', value ->> 'about', value ->> 'subject',
  value ->> 'watched', value ->> 'currency', value ->> 'providerAmount', value ->> 'providerFee',
  value ->> 'providerState', value ->> 'ledgerAmount', value ->> 'ledgerFee', value ->> 'ledgerState',
  value ->> 'reason', 'open', ?2, ?2
FROM json_each(?1) WHERE true
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, provider_amount = excluded.provider_amount,
  provider_fee = excluded.provider_fee, provider_state = excluded.provider_state, ledger_amount = excluded.ledger_amount,
  ledger_fee = excluded.ledger_fee, ledger_state = excluded.ledger_state, reason = excluded.reason, status = 'open',
  first_seen_at_ms = CASE status WHEN 'open' THEN first_seen_at_ms ELSE excluded.first_seen_at_ms END,
  last_seen_at_ms = excluded.last_seen_at_ms, resolved_at_ms = NULL`;

export async function noteFindings(db: D1Database, found: readonly Found[], nowMs: number): Promise<void> {
  const rows = found.map((finding) => ({ ...finding, id: idOf(finding) }));
  for (const piece of jsonPieces(rows)) await db.prepare(NOTE).bind(piece, nowMs).run();
}

function idOf({
  provider,
  watched,
  about,
  subject,
  currency,
}: Pick<Found, "provider" | "watched" | "about" | "subject" | "currency">) {
  return findingIdOf(provider, watched, about, subject, currency);
}

const RESOLVE = `
UPDATE reconciliation_findings SET status = 'resolved', resolved_at_ms = ?2 WHERE id = ?1 AND status = 'open'`;

/** For what is watched: it has been mended. */
export async function resolveFinding(
  db: D1Database,
  of: Pick<Found, "provider" | "about" | "subject" | "currency">,
  nowMs: number,
): Promise<void> {
  await db
    .prepare(RESOLVE)
    .bind(idOf({ ...of, watched: true }), nowMs)
    .run();
}

const RESOLVE_AGREED = `
UPDATE reconciliation_findings SET status = 'resolved', resolved_at_ms = ?2
WHERE status = 'open' AND watched = 0 AND provider = ?1 AND EXISTS (
  SELECT 1 FROM reconciliation_items i WHERE i.provider = ?1 AND i.kind = about AND i.subject = reconciliation_findings.subject
    AND i.currency = reconciliation_findings.currency
    AND i.provider_amount = i.ledger_amount AND i.provider_fee = i.ledger_fee)`;

/** Findings whose item's sums are equal now. */
export async function resolveAgreed(db: D1Database, provider: string, nowMs: number): Promise<void> {
  await db.prepare(RESOLVE_AGREED).bind(provider, nowMs).run();
}

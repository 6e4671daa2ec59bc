/**
 * One run of reconciliation: both sides are read on, compared, and repaired where that may be; what is left is written
 * down for a person. Every step goes on where it was left, by whomever. For the cron, and for whoever asks.
 */
import { and, asc, eq, or, ne } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { LIMITS } from "../../domain/limits.ts";
import { errorFacts } from "../../wire/log.ts";
import type { Treasury } from "../treasury.ts";
import { begin, readBooks, readCursor, readLedger } from "./books.ts";
import { findingOf } from "./compare.ts";
import { noteFindings, resolveAgreed, type Found } from "./findings.ts";
import { repairItems } from "./repairs.ts";
import { reconciliationItems, type ReconciliationItem } from "./tables.ts";
import { lookAtWatches } from "./watches.ts";

/** Answers whether both sides were read to their end; what is left is for the next run. */
export async function reconcile(treasury: Treasury): Promise<boolean> {
  const cursor = await begin(treasury);
  if (!cursor) return true;
  const hasBooks = await readBooks(treasury, cursor).catch((error: unknown) => {
    // The rest can be done without; what is younger than the books counts as missing nowhere.
    treasury.log({ event: "books_not_read", provider: treasury.port.provider, ...errorFacts(error) });
    return false;
  });
  await readLedger(treasury);
  await repairItems(treasury, await differing(treasury));
  await lookAtWatches(treasury);
  // What was repaired is in the ledger now.
  const hasLedger = await readLedger(treasury);
  await noteDiffering(treasury);
  return hasBooks && hasLedger;
}

/** Items whose sides differ, those that were not examined for longest. */
export function differing({ db, port }: Treasury): Promise<ReconciliationItem[]> {
  const { provider, providerAmount, ledgerAmount, providerFee, ledgerFee, lookedAtMs } = reconciliationItems;
  return drizzle(db)
    .select()
    .from(reconciliationItems)
    .where(and(eq(provider, port.provider), or(ne(providerAmount, ledgerAmount), ne(providerFee, ledgerFee))))
    .orderBy(asc(lookedAtMs))
    .limit(LIMITS.reconcileItemsPerRun);
}

const RAN = "UPDATE reconciliation_cursors SET ran_at_ms = ?2 WHERE provider = ?1";

async function noteDiffering(treasury: Treasury): Promise<void> {
  const { db, port, nowMs } = treasury;
  const { provider } = port;
  const [items, cursor] = await Promise.all([differing(treasury), readCursor(db, provider)]);
  const times = { booksUntilMs: cursor?.booksUntilMs ?? 0, nowMs: nowMs() };
  const explained = await failedRefundsOf(db, items);
  const found = items.flatMap((item): Found[] => {
    const kind = findingOf(item, times);
    const isExplained = kind === "buyers_clearing_open" && explained.has(item.subject);
    return kind === undefined || isExplained ? [] : [foundOf(item, kind)];
  });
  await noteFindings(db, found, times.nowMs);
  await noteLooks(db, provider, items, times.nowMs);
  await resolveAgreed(db, provider, times.nowMs);
  await db.prepare(RAN).bind(provider, times.nowMs).run();
}

function foundOf(
  {
    provider,
    kind: about,
    subject,
    currency,
    providerAmount,
    providerFee,
    ledgerAmount,
    ledgerFee,
  }: ReconciliationItem,
  kind: Found["kind"],
): Found {
  const sides = { providerAmount, providerFee, ledgerAmount, ledgerFee };
  return { kind, provider, about, subject, watched: false, currency, ...sides };
}

const FAILED_REFUNDS = `
SELECT DISTINCT "order" FROM refunds
WHERE status = 'failed' AND replaced_by IS NULL AND "order" IN (SELECT value FROM json_each(?1))`;

/** Orders whose buyer is owed a refund that came back: that is a finding of its own. */
async function failedRefundsOf(
  db: D1Database,
  items: readonly ReconciliationItem[],
): Promise<ReadonlySet<string>> {
  const orders = items.filter(({ kind }) => kind === "buyers").map(({ subject }) => subject);
  if (orders.length === 0) return new Set();
  const { results } = await db.prepare(FAILED_REFUNDS).bind(JSON.stringify(orders)).all<{ order: string }>();
  return new Set(results.map(({ order }) => order));
}

const LOOKED = `
UPDATE reconciliation_items SET looked_at_ms = ?3 FROM json_each(?2) AS looked
WHERE provider = ?1 AND kind = looked.value ->> 0 AND subject = looked.value ->> 1 AND currency = looked.value ->> 2`;

/** So that others get their turn, should there be more than one run examines. */
async function noteLooks(
  db: D1Database,
  provider: string,
  items: readonly ReconciliationItem[],
  nowMs: number,
): Promise<void> {
  const keys = items.map(({ kind, subject, currency }) => [kind, subject, currency]);
  if (keys.length > 0) await db.prepare(LOOKED).bind(provider, JSON.stringify(keys), nowMs).run();
}

/**
 * Reads both sides: new lines of the provider's books, and new ledger entries about them, each once, into the sums of
 * their items. So much a run; the next goes on. Touches the provider and reconciliation's tables, reads the ledger.
 */
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { LIMITS } from "../../domain/limits.ts";
import { attempt } from "../ledger/store.ts";
import { jsonPieces } from "../d1.ts";
import type { ProviderEntry } from "../psp/port.ts";
import type { Treasury } from "../treasury.ts";
import { itemOfLine, ITEM_OF_TRANSACTION, WATCH_OF_TRANSACTION } from "./compare.ts";
import { reconciliationCursors } from "./tables.ts";

export type Cursor = typeof reconciliationCursors.$inferSelect;

export async function readCursor(db: D1Database, provider: string): Promise<Cursor | undefined> {
  return drizzle(db)
    .select()
    .from(reconciliationCursors)
    .where(eq(reconciliationCursors.provider, provider))
    .get();
}

/** Before the first order was placed the provider's books have nothing of ours. */
const BEGIN = `
INSERT INTO reconciliation_cursors (provider, books_until_ms, ledger_number)
SELECT ?1, min(placed_at_ms), 0 FROM orders HAVING min(placed_at_ms) IS NOT NULL
ON CONFLICT DO NOTHING`;

/** Where reading goes on; undefined as long as no order was ever placed. */
export async function begin({ db, port: { provider } }: Treasury): Promise<Cursor | undefined> {
  const known = await readCursor(db, provider);
  if (known) return known;
  await db.prepare(BEGIN).bind(provider).run();
  return readCursor(db, provider);
}

const READING = `
UPDATE reconciliation_cursors SET books_until_ms = max(books_until_ms, ?4), reading_from_ms = ?5, reading_until_ms = ?6
WHERE provider = ?1 AND books_until_ms = ?2 AND reading_from_ms IS ?3`;

/**
 * Reads the provider's books on, from a while before where they were known: lines may come late. Answers whether they
 * are read to their end.
 */
export async function readBooks({ db, port, nowMs }: Treasury, cursor: Cursor): Promise<boolean> {
  const { provider, booksUntilMs, readingFromMs, readingUntilMs } = cursor;
  const fromMs = readingFromMs ?? Math.max(0, booksUntilMs - LIMITS.reconcileOverlapMs);
  // The end is not part of what is read; what was booked in this millisecond is.
  const untilMs = readingUntilMs ?? nowMs() + 1;
  let lines = 0;
  let stoppedAtMs: number | undefined;
  for await (const page of port.entries(fromMs, untilMs)) {
    await keep(db, provider, page, nowMs());
    lines += page.length;
    const lastMs = page.at(-1)?.atMs ?? fromMs;
    // Lines of one time are read in one go, or the next run would begin where this one did.
    if (lines >= LIMITS.reconcileLinesPerRun && lastMs > fromMs) {
      stoppedAtMs = lastMs;
      break;
    }
  }
  const isAtEnd = stoppedAtMs === undefined;
  const bound = isAtEnd ? [untilMs, null, null] : [booksUntilMs, stoppedAtMs, untilMs];
  await db
    .prepare(READING)
    .bind(provider, booksUntilMs, readingFromMs, ...bound)
    .run();
  return isAtEnd;
}

/** A line that was kept before counts for nothing: it stands in none of the sums a second time. */
const IS_NEW = `NOT EXISTS (SELECT 1 FROM provider_entries e WHERE e.provider = ?2 AND e.id = value ->> 'id')`;

const COUNT_LINES = `
INSERT INTO reconciliation_items (provider, kind, subject, currency, provider_amount, provider_fee, provider_lines,
  ledger_amount, ledger_fee, ledger_entries, changed_at_ms, looked_at_ms)
SELECT ?2, item, subject, currency, sum(amount), sum(fee), sum(lines), 0, 0, 0, ?3, 0 FROM (
  SELECT value ->> 'item' AS item, value ->> 'subject' AS subject, value ->> 'currency' AS currency,
    value ->> 'amount' AS amount, 0 AS fee, 1 AS lines FROM json_each(?1) WHERE ${IS_NEW}
  UNION ALL
  SELECT value ->> 'item', value ->> 'subject', value ->> 'feeCurrency', 0, value ->> 'fee', 0
  FROM json_each(?1) WHERE value ->> 'fee' <> 0 AND ${IS_NEW})
WHERE true GROUP BY 2, 3, 4
ON CONFLICT (provider, kind, subject, currency) DO UPDATE SET provider_amount = provider_amount + excluded.provider_amount,
  provider_fee = provider_fee + excluded.provider_fee, provider_lines = provider_lines + excluded.provider_lines,
  changed_at_ms = excluded.changed_at_ms`;

const SUM_LINES = `
INSERT INTO provider_balances (provider, currency, amount) SELECT ?2, currency, sum(amount) FROM (
  SELECT value ->> 'currency' AS currency, value ->> 'amount' AS amount FROM json_each(?1) WHERE ${IS_NEW}
  UNION ALL
  SELECT value ->> 'feeCurrency', -(value ->> 'fee') FROM json_each(?1) WHERE ${IS_NEW})
WHERE true GROUP BY 2
ON CONFLICT (provider, currency) DO UPDATE SET amount = amount + excluded.amount`;

const KEEP_LINES = `
INSERT INTO provider_entries (provider, id, kind, reference, item, subject, currency, amount, fee_currency, fee, at_ms,
  read_at_ms)
SELECT ?2, value ->> 'id', value ->> 'kind', value ->> 'reference', value ->> 'item', value ->> 'subject',
  value ->> 'currency', value ->> 'amount', value ->> 'feeCurrency', value ->> 'fee', value ->> 'atMs', ?3
FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;

/** Sums first, while it can still be told which lines are new; all in one batch, so that two runs count none twice. */
async function keep(
  db: D1Database,
  provider: string,
  page: readonly ProviderEntry[],
  nowMs: number,
): Promise<void> {
  const lines = new Map(
    page.map((entry) => {
      const { id, kind, reference, amount, fee, atMs } = entry;
      const of = itemOfLine(provider, entry);
      const sums = { ...amount, fee: fee.amount, feeCurrency: fee.currency };
      return [id, { id, kind, reference, ...of, ...sums, atMs }];
    }),
  );
  for (const piece of jsonPieces([...lines.values()])) {
    await db.batch([
      db.prepare(COUNT_LINES).bind(piece, provider, nowMs),
      db.prepare(SUM_LINES).bind(piece, provider),
      db.prepare(KEEP_LINES).bind(piece, provider, nowMs),
    ]);
  }
}

/** `kind:subject`, and what follows a slash is what tells one fact about a subject from another. */
const KIND = `substr("transaction", 1, instr("transaction", ':') - 1)`;
const REST = `substr("transaction", instr("transaction", ':') + 1)`;
const SUBJECT = `substr(${REST}, 1, instr(${REST} || '/', '/') - 1)`;

function kindsIn(of: Readonly<Record<string, unknown>>): string {
  return Object.keys(of)
    .map((kind) => `'${kind}'`)
    .join();
}

function caseOf(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([kind, is]) => `WHEN '${kind}' THEN '${is}'`)
    .join(" ");
}

const ITEMS = Object.fromEntries(Object.entries(ITEM_OF_TRANSACTION).map(([kind, { item }]) => [kind, item]));
const FEES = Object.fromEntries(Object.entries(ITEM_OF_TRANSACTION).filter(([, { isFee }]) => isFee));

/**
 * Entries on the clearing account count for what they are about, those on the buyers' for their order. The plus signs
 * keep SQLite from walking all that the account ever had, rather than what is new.
 */
const COUNT_ENTRIES = `
INSERT INTO reconciliation_items (provider, kind, subject, currency, provider_amount, provider_fee, provider_lines,
  ledger_amount, ledger_fee, ledger_entries, changed_at_ms, looked_at_ms)
SELECT ?1, item, subject, currency, 0, 0, 0, sum(amount), sum(fee), count(*), ?5, 0 FROM (
  SELECT CASE ${KIND} ${caseOf(ITEMS)} ELSE 'other' END AS item,
    CASE WHEN ${KIND} IN (${kindsIn(ITEMS)}) THEN ${SUBJECT} ELSE "transaction" END AS subject, currency,
    CASE WHEN ${KIND} IN (${kindsIn(FEES)}) THEN 0 ELSE amount END AS amount,
    CASE WHEN ${KIND} IN (${kindsIn(FEES)}) THEN -amount ELSE 0 END AS fee
  FROM ledger_entries WHERE number > ?2 AND number <= ?3 AND +account = ?4
  UNION ALL
  SELECT 'buyers', coalesce("order", "transaction"), currency, amount, 0
  FROM ledger_entries WHERE number > ?2 AND number <= ?3 AND +account = 'buyers:clearing')
WHERE true GROUP BY 2, 3, 4
ON CONFLICT (provider, kind, subject, currency) DO UPDATE SET ledger_amount = ledger_amount + excluded.ledger_amount,
  ledger_fee = ledger_fee + excluded.ledger_fee, ledger_entries = ledger_entries + excluded.ledger_entries,
  changed_at_ms = excluded.changed_at_ms`;

const WATCH = `
INSERT INTO reconciliation_watches (provider, kind, subject, next_look_at_ms)
SELECT DISTINCT ?1, CASE ${KIND} ${caseOf(WATCH_OF_TRANSACTION)} END, ${SUBJECT}, 0
FROM ledger_entries WHERE number > ?2 AND number <= ?3 AND ${KIND} IN (${kindsIn(WATCH_OF_TRANSACTION)})
ON CONFLICT DO NOTHING`;

const MOVE = `
UPDATE reconciliation_cursors SET ledger_number = CASE WHEN ledger_number = ?2 THEN ?3 END WHERE provider = ?1`;

const LAST_TO_READ = `
SELECT max(number) AS number, count(*) AS entries
FROM (SELECT number FROM ledger_entries WHERE number > ?1 ORDER BY number LIMIT ?2)`;

/** Reads the ledger on. Entries become visible in the order of their numbers. Answers whether it is read to its end. */
export async function readLedger({ db, port: { provider }, nowMs }: Treasury): Promise<boolean> {
  const cursor = await readCursor(db, provider);
  if (!cursor) return true;
  const { ledgerNumber } = cursor;
  const last = await db
    .prepare(LAST_TO_READ)
    .bind(ledgerNumber, LIMITS.reconcileEntriesPerRun)
    .first<{ number: number | null; entries: number }>();
  if (!last || last.number === null) return true;
  const range = [provider, ledgerNumber, last.number];
  const statements = [
    db.prepare(MOVE).bind(...range),
    db.prepare(COUNT_ENTRIES).bind(...range, `provider:${provider}:clearing`, nowMs()),
    db.prepare(WATCH).bind(...range),
  ];
  await attempt(db, statements, async () => (await readCursor(db, provider))?.ledgerNumber !== ledgerNumber);
  return last.entries < LIMITS.reconcileEntriesPerRun;
}

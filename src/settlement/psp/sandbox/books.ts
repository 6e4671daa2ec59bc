/**
 * The sandbox's books: lines of money that came and went, and what is left after each. Statements for batches of those
 * who move money; may touch sandbox_lines.
 */

/** The holder of the platform's own money; all others are accounts. */
export const PLATFORM = "platform";

/** Followed by a SELECT with a WHERE: writes lines, each once. */
export function writeLines(select: string): string {
  return `
    INSERT INTO sandbox_lines (id, holder, currency, kind, reference, amount, fee, at_ms)
    ${select}
    ON CONFLICT (id) DO NOTHING`;
}

/** What a holder has in a currency, as an SQL expression of two others. Counts what is posted. */
export function balanceOf(holder: string, currency: string): string {
  return `coalesce((
    SELECT held.balance FROM sandbox_lines held
    WHERE held.holder = ${holder} AND held.currency = ${currency} AND held.number IS NOT NULL
    ORDER BY held.number DESC LIMIT 1), 0)`;
}

/** Numbers the lines whose time has come, oldest first and then as they were written, and says what is left after each. */
const POST = `
  UPDATE sandbox_lines SET number = due.number, balance = due.balance
  FROM (
    SELECT
      line.id,
      coalesce((SELECT max(number) FROM sandbox_lines), 0)
        + row_number() OVER (ORDER BY line.at_ms, line.rowid) AS number,
      ${balanceOf("line.holder", "line.currency")}
        + sum(line.amount - line.fee) OVER (PARTITION BY line.holder, line.currency ORDER BY line.at_ms, line.rowid)
        AS balance
    FROM sandbox_lines line WHERE line.number IS NULL AND line.at_ms <= ?1
  ) due
  WHERE sandbox_lines.id = due.id`;

/** Posts what is due: to stand before whatever reads balances, and after whatever writes lines. */
export function post(db: D1Database, nowMs: number): D1PreparedStatement {
  return db.prepare(POST).bind(nowMs);
}

/** A question for the end of a batch, and the row it is answered with. */
export interface Question<Row> {
  readonly statement: D1PreparedStatement;
  /** For the type alone. */
  readonly row?: Row;
}

export function ask<Row>(db: D1Database, sql: string, ...bound: readonly unknown[]): Question<Row> {
  return { statement: db.prepare(sql).bind(...bound) };
}

/**
 * Makes the changes and then asks the questions, in one batch that happens as a whole or not at all. Answers how many
 * rows each change touched, and each question's first row.
 */
export async function inOneBatch<Rows extends readonly unknown[]>(
  db: D1Database,
  changes: readonly D1PreparedStatement[],
  ...questions: { readonly [At in keyof Rows]: Question<Rows[At]> }
): Promise<{
  readonly touched: readonly number[];
  readonly rows: { readonly [At in keyof Rows]: Rows[At] | undefined };
}> {
  const statements = [...changes, ...questions.map(({ statement }) => statement)];
  const results = await db.batch(statements);
  return {
    touched: results.slice(0, changes.length).map(({ meta }) => meta.changes),
    rows: results.slice(changes.length).map(({ results: [row] }) => row) as {
      readonly [At in keyof Rows]: Rows[At] | undefined;
    },
  };
}

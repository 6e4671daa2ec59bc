/**
 * A statement as CSV (RFC 4180), a piece at a time: the opening, a row a transaction, the closing. Amounts are plain
 * decimals in the currency's own number of them. Reads the ledger's tables.
 */
import { stringify } from "csv-stringify/sync";
import { decimalsOf, decimalText } from "../../domain/decimals.ts";
import { LIMITS } from "../../domain/limits.ts";
import { isoOf } from "../../wire/instants.ts";
import { readStatement, type StatementLine, type StatementOf } from "./statements.ts";

const COLUMNS = [
  "at",
  "kind",
  "transaction",
  "order",
  "currency",
  "amount",
  "payable",
  "transit",
  "balance",
  "reserve",
  "owed",
  "party",
  "name",
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

/** The statement's pieces, each some rows of text. `name` is the party's, as it calls itself. */
export async function* statementCsv(
  db: D1Database,
  of: StatementOf,
  name: string,
): AsyncGenerator<string, void, undefined> {
  const { currency, party } = of;
  const written = (amount: number): string => decimalText(amount, decimalsOf(currency));
  const row = (cells: Row): Row => ({ ...cells, currency, party, name });
  let cursor: string | undefined;
  yield lines([Object.fromEntries(COLUMNS.map((column) => [column, column]))]);
  for (;;) {
    const page = await readStatement(db, of, { limit: LIMITS.statementLinesRead, cursor });
    if (!page) throw new Error("a statement did not know its own cursor");
    if (cursor === undefined) {
      const at = page.from === undefined ? {} : { at: page.from };
      yield lines([row({ ...at, kind: "opening", owed: written(page.opening.amount) })]);
    }
    if (page.lines.length > 0) yield lines(page.lines.map((line) => row(cellsOf(line, written))));
    if (page.nextCursor === null) {
      yield lines([row({ at: page.to, kind: "closing", owed: written(page.closing.amount) })]);
      return;
    }
    cursor = page.nextCursor;
  }
}

function cellsOf(line: StatementLine, written: (amount: number) => string): Row {
  const { atMs, kind, transaction, order, amount, parts, owed } = line;
  return {
    at: isoOf(atMs),
    kind,
    transaction,
    ...(order === undefined ? {} : { order }),
    amount: written(amount.amount),
    ...Object.fromEntries(Object.entries(parts).map(([which, part]) => [which, written(part.amount)])),
    owed: written(owed.amount),
  };
}

/**
 * What people wrote must not be run as a formula by whoever opens the file in a spreadsheet; amounts may be negative.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function lines(rows: readonly Row[]): string {
  return stringify([...rows], {
    columns: [...COLUMNS],
    record_delimiter: "windows",
    cast: {
      string: (value, { column }) => (column === "name" ? { value, escape_formulas: true } : value),
    },
  });
}

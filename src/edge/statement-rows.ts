/** A statement as CSV: the opening, a row a transaction, the closing. Reads D1. */
import { LIMITS } from "../domain/limits.ts";
import { readStatement, type StatementLine, type StatementOf } from "../settlement/readers/statements.ts";
import { isoOf } from "../wire/instants.ts";
import { amountCell, csvOfPages, type Cells } from "./csv.ts";

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
];

/** All of it. `name` is the party's, as it calls itself. */
export function statementCsv(
  db: D1Database,
  of: StatementOf,
  name: string,
): AsyncGenerator<string, void, undefined> {
  const { currency, party } = of;
  return csvOfPages(COLUMNS, ["name"], async (cursor) => {
    const page = await readStatement(db, of, { limit: LIMITS.statementLinesRead, cursor });
    if (!page) return undefined;
    const { from, to, opening, closing, nextCursor } = page;
    const rows = page.lines.map(lineCells);
    if (cursor === undefined) {
      const at = from === undefined ? {} : { at: from };
      rows.unshift({ ...at, kind: "opening", owed: amountCell(opening) });
    }
    if (nextCursor === null) rows.push({ at: to, kind: "closing", owed: amountCell(closing) });
    return { rows: rows.map((cells) => ({ ...cells, currency, party, name })), nextCursor };
  });
}

function lineCells({ atMs, kind, transaction, order, amount, parts, owed }: StatementLine): Cells {
  return {
    at: isoOf(atMs),
    kind,
    transaction,
    ...(order === undefined ? {} : { order }),
    amount: amountCell(amount),
    ...Object.fromEntries(Object.entries(parts).map(([which, part]) => [which, amountCell(part)])),
    owed: amountCell(owed),
  };
}

/** Answers in CSV (RFC 4180) where that is asked for: a piece at a time, as fast as it is taken. Touches the answer, and counts. */
import { stringify } from "csv-stringify/sync";
import { accepts } from "hono/accepts";
import { z } from "zod";
import { decimalsOf, decimalText } from "../domain/decimals.ts";
import type { Money } from "../domain/money.ts";
import type { AppContext } from "./context.ts";
import { limited, REPORTS } from "./rate-limit.ts";

const CSV = "text/csv";

/** What an answer is to be had as, too: for its declaration. */
export const AS_CSV = { [CSV]: z.string() };

/** Whether CSV is wanted, by `format` or by `Accept`. */
export function wantsCsv(c: AppContext, format: "json" | "csv" | undefined): boolean {
  if (format !== undefined) return format === "csv";
  const supports = ["application/json", CSV];
  return accepts(c, { header: "Accept", supports, default: "application/json" }) === CSV;
}

/** A file of pieces of text: nobody holds the whole of it in memory. */
export function csvFile(
  c: AppContext,
  filename: string,
  pieces: AsyncGenerator<string, void, undefined>,
): Response {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
  return c.body(stream, 200, {
    "Content-Type": `${CSV}; charset=utf-8; header=present`,
    "Content-Disposition": `attachment; filename="${filename}"`,
  });
}

/** A list as a file of all its rows, whatever its page is: it costs what a report does, and is counted as one. */
export function csvOfList(
  c: AppContext,
  filename: string,
  pieces: AsyncGenerator<string, void, undefined>,
): Response {
  return limited(c, REPORTS, Date.now()) ?? csvFile(c, filename, pieces);
}

/** A row by its columns; one that it has nothing in is left out. */
export type Cells = Readonly<Record<string, string>>;

/** A page of rows and where the next one begins, as lists have it. */
interface RowPage {
  readonly rows: readonly Cells[];
  readonly nextCursor: string | null;
}

/** An amount: a plain decimal in the currency's own number of them. */
export function amountCell({ amount, currency }: Money): string {
  return decimalText(amount, decimalsOf(currency));
}

/** Where lists are separated by semicolons, in most of Europe, spreadsheets begin a cell after each, between quotes as well. */
const LATER_FORMULA = /(;\s*)(?=[=+@\uFF0B\uFF0D\uFF1D\uFF20-])/g;

/**
 * The header and every page of a list, `pageAfter` the cursor of the one before. What people wrote (`written`) must not be
 * run as a formula by whoever opens the file in a spreadsheet.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export async function* csvOfPages(
  columns: readonly string[],
  written: readonly string[],
  pageAfter: (cursor: string | undefined) => Promise<RowPage | undefined>,
): AsyncGenerator<string, void, undefined> {
  const lines = (rows: RowPage["rows"]): string =>
    stringify([...rows], {
      columns: [...columns],
      record_delimiter: "windows",
      cast: {
        string: (value, { column }) =>
          written.includes(String(column))
            ? { value: value.replace(LATER_FORMULA, "$1'"), escape_formulas: true }
            : value,
      },
    });
  yield lines([Object.fromEntries(columns.map((column) => [column, column]))]);
  let cursor: string | undefined;
  do {
    const page = await pageAfter(cursor);
    if (!page) throw new Error("a list did not know its own cursor");
    const { rows, nextCursor } = page;
    if (rows.length > 0) yield lines(rows);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/**
 * Shopify's product CSV: https://help.shopify.com/en/manual/products/import-export/using-csv. Pure.
 *
 * A product is the rows of one handle, wherever they are; a row is a variant, an image, or both. What is refused:
 * - a bad cell of a variant: that variant;
 * - a bad image: that image;
 * - a bad cell of the product itself, or no title: the product;
 * - a row that is not CSV, has no handle, or too few or too many cells: that row.
 * All the rest is imported. Cells are kept as they are, formulas too: they are made harmless where they go back into
 * a spreadsheet. Prices have no currency in this format; the caller names it.
 */
import { isUtf8 } from "node:buffer";
import { LIMITS } from "../../domain/limits.ts";
import { done, refused, type Outcome, type Refused } from "../outcome.ts";
import { DAMAGE, isDamaged, readHandle } from "./cells.ts";
import type { CatalogFault, ImportedCatalog } from "./content.ts";
import { columnsOf, saidBy, type ColumnName, type Columns } from "./csv-columns.ts";
import { CsvProduct, type Cells, type CsvFile } from "./csv-product.ts";
import { readRows, type RowReader } from "./csv-rows.ts";

type Refusal = Refused<"bad_request" | "payload_too_large">;

/**
 * `bad_request` when this is no product CSV at all: no Handle or Title column, or not text. `payload_too_large` past
 * `catalogRows`; the caller has limited the bytes. `currency` is the prices', ISO 4217.
 */
export function parseCatalogCsv(
  bytes: Uint8Array,
  currency: string,
): Outcome<ImportedCatalog, "bad_request" | "payload_too_large"> {
  if (isBinary(bytes))
    return refused("bad_request", "This is not text in UTF-8. Save the file as CSV UTF-8.");
  const catalog = new CsvCatalog(currency, !isUtf8(bytes));
  readRows(bytes, catalog);
  return catalog.finish();
}

/** UTF-16, a workbook, an image: all have zero bytes early on, and text has none. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 4_096).includes(0);
}

class CsvCatalog implements RowReader {
  private readonly currency: string;
  private readonly isDamaged: boolean;
  private readonly products = new Map<string, CsvProduct>();
  private readonly faults: CatalogFault[] = [];
  private file: CsvFile | undefined;
  private rows = 0;
  private blankRows = 0;
  private refusal: Refusal | undefined;

  constructor(currency: string, damaged: boolean) {
    this.currency = currency;
    this.isDamaged = damaged;
  }

  row(cells: readonly string[], line: number): boolean {
    if (!this.file) return this.begin(cells, line);
    if (!this.count()) return false;
    if (cells.every((cell) => cell.trim() === "")) {
      this.blankRows++;
      return true;
    }
    const { columns } = this.file;
    if (!hasCount(cells, columns.count)) {
      const reason = `this row has ${cells.length} cells, but the header has ${columns.count}`;
      this.file.fault(line, cells[columns.at.get("handle") ?? -1]?.trim() || undefined, undefined, reason);
      return true;
    }
    const picked = pick(cells, columns);
    const handle = this.handleOf(picked, line, this.file);
    if (handle === undefined) return true;
    const product = this.products.get(handle) ?? new CsvProduct(this.file, handle, line);
    this.products.set(handle, product);
    product.add(line, picked);
    return true;
  }

  broken(reason: string, line: number): boolean {
    if (!this.file) {
      this.refusal = refused("bad_request", `The header cannot be read: ${reason}.`);
      return false;
    }
    if (!this.count()) return false;
    this.file.fault(line, undefined, undefined, reason);
    return true;
  }

  finish(): Outcome<ImportedCatalog, "bad_request" | "payload_too_large"> {
    if (this.refusal) return this.refusal;
    if (!this.file) return refused("bad_request", "The file is empty.");
    const products = [...this.products.values()].flatMap((product) => product.finish() ?? []);
    const { rows, blankRows, faults } = this;
    return done({ rows: rows - blankRows, said: saidBy(this.file.columns), products, faults });
  }

  private begin(header: readonly string[], line: number): boolean {
    const { columns, doubled } = columnsOf(header);
    const missing = (["handle", "title"] as const).filter((name) => !columns.at.has(name));
    if (missing.length > 0) {
      const labels = missing.map((name) => columns.label(name)).join(" and no ");
      const hint = /[;\t]/.test(header[0] ?? "") ? " Its columns must be separated by commas." : "";
      this.refusal = refused("bad_request", `This is not a product CSV: it has no ${labels} column.${hint}`);
      return false;
    }
    const { faults, currency } = this;
    const fault: CsvFile["fault"] = (at, handle, column, reason) => {
      faults.push({
        line: at,
        ...(handle === undefined ? {} : { handle }),
        ...(column === undefined ? {} : { column: columns.label(column) }),
        reason,
      });
    };
    this.file = { currency, columns, isDamaged: this.isDamaged, skuLines: new Map(), fault };
    for (const name of doubled) fault(line, undefined, name, "is there twice; the first column counts");
    return true;
  }

  /** Blank rows count too: spreadsheets can leave a million of them. */
  private count(): boolean {
    this.rows++;
    if (this.rows <= LIMITS.catalogRows) return true;
    this.refusal = refused(
      "payload_too_large",
      `The file has more than ${LIMITS.catalogRows} rows. Split it.`,
    );
    return false;
  }

  private handleOf(cells: Cells, line: number, file: CsvFile): string | undefined {
    const cell = cells.handle;
    if (cell === undefined) {
      file.fault(line, undefined, "handle", "is blank");
      return undefined;
    }
    const result = file.isDamaged && isDamaged(cell) ? { reason: DAMAGE } : readHandle(cell);
    if ("value" in result) return result.value;
    file.fault(line, undefined, "handle", result.reason);
    return undefined;
  }
}

/** Blank cells past the header's are what a spreadsheet leaves behind. */
function hasCount(cells: readonly string[], count: number): boolean {
  return cells.length >= count && cells.slice(count).every((cell) => cell.trim() === "");
}

function pick(cells: readonly string[], columns: Columns): Cells {
  const picked: Cells = {};
  for (const [name, index] of columns.at) {
    const cell = cells[index]?.trim();
    if (cell) picked[name] = isOneLine(name) ? cell.replaceAll(/[\r\n\t]+/g, " ") : cell;
  }
  return picked;
}

function isOneLine(name: ColumnName): boolean {
  return name !== "description";
}

/** The rows of one product, gathered from a product CSV and made into what is imported. Pure. */
import { LIMITS } from "../../domain/limits.ts";
import * as cell from "./cells.ts";
import { contentOf, type ImportedProduct, type RefusedVariant, type Variant, variantOf } from "./content.ts";
import type { ColumnName, Columns } from "./csv-columns.ts";
import { readPrice } from "./price.ts";

/** A row's cells that are not blank, trimmed. */
export type Cells = Partial<Record<ColumnName, string>>;

interface Row {
  readonly line: number;
  readonly cells: Cells;
}

/** What the products of a file share. */
export interface CsvFile {
  readonly currency: string;
  readonly columns: Columns;
  /** Whether some of its bytes are not UTF-8. */
  readonly isDamaged: boolean;
  /** The line that had each SKU first. */
  readonly skuLines: Map<string, number>;
  fault(line: number, handle: string | undefined, column: ColumnName | undefined, reason: string): void;
}

interface Option {
  readonly name: string;
  readonly column: ColumnName;
}

const OPTIONS = [
  ["option1Name", "option1Value"],
  ["option2Name", "option2Value"],
  ["option3Name", "option3Value"],
] as const satisfies readonly (readonly [ColumnName, ColumnName])[];

/** A row with one of these is a variant; others are images, or what a spreadsheet left behind. */
const VARIANT_MARKS = [
  ...OPTIONS.map(([, value]) => value),
  "sku",
  "price",
  "compareAtPrice",
  "barcode",
  "stock",
] as const;

/** These are the product's: the first row that has one says it for all, so the order of the rows does not matter. */
const OWN = [
  "title",
  "description",
  "vendor",
  "tags",
  "status",
  "published",
  ...OPTIONS.map(([name]) => name),
] as const;

/** Shopify's way to say that a product has no options: one named Title with this one value. */
const DEFAULT_TITLE = "default title";

/** Gathers a product's rows with `add`; `finish` makes the product of them. */
export class CsvProduct {
  private readonly file: CsvFile;
  private readonly handle: string;
  private readonly line: number;
  private readonly own: Partial<Record<ColumnName, Row>> = {};
  private readonly variantRows: Row[] = [];
  private readonly imageRows: Row[] = [];
  private faults = 0;

  /** `line` is that of the product's first row. */
  constructor(file: CsvFile, handle: string, line: number) {
    this.file = file;
    this.handle = handle;
    this.line = line;
  }

  add(line: number, cells: Cells): void {
    const row = { line, cells };
    if (VARIANT_MARKS.some((column) => cells[column] !== undefined)) this.variantRows.push(row);
    if (cells.image !== undefined) this.imageRows.push(row);
    for (const column of OWN) {
      const text = cells[column];
      if (text === undefined) continue;
      this.own[column] ??= { line, cells: { [column]: text } };
      // Some exports repeat the description on every row.
      delete cells[column];
    }
  }

  /** Undefined when nothing of the product can be imported; its faults say why. */
  finish(): ImportedProduct | undefined {
    const own = this.readOwn();
    const options = this.readOptions();
    if (!options) return undefined;
    const { variants, refused } = this.readVariants(options);
    const images = this.readImages();
    if (!own || variants.length === 0) return undefined;
    const optionNames = options.map(({ name }) => name);
    const content = contentOf({ handle: this.handle, ...own, images, optionNames, variants });
    return { line: this.line, content, refused, saysVariants: this.variantRows.length > 0 };
  }

  private readOwn() {
    const before = this.faults;
    const title = this.read(this.own.title, "title", cell.readText);
    const vendor = this.read(this.own.vendor, "vendor", cell.readText);
    const status = this.read(this.own.status, "status", cell.readStatus);
    const isHidden = this.own.published?.cells.published?.toLowerCase() === "false";
    const own = {
      description: this.read(this.own.description, "description", cell.readDescription) ?? "",
      vendor,
      tags: this.read(this.own.tags, "tags", cell.readTags) ?? [],
      status: status ?? (isHidden ? "draft" : "active"),
    } as const;
    if (!this.own.title) this.fault(this.line, "title", "is blank in every row of this product");
    return title === undefined || this.faults > before ? undefined : { title, ...own };
  }

  /** Undefined when one is not good: then nothing can be said of the variants. */
  private readOptions(): Option[] | undefined {
    const before = this.faults;
    const options = OPTIONS.flatMap(([name, column]) => {
      const isThere = this.file.columns.at.has(column);
      const value = isThere ? this.read(this.own[name], name, cell.readText) : undefined;
      return value === undefined ? [] : [{ name: value, column }];
    });
    if (this.faults > before) return undefined;
    const [only, ...others] = options;
    const value = this.variantRows[0]?.cells.option1Value?.toLowerCase() ?? DEFAULT_TITLE;
    const isDefault = only?.name.toLowerCase() === "title" && others.length === 0 && value === DEFAULT_TITLE;
    return isDefault && this.variantRows.length < 2 ? [] : options;
  }

  /** A product whose rows say nothing of variants has one. */
  private readVariants(options: readonly Option[]) {
    const rows = this.variantRows.length > 0 ? this.variantRows : [{ line: this.line, cells: {} }];
    const variants: Variant[] = [];
    const refused: RefusedVariant[] = [];
    const linesOf = new Map<string, number>();
    rows.forEach((row, at) => {
      const before = this.faults;
      const values = this.readValues(row, options, linesOf);
      const variant = this.readVariant(row, values, this.faults === before);
      if (at >= LIMITS.variantsPerProduct) {
        this.fault(row.line, undefined, `this product has more than ${LIMITS.variantsPerProduct} variants`);
      }
      if (variant && this.faults === before) variants.push(variant);
      else refused.push({ at, sku: row.cells.sku, options: values });
    });
    return { variants, refused };
  }

  /** The values of a variant's options. No two variants of a product may have the same. */
  private readValues(row: Row, options: readonly Option[], linesOf: Map<string, number>): string[] {
    const values = options.map(({ name, column }) => {
      if (row.cells[column] === undefined)
        this.fault(row.line, column, `is blank, but this product has ${name}`);
      return this.read(row, column, cell.readText) ?? "";
    });
    for (const [name, column] of OPTIONS) {
      const value = row.cells[column];
      if (value === undefined || value.toLowerCase() === DEFAULT_TITLE) continue;
      if (options.some((option) => option.column === column)) continue;
      this.fault(row.line, column, `has a value, but this product has no ${this.file.columns.label(name)}`);
    }
    const key = JSON.stringify(values);
    const line = linesOf.get(key);
    if (line === undefined) linesOf.set(key, row.line);
    else if (this.file.columns.at.has("option1Value")) {
      this.fault(row.line, "option1Value", `is the same variant as on line ${line}`);
    }
    return values;
  }

  private readVariant(row: Row, options: string[], areGood: boolean): Variant | undefined {
    const readMoney = (text: string) => readPrice(text, this.file.currency);
    const price = this.read(row, "price", readMoney);
    const compareAtPrice = this.read(row, "compareAtPrice", readMoney);
    const image = this.read(row, "variantImage", cell.readWebAddress);
    const barcode = this.read(row, "barcode", cell.readBarcode);
    const grams = this.read(row, "grams", cell.readGrams);
    const stock = this.read(row, "stock", cell.readStock);
    // Without good options there is nothing to make a SKU of, and their fault is reported already.
    const sku = areGood || row.cells.sku !== undefined ? this.readSku(row, options) : undefined;
    if (sku === undefined) return undefined;
    return variantOf({ sku, options, price, compareAtPrice, image, barcode, grams, stock });
  }

  /**
   * Stock is counted by SKU, so every variant needs one, and one of its own. Small shops have none in Shopify, and
   * their file should work as it is: a blank SKU becomes `handle:option:option`, the same at every import, whatever the
   * order of the rows. A SKU that comes a second time is refused, in another product too: more often than not it is a
   * copied product, and to sell both from one pool would ship the wrong thing.
   */
  private readSku(row: Row, options: readonly string[]): string | undefined {
    const given = row.cells.sku;
    const sku = given === undefined ? madeSku(this.handle, options) : this.read(row, "sku", cell.readSku);
    if (sku === undefined) return undefined;
    if (sku.length > LIMITS.skuChars) {
      this.fault(row.line, "sku", "is blank, and one made of the handle and the options would be too long");
      return undefined;
    }
    const line = this.file.skuLines.get(sku);
    const what =
      given === undefined ? "is blank, and one made of handle and options would repeat" : "repeats";
    if (line === undefined) this.file.skuLines.set(sku, row.line);
    else this.fault(row.line, "sku", `${what} ${sku}, which is on line ${line} already`);
    return sku;
  }

  /** Web addresses in the order of their positions; those without one come last, in the order of their rows. */
  private readImages(): string[] {
    const images = this.imageRows.flatMap((row) => {
      const url = this.read(row, "image", cell.readWebAddress);
      const position = /^\d{1,9}$/.test(row.cells.imagePosition ?? "")
        ? Number(row.cells.imagePosition)
        : Infinity;
      return url === undefined ? [] : [{ url, position, line: row.line }];
    });
    images.sort((one, other) => (one.position === other.position ? 0 : one.position - other.position));
    for (const { line } of images.slice(LIMITS.imagesPerProduct)) {
      this.fault(line, "image", `this product has more than ${LIMITS.imagesPerProduct} images`);
    }
    return [...new Set(images.slice(0, LIMITS.imagesPerProduct).map(({ url }) => url))];
  }

  /** A cell's value; undefined when it is blank, and when it is not good, which is then reported. */
  private read<T>(
    row: Row | undefined,
    column: ColumnName,
    how: (text: string) => cell.Read<T>,
  ): T | undefined {
    const text = row?.cells[column];
    if (row === undefined || text === undefined) return undefined;
    const isDamaged = this.file.isDamaged && cell.isDamaged(text);
    const result = isDamaged ? { reason: cell.DAMAGE } : how(text);
    if ("value" in result) return result.value;
    this.fault(row.line, column, result.reason);
    return undefined;
  }

  private fault(line: number, column: ColumnName | undefined, reason: string): void {
    this.faults++;
    this.file.fault(line, this.handle, column, reason);
  }
}

function madeSku(handle: string, options: readonly string[]): string {
  return [handle, ...options].join(":");
}

/**
 * Catalogue import: reads a file or a body, and brings the seller's products in line with it. Reads and writes D1.
 *
 * Products the import does not name are left alone. The same import again changes nothing, so one that was cut off is
 * simply sent again. Two at once for one seller end with each product as one of the two has it.
 */
import type { z } from "zod";
import { LIMITS } from "../../domain/limits.ts";
import type { SellerId } from "../../domain/ids.ts";
import type { importCatalog } from "../../wire/catalog.ts";
import { done, refused, type Outcome } from "../outcome.ts";
import { newId } from "../rows.ts";
import { getSeller } from "../sellers.ts";
import type {
  CatalogFault,
  ImportedCatalog,
  ImportedProduct,
  ImportReport,
  ProductContent,
  Sayable,
} from "./content.ts";
import { parseCatalogCsv } from "./csv.ts";
import { parseCatalogJson } from "./json.ts";
import { merged, needsKnown } from "./merge.ts";
import { hashOf, headsByHandle, productsByHandle, putProducts, putRow, type ProductHead } from "./store.ts";

export type CsvSource = ReadableStream<Uint8Array> | Uint8Array | string;

/**
 * Imports Shopify's product CSV, prices in `currency` (ISO 4217). Bad rows are in the report, the others are imported.
 * `not_found` for an unknown seller, `bad_request` when it is no product CSV at all, `payload_too_large` past
 * `catalogBytes` or `catalogRows`; then nothing has changed.
 */
export async function importCsv(
  db: D1Database,
  seller: SellerId,
  source: CsvSource,
  currency: string,
  nowMs: number,
): Promise<Outcome<ImportReport, "not_found" | "bad_request" | "payload_too_large">> {
  if (!(await getSeller(db, seller))) return refused("not_found", `There is no seller ${seller}.`);
  const bytes = await bytesOf(source);
  if (!bytes)
    return refused("payload_too_large", `The file has more than ${LIMITS.catalogBytes} bytes. Split it.`);
  const parsed = parseCatalogCsv(bytes, currency);
  return parsed.ok ? done(await store(db, seller, parsed.value, nowMs)) : parsed;
}

/** Imports products as JSON, each with all it has. `not_found` for an unknown seller. */
export async function importJson(
  db: D1Database,
  seller: SellerId,
  body: z.output<typeof importCatalog>,
  nowMs: number,
): Promise<Outcome<ImportReport, "not_found">> {
  if (!(await getSeller(db, seller))) return refused("not_found", `There is no seller ${seller}.`);
  return done(await store(db, seller, parseCatalogJson(body), nowMs));
}

/** All bytes of the source; undefined past the limit, and then the rest is not read. */
async function bytesOf(source: CsvSource): Promise<Uint8Array | undefined> {
  if (source instanceof ReadableStream) {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > LIMITS.catalogBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }
  const bytes = typeof source === "string" ? Buffer.from(source) : source;
  return bytes.byteLength > LIMITS.catalogBytes ? undefined : bytes;
}

async function store(
  db: D1Database,
  seller: SellerId,
  { rows, said, products, faults }: ImportedCatalog,
  nowMs: number,
): Promise<ImportReport> {
  const writer = new CatalogWriter(db, seller, said, nowMs);
  for (let at = 0; at < products.length; at += LIMITS.catalogRowsPerStatement) {
    await writer.write(products.slice(at, at + LIMITS.catalogRowsPerStatement));
  }
  const all = [...faults, ...writer.faults].toSorted((one, other) => one.line - other.line);
  return {
    rows,
    products: writer.counts,
    variants: writer.variants,
    faults: all.slice(0, LIMITS.catalogFaults).map(shortened),
    faultsNotListed: Math.max(0, all.length - LIMITS.catalogFaults),
  };
}

/** A fault quotes what the file has, which may be the rest of the file: it is named, not given back. */
function shortened(fault: CatalogFault): CatalogFault {
  const { line, handle, column, reason } = fault;
  return {
    line,
    ...(handle === undefined ? {} : { handle: cut(handle) }),
    ...(column === undefined ? {} : { column: cut(column) }),
    reason: cut(reason),
  };
}

function cut(text: string): string {
  return text.length <= LIMITS.faultChars ? text : `${text.slice(0, LIMITS.faultChars).toWellFormed()}…`;
}

/** Writes products and counts what became of them. */
class CatalogWriter {
  readonly counts = { created: 0, updated: 0, unchanged: 0 };
  variants = 0;
  readonly faults: CatalogFault[] = [];
  private readonly db: D1Database;
  private readonly seller: SellerId;
  private readonly said: ReadonlySet<Sayable>;
  private readonly nowMs: number;
  private rows: string[] = [];
  private bytes = 0;

  constructor(db: D1Database, seller: SellerId, said: ReadonlySet<Sayable>, nowMs: number) {
    this.db = db;
    this.seller = seller;
    this.said = said;
    this.nowMs = nowMs;
  }

  async write(products: readonly ImportedProduct[]): Promise<void> {
    const handles = products.map(({ content }) => content.handle);
    const heads = await headsByHandle(this.db, this.seller, handles);
    for (let at = 0; at < products.length; at += LIMITS.catalogMergedAtOnce) {
      const few = products.slice(at, at + LIMITS.catalogMergedAtOnce);
      const contents = await this.contentsOf(few, heads);
      for (const product of few) {
        const content = contents.get(product);
        if (content) await this.put(product, content, heads.get(content.handle));
      }
    }
    await this.flush();
  }

  /** What each product becomes; faulty ones are left out. */
  private async contentsOf(products: readonly ImportedProduct[], heads: ReadonlyMap<string, ProductHead>) {
    const toMerge = products.filter(
      (product) => heads.has(product.content.handle) && needsKnown(product, this.said),
    );
    const handles = toMerge.map(({ content }) => content.handle);
    const known = handles.length > 0 ? await productsByHandle(this.db, this.seller, handles) : new Map();
    const contents = new Map<ImportedProduct, ProductContent>();
    for (const product of products) {
      const before = known.get(product.content.handle);
      const result = before ? merged(before, product, this.said) : { value: product.content };
      if ("value" in result) contents.set(product, result.value);
      else this.fault(product, result.reason);
    }
    return contents;
  }

  private async put(product: ImportedProduct, content: ProductContent, head: ProductHead | undefined) {
    const hash = hashOf(content);
    if (head?.content_hash !== hash) {
      const row = putRow(head?.id ?? newId("prd"), content, hash);
      const bytes = Buffer.byteLength(row);
      if (bytes > LIMITS.productBytes) {
        this.fault(product, `has more than ${LIMITS.productBytes} bytes in all`);
        return;
      }
      // One comma each.
      if (this.bytes + bytes + 1 > LIMITS.rowBytes) await this.flush();
      this.rows.push(row);
      this.bytes += bytes + 1;
    }
    this.counts[head === undefined ? "created" : head.content_hash === hash ? "unchanged" : "updated"]++;
    this.variants += content.variants.length;
  }

  private async flush(): Promise<void> {
    if (this.rows.length > 0) await putProducts(this.db, this.seller, this.rows, this.nowMs);
    this.rows = [];
    this.bytes = 0;
  }

  private fault({ line, content }: ImportedProduct, reason: string): void {
    this.faults.push({ line, handle: content.handle, reason });
  }
}

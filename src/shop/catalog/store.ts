/** Products in D1, many at a time. Reads and writes the table `products`. */
import { createHash } from "node:crypto";
import type { SellerId } from "../../domain/ids.ts";
import { contentOf, type Product, type ProductContent } from "./content.ts";

/** A row of `products`, as D1 gives it. */
export interface ProductRow {
  readonly seller_id: SellerId;
  readonly id: Product["id"];
  readonly handle: string;
  readonly title: string;
  readonly description: string;
  readonly vendor: string | null;
  readonly status: Product["status"];
  readonly tags: string;
  readonly images: string;
  readonly option_names: string;
  readonly variants: string;
  readonly updated_at_ms: number;
}

export function productOf(row: ProductRow): Product {
  const { id, seller_id: seller, updated_at_ms: updatedAtMs } = row;
  const { handle, title, description, status } = row;
  const own = { handle, title, description, status, vendor: row.vendor ?? undefined };
  return { id, seller, ...contentOf({ ...own, ...listsOf(row) }), updatedAtMs };
}

type Lists = Pick<Product, "tags" | "images" | "optionNames" | "variants">;

function listsOf(row: ProductRow): Lists {
  const { tags, images, option_names: optionNames, variants } = row;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only putProducts writes these columns
  return JSON.parse(
    `{"tags":${tags},"images":${images},"optionNames":${optionNames},"variants":${variants}}`,
  ) as Lists;
}

/** Equal contents have equal hashes. Kept with each product, so that an import need not read what it does not change. */
export function hashOf(content: ProductContent): string {
  return createHash("sha256")
    .update(JSON.stringify(contentOf(content)))
    .digest("base64url");
}

/** Which products of a seller there are, without their content. */
export interface ProductHead {
  readonly id: Product["id"];
  readonly handle: string;
  readonly content_hash: string;
}

const BY_HANDLE = "FROM products WHERE seller_id = ?1 AND handle IN (SELECT value FROM json_each(?2))";

export async function headsByHandle(
  db: D1Database,
  seller: SellerId,
  handles: readonly string[],
): Promise<Map<string, ProductHead>> {
  const statement = db.prepare(`SELECT id, handle, content_hash ${BY_HANDLE}`);
  const { results } = await statement.bind(seller, JSON.stringify(handles)).all<ProductHead>();
  return new Map(results.map((head) => [head.handle, head]));
}

export async function productsByHandle(
  db: D1Database,
  seller: SellerId,
  handles: readonly string[],
): Promise<Map<string, Product>> {
  const statement = db.prepare(`SELECT * ${BY_HANDLE}`);
  const { results } = await statement.bind(seller, JSON.stringify(handles)).all<ProductRow>();
  return new Map(results.map((row) => [row.handle, productOf(row)]));
}

/** A product as `putProducts` takes it. */
export function putRow(id: Product["id"], content: ProductContent, hash: string): string {
  return JSON.stringify({ ...content, id, hash });
}

/**
 * Writes products that are new or have changed, in one statement: all or none. `rows` come from `putRow` and together
 * stay below `LIMITS.rowBytes`, as a bound value must.
 */
export async function putProducts(
  db: D1Database,
  seller: SellerId,
  rows: readonly string[],
  nowMs: number,
): Promise<void> {
  await db
    .prepare(PUT)
    .bind(seller, `[${rows.join(",")}]`, nowMs)
    .run();
}

// `WHERE true` keeps SQLite from reading ON CONFLICT as a join's ON.
const PUT = `
INSERT INTO products (
  seller_id, id, handle, title, description, vendor, status,
  tags, images, option_names, variants, content_hash, updated_at_ms
)
SELECT
  ?1, value ->> 'id', value ->> 'handle', value ->> 'title', value ->> 'description', value ->> 'vendor',
  value ->> 'status', value -> 'tags', value -> 'images', value -> 'optionNames', value -> 'variants',
  value ->> 'hash', ?3
FROM json_each(?2) WHERE true
ON CONFLICT (seller_id, handle) DO UPDATE SET
  title = excluded.title, description = excluded.description, vendor = excluded.vendor, status = excluded.status,
  tags = excluded.tags, images = excluded.images, option_names = excluded.option_names,
  variants = excluded.variants, content_hash = excluded.content_hash, updated_at_ms = excluded.updated_at_ms`;

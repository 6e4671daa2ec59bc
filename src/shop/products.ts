/** A seller's products as they are read: in pages, and one by one. Reads D1; `catalog/` writes. */
import { LIMITS } from "../domain/limits.ts";
import type { SellerId } from "../domain/ids.ts";
import type { Product } from "./catalog/content.ts";
import { productOf, type ProductRow } from "./catalog/store.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import { cursorAfter, startOf, type Page, type PageQuery } from "./rows.ts";
import { getSeller } from "./sellers.ts";

export type { Product };

/** `?3` rows after `?2`, as long as those before them have fewer than `?4` characters; `found` counts them without that. */
const PAGE = `
SELECT * FROM (
  SELECT *, count(*) OVER () AS found, sum(size) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) - size AS size_before
  FROM (
    SELECT *, length(description) + length(images) + length(variants) AS size
    FROM products WHERE seller_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3
  )
) WHERE size_before < ?4 ORDER BY id`;

/**
 * In the order they were first imported. A page of very large products is shorter than asked for, and has a cursor all
 * the same. `not_found` for an unknown seller, `bad_request` for a cursor that is none.
 */
export async function listProducts(
  db: D1Database,
  seller: SellerId,
  query: PageQuery,
): Promise<Outcome<Page<Product>, "not_found" | "bad_request">> {
  const start = startOf("prd", query);
  if (!start.ok) return start;
  const { results } = await db
    .prepare(PAGE)
    .bind(seller, start.value ?? "", query.limit + 1, LIMITS.pageChars)
    .all<ProductRow & { readonly found: number }>();
  const rows = results.slice(0, query.limit);
  if (rows.length === 0 && !(await getSeller(db, seller))) {
    return refused("not_found", `There is no seller ${seller}.`);
  }
  const hasMore = (results[0]?.found ?? 0) > rows.length;
  return done({ data: rows.map(productOf), nextCursor: hasMore ? cursorAfter(rows.at(-1)) : null });
}

export async function getProduct(
  db: D1Database,
  seller: SellerId,
  id: Product["id"],
): Promise<Product | undefined> {
  const statement = db.prepare("SELECT * FROM products WHERE seller_id = ?1 AND id = ?2");
  const row = await statement.bind(seller, id).first<ProductRow>();
  return row ? productOf(row) : undefined;
}

/** Links as CSV, with what came of each: clicks, orders and what these came to. Reads D1. */
import { LIMITS } from "../domain/limits.ts";
import { readLinkSales, type LinkSales } from "../settlement/readers/attribution.ts";
import { sumClicks } from "../shop/links/clicks.ts";
import { listLinks, type Link, type LinksOf } from "../shop/links/store.ts";
import { isoOf } from "../wire/instants.ts";
import { amountCell, csvOfPages, type Cells } from "./csv.ts";

const UTM = ["source", "medium", "campaign", "term", "content"] as const;
const COLUMNS = [
  "link",
  "code",
  "url",
  "creator",
  "seller",
  "target",
  "coupon",
  "window_minutes",
  ...UTM.map((field) => `utm_${field}`),
  "created_at",
  "archived_at",
  "clicks",
  "currency",
  "orders",
  "captured",
  "refunded",
  "attributed",
];
/** A code may begin with a hyphen, which makes a formula of it as well. */
const WRITTEN = ["code", "target", "coupon", ...UTM.map((field) => `utm_${field}`)];

/**
 * All links of theirs, newest first, a row for each currency that a link has sold in, and one where it has sold nothing.
 * Clicks are in a link's first row alone, so that the column may be summed.
 */
export function linksCsv(
  db: D1Database,
  wanted: LinksOf,
  urlOf: (link: Link) => string,
): AsyncGenerator<string, void, undefined> {
  return csvOfPages(COLUMNS, WRITTEN, async (cursor) => {
    const page = await listLinks(db, wanted, { limit: LIMITS.listRowsRead, cursor });
    if (!page.ok) return undefined;
    const { data, nextCursor } = page.value;
    const ids = data.map(({ id }) => id);
    const [clicks, sales] = await Promise.all([sumClicks(db, ids, {}), readLinkSales(db, ids, {})]);
    const rows = data.flatMap((link): Cells[] => {
      const [first = { orders: "0" }, ...others] = (sales.get(link.id) ?? []).map(saleCells);
      const cells = { ...linkCells(link), url: urlOf(link) };
      const counted = { ...cells, clicks: String(clicks.get(link.id) ?? 0), ...first };
      return [counted, ...others.map((sale) => ({ ...cells, ...sale }))];
    });
    return { rows, nextCursor };
  });
}

function linkCells({ id, code, creator, seller, target, utm, coupon, windowMinutes, ...times }: Link): Cells {
  const { createdAtMs, archivedAtMs } = times;
  return {
    link: id,
    code,
    creator,
    ...(seller === undefined ? {} : { seller }),
    target: "url" in target ? target.url : target.session,
    ...(coupon === undefined ? {} : { coupon }),
    window_minutes: String(windowMinutes),
    ...Object.fromEntries(Object.entries(utm).map(([field, value]) => [`utm_${field}`, value])),
    created_at: isoOf(createdAtMs),
    ...(archivedAtMs === undefined ? {} : { archived_at: isoOf(archivedAtMs) }),
  };
}

function saleCells({ orders, captured, refunded, attributed }: LinkSales[number]): Cells {
  return {
    currency: captured.currency,
    orders: String(orders),
    captured: amountCell(captured),
    refunded: amountCell(refunded),
    attributed: amountCell(attributed),
  };
}

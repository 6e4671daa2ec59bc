/** To whom orders are attributed, and what links have sold. Reads settlement's tables; for a creator their own part. */
import { and, asc, count, eq, gte, inArray, lt, sql, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import { attributedAmount, type AttributionDecision, type LinkId } from "../../domain/attribution.ts";
import type { PartyId } from "../../domain/ids.ts";
import { money } from "../../domain/money.ts";
import type { attribution, linkStats } from "../../wire/attribution.ts";
import type { Code } from "../../wire/instants.ts";
import type { Period } from "../../wire/periods.ts";
import { attributions } from "../attribution/tables.ts";
import { orders, type OrderRow } from "../tables.ts";
import { among } from "./own.ts";

export type Attribution = Code<z.output<typeof attribution>>;
export type LinkSales = Code<z.output<typeof linkStats>>["sales"];

const SOLD = ["captured", "refunded"] as const;

/**
 * The record of an order, whole for the platform and the order's seller, for a creator their own part. Undefined for
 * whoever has none in it, and for an order from before there were records.
 */
export async function readAttribution(
  db: D1Database,
  row: OrderRow,
  party: PartyId | undefined,
): Promise<Attribution | undefined> {
  const record = await drizzle(db).select().from(attributions).where(eq(attributions.order, row.id)).get();
  if (!record) return undefined;
  const { decision } = record;
  const isWhole = party === undefined || party === row.seller;
  const own = decision.candidates.filter(({ creator }) => isWhole || creator === party);
  if (!isWhole && party !== row.creator && own.length === 0) return undefined;
  const { winner, referral } = decision;
  const isTheirs = isWhole || winner?.creator === party;
  return {
    order: row.id,
    placedAtMs: record.placedAtMs,
    rules: decision.rules,
    windowMs: decision.windowMs,
    candidates: own,
    attributedTo: attributedTo(row, decision),
    ...(winner && isTheirs ? { winner, ...(referral ? { referral } : {}), ...saleOf(row) } : {}),
  };
}

function attributedTo({ creator }: OrderRow, { winner }: AttributionDecision): Attribution["attributedTo"] {
  if (!winner) return "nobody";
  return winner.creator === creator ? "host" : "guest";
}

/** All that was captured is the winner's: nothing of it is anybody else's. */
function saleOf({ status, due, refunded, currency }: OrderRow): Pick<Attribution, "sale"> {
  if (!SOLD.some((sold) => sold === status)) return {};
  const attributed = attributedAmount({ attributed: due, captured: due, refunded });
  return {
    sale: {
      captured: money(due, currency),
      refunded: money(refunded, currency),
      attributed: money(attributed, currency),
    },
  };
}

/** Captured orders that links won, placed in the period: by link, those that won none left out. */
export async function readLinkSales(
  db: D1Database,
  links: readonly LinkId[],
  { fromMs, untilMs }: Period,
): Promise<ReadonlyMap<LinkId, LinkSales>> {
  const rows = await drizzle(db)
    .select({
      // The index is of links that there are.
      link: sql<LinkId>`${attributions.link}`,
      currency: orders.currency,
      orders: count(),
      guestOrders: sum(sql`${orders.creator} IS NOT ${attributions.creator}`).mapWith(Number),
      captured: sum(orders.due).mapWith(Number),
      refunded: sum(orders.refunded).mapWith(Number),
    })
    .from(attributions)
    .innerJoin(orders, eq(orders.id, attributions.order))
    .where(
      and(
        among(attributions.link, links),
        fromMs === undefined ? undefined : gte(attributions.placedAtMs, fromMs),
        untilMs === undefined ? undefined : lt(attributions.placedAtMs, untilMs),
        inArray(orders.status, [...SOLD]),
      ),
    )
    .groupBy(attributions.link, orders.currency)
    .orderBy(asc(orders.currency));
  const byLink = Map.groupBy(rows, ({ link }) => link);
  return new Map([...byLink].map(([link, sales]) => [link, sales.map(linkSaleOf)]));
}

interface LinkSaleRow {
  readonly currency: string;
  readonly orders: number;
  readonly guestOrders: number;
  readonly captured: number;
  readonly refunded: number;
}

function linkSaleOf({ currency, captured, refunded, ...counted }: LinkSaleRow) {
  return {
    orders: counted.orders,
    guestOrders: counted.guestOrders,
    captured: money(captured, currency),
    refunded: money(refunded, currency),
    // Each order is attributed in whole, so that what is left of all is what is left of each, summed up.
    attributed: money(captured - refunded, currency),
  };
}

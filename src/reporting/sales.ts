/** An order's sales by offer and hour: what a capture adds and a refund takes back, to the last minor unit. Pure. */
import { apportion } from "../domain/apportion.ts";
import type { NewOrder } from "../domain/events.ts";
import type { OfferId } from "../domain/ids.ts";
import { LIMITS } from "../domain/limits.ts";
import type { OrderPart, ReportedOffer, ReportedOrder, SalesOfHour, SessionSummary } from "./tables.ts";

/** What a run of events adds to the sales, by offer and hour. */
export type AddedSales = Map<string, SalesOfHour>;

/** An order by its offers, each once and in the order's own order. Throws where an offer is not known. */
export function partsOf(
  { lines }: Pick<NewOrder, "lines">,
  offers: ReadonlyMap<OfferId, ReportedOffer>,
): OrderPart[] {
  return [...Map.groupBy(lines, ({ offer }) => offer)].map(([offer, of]) => {
    const known = offers.get(offer);
    if (!known) throw new Error(`offer ${offer} was sold before it was created`);
    const quantity = of.reduce((sum, line) => sum + line.quantity, 0);
    const due = of.reduce((sum, line) => sum + line.price.due.amount * line.quantity, 0);
    return [offer, quantity * known.units, due, 0];
  });
}

/** All that is due for an order, in minor units. */
export function dueOf({ parts }: Pick<ReportedOrder, "parts">): number {
  return parts.reduce((sum, [, , due]) => sum + due, 0);
}

export function unitsOf({ parts }: Pick<ReportedOrder, "parts">): number {
  return parts.reduce((sum, [, units]) => sum + units, 0);
}

/** An order's payment was captured: its sale is of that hour. */
export function addCapture(
  added: AddedSales,
  summary: SessionSummary,
  { parts }: ReportedOrder,
  atMs: number,
): void {
  for (const [at, [offer, units, due]] of parts.entries()) {
    const sales = salesOf(added, summary, offer, atMs);
    sales.orders += at === 0 ? 1 : 0;
    sales.ordersWith += 1;
    sales.units += units;
    sales.captured += due;
  }
}

/**
 * Some of an order was refunded: it counts in the hour of the refund. Divided by what of each offer was not refunded
 * yet, so that of none more is refunded than was captured, and all of each once all of the order is. Answers the parts
 * after it.
 */
export function addRefund(
  added: AddedSales,
  summary: SessionSummary,
  { parts }: ReportedOrder,
  amount: number,
  unitsReturned: boolean,
  atMs: number,
): OrderPart[] {
  const shares = apportion(
    amount,
    parts.map(([, , due, refunded]) => due - refunded),
  );
  return parts.map(([offer, units, due, refunded], at) => {
    const share = shares[at] ?? 0;
    const sales = salesOf(added, summary, offer, atMs);
    sales.refunded += share;
    sales.unitsReturned += unitsReturned ? units : 0;
    return [offer, units, due, refunded + share];
  });
}

function salesOf(
  added: AddedSales,
  { session, seller, creator, currency }: SessionSummary,
  offer: OfferId,
  atMs: number,
): SalesOfHour {
  const hourAtMs = atMs - (atMs % LIMITS.reportHourMs);
  const key = `${offer} ${hourAtMs}`;
  const known = added.get(key);
  if (known) return known;
  const none = { orders: 0, ordersWith: 0, units: 0, unitsReturned: 0, captured: 0, refunded: 0 };
  const sales = { session, offer, hourAtMs, seller, creator, currency, ...none };
  added.set(key, sales);
  return sales;
}

/** Refunds and disputes as they are read. Reads settlement's tables. */
import { and, asc, desc, eq, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { DisputeId, OrderId, PartyId, SessionId } from "../../domain/ids.ts";
import { money, type Money } from "../../domain/money.ts";
import { LEGS, type LegOf, type Legs } from "../../domain/split.ts";
import { eventIdOf } from "../../wire/events.ts";
import type { Code } from "../../wire/instants.ts";
import type { dispute, refund } from "../../wire/returns.ts";
import { settledOrders, type SettledOrder } from "../ledger/tables.ts";
import { disputes, refunds, type DisputeRow, type RefundRow } from "../returns/tables.ts";
import { BY_TIME, pageOf, searched, startOf, type Page, type PageQuery } from "./pages.ts";

export type RefundShown = Code<z.output<typeof refund>>;
export type DisputeShown = Code<z.output<typeof dispute>>;

/** An order's refunds, oldest first. Undefined when the cursor is not one of ours. */
export async function listRefunds(
  db: D1Database,
  query: PageQuery & { readonly order: OrderId; readonly session: SessionId },
): Promise<Page<RefundShown> | undefined> {
  const start = startOf(query, BY_TIME);
  if (!start.ok) return undefined;
  const { order, session, limit } = query;
  const { after } = start;
  const { id, createdAtMs } = refunds;
  const rows = await drizzle(db)
    .select()
    .from(refunds)
    .where(
      and(
        eq(refunds.order, order),
        after && sql`(${createdAtMs}, ${id}) > (${Number(after[0])}, ${after[1]})`,
      ),
    )
    .orderBy(asc(createdAtMs), asc(id))
    .limit(limit + 1);
  return pageOf(
    rows,
    limit,
    (row) => [row.createdAtMs, row.id],
    (row) => refundOf(row, session),
  );
}

export function refundOf(row: RefundRow, session: SessionId): RefundShown {
  const { id, order, amount, currency, returnUnits, status, provider, providerId, failure } = row;
  const { eventSeq, replacedBy } = row;
  return {
    id,
    order,
    amount: money(amount, currency),
    returnUnits,
    status,
    provider,
    ...(providerId === null ? {} : { providerId }),
    ...(failure === null ? {} : { failure }),
    ...(replacedBy === null ? {} : { replacedBy }),
    ...(eventSeq === null ? {} : { event: eventIdOf(session, eventSeq) }),
    createdAtMs: row.createdAtMs,
    updatedAtMs: row.updatedAtMs,
  };
}

interface Wanted {
  /** Whose orders the disputes are about. */
  readonly of?: PartyId | undefined;
  readonly order?: OrderId | undefined;
  readonly status?: DisputeRow["status"] | undefined;
}

/**
 * Newest first, as `viewer` may see them. Of one status, or of a party's orders, a page may be shorter than asked for, even
 * empty, before the last. Undefined when the cursor is not one of ours.
 */
export async function listDisputes(
  db: D1Database,
  query: PageQuery & Wanted,
  viewer: PartyId | undefined,
): Promise<Page<DisputeShown> | undefined> {
  const start = startOf(query, BY_TIME);
  if (!start.ok) return undefined;
  const { of, order, status, limit } = query;
  const { id, openedAtMs } = disputes;
  const isWanted = (one: Disputed): boolean =>
    (status === undefined || one.row.status === status) &&
    [of, viewer].every((party) => party === undefined || ownLegs(one, party).length > 0);
  const page = await searched<Disputed>(limit, start.after, {
    next: (after, most) =>
      selectDisputes(
        db,
        and(
          order === undefined ? undefined : eq(disputes.order, order),
          after && sql`(${openedAtMs}, ${id}) < (${Number(after[0])}, ${after[1]})`,
        ),
      )
        .orderBy(desc(openedAtMs), desc(id))
        .limit(most),
    isWanted: of || viewer || status ? isWanted : undefined,
    keysOf: ({ row }) => [row.openedAtMs, row.id],
  });
  return { ...page, data: page.data.map((one) => disputeOf(one, viewer)) };
}

/** A dispute; undefined where there is none, or of nobody's order that the viewer has a part in. */
export async function findDispute(
  db: D1Database,
  id: DisputeId,
  viewer: PartyId | undefined,
): Promise<DisputeShown | undefined> {
  const [found] = await selectDisputes(db, and(eq(disputes.id, id), viewer && isPartyTo(viewer)));
  return found && disputeOf(found, viewer);
}

/** Who has a part in an order. */
type PartiesOf = Pick<SettledOrder, "seller" | "creator" | "guest">;

/** A dispute, and whose order it is about. */
interface Disputed extends PartiesOf {
  readonly row: DisputeRow;
}

function selectDisputes(db: D1Database, where: SQL | undefined) {
  const { seller, creator, guest } = settledOrders;
  return drizzle(db)
    .select({ row: disputes, seller, creator, guest })
    .from(disputes)
    .innerJoin(settledOrders, eq(settledOrders.order, disputes.order))
    .where(where)
    .$dynamic();
}

function isPartyTo(party: PartyId): SQL {
  return sql`${party} IN (${settledOrders.seller}, ${settledOrders.creator}, ${settledOrders.guest})`;
}

function disputeOf({ row, ...parties }: Disputed, viewer: PartyId | undefined): DisputeShown {
  const { id, order, amount, currency, status, reason, provider, providerId } = row;
  return {
    id,
    order,
    amount: money(amount, currency),
    status,
    reason,
    provider,
    providerId,
    atStake: legsFor(row.legs, currency, viewer === undefined ? LEGS : ownLegs(parties, viewer)),
    ...(viewer === undefined ? { fee: money(row.feeAmount, row.feeCurrency) } : {}),
    openedAtMs: row.openedAtMs,
    updatedAtMs: row.updatedAtMs,
  };
}

/** The legs of an order that are a party's own; none for whoever has no part in it. */
export function ownLegs({ seller, creator, guest }: PartiesOf, party: PartyId): LegOf[] {
  const owners = { seller, creator, referral: guest } as const;
  return (["seller", "creator", "referral"] as const).filter((leg) => owners[leg] === party);
}

/** Some legs of an order as amounts. */
export function legsFor(
  legs: Legs,
  currency: string,
  which: readonly LegOf[],
): Partial<Record<LegOf, Money>> {
  return Object.fromEntries(which.map((leg) => [leg, money(legs[leg], currency)]));
}

/**
 * The ledger as a projection of order events: transactions, settled orders, accrued transfers and cursor in one batch.
 * May touch settlement's tables. It is never built anew: what is recorded stays.
 */
import { desc, eq, getTableColumns, inArray, sql } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import type { AttributionDecision } from "../../domain/attribution.ts";
import type { Event } from "../../domain/events.ts";
import type { ContractId, OrderId, SessionId } from "../../domain/ids.ts";
import type { ProjectionStore } from "../../domain/projection.ts";
import { attributions } from "../attribution/tables.ts";
import { readContractVersions } from "../contracts.ts";
import { cursorOf, moveCursor, selectCursor } from "../cursors.ts";
import { jsonFields, jsonPieces, prepared } from "../d1.ts";
import { accrue, followOwed } from "../movements/accrual.ts";
import { noteRefunded } from "../returns/refund-rows.ts";
import { orders } from "../tables.ts";
import { ordersSettledBy, settle, type GuestReferral, type Settling } from "./settle.ts";
import { attempt, record } from "./store.ts";
import { settledOrders, type SettledOrder } from "./tables.ts";

/** The ledger's side of one session's orders. */
export function ledgerStore(d1: D1Database, session: SessionId): ProjectionStore {
  const db = drizzle(d1);
  return {
    cursor: () => cursorOf(db, "ledger", session),
    async apply(cursor, events) {
      const settling = await readSettling(db, d1, session, cursor, events);
      if (!settling) return false;
      const known = new Map(settling.settled);
      settle(settling, events);
      const isElsewhere = async () => (await cursorOf(db, "ledger", session)) !== cursor;
      const statements = [
        prepared(d1, moveCursor(db, "ledger", session, cursor, events.at(-1)?.seq ?? cursor)),
        ...writeSettled(d1, known, settling.settled),
        ...record(d1, settling.recorded),
        forgetLooks(d1, newlySettled(known, settling.settled)),
        ...accrue(d1, newlySettled(known, settling.settled)),
        ...followOwed(d1, refundedBy(events), events.at(-1)?.atMs ?? 0),
        ...noteRefunded(d1, events),
      ];
      return attempt(d1, statements, isElsewhere);
    },
  };
}

async function readSettling(
  db: DrizzleD1Database,
  d1: D1Database,
  session: SessionId,
  cursor: number,
  events: readonly Event[],
): Promise<Settling | undefined> {
  const ids = sql`(SELECT value FROM json_each(${JSON.stringify(ordersSettledBy(events))}))`;
  const [cursors, orderRows, decided, settledRows, [last]] = await db.batch([
    selectCursor(db, "ledger", session),
    db.select().from(orders).where(inArray(orders.id, ids)),
    db
      .select({ order: attributions.order, decision: attributions.decision })
      .from(attributions)
      .where(inArray(attributions.order, ids)),
    db.select().from(settledOrders).where(inArray(settledOrders.order, ids)),
    db
      .select({ basis: settledOrders.basis, total: settledOrders.total })
      .from(settledOrders)
      .where(eq(settledOrders.session, session))
      .orderBy(desc(settledOrders.seq))
      .limit(1),
  ]);
  if ((cursors[0]?.seq ?? 0) !== cursor) return undefined;
  const named = new Set(orderRows.flatMap(({ contract }) => (contract === null ? [] : [contract])));
  const contracts = await Promise.all(
    [...named].map(async (id): Promise<[ContractId, Awaited<ReturnType<typeof readContractVersions>>]> => [
      id,
      await readContractVersions(d1, id),
    ]),
  );
  return {
    orders: new Map(orderRows.map((row) => [row.id, row])),
    contracts: new Map(contracts),
    // Orders come before the ledger, and each with its decision.
    referrals: new Map(decided.flatMap(({ order, decision }) => guestReferral(order, decision))),
    // Orders are settled one after the other: the last one knows what came before it.
    volume: last ? last.basis.volume + last.total : 0,
    settled: new Map(settledRows.map((row) => [row.order, row])),
    recorded: [],
  };
}

function guestReferral(order: OrderId, decision: AttributionDecision): [OrderId, GuestReferral][] {
  const { winner, referral } = decision;
  if (!winner || !referral || "none" in referral) return [];
  return [[order, { guest: winner.creator, basisPoints: referral.basisPoints }]];
}

/** Looks at an order that was open say nothing of one that is captured: its charge is asked for at once. */
function forgetLooks(d1: D1Database, settled: readonly SettledOrder[]): D1PreparedStatement {
  const ids = JSON.stringify(settled.map(({ order }) => order));
  return d1.prepare('DELETE FROM order_looks WHERE "order" IN (SELECT value FROM json_each(?1))').bind(ids);
}

type SettledMap = ReadonlyMap<OrderId, SettledOrder>;

function newlySettled(known: SettledMap, now: SettledMap): SettledOrder[] {
  return [...now.values()].filter(({ order }) => !known.has(order));
}

/** New rows are added; of known ones what was returned is, unless somebody else has returned some meanwhile. */
function writeSettled(d1: D1Database, known: SettledMap, now: SettledMap): D1PreparedStatement[] {
  const added = newlySettled(known, now);
  const changed = [...now.values()].flatMap((after) => {
    const before = known.get(after.order);
    return before && before !== after ? [{ before, after }] : [];
  });
  return [
    ...jsonPieces(added.map(rowAsJson)).map((piece) => d1.prepare(ADD).bind(piece)),
    ...changed.map(({ before, after }) => returnStatement(d1, before, after)),
  ];
}

function rowAsJson(row: SettledOrder): object {
  return {
    ...row,
    legs: JSON.stringify(row.legs),
    basis: JSON.stringify(row.basis),
    returnedLegs: JSON.stringify(row.returnedLegs),
  };
}

const COLUMNS = Object.values(getTableColumns(settledOrders)).map(({ name }) => `"${name}"`);
const ADD = `
INSERT INTO settled_orders (${COLUMNS.join()})
SELECT ${jsonFields(settledOrders)} FROM json_each(?1)`;

function refundedBy(events: readonly Event[]): OrderId[] {
  return events.flatMap((event) => (event.type === "order.refunded" ? [event.order] : []));
}

/** A count of returns that has moved on makes the new one NULL, which the column refuses, and the batch with it. */
const RETURN = `
UPDATE settled_orders SET returned = ?2, returned_legs = ?3, returns = CASE WHEN returns = ?4 THEN ?5 END,
  reserved = ?6, reserved_until_at_ms = ?7
WHERE "order" = ?1`;

/** Writes what of a settled order has gone back and is kept back; fails the batch when that has changed since it was read. */
export function returnStatement(
  d1: D1Database,
  before: SettledOrder,
  after: SettledOrder,
): D1PreparedStatement {
  const { order, returned, returnedLegs, returns, reserved, reservedUntilAtMs } = after;
  return d1
    .prepare(RETURN)
    .bind(
      order,
      returned,
      JSON.stringify(returnedLegs),
      before.returns,
      returns,
      reserved,
      reservedUntilAtMs,
    );
}

export async function settledOrder(d1: D1Database, order: OrderId): Promise<SettledOrder | undefined> {
  return drizzle(d1).select().from(settledOrders).where(eq(settledOrders.order, order)).get();
}

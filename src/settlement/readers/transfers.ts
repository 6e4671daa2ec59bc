/** Transfers and what each can be traced to. Reads settlement's tables. */
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { OrderId, PartyId, PayoutId, SessionId, TransferId } from "../../domain/ids.ts";
import { money } from "../../domain/money.ts";
import { eventIdOf } from "../../wire/events.ts";
import type { Code } from "../../wire/instants.ts";
import type { tracedTransfer, transfer } from "../../wire/transfers.ts";
import { settledOrders } from "../ledger/tables.ts";
import {
  payoutTransfers,
  reversals,
  transfers,
  type MovementStatus,
  type ReversalRow,
  type TransferRow,
} from "../movements/tables.ts";
import { among } from "./own.ts";
import { BY_TIME, searched, startOf, type Page, type PageQuery } from "./pages.ts";
import { recordedById, type Recorded } from "./recorded.ts";
import { sentOf } from "./sent.ts";

export type Transfer = Code<z.output<typeof transfer>>;
export type TracedTransfer = Code<z.output<typeof tracedTransfer>>;

/** Which transfers are listed; all of them without any of it. */
export interface TransfersWanted {
  readonly party?: PartyId | undefined;
  readonly order?: OrderId | undefined;
  readonly session?: SessionId | undefined;
  readonly status?: MovementStatus | undefined;
  readonly payout?: PayoutId | undefined;
}

/**
 * Newest first. Of one status a page may be shorter than asked for, even empty, before the last. Undefined when the
 * cursor is not one of ours.
 */
export async function listTransfers(
  d1: D1Database,
  query: PageQuery & TransfersWanted,
): Promise<Page<Transfer> | undefined> {
  const start = startOf(query, BY_TIME);
  if (!start.ok) return undefined;
  const { party, order, session, status, payout, limit } = query;
  const { id, createdAtMs } = transfers;
  // What is of one order, session or payout is looked at one by one, not looked for among all that a party ever had.
  const isOfFew = [order, session, payout].some((named) => named !== undefined);
  const of = and(
    party && (isOfFew ? sql`+${transfers.party} = ${party}` : eq(transfers.party, party)),
    order === undefined ? undefined : eq(transfers.order, order),
    session === undefined ? undefined : inArray(transfers.order, ordersOf(d1, session)),
    payout === undefined ? undefined : isIn(payout),
  );
  const page = await searched<TransferRow>(limit, start.after, {
    next: (after, most) =>
      drizzle(d1)
        .select()
        .from(transfers)
        .where(and(of, after && sql`(${createdAtMs}, ${id}) < (${Number(after[0])}, ${after[1]})`))
        .orderBy(desc(createdAtMs), desc(id))
        .limit(most),
    isWanted: status && ((row) => row.status === status),
    keysOf: (row) => [row.createdAtMs, row.id],
  });
  return { ...page, data: page.data.map(transferOf) };
}

function ordersOf(d1: D1Database, session: SessionId) {
  return drizzle(d1)
    .select({ order: settledOrders.order })
    .from(settledOrders)
    .where(eq(settledOrders.session, session));
}

/** A payout that came back has its transfers no more, but still knows them. */
function isIn(payout: PayoutId) {
  return sql`${transfers.id} IN (SELECT ${payoutTransfers.transfer} FROM ${payoutTransfers} WHERE ${payoutTransfers.payout} = ${payout})`;
}

function transferOf(row: TransferRow): Transfer {
  const { id, party, order, reversed, currency, charge, payout } = row;
  return {
    id,
    party,
    order,
    ...sentOf(row),
    reversed: money(reversed, currency),
    ...(charge === null ? {} : { charge }),
    ...(payout === null ? {} : { payout }),
  };
}

/** A transfer with its reversals, its transactions and the event behind it; undefined where there is none, or not the party's. */
export async function findTransfer(
  d1: D1Database,
  id: TransferId,
  party: PartyId | undefined,
): Promise<TracedTransfer | undefined> {
  const isTheirs = party && eq(transfers.party, party);
  const rows = await drizzle(d1)
    .select()
    .from(transfers)
    .where(and(eq(transfers.id, id), isTheirs));
  const [found] = await traced(d1, rows);
  return found;
}

/** An order's transfers, oldest first, so many at most. */
export async function transfersOf(
  d1: D1Database,
  order: OrderId,
  party: PartyId | undefined,
  limit: number,
): Promise<TracedTransfer[]> {
  const isTheirs = party && eq(transfers.party, party);
  const rows = await drizzle(d1)
    .select()
    .from(transfers)
    .where(and(eq(transfers.order, order), isTheirs))
    .orderBy(asc(transfers.createdAtMs), asc(transfers.id))
    .limit(limit);
  return traced(d1, rows);
}

async function traced(d1: D1Database, rows: readonly TransferRow[]): Promise<TracedTransfer[]> {
  if (rows.length === 0) return [];
  const db = drizzle(d1);
  const [back, settled] = await db.batch([
    db
      .select()
      .from(reversals)
      .where(
        among(
          reversals.transfer,
          rows.map(({ id }) => id),
        ),
      )
      .orderBy(asc(reversals.createdAtMs), asc(reversals.id)),
    db
      .select({ order: settledOrders.order, session: settledOrders.session, seq: settledOrders.seq })
      .from(settledOrders)
      .where(
        among(
          settledOrders.order,
          rows.map(({ order }) => order),
        ),
      ),
  ]);
  const recorded = await recordedById(d1, [...rows.flatMap(namesOf), ...back.flatMap(reversalNamesOf)]);
  return rows.flatMap((row) => {
    const origin = settled.find(({ order }) => order === row.order);
    if (!origin) return [];
    return [
      {
        ...transferOf(row),
        session: origin.session,
        event: eventIdOf(origin.session, origin.seq),
        transactions: known(recorded, namesOf(row)),
        reversals: back
          .filter(({ transfer: of }) => of === row.id)
          .map((one) => ({
            id: one.id,
            transfer: one.transfer,
            order: one.order,
            ...sentOf(one),
            transactions: known(recorded, reversalNamesOf(one)),
          })),
      },
    ];
  });
}

function namesOf({ id, order }: TransferRow): string[] {
  return [`sale:${order}`, `transfer_started:${id}`, `transfer_sent:${id}`, `transfer_failed:${id}`];
}

function reversalNamesOf({ id }: ReversalRow): string[] {
  return [`reversal_started:${id}`, `reversal_sent:${id}`, `reversal_failed:${id}`];
}

/** In the order in which they are made, of which some have not been. */
function known(recorded: ReadonlyMap<string, Recorded>, names: readonly string[]): Recorded[] {
  return names.flatMap((name) => recorded.get(name) ?? []);
}

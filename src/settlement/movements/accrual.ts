/** What parties have earned and cannot have yet: a transfer row for each leg of a captured order. */
import { transferIdOf, type PartyId } from "../../domain/ids.ts";
import { jsonPieces } from "../d1.ts";
import type { SettledOrder } from "../ledger/tables.ts";

const ACCRUE = `
INSERT INTO transfers (id, party, "order", currency, amount, status, attempts, reversed, created_at_ms, updated_at_ms)
SELECT value ->> 'id', value ->> 'party', value ->> 'order', value ->> 'currency', value ->> 'amount', 'accrued', 0, 0,
  value ->> 'atMs', value ->> 'atMs' FROM json_each(?1)`;

/** Statements that accrue the seller's and the creator's legs, where there is something to be had. */
export function accrue(db: D1Database, settled: readonly SettledOrder[]): D1PreparedStatement[] {
  const rows = settled.flatMap((order) =>
    earned(order).map(([party, amount]) => ({
      id: transferIdOf(order.order, party, 1),
      party,
      order: order.order,
      currency: order.currency,
      amount,
      atMs: order.capturedAtMs,
    })),
  );
  return jsonPieces(rows).map((piece) => db.prepare(ACCRUE).bind(piece));
}

function earned({ seller, creator, legs, reserved }: SettledOrder): [PartyId, number][] {
  const parties: [PartyId, number][] = [[seller, legs.seller - reserved]];
  if (creator !== null) parties.push([creator, legs.creator]);
  return parties.filter(([, amount]) => amount > 0);
}

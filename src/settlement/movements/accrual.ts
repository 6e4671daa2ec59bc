/** What parties have earned and cannot have yet: a transfer row for each leg of a captured order, of what is owed for it. */
import { transferIdOf, type OrderId, type OrderSide, type PartyId } from "../../domain/ids.ts";
import { jsonPieces } from "../d1.ts";
import type { SettledOrder } from "../ledger/tables.ts";

const ACCRUE = `
INSERT INTO transfers (id, party, "order", currency, amount, status, attempts, reversed, created_at_ms, updated_at_ms)
SELECT value ->> 'id', value ->> 'party', value ->> 'order', value ->> 'currency', value ->> 'amount', 'accrued', 0, 0,
  value ->> 'atMs', value ->> 'atMs' FROM json_each(?1)`;

/** Statements that accrue the legs of the seller, the creator and the guest, where there is something to be had. */
export function accrue(db: D1Database, settled: readonly SettledOrder[]): D1PreparedStatement[] {
  const rows = settled.flatMap((order) =>
    earned(order).map(([side, party, amount]) => ({
      id: transferIdOf(order.order, side, 1),
      party,
      order: order.order,
      currency: order.currency,
      amount,
      atMs: order.capturedAtMs,
    })),
  );
  return jsonPieces(rows).map((piece) => db.prepare(ACCRUE).bind(piece));
}

function earned({ seller, creator, guest, legs, reserved }: SettledOrder): [OrderSide, PartyId, number][] {
  const parties: [OrderSide, PartyId, number][] = [["seller", seller, legs.seller - reserved]];
  if (creator !== null) parties.push(["creator", creator, legs.creator]);
  if (guest !== null) parties.push(["guest", guest, legs.referral]);
  return parties.filter(([, , amount]) => amount > 0);
}

/** What a transfer's party is owed for its order, as `p`. */
const OWED = `
JOIN ledger_positions p ON p."order" = t."order" AND p.currency = t.currency
  AND p.account = CASE WHEN t.party LIKE 'sel%' THEN 'seller:' ELSE 'creator:' END || t.party || ':payable'`;

const FOLLOW = `
UPDATE transfers SET updated_at_ms = ?2, amount = CASE WHEN w.owed > 0 THEN w.owed ELSE amount END,
  status = CASE WHEN w.owed > 0 THEN status ELSE 'returned' END
FROM (
  SELECT t.id, -p.amount AS owed FROM transfers t ${OWED}
  WHERE t."order" IN (SELECT value FROM json_each(?1)) AND t.status IN ('accrued', 'payable') AND -p.amount <> t.amount
) AS w
WHERE transfers.id = w.id`;

/**
 * Statements, for the batch that records what changed, by which the waiting transfers of orders follow what their
 * parties are owed for them: for another amount, or for nothing at all any more.
 */
export function followOwed(db: D1Database, orders: readonly OrderId[], atMs: number): D1PreparedStatement[] {
  return jsonPieces(orders).map((piece) => db.prepare(FOLLOW).bind(piece, atMs));
}

/** From the accounts' side: what waits for a party that cannot be paid is not looked at. */
const SWEEP = `
UPDATE transfers SET updated_at_ms = ?3, amount = CASE WHEN w.owed > 0 THEN w.owed ELSE amount END,
  status = CASE WHEN w.owed <= 0 THEN 'returned' WHEN w.can_move THEN 'payable' ELSE status END
FROM (
  SELECT t.id, -p.amount AS owed, (s.charged_at_ms IS NOT NULL AND s.provider IS a.provider) AS can_move
  FROM payment_accounts a
    CROSS JOIN transfers t ON t.party = a.party AND t.status IN ('accrued', 'payable')
    ${OWED}
    JOIN settled_orders s ON s."order" = t."order"
  WHERE a.provider = ?1 AND a.status = 'enabled' AND (-p.amount <> t.amount
    OR (t.status = 'accrued' AND s.charged_at_ms IS NOT NULL AND s.provider IS a.provider))
  LIMIT ?2) AS w
WHERE transfers.id = w.id`;

/** Makes what waits for parties that can be paid payable as soon as its charge is there, and as much as is owed. */
export async function sweepWaiting(
  db: D1Database,
  provider: string,
  limit: number,
  atMs: number,
): Promise<void> {
  await db.prepare(SWEEP).bind(provider, limit, atMs).run();
}

/** Refunds in D1: asked for, sent, known to their session. May touch the refunds' table. */
import type { Event } from "../../domain/events.ts";
import { jsonPieces } from "../d1.ts";

/** What the session says of a refund: that it knows it; a row nobody has asked for is made, and is sent by the cron. */
const NOTE_REFUNDED = `
INSERT INTO refunds (id, "order", currency, amount, return_units, status, provider, event_seq, attempts,
  next_attempt_at_ms, created_at_ms, updated_at_ms)
SELECT value ->> 'refund', value ->> 'order', value ->> 'currency', value ->> 'amount', value ->> 'returnUnits',
  CASE WHEN value ->> 'amount' = 0 THEN 'sent' ELSE 'requested' END, coalesce(o.payment_provider, 'credit'),
  value ->> 'seq', 0, CASE WHEN value ->> 'amount' > 0 THEN value ->> 'atMs' END, value ->> 'atMs', value ->> 'atMs'
FROM json_each(?1) LEFT JOIN orders o ON o.id = value ->> 'order' WHERE true
ON CONFLICT (id) DO UPDATE SET event_seq = excluded.event_seq, updated_at_ms = excluded.updated_at_ms`;

/** Statements that note which refunds their session knows. */
export function noteRefunded(db: D1Database, events: readonly Event[]): D1PreparedStatement[] {
  const rows = events.flatMap((event) =>
    event.type === "order.refunded"
      ? [
          {
            refund: event.refund,
            order: event.order,
            ...event.amount,
            returnUnits: event.unitsReturned,
            seq: event.seq,
            atMs: event.atMs,
          },
        ]
      : [],
  );
  return jsonPieces(rows).map((piece) => db.prepare(NOTE_REFUNDED).bind(piece));
}

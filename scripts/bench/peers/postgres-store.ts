// The peer that keeps it relational: PostgreSQL, one transaction a tap (a one-row update and its inserts) in one round
// trip, on disk before the answer (fsync and synchronous_commit are on).
import postgres from "postgres";
import { HOLD_MS, PER_VIEWER } from "../traffic.ts";
import { answerOf, type Reserved, type Store } from "./tap.ts";

/** Connections, each with a pipeline of transactions. All wait for the one hot row: of 1, 2, 4, 8, 16 and 32 this was the fastest. */
const CONNECTIONS = 4;

const SCHEMA = `
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
SET search_path TO bench;
CREATE TABLE pools (offer text PRIMARY KEY, allocated integer NOT NULL, held integer NOT NULL,
  CHECK (held BETWEEN 0 AND allocated)) WITH (fillfactor = 50);
CREATE TABLE answers (id text PRIMARY KEY, fingerprint text NOT NULL, answer text NOT NULL, at_ms bigint NOT NULL);
CREATE TABLE tokens (id text PRIMARY KEY, expires_ms bigint NOT NULL);
CREATE TABLE viewer_units (viewer text, offer text, units integer NOT NULL, PRIMARY KEY (viewer, offer));
CREATE TABLE reservations (id text PRIMARY KEY, viewer text NOT NULL, offer text NOT NULL, quantity integer NOT NULL,
  status text NOT NULL, expires_ms bigint NOT NULL);
CREATE INDEX deadlines ON reservations (expires_ms) WHERE status = 'held';

CREATE FUNCTION reserve(command text, print text, token text, token_expires bigint, viewer_ text, offer_ text,
  reservation text, quantity_ integer, cap integer, now_ms bigint, deadline bigint, answer_ text)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  kept answers%ROWTYPE;
  expired integer;
BEGIN
  SELECT * INTO kept FROM answers WHERE id = command;
  IF FOUND THEN
    IF kept.fingerprint = print THEN RETURN kept.answer; END IF;
    RETURN '!idempotency_key_reused';
  END IF;
  INSERT INTO tokens VALUES (token, token_expires) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN '!token_used'; END IF;
  INSERT INTO viewer_units VALUES (viewer_, offer_, quantity_)
    ON CONFLICT (viewer, offer) DO UPDATE SET units = viewer_units.units + excluded.units
    WHERE viewer_units.units + excluded.units <= cap;
  IF NOT FOUND THEN RAISE EXCEPTION 'limit_reached' USING ERRCODE = 'DC001'; END IF;
  INSERT INTO reservations VALUES (reservation, viewer_, offer_, quantity_, 'held', deadline);
  INSERT INTO answers VALUES (command, print, answer_, now_ms);
  -- The hot row last: it is locked until the commit is on disk.
  WITH due AS (
    UPDATE reservations SET status = 'expired'
    WHERE id IN (SELECT id FROM reservations WHERE status = 'held' AND offer = offer_ AND expires_ms <= now_ms
      LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING quantity)
  SELECT coalesce(sum(quantity), 0) INTO expired FROM due;
  UPDATE pools SET held = held - expired + quantity_ WHERE offer = offer_ AND held - expired + quantity_ <= allocated;
  IF NOT FOUND THEN RAISE EXCEPTION 'out_of_stock' USING ERRCODE = 'DC001'; END IF;
  RETURN answer_;
END $$;`;

/** Raised by the function for a refusal that takes everything back. */
const REFUSED = "DC001";

export function postgresStore(socketFolder: string, offer: string): Store {
  const sql = postgres({
    host: socketFolder,
    username: "postgres",
    database: "postgres",
    max: CONNECTIONS,
    onnotice: () => undefined,
    connection: { search_path: "bench" },
  });
  return {
    async open(stock) {
      await sql.unsafe(SCHEMA);
      await sql`INSERT INTO pools VALUES (${offer}, ${stock}, 0)`;
    },
    async reserve(asked): Promise<Reserved> {
      const { claims, commandId, fingerprint, reservation, quantity, nowMs } = asked;
      try {
        const [row] = await sql<
          [{ word: string }]
        >`SELECT reserve(${commandId}, ${fingerprint}, ${claims.token},
          ${claims.expiresAtMs}, ${claims.viewer}, ${claims.offer}, ${reservation}, ${quantity}, ${PER_VIEWER},
          ${nowMs}, ${nowMs + HOLD_MS}, ${answerOf(asked, HOLD_MS)}) AS word`;
        return row.word.startsWith("!") ? { refused: row.word.slice(1) } : { answer: row.word };
      } catch (error) {
        if (error instanceof postgres.PostgresError && error.code === REFUSED)
          return { refused: error.message };
        throw error;
      }
    },
    async missing(reservations) {
      const [row] = await sql<[{ there: number }]>`
        SELECT count(*)::int AS there FROM reservations WHERE id = ANY(${[...reservations]}) AND status = 'held'`;
      return reservations.length - row.there;
    },
    async count() {
      const [row] = await sql<[{ held: number; reservations: number }]>`
        SELECT held, (SELECT count(*)::int FROM reservations WHERE status = 'held') AS reservations FROM pools`;
      return { ...row };
    },
  };
}

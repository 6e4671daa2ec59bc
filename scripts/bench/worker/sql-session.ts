// The same reservations the usual way: every one a set of SQL rows, in an object of the same kind. It keeps the same
// promises: one answer for one command id, a token bought with once, a cap per viewer, stock that is counted, a hold
// with a deadline, and an event for whoever is told of it.
import { DurableObject } from "cloudflare:workers";
import type { Envelope, ReserveRequest } from "../../../src/domain/commands.ts";
import type { SessionId } from "../../../src/domain/ids.ts";
import {
  DROP,
  HOLD_MS,
  newSession,
  PER_VIEWER,
  reservationOf,
  reservationsOf,
  skuAt,
  type Opening,
} from "../traffic.ts";
import { countRows } from "./rows.ts";
import type { InsideResult } from "./bench-session.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS pools (
    sku TEXT PRIMARY KEY, allocated INTEGER NOT NULL, held INTEGER NOT NULL, committed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS offers (
    id TEXT PRIMARY KEY, sku TEXT NOT NULL, status TEXT NOT NULL, price_version INTEGER NOT NULL,
    per_viewer INTEGER NOT NULL, hold_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tokens (id TEXT PRIMARY KEY, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS viewer_units (
    viewer TEXT NOT NULL, offer TEXT NOT NULL, units INTEGER NOT NULL,
    PRIMARY KEY (viewer, offer)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reservations (
    id TEXT PRIMARY KEY, viewer TEXT NOT NULL, offer TEXT NOT NULL, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
    price TEXT NOT NULL, status TEXT NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deadlines ON reservations (expires_ms) WHERE status = 'held';
  CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event TEXT NOT NULL) STRICT;`;

/** Everything that decides, in one statement. */
const LOOK = `
  SELECT o.sku, o.status, o.price_version, o.per_viewer, o.hold_ms, p.allocated - p.held - p.committed AS available,
    (SELECT units FROM viewer_units WHERE viewer = ? AND offer = o.id) AS had,
    EXISTS (SELECT 1 FROM tokens WHERE id = ?) AS spent
  FROM offers o JOIN pools p ON p.sku = o.sku WHERE o.id = ?`;

type Look = {
  sku: string;
  status: string;
  price_version: number;
  per_viewer: number;
  hold_ms: number;
  available: number;
  had: number | null;
  spent: number;
};

export class SqlSession extends DurableObject {
  readonly #sql = this.ctx.storage.sql;
  readonly #rows = countRows(this.ctx);
  #ready: Envelope[] = [];

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#sql.exec(TABLES);
  }

  async makeReady({ offers, stock }: Opening): Promise<void> {
    const session = (this.ctx.id.name ?? newSession()) as SessionId;
    for (let index = 0; index < offers; index++) {
      const id = index === 0 ? DROP : `${DROP}-${index}`;
      this.#sql.exec("INSERT INTO pools VALUES (?, ?, 0, 0)", skuAt(index), stock);
      this.#sql.exec(
        "INSERT INTO offers VALUES (?, ?, 'open', 1, ?, ?)",
        id,
        skuAt(index),
        PER_VIEWER,
        HOLD_MS,
      );
    }
    const nowMs = Date.now();
    this.#ready = reservationsOf(session, nowMs, stock);
    await this.ctx.storage.sync();
  }

  /** Batches, each one commit, on disk before the next begins. */
  async runInside({ size }: { size: number }): Promise<InsideResult> {
    const before = this.#rows();
    const envelopes = this.#ready;
    this.#ready = [];
    let held = 0;
    for (let at = 0; at < envelopes.length; at += size) {
      const answers = this.#turn(envelopes.slice(at, at + size));
      await this.ctx.storage.sync();
      for (const answer of answers) if (!("refused" in answer)) held += 1;
    }
    return { held, rows: this.#rows() - before };
  }

  /** Whether a tap more than there is stock for is refused, and how many units are held. */
  async look(): Promise<{ refused: boolean; held: number }> {
    const [answer] = this.#turn([reservationOf(newSession(), Date.now())]);
    const { held } = this.#sql.exec<{ held: number }>("SELECT held FROM pools WHERE sku = ?", skuAt(0)).one();
    return { refused: answer !== undefined && "refused" in answer, held };
  }

  #turn(envelopes: readonly Envelope[]): object[] {
    const nowMs = Date.now();
    this.#expire(nowMs);
    return envelopes.map((envelope) => this.#reserve(envelope, nowMs));
  }

  #expire(nowMs: number): void {
    const due = this.#sql.exec<{ id: string; sku: string; quantity: number }>(
      "SELECT id, sku, quantity FROM reservations WHERE status = 'held' AND expires_ms <= ? LIMIT 1000",
      nowMs,
    );
    for (const { id, sku, quantity } of due.toArray()) {
      this.#sql.exec("UPDATE reservations SET status = 'expired' WHERE id = ?", id);
      this.#sql.exec("UPDATE pools SET held = held - ? WHERE sku = ?", quantity, sku);
      this.#record({ type: "reservation.expired", id }, nowMs);
    }
  }

  #reserve({ id, fingerprint, command }: Envelope, nowMs: number): object {
    const kept = this.#sql
      .exec<{ fingerprint: string; answer: string }>(
        "SELECT fingerprint, answer FROM answers WHERE id = ?",
        id,
      )
      .toArray()[0];
    if (kept)
      return kept.fingerprint === fingerprint
        ? JSON.parse(kept.answer)
        : { refused: "idempotency_key_reused" };
    const answer = this.#decide(command as unknown as ReserveRequest, nowMs);
    this.#sql.exec("INSERT INTO answers VALUES (?, ?, ?)", id, fingerprint, JSON.stringify(answer));
    return answer;
  }

  #decide({ reservation: id, viewer, items }: ReserveRequest, nowMs: number): object {
    const item = items[0]!;
    const { token, offer, quantity, price, tokenExpiresAtMs } = item;
    const found = this.#sql.exec<Look>(LOOK, viewer, token, offer).toArray()[0];
    if (found?.status !== "open") return { refused: "offer_not_open" };
    if (tokenExpiresAtMs <= nowMs) return { refused: "token_expired" };
    if (found.spent === 1) return { refused: "token_used" };
    if (item.priceVersion !== found.price_version) return { refused: "price_version_void" };
    if (quantity > item.maxQuantity) return { refused: "quantity_exceeded" };
    if ((found.had ?? 0) + quantity > found.per_viewer) return { refused: "limit_reached" };
    if (quantity > found.available) return { refused: "out_of_stock", available: found.available };
    const { sku } = found;
    const expiresMs = nowMs + found.hold_ms;
    const prices = JSON.stringify(price);
    this.#sql.exec("INSERT INTO tokens VALUES (?, ?)", token, tokenExpiresAtMs);
    this.#sql.exec(
      "INSERT INTO viewer_units VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET units = units + excluded.units",
      viewer,
      offer,
      quantity,
    );
    this.#sql.exec("UPDATE pools SET held = held + ? WHERE sku = ?", quantity, sku);
    this.#sql.exec(
      "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, 'held', ?)",
      id,
      viewer,
      offer,
      sku,
      quantity,
      prices,
      expiresMs,
    );
    const reservation = { id, viewer, offer, sku, quantity, price, status: "held", expiresMs };
    this.#record({ type: "reservation.held", reservation, token }, nowMs);
    return { reservation };
  }

  #record(event: object, nowMs: number): void {
    this.#sql.exec("INSERT INTO events (at_ms, event) VALUES (?, ?)", nowMs, JSON.stringify(event));
  }
}

/**
 * The journal: one row per block in the object's SQLite, chained by hash; snapshots beside it; cursors of who has read
 * how far. Raw SQL: it is the hot path. May touch the object's storage, nothing else.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { replayBlock, type Block } from "../domain/block.ts";
import type { Event } from "../domain/events.ts";
import { LIMITS } from "../domain/limits.ts";
import { partsOf } from "./parts.ts";
import type { SessionState } from "../domain/session.ts";
import { deserialize, emptyState, serialize, STATE_VERSION } from "../domain/state.ts";

/** A block as it is stored. `hash` is SHA-256 over `prevHash`, a newline and `payload`, in base64url. */
export interface StoredBlock {
  readonly number: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly atMs: number;
  /** JSON of the `Block`. */
  readonly payload: string;
  readonly prevHash: string;
  readonly hash: string;
}

/** A block without what is in it. */
export type BlockHash = Omit<StoredBlock, "payload">;

/** The end of the journal: what an auditor compares. */
export type Head = Pick<StoredBlock, "number" | "lastSeq" | "hash">;

/** Events of one block, or the later part of them; `bytes` is the size of the whole block. */
export interface Stretch {
  readonly events: readonly Event[];
  readonly bytes: number;
}

/** What the first block builds on. */
export const GENESIS: Head = { number: 0, lastSeq: 0, hash: "" };

type Row = {
  number: number;
  part: number;
  first_seq: number;
  last_seq: number;
  at_ms: number;
  payload: string;
  prev_hash: string;
  hash: string;
};

/** A UTF-16 unit takes at most three bytes in UTF-8, so that this many never pass the platform's row limit. */
const PART_CHARS = Math.floor(LIMITS.rowBytes / 3);

export function hashBlock(prevHash: string, payload: string): string {
  return createHash("sha256").update(prevHash).update("\n").update(payload).digest("base64url");
}

export class Journal {
  readonly #storage: DurableObjectStorage;
  /** Whether there are tables yet. */
  #exists: boolean;
  #head: Head = GENESIS;
  readonly #cursors = new Map<string, number>();
  /** Cursors that are further than the disk has them. */
  readonly #moved = new Set<string>();
  /** The last blocks' events, in order and without gaps, so that publishing need not read them back. */
  #recent: Stretch[] = [];
  #recentBytes = 0;
  #snapshotSeq = 0;
  #snapshotSize = 0;

  /** Writes nothing: an object that is only asked about a session that never was leaves nothing behind. */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    const tables = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'blocks'").toArray();
    this.#exists = tables.length > 0;
  }

  /** Before the first block; the tables are there from then on. */
  #createTables(): void {
    this.#exists = true;
    this.#storage.sql.exec(`
      CREATE TABLE IF NOT EXISTS blocks (
        number INTEGER NOT NULL, part INTEGER NOT NULL,
        first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
        payload TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (number, part)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS snapshots (
        part INTEGER PRIMARY KEY, version INTEGER NOT NULL, block INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS cursors (
        name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS relays (
        name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`);
  }

  get head(): Head {
    return this.#head;
  }

  /** The state as the journal has it: the snapshot and the blocks after it. A snapshot of another shape is not used. */
  load(): SessionState {
    if (!this.#exists) return emptyState();
    const parts = this.#storage.sql
      .exec<{ version: number; block: number; text: string }>(
        "SELECT version, block, text FROM snapshots ORDER BY part",
      )
      .toArray();
    const usable = parts[0]?.version === STATE_VERSION;
    const state = usable ? deserialize(parts.map(({ text }) => text).join("")) : emptyState();
    this.#snapshotSeq = state.seq;
    this.#snapshotSize = sizeOf(state);
    const from = usable ? (parts[0]?.block ?? 0) : 0;
    this.#head = GENESIS;
    for (const stored of this.read(Math.max(0, from - 1))) {
      if (stored.number > from) replayBlock(state, JSON.parse(stored.payload) as Block);
      this.#head = stored;
    }
    return state;
  }

  /** Writes a block and moves the head. Throws when the storage does; the caller must then not go on with its state. */
  append(block: Block): void {
    const payload = JSON.stringify(block);
    const { number, lastSeq, hash: prevHash } = this.#head;
    if (!this.#exists) this.#createTables();
    const firstSeq = block.events[0]?.seq ?? lastSeq + 1;
    const next = block.events.at(-1)?.seq ?? lastSeq;
    const hash = hashBlock(prevHash, payload);
    for (const [part, text] of partsOf(payload, PART_CHARS).entries()) {
      this.#storage.sql.exec(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        number + 1,
        part,
        firstSeq,
        next,
        block.atMs,
        text,
        prevHash,
        hash,
      );
    }
    this.#head = { number: number + 1, lastSeq: next, hash };
    this.#remember(block.events, Buffer.byteLength(payload));
    this.saveCursors();
  }

  /** Events after a sequence number, block by block: from memory while they are recent, else from disk. */
  *stretches(afterSeq: number): Generator<Stretch> {
    const oldest = this.#recent[0]?.events[0]?.seq;
    if (oldest !== undefined && oldest <= afterSeq + 1) {
      for (const { events, bytes } of this.#recent) {
        const later = eventsAfter(events, afterSeq);
        if (later.length > 0) yield { events: later, bytes };
      }
      return;
    }
    for (const { payload } of this.read(this.#lastBlockUpTo(afterSeq))) {
      const later = eventsAfter((JSON.parse(payload) as Block).events, afterSeq);
      if (later.length > 0) yield { events: later, bytes: Buffer.byteLength(payload) };
    }
  }

  /** Blocks after a number, in order, lazily. */
  *read(afterBlock: number, limit = Number.MAX_SAFE_INTEGER): Generator<StoredBlock> {
    if (!this.#exists) return;
    let current: StoredBlock | undefined;
    const rows = this.#storage.sql.exec<Row>(
      "SELECT * FROM blocks WHERE number > ? AND number <= ? ORDER BY number, part",
      afterBlock,
      Math.min(Number.MAX_SAFE_INTEGER, afterBlock + limit),
    );
    for (const row of rows) {
      if (row.part > 0 && current) {
        current = { ...current, payload: current.payload + row.payload };
        continue;
      }
      if (current) yield current;
      current = { ...blockHash(row), payload: row.payload };
    }
    if (current) yield current;
  }

  /** Blocks after a number without their payloads. */
  hashes(afterBlock: number, limit: number): BlockHash[] {
    if (!this.#exists) return [];
    const rows = this.#storage.sql.exec<Omit<Row, "payload">>(
      `SELECT number, part, first_seq, last_seq, at_ms, prev_hash, hash FROM blocks
       WHERE number > ? AND number <= ? AND part = 0 ORDER BY number`,
      afterBlock,
      afterBlock + limit,
    );
    return rows.toArray().map(blockHash);
  }

  /** Events after a sequence number, oldest first. */
  events(afterSeq: number, limit: number): Event[] {
    const events: Event[] = [];
    for (const stretch of this.stretches(afterSeq)) {
      events.push(...stretch.events.slice(0, limit - events.length));
      if (events.length >= limit) break;
    }
    return events;
  }

  /** A new snapshot once as much has happened as the last one held: its cost stays a fixed share of the work done. */
  snapshotWhenDue(state: SessionState): void {
    if (state.seq - this.#snapshotSeq < Math.max(LIMITS.snapshotEveryEvents, this.#snapshotSize)) return;
    this.snapshot(state);
  }

  snapshot(state: SessionState): void {
    const text = serialize(state);
    const { number } = this.#head;
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec("DELETE FROM snapshots");
      for (const [part, piece] of partsOf(text, PART_CHARS).entries()) {
        this.#storage.sql.exec(
          "INSERT INTO snapshots VALUES (?, ?, ?, ?)",
          part,
          STATE_VERSION,
          number,
          piece,
        );
      }
    });
    this.#snapshotSeq = state.seq;
    this.#snapshotSize = sizeOf(state);
  }

  /** How far a reader is; read from disk once, then kept. */
  cursor(name: string): number {
    const known = this.#cursors.get(name);
    if (known !== undefined) return known;
    if (!this.#exists) return 0;
    const rows = this.#storage.sql
      .exec<{ seq: number }>("SELECT seq FROM cursors WHERE name = ?", name)
      .toArray();
    const seq = rows[0]?.seq ?? 0;
    this.#cursors.set(name, seq);
    return seq;
  }

  /** In memory; on disk with the next block or `saveCursors`. A crash between sends again, and readers drop what they have. */
  moveCursor(name: string, seq: number): void {
    this.#cursors.set(name, seq);
    this.#moved.add(name);
  }

  saveCursors(): void {
    for (const name of this.#moved) {
      this.#storage.sql.exec(
        "INSERT INTO cursors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        name,
        this.cursor(name),
      );
    }
    this.#moved.clear();
  }

  relays(): string[] {
    if (!this.#exists) return [];
    return this.#storage.sql
      .exec<{ name: string }>("SELECT name FROM relays")
      .toArray()
      .map(({ name }) => name);
  }

  addRelay(name: string): void {
    this.#storage.sql.exec("INSERT OR IGNORE INTO relays VALUES (?)", name);
  }

  removeRelay(name: string): void {
    this.#storage.sql.exec("DELETE FROM relays WHERE name = ?", name);
  }

  #remember(events: readonly Event[], bytes: number): void {
    if (events.length === 0) return;
    this.#recent.push({ events, bytes });
    this.#recentBytes += bytes;
    while (this.#recentBytes > LIMITS.recentBlocksBytes)
      this.#recentBytes -= this.#recent.shift()?.bytes ?? 0;
  }

  /** The last block whose events are all at or before `seq`: sequence numbers rise with block numbers, so it can be halved in on. */
  #lastBlockUpTo(seq: number): number {
    let low = 0;
    let high = this.#head.number;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const [row] = this.#storage.sql
        .exec<{ last_seq: number }>("SELECT last_seq FROM blocks WHERE number = ? AND part = 0", middle)
        .toArray();
      if (row && row.last_seq <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function eventsAfter(events: readonly Event[], afterSeq: number): readonly Event[] {
  const first = events[0]?.seq;
  return first === undefined || first > afterSeq ? events : events.slice(afterSeq + 1 - first);
}

function blockHash({ number, first_seq, last_seq, at_ms, prev_hash, hash }: Omit<Row, "payload">): BlockHash {
  return { number, firstSeq: first_seq, lastSeq: last_seq, atMs: at_ms, prevHash: prev_hash, hash };
}

/** How much a snapshot of the state has to write, in entries. */
function sizeOf(state: SessionState): number {
  return state.reservations.size + state.orders.size + state.answers.size;
}

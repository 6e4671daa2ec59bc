/**
 * The journal: one row per block (more only past 2 MB) in the object's SQLite, chained by hash; snapshots beside it;
 * cursors of who has read how far. Raw SQL: it is the hot path. May touch the object's storage, nothing else.
 */
import { createHash } from "node:crypto";
import { replayBlock, type Block } from "../domain/block.ts";
import type { Feature } from "../domain/cost/model.ts";
import type { Event } from "../domain/events.ts";
import { LIMITS } from "../domain/limits.ts";
import { Meter, MeteredSql, type StoredMeter } from "./meter.ts";
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

/** Events of one block, or the later part of them. */
export class Stretch {
  readonly events: readonly Event[];
  #text: string | undefined;

  constructor(events: readonly Event[], text?: string) {
    this.events = events;
    this.#text = text;
  }

  /** The same as JSON: written once, for the disk and for every queue. */
  get text(): string {
    return (this.#text ??= JSON.stringify(this.events));
  }

  /** What came after; undefined when nothing did. */
  after(seq: number): Stretch | undefined {
    const first = this.events[0]?.seq;
    if (first === undefined || first > seq) return first === undefined ? undefined : this;
    const later = this.events.slice(seq + 1 - first);
    return later.length > 0 ? new Stretch(later) : undefined;
  }
}

/** Where the meter is kept. */
const METER = "meter";

/** What the first block builds on. */
export const GENESIS: Head = { number: 0, lastSeq: 0, hash: "" };

type Row = {
  number: number;
  parts: number;
  first_seq: number;
  last_seq: number;
  at_ms: number;
  prev_hash: string;
  hash: string;
  payload: string;
};

/** A UTF-16 unit takes at most three bytes in UTF-8, so that this many never pass the platform's row limit. */
const PART_CHARS = Math.floor(LIMITS.rowBytes / 3);

export function hashBlock(prevHash: string, payload: string): string {
  return createHash("sha256").update(prevHash).update("\n").update(payload).digest("base64url");
}

export class Journal {
  readonly #storage: DurableObjectStorage;
  readonly #sql: MeteredSql;
  /** What the session counts of itself; kept here because rows are counted here. */
  readonly meter: Meter;
  #meterSavedAtMs = 0;
  /** Whether there are tables yet. */
  #exists: boolean;
  #head: Head = GENESIS;
  readonly #cursors = new Map<string, number>();
  /** Cursors that are further than the disk has them. */
  readonly #moved = new Set<string>();
  /** The last blocks' events, in order and without gaps, so that publishing need not read them back. */
  #recent: Stretch[] = [];
  #recentChars = 0;
  #snapshotSeq = 0;
  #snapshotSize = 0;

  /** Writes nothing: an object that is only asked about a session that never was leaves nothing behind. */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.meter = new Meter("sessionAwakeMs", storage.kv.get<StoredMeter>(METER));
    this.#sql = new MeteredSql(storage.sql, this.meter);
    const tables = this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'blocks'").toArray();
    this.#exists = tables.length > 0;
  }

  /** Before the first block; the tables are there from then on. */
  #createTables(): void {
    this.#exists = true;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS blocks (
        number INTEGER PRIMARY KEY, parts INTEGER NOT NULL,
        first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
        prev_hash TEXT NOT NULL, hash TEXT NOT NULL, payload TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS further_parts (
        number INTEGER NOT NULL, part INTEGER NOT NULL, payload TEXT NOT NULL,
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
    const parts = this.#sql
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
    if (state.measured) this.meter.remember(state.measured);
    return state;
  }

  /** Writes a block and moves the head. Throws when the storage does; the caller must then not go on with its state. */
  append(block: Block): void {
    const events = JSON.stringify(block.events);
    const payload = payloadOf(block, events);
    const { number, lastSeq, hash: prevHash } = this.#head;
    if (!this.#exists) this.#createTables();
    const firstSeq = block.events[0]?.seq ?? lastSeq + 1;
    const next = block.events.at(-1)?.seq ?? lastSeq;
    const hash = hashBlock(prevHash, payload);
    const [text = "", ...further] = partsOf(payload, PART_CHARS);
    this.#sql.exec(
      "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      number + 1,
      1 + further.length,
      firstSeq,
      next,
      block.atMs,
      prevHash,
      hash,
      text,
    );
    for (const [part, more] of further.entries())
      this.#sql.exec("INSERT INTO further_parts VALUES (?, ?, ?)", number + 1, part, more);
    this.#head = { number: number + 1, lastSeq: next, hash };
    if (block.events.length > 0) this.#remember(new Stretch(block.events, events));
    this.saveCursors();
  }

  /** Events after a sequence number, block by block: from memory while they are recent, else from disk. */
  *stretches(afterSeq: number): Generator<Stretch> {
    const oldest = this.#recent[0]?.events[0]?.seq;
    if (oldest !== undefined && oldest <= afterSeq + 1) {
      const from = this.#recent.findLastIndex(({ events }) => (events[0]?.seq ?? 0) <= afterSeq + 1);
      for (const stretch of this.#recent.slice(from)) {
        const later = stretch.after(afterSeq);
        if (later) yield later;
      }
      return;
    }
    for (const { payload } of this.read(this.#lastBlockUpTo(afterSeq))) {
      const later = new Stretch((JSON.parse(payload) as Block).events).after(afterSeq);
      if (later) yield later;
    }
  }

  /** Blocks after a number, in order, lazily. */
  *read(afterBlock: number, limit = Number.MAX_SAFE_INTEGER): Generator<StoredBlock> {
    if (!this.#exists) return;
    const rows = this.#sql.exec<Row>(
      "SELECT * FROM blocks WHERE number > ? AND number <= ? ORDER BY number",
      afterBlock,
      Math.min(Number.MAX_SAFE_INTEGER, afterBlock + limit),
    );
    for (const row of rows) {
      const further = row.parts > 1 ? this.#furtherParts(row.number) : "";
      yield { ...blockHash(row), payload: row.payload + further };
    }
  }

  #furtherParts(number: number): string {
    return this.#sql
      .exec<{ payload: string }>("SELECT payload FROM further_parts WHERE number = ? ORDER BY part", number)
      .toArray()
      .map(({ payload }) => payload)
      .join("");
  }

  /** Blocks after a number without their payloads. */
  hashes(afterBlock: number, limit: number): BlockHash[] {
    if (!this.#exists) return [];
    const rows = this.#sql.exec<Omit<Row, "payload">>(
      `SELECT number, parts, first_seq, last_seq, at_ms, prev_hash, hash FROM blocks
       WHERE number > ? AND number <= ? ORDER BY number`,
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

  /**
   * Whether `events` at least have happened since the last snapshot, and as much as that one held: what snapshots cost
   * stays a fixed share of the work done.
   */
  isSnapshotDue(state: SessionState, events: number): boolean {
    return state.seq - this.#snapshotSeq >= Math.max(events, this.#snapshotSize);
  }

  snapshot(state: SessionState): void {
    const text = serialize(state);
    const { number } = this.#head;
    this.#storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM snapshots");
      for (const [part, piece] of partsOf(text, PART_CHARS).entries()) {
        this.#sql.exec("INSERT INTO snapshots VALUES (?, ?, ?, ?)", part, STATE_VERSION, number, piece);
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
    const rows = this.#sql.exec<{ seq: number }>("SELECT seq FROM cursors WHERE name = ?", name).toArray();
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
    if (this.#moved.size === 0) return;
    const { feature } = this.#sql;
    this.#sql.feature = "publishing";
    for (const name of this.#moved) {
      this.#sql.exec(
        "INSERT INTO cursors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        name,
        this.cursor(name),
      );
    }
    this.#moved.clear();
    this.#sql.feature = feature;
  }

  /** Whose rows are counted next. */
  working(feature: Feature): void {
    this.#sql.feature = feature;
  }

  /** With a commit that is made anyway; what was counted since the last time is lost with the object's memory. */
  saveMeter(nowMs: number, afterMs = 0): void {
    if (!this.#exists || nowMs - this.#meterSavedAtMs < afterMs) return;
    this.#meterSavedAtMs = nowMs;
    this.#sql.settle();
    this.meter.tally("rowsWritten", "hosting", 1);
    this.#storage.kv.put(METER, this.meter.stored());
  }

  relays(): string[] {
    if (!this.#exists) return [];
    return this.#sql
      .exec<{ name: string }>("SELECT name FROM relays")
      .toArray()
      .map(({ name }) => name);
  }

  addRelay(name: string): void {
    this.#sql.exec("INSERT OR IGNORE INTO relays VALUES (?)", name);
  }

  removeRelay(name: string): void {
    this.#sql.exec("DELETE FROM relays WHERE name = ?", name);
  }

  #remember(stretch: Stretch): void {
    this.#recent.push(stretch);
    this.#recentChars += stretch.text.length;
    while (this.#recentChars > LIMITS.recentBlocksChars)
      this.#recentChars -= this.#recent.shift()?.text.length ?? 0;
  }

  /** The last block whose events are all at or before `seq`: sequence numbers rise with block numbers, so it can be halved in on. */
  #lastBlockUpTo(seq: number): number {
    let low = 0;
    let high = this.#head.number;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const [row] = this.#sql
        .exec<{ last_seq: number }>("SELECT last_seq FROM blocks WHERE number = ?", middle)
        .toArray();
      if (row && row.last_seq <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** JSON of a block whose events are JSON already. */
function payloadOf({ atMs, answers }: Block, events: string): string {
  return `{"atMs":${atMs},"events":${events},"answers":${JSON.stringify(answers)}}`;
}

function blockHash({ number, first_seq, last_seq, at_ms, prev_hash, hash }: Omit<Row, "payload">): BlockHash {
  return { number, firstSeq: first_seq, lastSeq: last_seq, atMs: at_ms, prevHash: prev_hash, hash };
}

/** How much a snapshot of the state has to write, in entries. */
function sizeOf(state: SessionState): number {
  return state.reservations.size + state.orders.size + state.answers.size;
}

// Checks a session's record from outside: the chain recomputed, the journal replayed, D1 compared with it.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from "jose";
import { replayBlock, type Block } from "../../src/domain/block.ts";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { emptyState } from "../../src/domain/state.ts";
import { availableIn } from "../../src/domain/stock.ts";
import { toWire } from "../../src/wire/instants.ts";
import type { Api } from "./api.ts";

interface AuditBlock {
  number: number;
  prevHash: string;
  hash: string;
  payload: string;
}

interface Audit {
  data: AuditBlock[];
  nextCursor: string | null;
  head: { number: number; lastSeq: number; hash: string };
  signedHead: string;
  check?: { chainWhole: boolean; replayEqual: boolean };
}

interface OrderRow {
  id: string;
}

/** What a session's own record says of itself. */
export interface JournalFindings {
  blocks: number;
  state: SessionState;
  allocated: number;
  sold: number;
  held: number;
  expired: number;
  oversold: number;
  poolsBalanced: boolean;
  replayEqual: boolean;
  chainWhole: boolean;
  ordersInJournal: number;
  /** Orders and reservations that were acknowledged and are not in the journal. */
  lost: string[];
  /** Time of every event, by sequence number. */
  eventTimes: Map<number, number>;
}

export interface Findings extends JournalFindings {
  ordersInD1: number;
  d1Equal: boolean;
}

/** Reads the whole record and compares it with D1, of a session whose orders are at rest. */
export async function examine(...asked: Parameters<typeof examineJournal>): Promise<Findings> {
  const findings = await examineJournal(...asked);
  const [api, session, hostKey] = asked;
  const rows = await ordersInD1(api, session, hostKey, findings.state);
  return { ...findings, ordersInD1: rows.length, d1Equal: sameOrders(rows, findings.state) };
}

/** Reads the whole record and compares it with itself. `acknowledged` are ids that clients were told of. */
export async function examineJournal(
  api: Api,
  session: string,
  hostKey: string,
  acknowledged: Iterable<string>,
): Promise<JournalFindings> {
  const { blocks, head, check } = await readAudit(api, session, hostKey);
  const state = emptyState();
  const eventTimes = new Map<number, number>();
  const ever = new Set<string>();
  let expired = 0;
  for (const { payload } of blocks) {
    const block = JSON.parse(payload) as Block;
    replayBlock(state, block);
    for (const event of block.events) {
      eventTimes.set(event.seq, event.atMs);
      if (event.type === "reservation.expired") expired += 1;
      if (event.type === "reservation.held") ever.add(event.reservation.id);
      if (event.type === "order.placed") ever.add(event.order.id);
    }
  }
  const pools = [...state.pools.values()];
  const sum = (of: (pool: (typeof pools)[number]) => number): number =>
    pools.reduce((total, pool) => total + of(pool), 0);
  return {
    blocks: blocks.length,
    state,
    allocated: sum((pool) => pool.allocated),
    sold: sum((pool) => pool.committed),
    held: sum((pool) => pool.held),
    expired,
    oversold: pools.reduce((total, pool) => total + Math.max(0, soldIn(state, pool.sku) - pool.allocated), 0),
    poolsBalanced: pools.every((pool) => pool.held >= 0 && pool.committed >= 0 && availableIn(pool) >= 0),
    replayEqual: check?.replayEqual === true && state.seq === head.lastSeq,
    chainWhole: check?.chainWhole === true && chainOf(blocks) === head.hash,
    ordersInJournal: state.orders.size,
    lost: [...acknowledged].filter((id) => !ever.has(id)),
    eventTimes,
  };
}

/** Units of captured and authorized orders, counted from the orders and not from the pool's own figure. */
function soldIn(state: SessionState, sku: string): number {
  let sold = 0;
  for (const order of state.orders.values()) {
    if (order.status !== "captured" && order.status !== "authorized") continue;
    for (const unit of order.units) if (unit.sku === sku) sold += unit.quantity;
  }
  return sold;
}

/** Reads every block; each page's head must be signed with a published key. The last page's head is the journal's. */
async function readAudit(
  api: Api,
  session: string,
  bearer: string,
): Promise<{ blocks: AuditBlock[] } & Pick<Audit, "head" | "check">> {
  const path = `/v1/sessions/${session}/audit?payload=true`;
  const keys = createLocalJWKSet(await api.must<JSONWebKeySet>("/.well-known/jwks.json"));
  const blocks: AuditBlock[] = [];
  let page: Audit;
  do {
    page = await api.must<Audit>(`${path}&after=${blocks.length}`, { bearer });
    blocks.push(...page.data);
    const { payload } = await compactVerify(page.signedHead, keys);
    const signed = JSON.parse(new TextDecoder().decode(payload)) as { hash?: string };
    if (signed.hash !== page.head.hash) throw new Error("the signed head is not the head");
  } while (page.nextCursor !== null);
  const { check } = await api.must<Audit>(`${path}&after=${blocks.length}&check=true`, { bearer });
  return { blocks, head: page.head, ...(check ? { check } : {}) };
}

/** The hash of the last block, recomputed from the first on; empty when a link does not hold. */
function chainOf(blocks: readonly AuditBlock[]): string {
  let previous = "";
  for (const [index, { number, prevHash, hash, payload }] of blocks.entries()) {
    const computed = createHash("sha256").update(`${previous}\n${payload}`).digest("base64url");
    if (number !== index + 1 || prevHash !== previous || hash !== computed) return "";
    previous = hash;
  }
  return previous;
}

/**
 * The projection runs behind the journal by a queue: it is given time to arrive, not to be wrong. What a queue lost is sent
 * again after `confirmMs`.
 */
async function ordersInD1(
  api: Api,
  session: string,
  bearer: string,
  state: SessionState,
): Promise<OrderRow[]> {
  const until = Date.now() + 2 * LIMITS.confirmMs;
  for (;;) {
    const rows = await api.all<OrderRow>(`/v1/orders?session=${session}`, bearer);
    if (sameOrders(rows, state) || Date.now() > until) return rows;
    await sleep(250);
  }
}

function sameOrders(rows: readonly OrderRow[], state: SessionState): boolean {
  if (rows.length !== state.orders.size) return false;
  return rows.every((row) => isDeepStrictEqual(row, listed(state, row.id as OrderId)));
}

/** An order as lists have it: each line with what its offer is called. */
function listed(state: SessionState, id: OrderId): unknown {
  const order = state.orders.get(id);
  if (!order) return undefined;
  const lines = order.lines.map((line) => ({ ...line, title: state.offers.get(line.offer)?.title }));
  return toWire({ ...order, lines });
}

/** What reading the money costs: a page costs a page, however long a party's history is. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { OrderId, PartyId } from "../../src/domain/ids.ts";
import { accountOf } from "../../src/domain/ledger.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { listAccounts } from "../../src/settlement/readers/accounts.ts";
import { listEntries } from "../../src/settlement/readers/entries.ts";
import type { Page } from "../../src/settlement/readers/pages.ts";
import { listDisputes } from "../../src/settlement/readers/returns.ts";
import { statementCsv } from "../../src/edge/statement-rows.ts";
import { readStatement } from "../../src/settlement/readers/statements.ts";
import {
  findTransaction,
  listTransactions,
  transactionsOf,
} from "../../src/settlement/readers/transactions.ts";
import { listTransfers } from "../../src/settlement/readers/transfers.ts";
import { newId, newTwo, sale, wholeWay, write, type Two } from "./readers-stage.ts";

const { DB: db } = env;
const DAY = LIMITS.ledgerDayMs;
const T0 = Date.UTC(2026, 5, 1);
const LATE = T0 + 30 * DAY;
const END = LATE + 30 * DAY;

/** A party with few sales and one with many, both with some of the same time, and with the last of another currency. */
const FEW = 60;
const MANY = 3_000;
const few = newTwo();
const many = newTwo();
const orderOf = new Map<Two, OrderId>();

beforeAll(async () => {
  for (const [two, count] of [
    [few, FEW],
    [many, MANY],
  ] as const) {
    // Half of them at one time, as a rush or a bulk of corrections may be.
    const sales = Array.from({ length: count }, (_, n) => ({
      ...sale(two),
      atMs: T0 + 10 * Math.max(0, n - count / 2),
    }));
    await write(...sales);
    orderOf.set(two, sales[Math.floor(count / 2)]!.order);
    for (const currency of ["EUR", "USD"]) await wholeWay(two, LATE, DAY, currency);
  }
});

/** Rows that D1 has read for all that `read` asks of it. */
async function rowsFor(read: (db: D1Database) => Promise<unknown>): Promise<number> {
  let rows = 0;
  const counted = <T extends { meta?: { rows_read?: number } }>(result: T): T => {
    rows += result.meta?.rows_read ?? Number.NaN;
    return result;
  };
  const statement = (real: D1PreparedStatement): object => ({
    real,
    bind: (...values: unknown[]) => statement(real.bind(...values)),
    all: async () => counted(await real.all()),
    run: async () => counted(await real.run()),
    first: async () => counted(await real.all()).results[0] ?? null,
    // Drizzle asks for rows as lists of their columns, which come without their cost.
    raw: async () => {
      await real.all().then(counted);
      return real.raw();
    },
  });
  const counting = {
    prepare: (text: string) => statement(db.prepare(text)),
    batch: async (statements: readonly { real: D1PreparedStatement }[]) =>
      (await db.batch(statements.map(({ real }) => real))).map(counted),
  };
  await read(counting as unknown as D1Database);
  return rows;
}

const limit = 5;

/** Every page of a list, each with the rows that were read for it. */
async function everyPageCosting<T>(
  read: (at: D1Database, cursor: string | undefined) => Promise<Page<T> | undefined>,
): Promise<(Page<T> & { readonly rows: number })[]> {
  const pages: (Page<T> & { readonly rows: number })[] = [];
  for (;;) {
    let page: Page<T> | undefined;
    const rows = await rowsFor(async (at) => {
      page = await read(at, pages.at(-1)?.nextCursor ?? undefined);
    });
    pages.push({ ...page!, rows });
    if (page!.nextCursor === null) return pages;
  }
}

/** A later page of a list, of which the first has told the cursor. */
async function second<P extends { nextCursor: string | null }>(
  at: D1Database,
  read: (at: D1Database, cursor?: string) => Promise<P | undefined>,
): Promise<P | undefined> {
  return read(at, (await read(db))!.nextCursor!);
}

type Reading = (at: D1Database, two: Two) => Promise<unknown>;
const ofSeller = ({ seller: party }: Two) => ({ party, currency: "USD", untilMs: END });

const READINGS: readonly (readonly [what: string, most: number, reading: Reading])[] = [
  ["a statement's first page", 250, (at, two) => readStatement(at, ofSeller(two), { limit })],
  [
    "a statement's second page",
    250,
    (at, two) => second(at, (on, cursor) => readStatement(on, ofSeller(two), { limit, cursor })),
  ],
  [
    "a statement of a late period",
    100,
    (at, two) =>
      readStatement(at, { ...ofSeller(two), fromMs: LATE + 5, untilMs: LATE + DAY + 5 }, { limit }),
  ],
  [
    "an account's entries",
    60,
    (at, { seller }) => listEntries(at, accountOf(seller, "payable"), { limit, currency: "USD" }),
  ],
  [
    "an account's next entries",
    60,
    (at, { seller }) =>
      second(at, (on, cursor) =>
        listEntries(on, accountOf(seller, "payable"), { limit, cursor, fromMs: T0 }),
      ),
  ],
  [
    "an account's entries of a late period in every currency",
    60,
    (at, { seller }) => listEntries(at, accountOf(seller, "payable"), { limit, fromMs: LATE, untilMs: END }),
  ],
  ["a party's transactions", 300, (at, { seller: party }) => listTransactions(at, { limit, party })],
  [
    "a party's next transactions",
    300,
    (at, { creator: party }) => second(at, (on, cursor) => listTransactions(on, { limit, party, cursor })),
  ],
  [
    "a party's transactions of an early period",
    400,
    (at, { seller: party }) => listTransactions(at, { limit, party, fromMs: T0, untilMs: T0 + 10 }),
  ],
  [
    "a party's transactions of one order",
    100,
    (at, two) => listTransactions(at, { limit, party: two.seller, order: orderOf.get(two) }),
  ],
  ["everybody's transactions", 150, (at) => listTransactions(at, { limit })],
  [
    "everybody's next transactions",
    150,
    (at) => second(at, (on, cursor) => listTransactions(on, { limit, cursor, untilMs: END })),
  ],
  ["a transaction", 40, (at, two) => findTransaction(at, `sale:${orderOf.get(two)!}`, two.seller)],
  [
    "the transactions of an order's trace",
    100,
    (at, two) => transactionsOf(at, orderOf.get(two)!, two.seller, 500),
  ],
  ["a party's accounts", 40, (at, { seller: party }) => listAccounts(at, { limit, party })],
];

describe("rows read for", () => {
  it.each(READINGS)("%s do not grow with the history", async (_, most, reading) => {
    const ofFew = await rowsFor((at) => reading(at, few));
    const ofMany = await rowsFor((at) => reading(at, many));
    expect(ofMany).toBeGreaterThan(0);
    expect(
      [ofFew, ofMany].every((rows) => rows <= most),
      `${ofFew} and ${ofMany}`,
    ).toBe(true);
  });

  it("a statement as CSV grow as its lines do", async () => {
    const whole = async (at: D1Database, two: Two): Promise<void> => {
      for await (const _ of statementCsv(at, ofSeller(two), "Maya"));
    };
    const [ofFew, ofMany] = [await rowsFor((at) => whole(at, few)), await rowsFor((at) => whole(at, many))];
    expect(ofMany / ofFew).toBeLessThan((1.5 * MANY) / FEW);
  });

  it("transactions of a rare kind are bounded, page by page until they are found", async () => {
    const pages = await everyPageCosting((at, cursor) =>
      listTransactions(at, { limit, party: many.seller, kind: "netted", cursor }),
    );
    expect(pages.flatMap(({ data }) => data)).toEqual([]);
    expect(pages).toHaveLength(Math.ceil((MANY + 10) / LIMITS.rowsSearched));
    for (const { rows } of pages) expect(rows).toBeLessThan(20 * LIMITS.rowsSearched);
  });

  it("transfers of a rare status likewise", async () => {
    const party = newTwo().seller;
    const count = LIMITS.rowsSearched + 50;
    const list = Array.from({ length: count }, (_, n) => ({
      id: newId("trf"),
      atMs: T0 + n,
      failed: n === 0,
    }));
    const inserted = `INSERT INTO transfers (id, party, "order", currency, amount, status, attempts, created_at_ms,
        updated_at_ms, reversed)
      SELECT value ->> 'id', ?2, 'ord_1', 'USD', 1, iif(value ->> 'failed', 'failed', 'accrued'), 0, value ->> 'atMs',
        value ->> 'atMs', 0 FROM json_each(?1)`;
    await db.prepare(inserted).bind(JSON.stringify(list), party).run();
    const pages = await everyPageCosting((at, cursor) =>
      listTransfers(at, { limit, party, status: "failed", cursor }),
    );
    expect(pages.map(({ data }) => data.map(({ id }) => id))).toEqual([[], [list[0]!.id]]);
    for (const { rows } of pages) expect(rows).toBeLessThan(3 * LIMITS.rowsSearched);
  });
});

describe("disputes of a party among many others'", () => {
  const others = newTwo();
  const own = newTwo();
  const count = LIMITS.rowsSearched + 50;

  /** Disputes of orders of one and the other, a millisecond apart. */
  async function open(whose: readonly Two[]): Promise<OrderId[]> {
    const rows = whose.map(({ seller, creator }, n) => ({
      seller,
      creator,
      order: newId("ord"),
      id: newId("dsp"),
      atMs: T0 + n,
    }));
    const list = JSON.stringify(rows);
    const settled = `INSERT INTO settled_orders ("order", session, seq, seller, creator, currency, total, captured, legs,
        basis, reserved, returned, returned_legs, returns, captured_at_ms)
      SELECT value ->> 'order', 'ses_1', 1, value ->> 'seller', value ->> 'creator', 'USD', 100, 100, '{}', '{}', 0, 0,
        '{}', 0, 0 FROM json_each(?1)`;
    const opened = `INSERT INTO disputes (id, provider, provider_id, "order", currency, amount, fee_amount, fee_currency,
        status, reason, legs, opened_at_ms, updated_at_ms)
      SELECT value ->> 'id', 'sandbox', value ->> 'id', value ->> 'order', 'USD', 100, 0, 'USD', 'open', 'fraudulent',
        '{}', value ->> 'atMs', value ->> 'atMs' FROM json_each(?1)`;
    await db.batch([settled, opened].map((text) => db.prepare(text).bind(list)));
    return rows.map(({ order }) => order);
  }

  it("are all found, in pages that look through so many", async () => {
    const orders = await open([own, ...Array.from({ length: count }, () => others), own]);
    const party: PartyId = own.creator;
    const pages = await everyPageCosting((at, cursor) =>
      listDisputes(at, { limit, cursor, of: party }, party),
    );
    expect(pages.flatMap(({ data }) => data.map(({ order }) => order))).toEqual([orders.at(-1), orders[0]]);
    expect(pages).toHaveLength(2);
    for (const { rows } of pages) expect(rows).toBeLessThan(4 * LIMITS.rowsSearched);
    expect(await rowsFor((at) => listDisputes(at, { limit }, undefined))).toBeLessThan(40);
  });
});

/** Lists of transfers, payouts, refunds and disputes: each row once, whatever the page; and payouts because somebody asks. */
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";
import { describe, expect, it, vi } from "vitest";
import type { PartyId } from "../../src/domain/ids.ts";
import { accountOf, transferSent, transferStarted } from "../../src/domain/ledger.ts";
import { money } from "../../src/domain/money.ts";
import { payOutNow } from "../../src/settlement/movements/pay-out.ts";
import {
  paymentAccounts,
  payouts,
  payoutTransfers,
  transfers,
} from "../../src/settlement/movements/tables.ts";
import type { PaymentPort } from "../../src/settlement/psp/port.ts";
import { findPayoutOf, listPayouts, payoutsWith } from "../../src/settlement/readers/payouts.ts";
import { listRefunds } from "../../src/settlement/readers/returns.ts";
import { listTransfers } from "../../src/settlement/readers/transfers.ts";
import { refunds } from "../../src/settlement/returns/tables.ts";
import type { Treasury } from "../../src/settlement/treasury.ts";
import { planOf } from "./deliver.ts";
import { everyPage, movementOf, newId, sale, write } from "./readers-stage.ts";

const { DB: db } = env;
const T0 = Date.UTC(2026, 5, 1);
const SENT = { currency: "USD", status: "paid", attempts: 1, updatedAtMs: T0 } as const;

async function addTransfer(party: PartyId, createdAtMs: number, over: object = {}): Promise<`trf_${string}`> {
  const id = newId("trf");
  const row = { id, party, order: newId("ord"), ...SENT, amount: 100, reversed: 0, createdAtMs };
  await drizzle(db)
    .insert(transfers)
    .values({ ...row, ...over });
  return id;
}

async function addPayout(
  party: PartyId,
  createdAtMs: number,
  { transfers: taken = [], ...over }: { transfers?: readonly `trf_${string}`[]; status?: "returned" } = {},
): Promise<`pyo_${string}`> {
  const id = newId("pyo");
  const row = { id, party, ...SENT, amount: 100, createdAtMs };
  await drizzle(db)
    .insert(payouts)
    .values({ ...row, ...over });
  for (const transfer of taken) await drizzle(db).insert(payoutTransfers).values({ payout: id, transfer });
  return id;
}

const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

describe("transfers", () => {
  it("come newest first, each once whatever the page", async () => {
    const party = newId("sel");
    const made: string[] = [];
    // Some in the same millisecond, as those of one order are.
    for (let n = 0; n < 9; n++) made.push(await addTransfer(party, T0 + Math.floor(n / 3)));
    const whole = await everyPage((cursor) => listTransfers(db, { party, limit: 100, cursor }));
    expect(new Set(ids(whole))).toEqual(new Set(made));
    expect(whole.map(({ createdAtMs }) => createdAtMs)).toEqual(
      whole.map(({ createdAtMs }) => createdAtMs).toSorted((a, b) => b - a),
    );
    for (const limit of [1, 2, 4, 9]) {
      expect(await everyPage((cursor) => listTransfers(db, { party, limit, cursor }))).toEqual(whole);
    }
    expect(await listTransfers(db, { party, limit: 1, cursor: "x.y" })).toBeUndefined();
  });

  it.each([
    [{}, "transfers_by_time"],
    [{ party: "sel_1" }, "transfers_by_party"],
    [{ order: "ord_1" }, "transfers_by_order"],
  ] as const)("are read along an index by %o", async (wanted, index) => {
    const query = { ...wanted, limit: 5, cursor: `${T0}.trf_1` };
    expect(await planOf(db, (listening) => listTransfers(listening, query))).toContain(index);
  });
});

describe("payouts", () => {
  it("come newest first, each once, without their transfers", async () => {
    const party = newId("cre");
    for (let n = 0; n < 7; n++) await addPayout(party, T0 + Math.floor(n / 2));
    const whole = await everyPage((cursor) => listPayouts(db, { party, limit: 100, cursor }));
    expect(whole).toHaveLength(7);
    for (const limit of [1, 3]) {
      expect(await everyPage((cursor) => listPayouts(db, { party, limit, cursor }))).toEqual(whole);
    }
    expect(whole.every((row) => !("transfers" in row))).toBe(true);
    const plan = await planOf(db, (listening) => listPayouts(listening, { limit: 5 }));
    expect(plan).toContain("payouts_by_time");
  });

  it("that came back still know what they took along", async () => {
    const party = newId("sel");
    const transfer = await addTransfer(party, T0);
    const failed = await addPayout(party, T0 + 1, { status: "returned", transfers: [transfer] });
    const paid = await addPayout(party, T0 + 2, { transfers: [transfer] });
    await addPayout(party, T0 + 3);
    expect(ids((await listTransfers(db, { payout: failed, limit: 9 }))!.data)).toEqual([transfer]);
    expect((await findPayoutOf(db, failed, party))!.transfers).toEqual([transfer]);
    expect(await findPayoutOf(db, failed, newId("sel"))).toBeUndefined();
    expect(ids(await payoutsWith(db, [transfer]))).toEqual([failed, paid]);
    const plan = await planOf(db, (listening) => payoutsWith(listening, [transfer]));
    expect(plan).toContain("payout_transfers_by_transfer");
  });
});

it("refunds of an order come oldest first, each once whatever the page", async () => {
  const order = newId("ord");
  const session = newId("ses");
  const rows = Array.from({ length: 5 }, (_, n) => ({
    id: newId("rfd"),
    order,
    currency: "USD",
    amount: n + 1,
    returnUnits: false,
    status: "sent" as const,
    provider: "sandbox",
    eventSeq: n === 0 ? null : n,
    attempts: 1,
    createdAtMs: T0 + n,
    updatedAtMs: T0 + n,
  }));
  await drizzle(db).insert(refunds).values(rows);
  for (const limit of [1, 2, 9]) {
    const all = await everyPage((cursor) => listRefunds(db, { order, session, limit, cursor }));
    expect(all.map(({ amount }) => amount.amount)).toEqual([1, 2, 3, 4, 5]);
    expect(all.map(({ event }) => event?.slice(-1))).toEqual([undefined, "1", "2", "3", "4"]);
  }
});

describe("a payout that somebody asks for", () => {
  const currency = "USD";

  /** A seller with 63 in an account at a provider that answers as told. */
  async function paidSeller(over: Partial<PaymentPort> = {}, minimum = 0) {
    const two = { seller: newId("sel"), creator: newId("cre") };
    const { order, transaction } = sale(two);
    const moved = movementOf(two.seller, 63, { order });
    await write(
      { transaction, atMs: T0 },
      { transaction: transferStarted(moved), atMs: T0 },
      { transaction: transferSent(moved), atMs: T0 },
    );
    await drizzle(db)
      .insert(paymentAccounts)
      .values({
        party: two.seller,
        provider: "bank",
        account: newId("acct"),
        status: "enabled",
        country: "DE",
        payoutInterval: "manual",
        payoutMinimums: { USD: minimum },
        createdAtMs: T0,
        updatedAtMs: T0,
      });
    const port = {
      provider: "bank",
      available: async () => 1_000,
      payable: ({ amount }: { amount: number }) => amount,
      payout: async ({ id }: { id: string }) => ({ status: "pending", id: `po_${id}` }),
      ...over,
    } as unknown as PaymentPort;
    const log = vi.fn<Treasury["log"]>();
    const treasury: Treasury = { db, port, nowMs: () => T0, log };
    const ask = (id = newId("pyo")) => payOutNow(treasury, { party: two.seller, currency, id });
    return { ...two, treasury, log, ask };
  }

  it("is all there is, and the same for the same id", async () => {
    const { ask } = await paidSeller();
    const id = newId("pyo");
    const [first, again] = [await ask(id), await ask(id)];
    expect(first).toMatchObject({ outcome: "started", payout: { id, amount: 63, providerId: `po_${id}` } });
    expect(again).toEqual(first);
  });

  it("is started even when the provider cannot be reached", async () => {
    const { ask, log } = await paidSeller({ payout: () => Promise.reject(new Error("down")) });
    expect(await ask()).toMatchObject({ outcome: "started", payout: { providerId: null } });
    expect(log).toHaveBeenCalledWith(expect.objectContaining({ event: "money_not_moved" }));
  });

  it("is not made below the minimum, of what is not at hand or owed back", async () => {
    const small = await paidSeller({}, 64);
    const minimum = money(64, currency);
    expect(await small.ask()).toEqual({ outcome: "too_small", minimum, balance: money(63, currency) });
    const locked = await paidSeller({ available: async () => 0 });
    expect(await locked.ask()).toMatchObject({ outcome: "too_small", balance: money(0, currency) });
    const owing = await paidSeller();
    const debt = accountOf(owing.seller, "payable");
    const postings = [
      { account: debt, currency, amount: 63 },
      { account: "buyers:clearing", currency, amount: -63 },
    ] as const;
    const order = newId("ord");
    await write({ transaction: { id: `refund:${order}`, kind: "refund", order, postings }, atMs: T0 });
    expect(await owing.ask()).toMatchObject({ outcome: "too_small", balance: money(0, currency) });
  });

  it("is told from one that others keep changing the balance of", async () => {
    const { ask, seller } = await paidSeller({
      available: async () => {
        await write({ transaction: transferStarted(movementOf(seller, 1)), atMs: T0 });
        return 1_000;
      },
    });
    expect(await ask()).toEqual({ outcome: "moving" });
  });
});

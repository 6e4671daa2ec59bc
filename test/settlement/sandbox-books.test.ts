/** The sandbox's books: every line once, in pages, and what is left is what came less what went, whatever happened. */
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { money } from "../../src/domain/money.ts";
import type { Payout, PaymentPort, ProviderEntry, Transfer } from "../../src/settlement/psp/port.ts";
import { newOf, newOrder, SandboxStage } from "./sandbox-stage.ts";

let stage: SandboxStage;
let psp: PaymentPort;

beforeEach(() => {
  stage = new SandboxStage();
  psp = stage.port;
});

describe("entries", () => {
  it("are read from a time on to before another, oldest first, with what they are about", async () => {
    stage.nowMs = Date.UTC(2030, 0, 1);
    const fromMs = stage.nowMs;
    const order = await stage.captured();
    stage.nowMs += 1_000;
    const refund = newOf("rfd");
    await psp.refund(order, refund, money(2_000, "USD"));
    stage.nowMs += 1_000;
    await psp.giveBack(order);
    expect(await stage.entries(fromMs, fromMs + 1_001)).toEqual([
      {
        id: `txn_pay_${order.slice(4)}`,
        kind: "charge",
        reference: order,
        amount: money(5_000, "USD"),
        fee: money(145, "USD"),
        atMs: fromMs,
      },
      {
        id: `txn_re_${refund.slice(4)}`,
        kind: "refund",
        reference: refund,
        amount: money(-2_000, "USD"),
        fee: money(0, "USD"),
        atMs: fromMs + 1_000,
      },
    ]);
    expect(await stage.entries(fromMs + 1, fromMs + 1_000)).toEqual([]);
    expect((await stage.entries(fromMs + 2_000)).map(({ reference }) => reference)).toEqual([order]);
  });

  it("of what is yet to come are not there, and then at their own time", async () => {
    stage.nowMs = Date.UTC(2031, 0, 1);
    const fromMs = stage.nowMs;
    await stage.captured("sandbox_dispute_won");
    const kinds = async () => (await stage.entries(fromMs)).map(({ kind, atMs }) => [kind, atMs - fromMs]);
    const before = [
      ["charge", 0],
      ["dispute", 0],
    ];
    expect(await kinds()).toEqual(before);
    stage.nowMs += 3_600_000;
    expect(await kinds()).toEqual([...before, ["dispute_won", LIMITS.sandboxBankMs]]);
  });

  it("come in pages, none left out and none twice, also many of one moment", async () => {
    stage.nowMs = Date.UTC(2032, 0, 1);
    const fromMs = stage.nowMs;
    const lines = 2 * LIMITS.sandboxLinesPerPage + 1;
    const write = env.DB.prepare(
      `INSERT INTO sandbox_lines (id, holder, currency, kind, reference, amount, fee, at_ms)
       SELECT 'txn_many_' || value, 'platform', 'XMY', 'other', value, 1, 0, ?2 + value / 600 FROM json_each(?1)`,
    );
    await write.bind(JSON.stringify(Array.from({ length: lines }, (_, n) => n)), fromMs).run();
    stage.nowMs += 1_000;
    const pages: number[] = [];
    const seen = new Set<string>();
    for await (const page of psp.entries(fromMs, fromMs + 1_000)) {
      pages.push(page.length);
      for (const { id } of page) seen.add(id);
    }
    expect(pages).toEqual([LIMITS.sandboxLinesPerPage, LIMITS.sandboxLinesPerPage, 1]);
    expect(seen.size).toBe(lines);
  });
});

const METHODS = [
  "sandbox_success",
  "sandbox_success",
  "sandbox_dispute",
  "sandbox_dispute_won",
  "sandbox_dispute_lost",
  "sandbox_refund_fails",
  "sandbox_later_success",
] as const;

// Close together, so that what is asked for is often all there is, or a little more.
const amount = fc.integer({ min: 1, max: 1_000 });
const pick = fc.nat({ max: 4 });

/** A call of somebody's; `pick` chooses among what is there, `again` repeats an earlier one. */
const call = fc.oneof(
  fc.record({ do: fc.constant("charge"), method: fc.constantFrom(...METHODS), amount }),
  fc.record({ do: fc.constantFrom("capture", "giveBack"), pick }),
  fc.record({ do: fc.constantFrom("refund", "transfer", "reverse", "payout"), pick, amount }),
  fc.record({ do: fc.constant("again"), pick }),
  fc.record({ do: fc.constant("wait"), amount: fc.integer({ min: 1, max: 5_000 }) }),
);
type Call = Partial<Record<"do" | "method", string> & Record<"pick" | "amount", number>>;

/** Plays calls on a currency and accounts of its own. */
class Play {
  readonly orders: OrderId[] = [];
  readonly transfers: Transfer[] = [];
  readonly payouts: Payout[] = [];
  readonly refunds = new Map<string, OrderId>();
  readonly done: (() => Promise<unknown>)[] = [];
  readonly startedAtMs: number;

  readonly on: SandboxStage;
  readonly accounts: readonly string[];
  readonly currency: string;

  constructor(on: SandboxStage, accounts: readonly string[], currency: string) {
    this.on = on;
    this.accounts = accounts;
    this.currency = currency;
    this.startedAtMs = on.nowMs;
  }

  async play(calls: readonly Call[]): Promise<void> {
    for (const step of calls) {
      const action = this.actionOf(step);
      if (action) await action();
      if (action && step.do !== "again") this.done.push(action);
    }
  }

  private actionOf({ do: what, method = "", pick: at = 0, amount: minor = 0 }: Call) {
    const { port, nowMs } = this.on;
    const order = this.orders[at % this.orders.length];
    const account = this.accounts[at % this.accounts.length]!;
    const of = money(minor, this.currency);
    const sent = this.transfers[at % this.transfers.length];
    switch (what) {
      case "charge": {
        const charged = newOrder();
        this.orders.push(charged);
        return () => this.on.authorize(charged, method, of).then(() => port.capture(charged));
      }
      case "capture":
        return order && (() => port.capture(order));
      case "giveBack":
        return order && (() => port.giveBack(order));
      case "refund": {
        if (!order) return undefined;
        const refund = newOf("rfd");
        this.refunds.set(refund, order);
        return () => port.refund(order, refund, of);
      }
      case "transfer": {
        const transfer = {
          id: newOf("trf"),
          order: order ?? newOrder(),
          account,
          amount: of,
          startedAtMs: nowMs,
        };
        this.transfers.push(transfer);
        return () => port.transfer(transfer);
      }
      case "reverse": {
        const id = newOf("rvl");
        return (
          sent &&
          (() =>
            port.reverse({
              id,
              transfer: `tr_${sent.id.slice(4)}`,
              account: sent.account,
              amount: of,
              startedAtMs: nowMs,
            }))
        );
      }
      case "payout": {
        const payout = { id: newOf("pyo"), account, amount: of, startedAtMs: nowMs };
        this.payouts.push(payout);
        return () => port.payout(payout);
      }
      case "again":
        return this.done[at % this.done.length];
      default:
        return async () => void (this.on.nowMs += minor);
    }
  }

  atAccounts(): Promise<number[]> {
    return Promise.all(this.accounts.map((id) => this.on.port.available(id, this.currency)));
  }

  async atBanks(): Promise<number> {
    const states = await Promise.all(
      this.payouts.map(async (payout) => [payout, await this.on.port.findPayout(payout)] as const),
    );
    return states
      .filter(([, { status }]) => status === "pending" || status === "done")
      .reduce((sum, [{ amount: paid }]) => sum + paid.amount, 0);
  }

  async entries(): Promise<ProviderEntry[]> {
    const all = await this.on.entries(this.startedAtMs);
    return all.filter(({ amount: of }) => of.currency === this.currency);
  }

  /** What buyers and their banks gave and took for an order, fees left aside. */
  ofOrder(order: OrderId, entries: readonly ProviderEntry[]): number {
    const refunds = [...this.refunds].filter(([, of]) => of === order).map(([refund]) => refund);
    const about = new Set<string | undefined>([order, `dp_${order.slice(4)}`, ...refunds]);
    return sumOf(entries.filter(({ reference }) => about.has(reference)));
  }
}

function sumOf(entries: readonly ProviderEntry[]): number {
  return entries.reduce((sum, { amount: of }) => sum + of.amount, 0);
}

function feesOf(entries: readonly ProviderEntry[]): number {
  return entries.reduce((sum, { fee }) => sum + fee.amount, 0);
}

interface Latest {
  readonly holder: string;
  readonly balance: number;
  readonly summed: number;
}

const LATEST = `
  SELECT holder, balance, (SELECT sum(amount - fee) FROM sandbox_lines s
    WHERE s.holder = l.holder AND s.currency = l.currency AND s.number IS NOT NULL) AS summed
  FROM sandbox_lines l WHERE currency = ?1 AND number = (
    SELECT max(number) FROM sandbox_lines m WHERE m.holder = l.holder AND m.currency = l.currency)`;

it("after any calls what is left is the sum of the lines, no account is below zero, and nothing is lost", async () => {
  const parties = [await stage.enabled("Kiln, returned payouts"), await stage.enabled("Loom")];
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 10, maxLength: 40 }), async (calls) => {
      run += 1;
      stage.nowMs += 60_000;
      const game = new Play(stage, parties, `P${run}`);
      await game.play(calls);
      const entries = await game.entries();
      const platform = sumOf(entries) - feesOf(entries);
      const { results } = await env.DB.prepare(LATEST).bind(game.currency).all<Latest>();
      for (const { balance, summed } of results) expect(balance).toBe(summed);
      expect(results.find(({ holder }) => holder === "platform")?.balance ?? 0).toBe(platform);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
      // What buyers brought and have not got back is with the platform, the parties, their banks, or was a fee.
      const fromBuyers = entries.filter(({ kind }) => kind !== "transfer" && kind !== "reversal");
      const accounts = await game.atAccounts();
      for (const balance of accounts) expect(balance).toBeGreaterThanOrEqual(0);
      const theirs = accounts.reduce((sum, balance) => sum + balance, await game.atBanks());
      const held = platform + theirs + feesOf(entries);
      expect(held).toBe(sumOf(fromBuyers));
      for (const order of game.orders) expect(game.ofOrder(order, entries)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 60, seed: 3 },
  );
}, 60_000);

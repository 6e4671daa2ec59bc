/** A provider whose books the test writes, a ledger that it writes too, a clock that it moves; and what is made of them. */
import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";
import type { OrderId, PartyId, PayoutId, RefundId, SellerId } from "../../src/domain/ids.ts";
import type { Transaction } from "../../src/domain/ledger.ts";
import type { OrderStatus } from "../../src/domain/order.ts";
import { NO_LEGS } from "../../src/domain/split.ts";
import { settledOrders } from "../../src/settlement/ledger/tables.ts";
import { record } from "../../src/settlement/ledger/store.ts";
import { payouts, transfers, type MovementStatus } from "../../src/settlement/movements/tables.ts";
import type {
  Dispute,
  MovementState,
  PaymentPort,
  ProviderEntry,
  RefundState,
} from "../../src/settlement/psp/port.ts";
import { listFindings, reconciliationOf } from "../../src/settlement/reconciliation/readers.ts";
import { reconcile } from "../../src/settlement/reconciliation/run.ts";
import { refunds } from "../../src/settlement/returns/tables.ts";
import { orders } from "../../src/settlement/tables.ts";
import type { Treasury } from "../../src/settlement/treasury.ts";
import { MINUTE, usd } from "../domain/shop.ts";
import { newOf } from "./sandbox-stage.ts";

/** Longer than anything may just be late. */
export const LONG = 16 * MINUTE;

export class BooksStage {
  nowMs = Date.UTC(2026, 10, 21);
  readonly lines: ProviderEntry[] = [];
  readonly payoutsAtBank = new Map<PayoutId, MovementState>();
  readonly refundsAtBank = new Map<RefundId, RefundState>();
  readonly disputes = new Map<string, Dispute>();
  readonly givenBack: OrderId[] = [];
  /** Where each reading of the books began. */
  readonly readFromMs: number[] = [];
  isDown = false;
  linesPerPage = 500;
  readonly log: unknown[] = [];
  db = env.DB;

  readonly #port: Partial<PaymentPort> = {
    provider: "bank",
    entries: (fromMs, untilMs) => this.#entries(fromMs, untilMs),
    giveBack: async (order) => {
      this.givenBack.push(order);
      return { status: "returned", payment: order };
    },
    findPayout: async ({ id }) => this.payoutsAtBank.get(id) ?? { status: "unknown" },
    findRefund: async (_, refund) => this.refundsAtBank.get(refund) ?? { status: "unknown" },
    refund: async (_, refund) => this.refundsAtBank.get(refund) ?? { status: "refused", reason: "no" },
    dispute: async (dispute) => this.disputes.get(dispute),
  };

  get treasury(): Treasury {
    return {
      db: this.db,
      port: this.#port as PaymentPort,
      nowMs: () => this.nowMs,
      log: (line) => void this.log.push(line),
    };
  }

  async *#entries(fromMs: number, untilMs: number): AsyncIterable<readonly ProviderEntry[]> {
    this.readFromMs.push(fromMs);
    if (this.isDown) throw new Error("no connection");
    const found = this.lines
      .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
      .toSorted((a, b) => a.atMs - b.atMs);
    for (let at = 0; at < found.length; at += this.linesPerPage) {
      yield found.slice(at, at + this.linesPerPage);
    }
  }

  /** A line of the provider's books, written now. */
  line(kind: ProviderEntry["kind"], reference: string | undefined, amount: number, fee = 0): ProviderEntry {
    const line: ProviderEntry = {
      id: newOf("txn"),
      kind,
      ...(reference === undefined ? {} : { reference }),
      amount: usd(amount),
      fee: usd(fee),
      atMs: this.nowMs,
    };
    this.lines.push(line);
    return line;
  }

  /** Transactions in the ledger, now. */
  async book(...transactions: Transaction[]): Promise<void> {
    const recorded = transactions.map((transaction) => ({ transaction, atMs: this.nowMs }));
    await env.DB.batch(record(env.DB, recorded));
  }

  run(): Promise<boolean> {
    return reconcile(this.treasury);
  }

  async runLater(byMs = LONG): Promise<void> {
    this.nowMs += byMs;
    await this.run();
  }

  report() {
    return reconciliationOf(env.DB, "bank", this.nowMs);
  }

  async findings(status?: "open" | "resolved") {
    const page = await listFindings(env.DB, { status, limit: 500 });
    return page!.data;
  }

  /** Open findings in short: what is wrong with what, and what each side says it came to. */
  async open(): Promise<string[]> {
    const found = await this.findings("open");
    return found
      .map(
        ({ kind, about, subject, providerAmount, ledgerAmount }) =>
          `${kind} ${about} ${subject}: ${providerAmount} ${ledgerAmount}`,
      )
      .toSorted();
  }

  async order(status: OrderStatus, id: OrderId = newOf("ord")): Promise<OrderId> {
    await drizzle(env.DB)
      .insert(orders)
      .values({
        id,
        session: newOf("ses"),
        seller: SELLER,
        viewer: newOf("vwr"),
        reservation: newOf("rsv"),
        status,
        currency: "USD",
        total: 5_000,
        due: 5_000,
        refunded: 0,
        paymentMethod: "card",
        paymentPending: false,
        lines: [],
        units: [],
        refunds: [],
        placedAtMs: this.nowMs,
        updatedAtMs: this.nowMs,
        seq: 1,
      });
    return id;
  }

  /** A captured order as the ledger has settled it; without its transactions. */
  async settled(over: Partial<typeof settledOrders.$inferInsert> = {}): Promise<OrderId> {
    const order = await this.order("captured");
    await drizzle(env.DB)
      .insert(settledOrders)
      .values({
        order,
        session: newOf("ses"),
        seq: 1,
        seller: SELLER,
        currency: "USD",
        total: 5_000,
        captured: 5_000,
        legs: { ...NO_LEGS, seller: 5_000 },
        basis: {} as never,
        reserved: 0,
        returned: 0,
        returnedLegs: NO_LEGS,
        returns: 0,
        capturedAtMs: this.nowMs,
        ...over,
      });
    return order;
  }

  async refund(order: OrderId, status: "requested" | "sent", amount: number): Promise<RefundId> {
    const id = newOf("rfd");
    await drizzle(env.DB)
      .insert(refunds)
      .values({
        id,
        order,
        currency: "USD",
        amount,
        returnUnits: false,
        status,
        provider: "bank",
        ...(status === "sent" ? { providerId: `re_${id}` } : {}),
        attempts: 1,
        createdAtMs: this.nowMs,
        updatedAtMs: this.nowMs,
      });
    return id;
  }

  async payout(status: MovementStatus, over: Partial<typeof payouts.$inferInsert> = {}): Promise<PayoutId> {
    const id = over.id ?? newOf("pyo");
    await drizzle(env.DB)
      .insert(payouts)
      .values({ id, party: SELLER, providerId: `po_${id}`, ...this.#sent(status), ...over });
    return id;
  }

  async transfer(order: OrderId, status: MovementStatus, party: PartyId = SELLER) {
    const id = newOf("trf");
    const values = { id, order, party, reversed: 0, failure: "account_closed", ...this.#sent(status) };
    await drizzle(env.DB).insert(transfers).values(values);
    return id;
  }

  #sent(status: MovementStatus) {
    const atMs = this.nowMs;
    const times = { createdAtMs: atMs, startedAtMs: atMs, updatedAtMs: atMs };
    return {
      currency: "USD",
      amount: 4_000,
      status,
      provider: "bank",
      account: "acct_1",
      attempts: 1,
      ...times,
    };
  }
}

export const SELLER: SellerId = newOf("sel");

const OURS = `
SELECT type, name, sql FROM sqlite_master
WHERE type IN ('table', 'trigger') AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%migrations%' AND name NOT LIKE '#_cf%' ESCAPE '#'`;

/** Empties every table of ours, those that refuse it too: each test has books of its own. */
export async function clear(): Promise<void> {
  const { results } = await env.DB.prepare(OURS).all<{ type: string; name: string; sql: string }>();
  const [triggers, tables] = ["trigger", "table"].map((type) => results.filter((row) => row.type === type));
  await env.DB.batch(
    [
      ...triggers!.map(({ name }) => `DROP TRIGGER "${name}"`),
      ...tables!.map(({ name }) => `DELETE FROM "${name}"`),
      ...triggers!.map(({ sql }) => sql),
    ].map((text) => env.DB.prepare(text)),
  );
}

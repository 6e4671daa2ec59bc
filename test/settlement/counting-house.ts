/** Money on a stage: a session that sells, the queue to settlement, its cron, and a bank; with a clock for all. */
import { env } from "cloudflare:workers";
import type { ContractTerms } from "../../src/domain/contract.ts";
import type { ContractId, OrderId, PartyId, PayoutId, RefundId, SessionId } from "../../src/domain/ids.ts";
import type { Money } from "../../src/domain/money.ts";
import type { PriceInput } from "../../src/domain/pricing.ts";
import { consumeSettlement } from "../../src/settlement/consumer.ts";
import { createContract } from "../../src/settlement/contracts.ts";
import { followAccount, openAccount, type PayoutSchedule } from "../../src/settlement/movements/accounts.ts";
import { followNews } from "../../src/settlement/run.ts";
import { moveMoney } from "./all-steps.ts";
import type { PaymentPort } from "../../src/settlement/psp/port.ts";
import type { Treasury } from "../../src/settlement/treasury.ts";
import { contractTerms } from "../domain/contracts.ts";
import { ANA, MINUTE, offerTerms, priced, Shop, T0, TEE, usd } from "../domain/shop.ts";
import { accountAt, Bank } from "./bank.ts";
import { deliver, journalOf, message } from "./deliver.ts";

/** Settlement's tables, as far as money goes. */
export const TABLES = [
  "settlement_cursors",
  "settlement_sessions",
  "orders",
  "attributions",
  "order_looks",
  "settled_orders",
  "ledger_transactions",
  "ledger_entries",
  "ledger_balances",
  "ledger_positions",
  "ledger_days",
  "ledger_sessions",
  "transfers",
  "reversals",
  "payouts",
  "payout_transfers",
  "payment_accounts",
  "refunds",
  "disputes",
  "contracts",
  "contract_versions",
] as const;

/** Those that the database keeps as they were written. */
const KEPT = ["ledger_transactions", "ledger_entries", "attributions"] as const;

export const SELLER = "sel_1";
export const CREATOR = "cre_1";
export const CONTRACT: ContractId = "con_money";
export const DAY = 24 * 60 * MINUTE;
/** Paid out only when a test says so. */
const BY_HAND: PayoutSchedule = { interval: "manual", minimums: {} };

export interface Selling {
  readonly quantity?: number;
  readonly price?: PriceInput;
  /** Whether the provider has the charge already. */
  readonly isCharged?: boolean;
  readonly fee?: Money;
}

export class CountingHouse {
  readonly bank = new Bank();
  /** Whom settlement asks: the bank, unless a specification has another provider. */
  port: PaymentPort = this.bank;
  readonly session: SessionId = "ses_money";
  readonly shop: Shop;
  readonly logged: Readonly<Record<string, unknown>>[] = [];
  db = env.DB;
  #sold = 0;

  private constructor(currency: string, unit: number) {
    this.shop = Shop.created({
      id: this.session,
      seller: SELLER,
      creator: CREATOR,
      contract: CONTRACT,
      currency,
    });
    this.shop.move("start");
    this.shop.allocate("tee", 1_000);
    this.shop.create(offerTerms(TEE, { price: priced(unit) }));
    this.shop.open(TEE);
  }

  /** An empty database, a contract (5 % for the platform, 15 % for the creator) and tees at 100.00. */
  static async open(over: Partial<ContractTerms> = {}, unit = 10_000): Promise<CountingHouse> {
    await env.DB.batch([
      // The database would refuse to forget a ledger: each stage begins with none.
      ...KEPT.map((table) => env.DB.prepare(`DROP TRIGGER IF EXISTS ${table}_are_not_deleted`)),
      ...TABLES.map((table) => env.DB.prepare(`DELETE FROM ${table}`)),
    ]);
    const { seller, ...terms } = contractTerms(over);
    const creatorMay = [...terms.creatorMay];
    await createContract(env.DB, { seller, ...terms, creatorMay }, T0 - DAY, CONTRACT);
    return new CountingHouse("USD", unit);
  }

  /** The same, with accounts that are enabled. */
  static async ready(over: Partial<ContractTerms> = {}, unit?: number): Promise<CountingHouse> {
    const house = await CountingHouse.open(over, unit);
    await house.enable(SELLER);
    await house.enable(CREATOR);
    return house;
  }

  get nowMs(): number {
    return this.shop.nowMs;
  }

  get treasury(): Treasury {
    return {
      db: this.db,
      port: this.port,
      nowMs: () => this.nowMs,
      log: (line) => void this.logged.push(line),
    };
  }

  wait(ms: number): void {
    this.shop.nowMs += ms;
  }

  async openAccount(party: PartyId, schedule: PayoutSchedule = BY_HAND): Promise<void> {
    await openAccount(this.treasury, { id: party, name: party, country: "DE" }, schedule);
  }

  async enable(party: PartyId, schedule: PayoutSchedule = BY_HAND): Promise<void> {
    await this.openAccount(party, schedule);
    this.bank.accounts.set(accountAt(party), "enabled");
    await followAccount(this.treasury, accountAt(party));
  }

  /** An order that is placed, paid and captured; the queue does not have it yet. */
  sell({ quantity = 1, price = {}, isCharged = true, fee = usd(290) }: Selling = {}): OrderId {
    this.#sold += 1;
    const order: OrderId = `ord_${String(this.#sold).padStart(3, "0")}`;
    this.shop.buy(ANA, TEE, order, quantity, price);
    this.capture(order);
    if (isCharged) this.charge(order, fee);
    return order;
  }

  capture(order: OrderId): void {
    this.shop.authorize(order, { provider: this.port.provider, id: `pay_${order}` });
    this.shop.capture(order);
    if (this.shop.order(order).status !== "captured") throw new Error(`${order} was not captured`);
  }

  /** The provider has the charge, and its fee where it says. */
  charge(order: OrderId, fee?: Money): void {
    const amount = this.shop.order(order).due;
    if (amount.amount > 0)
      this.bank.charges.set(order, { charge: `ch_${order}`, amount, ...(fee ? { fee } : {}) });
  }

  refund(order: OrderId, amount: number, refund?: RefundId): void {
    const reply = this.shop.refund(order, usd(amount), refund);
    if (!reply.ok) throw new Error(`refund of ${order}: ${JSON.stringify(reply.refusal)}`);
  }

  dispute(order: OrderId, amount: number, fee = 1_500): string {
    const dispute = `dp_${order}_${this.bank.disputes.size}`;
    const of = { dispute, order, amount: usd(amount), fee: usd(fee), reason: "fraudulent" };
    this.bank.disputes.set(dispute, { ...of, status: "open" });
    return dispute;
  }

  decide(dispute: string, status: "won" | "lost", fee?: number): void {
    const known = this.bank.disputes.get(dispute);
    if (!known) throw new Error(`no dispute ${dispute}`);
    this.bank.disputes.set(dispute, { ...known, status, ...(fee === undefined ? {} : { fee: usd(fee) }) });
  }

  hear(news: Parameters<typeof followNews>[1]): Promise<void> {
    return followNews(this.treasury, news);
  }

  /** The whole journal as one message; what was applied before is passed over. */
  async publish(): Promise<void> {
    const events = this.shop.events();
    const { db } = this;
    const log = (line: Readonly<Record<string, unknown>>): void => void this.logged.push(line);
    const ports = { db, journal: journalOf({ [this.session]: events }), log };
    await deliver(consumeSettlement, [message(this.session, events)], ports);
  }

  /** One run of the cron. */
  run(): Promise<number> {
    return moveMoney(this.treasury);
  }

  /** Publishes, and runs the cron until there is nothing to do; then the books must be right. */
  async settle(): Promise<void> {
    await this.publish();
    for (let round = 0; (await this.run()) > 0; round += 1) {
      if (round > 20) throw new Error(`never at rest: ${JSON.stringify(this.logged.slice(-5))}`);
    }
    await this.checkBooks();
  }

  /** An account's sum: debits positive. */
  async balance(account: string, currency = "USD"): Promise<number> {
    const row = await env.DB.prepare(
      "SELECT amount FROM ledger_balances WHERE account = ?1 AND currency = ?2",
    )
      .bind(account, currency)
      .first<{ amount: number }>();
    return row?.amount ?? 0;
  }

  /** What a party is owed, what is on its way, at the provider, and kept back: all positive where it is the party's. */
  async standing(party: PartyId, currency = "USD"): Promise<Record<string, number>> {
    const side = party.startsWith("sel_") ? "seller" : "creator";
    const found: Record<string, number> = {};
    for (const which of ["payable", "transit", "balance", "reserve"]) {
      found[which] = 0 - (await this.balance(`${side}:${party}:${which}`, currency));
    }
    return found;
  }

  async rows(
    table: "transfers" | "reversals" | "payouts" | "refunds" | "disputes",
  ): Promise<readonly Record<string, unknown>[]> {
    return (
      await env.DB.prepare(
        `SELECT * FROM ${table} ORDER BY ${table === "disputes" ? "opened" : "created"}_at_ms, id`,
      ).all()
    ).results;
  }

  /** Rows as a sentence each: party, order, amount and status. */
  async told(table: "transfers" | "reversals"): Promise<string[]> {
    const text = `SELECT party || ' ' || "order" || ' ' || amount || ' ' || status AS told
      FROM ${table} ORDER BY created_at_ms, id`;
    const { results } = await env.DB.prepare(text).all<{ told: string }>();
    return results.map(({ told }) => told);
  }

  async payoutId(at = 0): Promise<PayoutId> {
    return (await this.rows("payouts"))[at]!["id"] as PayoutId;
  }

  /** Every transaction's id and kind, in the order they were recorded. */
  async transactions(): Promise<string[]> {
    const { results } = await env.DB.prepare("SELECT id FROM ledger_transactions ORDER BY id").all<{
      id: string;
    }>();
    return results.map(({ id }) => id);
  }

  /** Throws unless the ledger balances by itself and is the provider's. */
  async checkBooks(currency = "USD"): Promise<void> {
    const must = (holds: boolean, what: string, found: unknown): void => {
      if (!holds) throw new Error(`${what}: ${JSON.stringify(found)}`);
    };
    const off = await unbalanced();
    must(off.length === 0, "transactions that do not sum to zero", off);
    for (const table of ["ledger_balances", "ledger_positions"] as const) {
      const other = await differing(table);
      must(other.length === 0, `${table} that are not the entries`, other);
    }
    const early = await overdrawn();
    must(early.length === 0, "movements of more than there was", early);
    const clearing = await this.balance("provider:bank:clearing", currency);
    const cash = this.bank.cash(currency);
    must(clearing === cash, "clearing that is not the provider's", { clearing, cash });
    const open = [...this.bank.disputes.values()].filter(({ status }) => status === "open");
    const disputed = await this.balance("provider:bank:disputed", currency);
    const asked = open.reduce((sum, { amount }) => sum + amount.amount, 0);
    must(disputed === asked, "disputed money that is not the provider's", { disputed, asked });
  }
}

/** Transactions that do not sum to zero in a currency. */
async function unbalanced(): Promise<unknown[]> {
  const text = `SELECT "transaction", currency, sum(amount) AS off FROM ledger_entries
    GROUP BY 1, 2 HAVING sum(amount) <> 0`;
  return (await env.DB.prepare(text).all()).results;
}

/** Movements that took more than was owed for their order, or than their party had, when they started. */
async function overdrawn(): Promise<unknown[]> {
  const text = `SELECT "transaction", account, left FROM (
      SELECT "transaction", account, sum(amount) OVER (
        PARTITION BY account, currency, CASE WHEN account LIKE '%:payable' THEN "order" END ORDER BY number) AS left
      FROM ledger_entries WHERE account LIKE '%:%:payable' OR account LIKE '%:balance')
    WHERE left > 0 AND ("transaction" LIKE 'transfer_started:%' OR account LIKE '%:balance')`;
  return (await env.DB.prepare(text).all()).results;
}

/** Sums that are not those of the entries. */
async function differing(table: "ledger_balances" | "ledger_positions"): Promise<unknown[]> {
  const [key, which] =
    table === "ledger_balances"
      ? ["account || ' ' || currency", "true"]
      : [`account || ' ' || "order" || ' ' || currency`, "account LIKE '%:%:payable'"];
  const text = `SELECT key, sum(amount) AS off FROM (
      SELECT ${key} AS key, amount FROM ledger_entries WHERE ${which}
      UNION ALL SELECT ${key}, -amount FROM ${table})
    GROUP BY key HAVING sum(amount) <> 0`;
  return (await env.DB.prepare(text).all()).results;
}

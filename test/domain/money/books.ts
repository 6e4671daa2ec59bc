/** A ledger in memory: takes transactions, refuses those that are none, and keeps entries beside running balances. */
import type { OrderId } from "../../../src/domain/ids.ts";
import type { Account, Transaction } from "../../../src/domain/ledger.ts";

interface Entry {
  readonly transaction: string;
  readonly account: Account;
  readonly currency: string;
  readonly amount: number;
  readonly order: OrderId | undefined;
}

export class Books {
  readonly entries: Entry[] = [];
  readonly #ids = new Set<string>();
  readonly #balances = new Map<string, number>();
  /** What payable accounts hold for each order. */
  readonly #positions = new Map<string, Map<OrderId, number>>();

  /** Throws for a transaction that does not sum to zero, was recorded before, or has an entry that is not an amount. */
  record({ id, order, postings }: Transaction): void {
    if (this.#ids.has(id)) throw new Error(`${id} is there already`);
    this.#ids.add(id);
    const sums = new Map<string, number>();
    for (const posting of postings) {
      const { account, currency, amount } = posting;
      if (!Number.isSafeInteger(amount) || amount === 0) throw new Error(`${id} posts ${amount}`);
      sums.set(currency, (sums.get(currency) ?? 0) + amount);
      const about = posting.order ?? order;
      this.entries.push({ transaction: id, account, currency, amount, order: about });
      const key = `${account} ${currency}`;
      this.#balances.set(key, (this.#balances.get(key) ?? 0) + amount);
      if (account.split(":").length === 3 && account.endsWith(":payable")) {
        if (about === undefined) throw new Error(`${id} owes for no order`);
        const positions = this.#positions.get(key) ?? new Map<OrderId, number>();
        positions.set(about, (positions.get(about) ?? 0) + amount);
        this.#positions.set(key, positions);
      }
    }
    for (const [currency, sum] of sums) if (sum !== 0) throw new Error(`${id} is off by ${sum} ${currency}`);
  }

  balance(account: Account, currency: string): number {
    return this.#balances.get(`${account} ${currency}`) ?? 0;
  }

  positions(account: Account, currency: string): ReadonlyMap<OrderId, number> {
    return this.#positions.get(`${account} ${currency}`) ?? new Map<OrderId, number>();
  }

  /** Every account's sum, from the entries alone. */
  fromEntries(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { account, currency, amount } of this.entries) {
      const key = `${account} ${currency}`;
      sums.set(key, (sums.get(key) ?? 0) + amount);
    }
    return sums;
  }

  balances(): Map<string, number> {
    return new Map(this.#balances);
  }

  /** What entries say of one order, by account, of transactions of some kinds. */
  ofOrder(order: OrderId, kinds: readonly string[]): Map<Account, number> {
    const sums = new Map<Account, number>();
    for (const entry of this.entries) {
      if (
        entry.order !== order ||
        !kinds.includes(entry.transaction.slice(0, entry.transaction.indexOf(":")))
      ) {
        continue;
      }
      sums.set(entry.account, (sums.get(entry.account) ?? 0) + entry.amount);
    }
    return sums;
  }
}

/**
 * A payment provider for the specifications: in memory, scripted, and with a memory of every call. It makes what it is
 * asked once for each id, as a provider does that knows idempotency keys, until it is made to forget them.
 */
import type { OrderId, PartyId, RefundId } from "../../src/domain/ids.ts";
import type { Money } from "../../src/domain/money.ts";
import type {
  CapturedCharge,
  ConnectedAccount,
  Dispute,
  MovementState,
  Party,
  PaymentPort,
  PaymentState,
  Payout,
  RefundState,
  Reversal,
  Transfer,
} from "../../src/settlement/psp/port.ts";
import type { Failure } from "./deliver.ts";

export type Kind = "refund" | "transfer" | "reversal" | "payout";

/** Something that was asked for: `key` tells it from all others, `body` is what was asked. */
export interface Call {
  readonly kind: Kind;
  readonly key: string;
  readonly body: string;
}

interface Made extends Call {
  readonly id: string;
  readonly amount: Money;
  readonly account: string | undefined;
}

type Asked = Pick<Made, "amount"> & { readonly order?: OrderId; readonly account?: string };

export class Bank implements PaymentPort {
  readonly provider = "bank";
  /** What was asked for so far, repeated calls too. */
  readonly calls: Call[] = [];
  /** What was really done: one for each call that was not known. */
  readonly made: Made[] = [];
  readonly charges = new Map<OrderId, CapturedCharge>();
  readonly disputes = new Map<string, Dispute>();
  readonly accounts = new Map<string, ConnectedAccount["status"]>();
  /** Why calls of a kind are refused; those that are not named go through. */
  readonly refusals = new Map<Kind, string>();
  /** What an account can give just now; all that it has when absent. Less what it gave since. */
  readonly atHand = new Map<string, number>();
  /** Whether payouts and refunds wait for their bank. */
  isSlow = false;
  /** Called before and after each call, by name; may fail it. */
  fault: (call: string) => Failure = () => undefined;
  readonly #keys = new Map<string, { readonly body: string; readonly refusal: string | undefined }>();
  readonly #returned = new Map<string, string>();

  /** Remembers how everything stands; the answer brings it back. */
  save(): () => void {
    const lists = [this.calls, this.made].map((list) => [list, [...list]] as const);
    const maps = [
      this.charges,
      this.disputes,
      this.accounts,
      this.refusals,
      this.atHand,
      this.#keys,
      this.#returned,
    ].map((map) => [map as Map<unknown, unknown>, [...map]] as const);
    return () => {
      for (const [list, items] of lists) (list as unknown[]).splice(0, list.length, ...items);
      for (const [map, items] of maps) {
        map.clear();
        for (const [key, value] of items) map.set(key, value);
      }
    };
  }

  /** Forgets all ids of calls, as providers do after a day. What was made stays, and can be found. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  /** A payout or refund comes back from the bank it went to. */
  sendBack(id: string, reason = "account_closed"): void {
    this.#returned.set(id, reason);
  }

  /** What the platform has, what parties have, and what banks have got, in a currency; from what was made alone. */
  cash(currency: string): number {
    let cash = 0;
    for (const { amount, fee } of this.charges.values()) {
      if (amount.currency === currency) cash += amount.amount;
      if (fee?.currency === currency) cash -= fee.amount;
    }
    for (const { amount, fee, status } of this.disputes.values()) {
      if (amount.currency === currency && status !== "won") cash -= amount.amount;
      if (fee?.currency === currency) cash -= fee.amount;
    }
    const refunds = this.#sum("refund", currency, undefined, (one) => !this.#returned.has(one.id));
    return (
      cash - refunds - this.#sum("transfer", currency, undefined) + this.#sum("reversal", currency, undefined)
    );
  }

  /** What an account has, payouts under way taken off. */
  held(account: string | undefined, currency: string): number {
    return (
      this.#sum("transfer", currency, account) -
      this.#sum("reversal", currency, account) -
      this.#sum("payout", currency, account, (one) => !this.#returned.has(one.id))
    );
  }

  #sum(kind: Kind, currency: string, account?: string, counts: (one: Made) => boolean = () => true): number {
    return this.made
      .filter((one) => one.kind === kind && one.amount.currency === currency && counts(one))
      .filter((one) => account === undefined || one.account === account)
      .reduce((sum, { amount }) => sum + amount.amount, 0);
  }

  async #do<T>(name: string, act: () => T): Promise<T> {
    const failure = this.fault(name);
    if (failure === "before") throw new Error(`${name}: no connection`);
    const answer = act();
    if (failure === "after") throw new Error(`${name}: the answer was lost`);
    return answer;
  }

  /** Makes something once for each id; another body under the same id is an error, as at Stripe. */
  #once(kind: Kind, id: string, asked: Asked): Promise<string | undefined> {
    return this.#do(kind, () => {
      const call: Call = { kind, key: `${kind} ${id}`, body: JSON.stringify(asked) };
      this.calls.push(call);
      const known = this.#keys.get(call.key);
      if (known && known.body !== call.body) throw new Error(`${call.key}: used before with ${known.body}`);
      if (known) return known.refusal;
      const refusal = this.refusals.get(kind) ?? this.#shortOf(kind, asked);
      this.#keys.set(call.key, { body: call.body, refusal });
      if (refusal === undefined) {
        const { amount, account } = asked;
        this.made.push({ ...call, id, amount, account });
        const atHand = kind === "transfer" ? undefined : this.atHand.get(account ?? "");
        if (account !== undefined && atHand !== undefined) this.atHand.set(account, atHand - amount.amount);
      }
      return refusal;
    });
  }

  /** No account gives back more than it has. */
  #shortOf(kind: Kind, { account, amount }: Asked): string | undefined {
    const isShort = kind === "reversal" && amount.amount > this.held(account, amount.currency);
    return isShort ? "balance_insufficient" : undefined;
  }

  #find(kind: Kind, id: string): Promise<Made | undefined> {
    return this.#do(`find ${kind}`, () => this.made.find((one) => one.kind === kind && one.id === id));
  }

  acceptsMethod(): boolean {
    return true;
  }

  authorize(): Promise<PaymentState> {
    throw new Error("not asked here");
  }

  capture(): Promise<PaymentState> {
    throw new Error("not asked here");
  }

  giveBack(): Promise<PaymentState> {
    throw new Error("not asked here");
  }

  find(): Promise<PaymentState> {
    throw new Error("not asked here");
  }

  captured(order: OrderId): Promise<CapturedCharge | undefined> {
    return this.#do("captured", () => this.charges.get(order));
  }

  async refund(order: OrderId, refund: RefundId, amount: Money): Promise<RefundState> {
    const reason = await this.#once("refund", refund, { order, amount });
    return reason === undefined ? this.#refundState(refund) : { status: "refused", reason };
  }

  async findRefund(_: OrderId, refund: RefundId): Promise<RefundState> {
    return (await this.#find("refund", refund)) ? this.#refundState(refund) : { status: "unknown" };
  }

  #refundState(refund: RefundId): RefundState {
    const status = this.#returned.has(refund) ? "failed" : this.isSlow ? "pending" : "sent";
    return { status, refund: `re_${refund}` };
  }

  dispute(dispute: string): Promise<Dispute | undefined> {
    return this.#do("dispute", () => this.disputes.get(dispute));
  }

  openAccount({ id }: Party): Promise<ConnectedAccount> {
    const account = accountAt(id);
    return this.#do("openAccount", () => {
      if (!this.accounts.has(account)) this.accounts.set(account, "onboarding");
      return { account, status: this.accounts.get(account) ?? "onboarding" };
    });
  }

  account(account: string): Promise<ConnectedAccount> {
    return this.#do("account", () => ({ account, status: this.accounts.get(account) ?? "onboarding" }));
  }

  onboardingLink(): Promise<{ url: string; expiresAtMs: number }> {
    throw new Error("not asked here");
  }

  available(account: string, currency: string): Promise<number> {
    const held = this.held(account, currency);
    return this.#do("available", () => Math.min(held, this.atHand.get(account) ?? held));
  }

  async transfer(transfer: Transfer): Promise<MovementState> {
    const asked = timeless(transfer);
    return this.#moved(asked.id, await this.#once("transfer", asked.id, asked));
  }

  async findTransfer({ id }: Transfer): Promise<MovementState> {
    return (await this.#find("transfer", id)) ? this.#moved(id) : { status: "unknown" };
  }

  async reverse(reversal: Reversal): Promise<MovementState> {
    const asked = timeless(reversal);
    return this.#moved(asked.id, await this.#once("reversal", asked.id, asked));
  }

  async findReversal({ id }: Reversal): Promise<MovementState> {
    return (await this.#find("reversal", id)) ? this.#moved(id) : { status: "unknown" };
  }

  payable({ amount }: Money): number {
    return amount;
  }

  async payout(payout: Payout): Promise<MovementState> {
    const asked = timeless(payout);
    const reason = await this.#once("payout", asked.id, asked);
    return reason === undefined ? this.#payoutState(asked.id) : this.#moved(asked.id, reason);
  }

  async findPayout({ id }: Payout): Promise<MovementState> {
    return (await this.#find("payout", id)) ? this.#payoutState(id) : { status: "unknown" };
  }

  #payoutState(id: string): MovementState {
    const reason = this.#returned.get(id);
    if (reason !== undefined) return { status: "returned", id: `at_bank_${id}`, reason };
    return { status: this.isSlow ? "pending" : "done", id: `at_bank_${id}` };
  }

  #moved(id: string, reason?: string): MovementState {
    return reason === undefined ? { status: "done", id: `at_bank_${id}` } : { status: "refused", reason };
  }

  async *entries(): AsyncIterable<never[]> {
    yield [];
  }

  async readWebhook(): Promise<undefined> {
    return undefined;
  }
}

/** What a key stands for: all but when it was first asked for. */
function timeless<T extends { readonly startedAtMs: number }>(asked: T): Omit<T, "startedAtMs"> {
  const { startedAtMs: _startedAtMs, ...rest } = asked;
  return rest;
}

export function accountAt(party: PartyId): string {
  return `acct_${party}`;
}

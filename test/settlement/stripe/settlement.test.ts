/** The whole way of money with Stripe: settlement itself on the adapter, its double behind, and its webhooks heard. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { OrderId, PartyId, RefundId } from "../../../src/domain/ids.ts";
import { LIMITS } from "../../../src/domain/limits.ts";
import { readAccount } from "../../../src/settlement/movements/accounts.ts";
import { nextPayoutAt } from "../../../src/settlement/movements/schedule.ts";
import { reconcile } from "../../../src/settlement/reconciliation/run.ts";
import { requestRefund, sendRefund } from "../../../src/settlement/returns/refunds.ts";
import { MINUTE, usd } from "../../domain/shop.ts";
import { CountingHouse, CREATOR, SELLER, type Selling } from "../counting-house.ts";
import { closeDispute, openDispute } from "./double/charging.ts";
import { bank, onboard } from "./double/moving.ts";
import { signedWebhook } from "./double/webhooks.ts";
import { Stage, WEBHOOK_SECRET } from "./stage.ts";

/** What is kept about Stripe, beside settlement's own tables. */
const TABLES = [
  "stripe_requests",
  "provider_entries",
  "provider_balances",
  "reconciliation_cursors",
  "reconciliation_findings",
  "reconciliation_items",
  "reconciliation_watches",
] as const;

/** A counting house whose provider is Stripe's double; both have one clock. */
class StripeHouse {
  readonly house: CountingHouse;
  readonly stage: Stage;
  #heard = 0;

  private constructor(house: CountingHouse, stage: Stage) {
    this.house = house;
    this.stage = stage;
  }

  static async open(): Promise<StripeHouse> {
    await env.DB.batch(TABLES.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
    // A fee that bears what Stripe keeps: the platform has nothing there but what it earned.
    const house = await CountingHouse.open({ platformFee: { basisPoints: 3_000 } });
    const stage = new Stage(env.DB);
    Object.defineProperty(stage.double.books, "nowMs", { get: () => house.nowMs });
    house.port = stage.port;
    const opened = new StripeHouse(house, stage);
    for (const party of [SELLER, CREATOR] as const) await opened.onboard(party);
    return opened;
  }

  get books() {
    return this.stage.double.books;
  }

  /** A party opens its account, and Stripe is content with it. */
  async onboard(party: PartyId): Promise<void> {
    await this.house.openAccount(party, { interval: "daily", minimums: {} });
    onboard(this.books, this.books.get("account", await this.accountOf(party)), "enabled");
    await this.hear();
  }

  async accountOf(party: PartyId): Promise<string> {
    return (await readAccount(this.house.db, party))!.account;
  }

  async sell(selling: Selling = {}): Promise<OrderId> {
    const order = this.house.sell({ ...selling, isCharged: false });
    await this.stage.authorize(order, "pm_card_visa", this.house.shop.order(order).due);
    await this.stage.port.capture(order);
    return order;
  }

  async refund(order: OrderId, amount: number, id: RefundId): Promise<void> {
    const captured = this.house.shop.order(order).due.amount;
    const request = { id, order, amount: usd(amount), captured, returnUnits: false };
    await sendRefund(this.house.treasury, (await requestRefund(this.house.treasury, request))!);
    this.house.refund(order, amount, id);
  }

  chargeOf(order: OrderId) {
    return this.books.all("charge").find(({ transfer_group: group }) => group === order)!;
  }

  /** Every event of Stripe's since the last time comes as a webhook, twice, the latest first. */
  async hear(): Promise<void> {
    const { house, stage } = this;
    const events = stage.double.events.slice(this.#heard);
    this.#heard += events.length;
    for (const event of events.toReversed().flatMap((one) => [one, one])) {
      const news = await stage.port.readWebhook(signedWebhook(event, WEBHOOK_SECRET, house.nowMs));
      for (const one of news ?? []) if (!("order" in one)) await house.hear(one);
    }
  }

  /** The queue, the cron until nothing is left to do, and Stripe's webhooks; then both sides' books must agree. */
  async settle(): Promise<void> {
    await this.house.publish();
    for (let round = 0; round < 4; round += 1) {
      this.house.wait(MINUTE);
      await this.house.run();
      await this.hear();
    }
    const { available, pending } = this.books.balance("platform", "usd");
    const clearing = await this.house.balance("provider:stripe:clearing");
    if (clearing !== available + pending) {
      throw new Error(`the ledger has ${clearing} at Stripe, and Stripe ${available} and ${pending}`);
    }
  }

  /** A night, in which what Stripe has becomes available and payouts fall due. */
  async payOut(): Promise<void> {
    const { house } = this;
    this.books.settle();
    house.wait(nextPayoutAt("daily", house.nowMs)! - house.nowMs);
    await this.settle();
    for (const party of [SELLER, CREATOR] as const) {
      const account = await this.accountOf(party);
      const isOf = new Set(this.books.lines(account).map(({ source }) => source));
      for (const made of this.books.all("payout")) {
        if (isOf.has(made.id) && made.status === "pending") bank(this.books, made, account, "paid");
      }
    }
    house.wait(LIMITS.payoutLookMs + MINUTE);
    await this.settle();
  }

  /** What parties have in their accounts at Stripe, by the ledger, which must be by Stripe, too; nothing may be under way. */
  async balances(): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const party of [SELLER, CREATOR] as const) {
      const { balance = 0, ...rest } = await this.house.standing(party);
      const { available, pending } = this.books.balance(await this.accountOf(party), "usd");
      const isAtRest = Object.values(rest).every((amount) => amount === 0);
      if (!isAtRest || balance !== available + pending) {
        throw new Error(`${party}: ${JSON.stringify({ balance, ...rest, available, pending })}`);
      }
      found[party] = balance;
    }
    return found;
  }

  /** Stripe's transfers of an order: to whom, how much, how much came back, and whether from its charge. */
  async transfersOf(order: OrderId): Promise<unknown[]> {
    const [seller, charge] = [await this.accountOf(SELLER), this.chargeOf(order).id];
    return this.books
      .all("transfer")
      .filter((made) => made.transfer_group === order)
      .map(({ destination, amount, amount_reversed: back, source_transaction: source }) => [
        destination === seller ? SELLER : CREATOR,
        amount,
        back,
        source === charge ? "charge" : source,
      ])
      .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  }

  /** Where Stripe's own lines and the ledger differ, once nothing may just be late. */
  async differences(): Promise<unknown[]> {
    this.house.wait(LIMITS.reconcileGraceMs + MINUTE);
    for (let isDone = false; !isDone;) isDone = await reconcile(this.house.treasury);
    const { results } = await this.house.db
      .prepare("SELECT kind, subject FROM reconciliation_findings WHERE status = 'open' AND NOT watched")
      .all();
    return results;
  }

  async paidOut(): Promise<Record<string, number>> {
    const { results } = await this.house.db
      .prepare("SELECT party, sum(amount) AS amount FROM payouts WHERE status = 'paid' GROUP BY party")
      .all<{ party: string; amount: number }>();
    return Object.fromEntries(results.map(({ party, amount }) => [party, amount]));
  }
}

describe("settlement at Stripe", () => {
  let at: StripeHouse;
  beforeEach(async () => {
    at = await StripeHouse.open();
  });

  it("moves an order's money from the charge to the banks, a part back, and what a dispute took and gave", async () => {
    const order = await at.sell();
    await at.settle();
    expect(await at.transfersOf(order)).toEqual([
      [CREATOR, 1_500, 0, "charge"],
      [SELLER, 5_500, 0, "charge"],
    ]);

    at.books.settle();
    await at.refund(order, 2_000, "rfd_part");
    await at.settle();
    expect(await at.transfersOf(order)).toEqual([
      [CREATOR, 1_500, 300, "charge"],
      [SELLER, 5_500, 1_100, "charge"],
    ]);
    expect(await at.balances()).toEqual({ [CREATOR]: 1_200, [SELLER]: 4_400 });

    const dispute = openDispute(at.books, at.chargeOf(order));
    await at.settle();
    expect(await at.house.balance("provider:stripe:disputed")).toBe(8_000);
    expect(await at.transfersOf(order)).toEqual([
      [CREATOR, 1_500, 1_500, "charge"],
      [SELLER, 5_500, 5_500, "charge"],
    ]);

    closeDispute(at.books, dispute, "won");
    await at.settle();
    // What came back counts for the charge too: of the 30.00 that are left of it only the creator's part can come.
    expect(await at.transfersOf(order)).toEqual([
      [CREATOR, 1_200, 0, "charge"],
      [CREATOR, 1_500, 1_500, "charge"],
      [SELLER, 4_400, 0, null],
      [SELLER, 5_500, 5_500, "charge"],
    ]);
    expect(await at.balances()).toEqual({ [CREATOR]: 1_200, [SELLER]: 4_400 });

    await at.payOut();
    expect(await at.paidOut()).toEqual({ [CREATOR]: 1_200, [SELLER]: 4_400 });
    expect(await at.balances()).toEqual({ [CREATOR]: 0, [SELLER]: 0 });
    expect(await at.house.balance("provider:stripe:disputed")).toBe(0);
    expect(await at.house.balance("buyers:clearing")).toBe(0);
    expect(await at.differences()).toEqual([]);
    expect(at.house.logged).toEqual([]);
  });

  it("takes what credit paid from the platform's balance, once it has enough available", async () => {
    const order = await at.sell({ price: { creditAmount: 5_000 } });
    await at.sell();
    await at.settle();
    expect(await at.transfersOf(order)).toEqual([[CREATOR, 1_500, 0, "charge"]]);
    at.books.settle();
    at.house.wait(60 * MINUTE);
    await at.settle();
    expect(await at.transfersOf(order)).toEqual([
      [CREATOR, 1_500, 0, "charge"],
      [SELLER, 5_500, 0, null],
    ]);
    expect(await at.balances()).toEqual({ [CREATOR]: 3_000, [SELLER]: 11_000 });
    await at.payOut();
    expect(await at.paidOut()).toEqual({ [CREATOR]: 3_000, [SELLER]: 11_000 });
    expect(await at.balances()).toEqual({ [CREATOR]: 0, [SELLER]: 0 });
    expect(await at.differences()).toEqual([]);
  });
});

/** What reconciliation mends by itself: what was missed here, and money of orders that came to nothing. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { chargeOf, feeOf, saleOf } from "../../src/domain/ledger.ts";
import type { OrderId } from "../../src/domain/ids.ts";
import { NO_LEGS, type Split } from "../../src/domain/split.ts";
import { balanceOf } from "../../src/settlement/ledger/store.ts";
import { reconcile } from "../../src/settlement/reconciliation/run.ts";
import { usd } from "../domain/shop.ts";
import { failing, type Failure } from "./deliver.ts";
import { BooksStage, clear, LONG, SELLER } from "./reconciliation-stage.ts";
import { newOf, SandboxStage } from "./sandbox-stage.ts";

let stage: BooksStage;

beforeEach(async () => {
  await clear();
  stage = new BooksStage();
});

async function transactions(): Promise<string[]> {
  const { results } = await env.DB.prepare("SELECT id FROM ledger_transactions ORDER BY id").all<{
    id: string;
  }>();
  return results.map(({ id }) => id);
}

const COUNTED =
  "SELECT kind, provider_lines, ledger_entries FROM reconciliation_items WHERE subject = ? ORDER BY kind";

async function sold(settled: Parameters<BooksStage["settled"]>[0] = {}): Promise<OrderId> {
  const order = await stage.settled({ chargedAtMs: stage.nowMs, ...settled });
  const split = { currency: "USD", captured: 5_000, legs: { ...NO_LEGS, seller: 5_000 }, reserved: 0 };
  await stage.book(
    saleOf(order, { seller: SELLER, creator: undefined }, split as Split),
    chargeOf(order, "bank", usd(5_000)),
  );
  return order;
}

describe("what the provider does by itself", () => {
  it("is entered from its books: the platform's own payout, its way back, a fee", async () => {
    const order = await sold();
    stage.line("charge", order, 5_000);
    stage.line("platform_payout", undefined, -1_200);
    stage.line("platform_payout", undefined, 200);
    stage.line("provider_fee", undefined, -75);
    await stage.run();
    expect(await stage.report()).toMatchObject({ equal: true, currencies: [{ provider: usd(3_925) }] });
    expect(await balanceOf(env.DB, "platform:bank", "USD")).toBe(1_000);
    expect(await balanceOf(env.DB, "provider:bank:fees", "USD")).toBe(75);
    await stage.runLater();
    expect(await stage.open()).toEqual([]);
  });
});

describe("an order that came to nothing", () => {
  it.each(["failed", "cancelled"] as const)(
    "%s: its charge and what went back are recorded",
    async (status) => {
      const order = await stage.order(status);
      stage.line("charge", order, 5_000, 145);
      stage.line("refund", order, -5_000);
      await stage.run();
      expect(await transactions()).toEqual([
        `charge:${order}`,
        `charge_fee:${order}`,
        `refund_sent:${order}`,
      ]);
      expect(await stage.report()).toMatchObject({ equal: true, currencies: [{ provider: usd(-145) }] });
      expect(await balanceOf(env.DB, "buyers:clearing", "USD")).toBe(0);
      await stage.runLater();
      expect(stage.givenBack).toEqual([]);
      expect(await stage.open()).toEqual([]);
    },
  );

  it("is given back where checkout, which had its time, has not", async () => {
    const order = await stage.order("failed");
    stage.line("charge", order, 5_000, 145);
    await stage.run();
    expect(stage.givenBack).toEqual([]);
    await stage.runLater(LONG / 2);
    expect(stage.givenBack).toEqual([]);
    await stage.runLater(LONG);
    expect(stage.givenBack).toEqual([order]);
    expect(await stage.open()).toEqual([`buyers_clearing_open buyers ${order}: 0 -5000`]);
    stage.line("refund", order, -5_000);
    await stage.run();
    expect(await stage.open()).toEqual([]);
    expect((await stage.report()).equal).toBe(true);
    await stage.runLater();
    expect(stage.givenBack).toEqual([order]);
  });

  it("has its fee recorded when that comes late", async () => {
    const order = await stage.order("failed");
    const line = stage.line("charge", order, 5_000);
    await stage.run();
    stage.lines.push({ ...line, id: "txn_fee", amount: usd(0), fee: usd(145) });
    await stage.run();
    expect(await transactions()).toContain(`charge_fee:${order}`);
    expect((await stage.report()).equal).toBe(true);
  });

  it("and one that did not, or that nobody knows, are told apart", async () => {
    const [captured, placed] = [await stage.order("captured"), await stage.order("placed")];
    const unknown: OrderId = newOf("ord");
    for (const order of [captured, placed, unknown]) stage.line("charge", order, 5_000);
    stage.line("refund", unknown, -5_000);
    await stage.run();
    await stage.runLater();
    expect(await transactions()).toEqual([]);
    expect(stage.givenBack).toEqual([]);
    expect(await stage.open()).toEqual(
      [
        ...[captured, placed, unknown].map((order) => `missing_in_ledger charge ${order}: 5000 0`),
        `missing_in_ledger refund ${unknown}: -5000 0`,
      ].toSorted(),
    );
  });

  it("is recorded once, wherever a run dies", async () => {
    const crash = async (failure: Failure, dies: number): Promise<number> => {
      const order = await stage.order("failed");
      stage.line("charge", order, 5_000, 145);
      stage.line("refund", order, -5_000);
      let calls = 0;
      stage.db = failing(env.DB, () => (++calls === dies ? failure : undefined));
      await stage.run().catch(() => undefined);
      stage.db = env.DB;
      await stage.run();
      expect(await stage.report(), `${failure} call ${dies}`).toMatchObject({ equal: true });
      const made = (await transactions()).filter((id) => id.endsWith(order));
      expect(made).toEqual([`charge:${order}`, `charge_fee:${order}`, `refund_sent:${order}`]);
      expect(await env.DB.prepare(COUNTED).bind(order).raw()).toEqual([
        ["buyers", 0, 2],
        ["charge", 1, 2],
        ["refund", 1, 1],
      ]);
      return calls;
    };
    const calls = await crash(undefined, 0);
    expect(calls).toBeGreaterThan(10);
    for (let dies = 1; dies <= calls; dies++) {
      await crash("before", dies);
      await crash("after", dies);
    }
  });

  it("at the sandbox too: declined here and charged there, it goes back, and the books are equal", async () => {
    const sandbox = new SandboxStage();
    const treasury = { db: env.DB, port: sandbox.port, nowMs: () => sandbox.nowMs, log: () => undefined };
    stage.nowMs = sandbox.nowMs;
    const order = await stage.order("failed", await sandbox.captured());
    await reconcile(treasury);
    expect(await sandbox.statusOf(order)).toBe("captured");
    sandbox.nowMs += LONG;
    await reconcile(treasury);
    expect(await sandbox.statusOf(order)).toBe("returned");
    await reconcile(treasury);
    expect(await transactions()).toEqual([`charge:${order}`, `charge_fee:${order}`, `refund_sent:${order}`]);
    expect(await balanceOf(env.DB, "provider:sandbox:clearing", "USD")).toBe(-145);
    expect(await stage.open()).toEqual([]);
  });
});

describe("a fee", () => {
  it("that came late is recorded, and noted with its order", async () => {
    const order = await sold();
    stage.line("charge", order, 5_000, 145);
    await stage.run();
    expect(await transactions()).toContain(`charge_fee:${order}`);
    const settled = await env.DB.prepare(
      'SELECT fee_amount, fee_currency FROM settled_orders WHERE "order" = ?',
    )
      .bind(order)
      .first();
    expect(settled).toEqual({ fee_amount: 145, fee_currency: "USD" });
    expect((await stage.report()).equal).toBe(true);
  });

  it("that is another than was recorded is for a person", async () => {
    const order = await sold({ feeAmount: 100, feeCurrency: "USD" });
    await stage.book(feeOf("charge_fee", order, order, "bank", usd(100)));
    stage.line("charge", order, 5_000, 145);
    await stage.run();
    await stage.runLater();
    expect(await stage.findings()).toMatchObject([{ kind: "fee_differs", providerFee: 145, ledgerFee: 100 }]);
  });
});

describe("a refund", () => {
  it("whose answer was lost is asked for again, and recorded", async () => {
    const order = await sold();
    const refund = await stage.refund(order, "requested", 1_000);
    stage.line("charge", order, 5_000);
    stage.line("refund", refund, -1_000);
    stage.refundsAtBank.set(refund, { status: "sent", refund: "re_1" });
    await stage.run();
    expect(await transactions()).toContain(`refund_sent:${refund}`);
    expect((await stage.report()).equal).toBe(true);
  });

  it("that came back without news is recorded as failed, and is for a person until the buyer has it", async () => {
    const order = await sold();
    const refund = await stage.refund(order, "requested", 1_000);
    stage.line("charge", order, 5_000);
    stage.line("refund", refund, -1_000);
    stage.refundsAtBank.set(refund, { status: "sent", refund: "re_1" });
    await stage.run();
    stage.line("refund_failed", refund, 1_000);
    stage.refundsAtBank.set(refund, { status: "failed", refund: "re_1" });
    await stage.book({
      id: `refund:${refund}`,
      kind: "refund",
      order,
      postings: [
        { account: "platform:revenue", currency: "USD", amount: 1_000 },
        { account: "buyers:clearing", currency: "USD", amount: -1_000 },
      ],
    });
    await stage.run();
    expect(await transactions()).toContain(`refund_failed:${refund}`);
    expect((await stage.report()).equal).toBe(true);
    await stage.runLater();
    expect(stage.givenBack).toEqual([]);
    // Once, not as the buyers' money too.
    expect(await stage.open()).toEqual([`refund_failed refund ${refund}: 0 -1000`]);
    await stage.book({
      id: `adjustment:${refund}`,
      kind: "adjustment",
      order,
      postings: [
        { account: "buyers:clearing", currency: "USD", amount: 1_000 },
        { account: "platform:revenue", currency: "USD", amount: -1_000 },
      ],
    } as never);
    await stage.run();
    await stage.run();
    expect(await stage.open()).toEqual([]);
  });

  it("that nobody here asked for is for a person", async () => {
    await stage.order("captured");
    const refund = newOf("rfd");
    stage.line("refund", refund, -1_000);
    await stage.run();
    await stage.runLater();
    expect(await stage.open()).toEqual([`missing_in_ledger refund ${refund}: -1000 0`]);
  });
});

describe("a dispute", () => {
  it("whose news was lost is found in the books, and its end by looking it up", async () => {
    const order = await sold();
    stage.line("charge", order, 5_000);
    stage.line("dispute", "dp_1", -5_000, 1_500);
    const dispute = { dispute: "dp_1", order, amount: usd(5_000), fee: usd(1_500), reason: "fraudulent" };
    stage.disputes.set("dp_1", { ...dispute, status: "open" });
    await stage.run();
    expect(await stage.report()).toMatchObject({ equal: true, currencies: [{ provider: usd(-1_500) }] });
    // Lost, it makes no line.
    stage.disputes.set("dp_1", { ...dispute, status: "lost" });
    await stage.run();
    await stage.runLater(7 * 3_600_000);
    const ends = (await transactions()).filter((id) => id.startsWith("dispute_lost:dsp_"));
    expect(ends).toHaveLength(1);
    expect((await stage.report()).equal).toBe(true);
  });

  it("won is won on both sides", async () => {
    const order = await sold();
    stage.line("charge", order, 5_000);
    stage.line("dispute", "dp_2", -5_000, 1_500);
    const dispute = { dispute: "dp_2", order, amount: usd(5_000), reason: "fraudulent" };
    stage.disputes.set("dp_2", { ...dispute, fee: usd(1_500), status: "open" });
    await stage.run();
    stage.line("dispute_won", "dp_2", 5_000, -1_500);
    stage.disputes.set("dp_2", { ...dispute, fee: usd(0), status: "won" });
    await stage.run();
    expect(await stage.report()).toMatchObject({ equal: true, currencies: [{ provider: usd(5_000) }] });
    await stage.runLater();
    expect(await stage.open()).toEqual([]);
  });
});

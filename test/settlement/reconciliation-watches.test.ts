/** What reconciliation looks up, because sums do not tell it: payouts as the bank has them, and what failed. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import {
  payoutPaid,
  payoutStarted,
  transferFailed,
  transferStarted,
  type Movement,
} from "../../src/domain/ledger.ts";
import type { OrderId, PayoutId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import type { MovementStatus } from "../../src/settlement/movements/tables.ts";
import { findPayout } from "../../src/settlement/movements/payouts.ts";
import type { MovementState } from "../../src/settlement/psp/port.ts";
import { payoutAgrees } from "../../src/settlement/reconciliation/compare.ts";
import { usd } from "../domain/shop.ts";
import { BooksStage, clear, SELLER } from "./reconciliation-stage.ts";

let stage: BooksStage;

beforeEach(async () => {
  await clear();
  stage = new BooksStage();
  await stage.order("captured");
});

function movement(id: string, order?: OrderId): Movement {
  return { id, party: SELLER, provider: "bank", amount: usd(4_000), ...(order ? { order } : {}) };
}

/** A payout of that status here, with its transactions so far. */
async function payout(status: MovementStatus, id?: PayoutId): Promise<PayoutId> {
  const made = await stage.payout(status, id ? { id } : {});
  await stage.book(payoutStarted(movement(made)));
  if (status === "paid") await stage.book(payoutPaid(movement(made)));
  return made;
}

async function statusOf(id: PayoutId): Promise<string | undefined> {
  return (await findPayout(env.DB, id))?.status;
}

describe("a payout", () => {
  it("stands at the provider as it does here, or does not", () => {
    const states: MovementState["status"][] = ["unknown", "pending", "done", "returned", "refused"];
    const fits = (status: MovementStatus) => states.filter((state) => payoutAgrees(status, state)).join();
    expect(fits("transferring")).toBe("pending");
    expect(fits("paid")).toBe("done");
    expect(fits("failed")).toBe("unknown,returned,refused");
    expect(fits("returned")).toBe("returned");
  });

  it("that is done there is noted as paid here", async () => {
    const id = await payout("transferring");
    stage.payoutsAtBank.set(id, { status: "done", id: "po_1" });
    await stage.run();
    expect(await statusOf(id)).toBe("paid");
    expect(await stage.open()).toEqual([]);
  });

  it("that the bank returned, and that still reads as paid here, comes back and is for a person", async () => {
    const id = await payout("paid");
    stage.payoutsAtBank.set(id, { status: "returned", id: "po_1", reason: "account_closed" });
    await stage.run();
    expect(await statusOf(id)).toBe("returned");
    expect(await stage.findings("open")).toMatchObject([
      {
        kind: "movement_failed",
        about: "payout",
        subject: id,
        providerState: "returned",
        ledgerState: "returned",
        reason: "account_closed",
      },
    ]);
    stage.nowMs += 1_000;
    const later = await payout("paid");
    stage.payoutsAtBank.set(later, { status: "done", id: "po_2" });
    await stage.runLater();
    expect(await stage.open()).toEqual([]);
  });

  it("that the provider knows nothing of is for a person, until it does", async () => {
    const id = await payout("paid");
    await stage.run();
    expect(await stage.open()).toEqual([`payout_differs payout ${id}: 0 4000`]);
    stage.payoutsAtBank.set(id, { status: "done", id: "po_1" });
    await stage.runLater();
    expect(await stage.open()).toEqual([]);
  });

  it("that failed here, and is at the bank all the same, is for a person", async () => {
    const id = await stage.payout("failed", { providerId: null });
    await stage.book(payoutStarted(movement(id)));
    stage.payoutsAtBank.set(id, { status: "done", id: "po_1" });
    await stage.run();
    expect(await stage.open()).toEqual([`payout_differs payout ${id}: 4000 0`]);
  });

  it("is not looked up before it was sent, nor any more once it cannot come back", async () => {
    const unsent = await stage.payout("transferring", { providerId: null });
    await stage.book(payoutStarted(movement(unsent)));
    const id = await payout("paid");
    stage.payoutsAtBank.set(id, { status: "done", id: "po_1" });
    await stage.run();
    expect(await stage.open()).toEqual([]);
    await stage.runLater(LIMITS.payoutReturnMs + 1);
    const { results } = await env.DB.prepare("SELECT subject FROM reconciliation_watches").all();
    expect(results).toEqual([{ subject: unsent }]);
  });

  it("that cannot be looked up now keeps no other from its look", async () => {
    const [broken, id] = [await payout("paid"), await payout("paid")];
    stage.payoutsAtBank.set(id, { status: "done", id: "po_1" });
    Object.defineProperty(stage.payoutsAtBank, "get", {
      value: (asked: PayoutId) => {
        if (asked === broken) throw new Error("no connection");
        return { status: "done", id: "po_1" };
      },
    });
    await stage.run();
    expect(stage.log).toMatchObject([{ event: "money_not_moved", watch: "payout", subject: broken }]);
    expect(await stage.open()).toEqual([]);
  });
});

it("a transfer that was refused is for a person until its money has moved", async () => {
  const order = await stage.settled();
  const id = await stage.transfer(order, "failed");
  const of = movement(id, order);
  await stage.book(
    {
      id: `sale:${order}`,
      kind: "sale",
      order,
      postings: [
        { account: "platform:revenue", currency: "USD", amount: 4_000 },
        { account: `seller:${SELLER}:payable`, currency: "USD", amount: -4_000 },
      ],
    },
    transferStarted(of),
    transferFailed(of),
  );
  await stage.run();
  expect(await stage.findings("open")).toMatchObject([
    {
      kind: "movement_failed",
      about: "transfer",
      subject: id,
      ledgerState: "failed",
      reason: "account_closed",
    },
  ]);
  await stage.book(transferStarted(movement(await stage.transfer(order, "transferring"), order)));
  await stage.run();
  expect(await stage.open()).toEqual([]);
});

/** What the Stripe adapter promises about Stripe's record of the platform's money, whatever its double is asked through. */
import { beforeEach, describe, expect, it } from "vitest";
import type { ProviderEntry } from "../../../src/settlement/psp/port.ts";
import { usd } from "../../domain/shop.ts";
import { closeDispute, failRefund, openDispute } from "./double/charging.ts";
import { ids, type Stage } from "./stage.ts";

/** Stripe's reporting categories of what Dropcast did not cause. */
const OTHERS = [
  "payout",
  "payout_reversal",
  "topup",
  "topup_reversal",
  "fee",
  "network_cost",
  "tax",
  "risk_reserved_funds",
  "connect_reserved_funds",
  "other_adjustment",
  "platform_earning",
  "unheard_of",
];

export function describeBooks(newStage: () => Stage): void {
  let stage: Stage;
  beforeEach(() => {
    stage = newStage();
  });

  describe("the provider's books", () => {
    async function entries(fromMs = 0, untilMs = stage.nowMs + 1_000): Promise<ProviderEntry[]> {
      const all: ProviderEntry[] = [];
      for await (const page of stage.port.entries(fromMs, untilMs)) all.push(...page);
      return all;
    }

    it("have a line for all that moved the platform's money, oldest first, with our ids", async () => {
      const { books } = stage.double;
      const account = await stage.enabled();
      const asked = await stage.transferOf(account);
      const done = await stage.port.transfer(asked);
      stage.wait(1_000);
      const refund = ids.refund();
      await stage.port.refund(asked.order, refund, usd(300));
      failRefund(books, books.all("refund")[0]!);
      stage.wait(1_000);
      const back = { id: ids.reversal(), transfer: "id" in done ? done.id : "", account, amount: usd(200) };
      await stage.port.reverse({ ...back, startedAtMs: stage.nowMs });
      await stage.port.giveBack(asked.order);
      const disputed = await stage.captured("pm_card_createDispute");
      const [dispute] = books.all("dispute");
      closeDispute(books, dispute!, "won");
      books.post("platform", {
        currency: "usd",
        amount: 7,
        category: "risk_reserved_funds",
        source: "rsv_1",
      });

      const found = await entries();
      expect(
        found.map(({ kind, reference, amount, fee }) => [kind, reference, amount.amount, fee.amount]),
      ).toEqual([
        ["charge", asked.order, 5_000, 175],
        ["transfer", asked.id, -1_000, 0],
        ["refund", refund, -300, 0],
        ["refund_failed", refund, 300, 0],
        ["reversal", back.id, 200, 0],
        ["refund", asked.order, -5_000, 0],
        ["charge", disputed, 5_000, 175],
        ["dispute", dispute!.id, -5_000, 1_500],
        ["dispute_won", dispute!.id, 5_000, -1_500],
        ["other", undefined, 7, 0],
      ]);
      const { available, pending } = books.balance("platform", "usd");
      const sum = found.reduce((total, { amount, fee }) => total + amount.amount - fee.amount, 0);
      expect(sum).toBe(available + pending);
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    });

    it("tell money between the platform and its bank, and Stripe's own fees, from all that is other", async () => {
      for (const [at, category] of OTHERS.entries()) {
        stage.double.books.post("platform", { currency: "usd", amount: at + 1, category, source: `x_${at}` });
      }
      const found = await entries();
      const kinds = found.map(({ kind }, at) => [OTHERS[at], kind]);
      expect(kinds).toEqual([
        ["payout", "platform_payout"],
        ["payout_reversal", "platform_payout"],
        ["topup", "platform_payout"],
        ["topup_reversal", "platform_payout"],
        ["fee", "provider_fee"],
        ["network_cost", "provider_fee"],
        ["tax", "provider_fee"],
        ["risk_reserved_funds", "other"],
        ["connect_reserved_funds", "other"],
        ["other_adjustment", "other"],
        ["platform_earning", "other"],
        ["unheard_of", "other"],
      ]);
      expect(found.filter((entry) => "reference" in entry)).toEqual([]);
    });

    it("are read whole and in order, also where a second has more lines than a page", async () => {
      const startMs = stage.nowMs;
      const post = (amount: number) =>
        stage.double.books.post("platform", { currency: "usd", amount, category: "topup", source: "tu_1" });
      for (let number = 0; number < 450; number++) {
        post(number);
        if (number % 3 === 0 && number > 230) stage.wait(700);
      }
      const found = await entries(startMs, stage.nowMs + 1_000);
      expect(found.map(({ amount }) => amount.amount)).toEqual(
        Array.from({ length: 450 }, (_, number) => number),
      );
    });

    it("are cut by time: from the first, to before the last", async () => {
      const { books } = stage.double;
      const startMs = stage.nowMs;
      for (const amount of [1, 2, 3]) {
        books.post("platform", { currency: "usd", amount, category: "topup", source: "tu_1" });
        stage.wait(1_000);
      }
      const found = await entries(startMs + 1_000, startMs + 2_000);
      expect(found.map(({ amount, atMs }) => [amount.amount, atMs])).toEqual([[2, startMs + 1_000]]);
      expect(await entries(startMs, startMs)).toEqual([]);
    });

    it("show one dispute's lost money once", async () => {
      const order = await stage.captured();
      const { books } = stage.double;
      closeDispute(books, openDispute(books, books.all("charge")[0]!), "lost");
      const lines = (await entries()).map(({ kind }) => kind);
      expect([order, lines]).toEqual([order, ["charge", "dispute"]]);
    });
  });
}

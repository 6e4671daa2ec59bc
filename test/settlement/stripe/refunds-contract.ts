/** What the Stripe adapter promises about what goes back to a buyer, whatever its double is asked through. */
import { beforeEach, describe, expect, it } from "vitest";
import { money } from "../../../src/domain/money.ts";
import { usd } from "../../domain/shop.ts";
import { closeDispute, escalate, failRefund, openDispute } from "./double/charging.ts";
import { ids, type Stage } from "./stage.ts";

export function describeRefunds(newStage: () => Stage): void {
  let stage: Stage;
  beforeEach(() => {
    stage = newStage();
  });
  const status = async (order: `ord_${string}`) => (await stage.port.find(order)).status;

  describe("a refund", () => {
    it("of a part is sent, and found so; the order stays captured until all is back", async () => {
      const order = await stage.captured();
      const refund = ids.refund();
      const sent = await stage.port.refund(order, refund, usd(2_000));
      expect(sent).toEqual({ status: "sent", refund: expect.stringMatching(/^re_/) });
      expect(await stage.port.findRefund(order, refund)).toEqual(sent);
      expect(await status(order)).toBe("captured");
      await stage.port.refund(order, ids.refund(), usd(3_000));
      expect(await status(order)).toBe("returned");
    });

    it("repeated, and repeated at once, is one refund", async () => {
      const order = await stage.captured();
      const refund = ids.refund();
      const sent = await Promise.all([1, 2, 3].map(() => stage.port.refund(order, refund, usd(500))));
      expect(new Set(sent.map((state) => JSON.stringify(state))).size).toBe(1);
      expect(await stage.port.refund(order, refund, usd(500))).toEqual(sent[0]);
      expect(stage.made("refund")).toBe(1);
    });

    it("of another amount under the same id is refused, before and after Stripe has answered", async () => {
      const order = await stage.captured();
      const refund = ids.refund();
      stage.double.trouble({ on: /refunds/, kind: "unreachable" });
      await expect(stage.port.refund(order, refund, usd(500))).rejects.toThrow("Stripe has not answered");
      const reused = { status: "refused", reason: "id_reused" };
      expect(await stage.port.refund(order, refund, usd(400))).toEqual(reused);
      expect(await stage.port.refund(order, refund, usd(500))).toMatchObject({ status: "sent" });
      expect(await stage.port.refund(order, refund, usd(400))).toEqual(reused);
      expect(stage.made("refund")).toBe(1);
    });

    it.each([0, 25])("whose answer was lost %i hours ago does not pay twice", async (hours) => {
      const order = await stage.captured();
      const refund = ids.refund();
      stage.double.trouble({ on: /POST \/v1\/refunds/, kind: "lost" });
      await expect(stage.port.refund(order, refund, usd(5_000))).rejects.toThrow("Stripe has not answered");
      if (hours > 0) stage.nextDay();
      expect(await stage.port.findRefund(order, refund)).toMatchObject({ status: "sent" });
      expect(await stage.port.refund(order, refund, usd(5_000))).toMatchObject({ status: "sent" });
      expect(stage.made("refund")).toBe(1);
    });

    it("that the buyer's bank does not take has failed", async () => {
      const order = await stage.captured();
      const refund = ids.refund();
      await stage.port.refund(order, refund, usd(5_000));
      failRefund(stage.double.books, stage.double.books.all("refund")[0]!);
      expect(await stage.port.findRefund(order, refund)).toMatchObject({ status: "failed" });
      expect(await status(order)).toBe("captured");
    });

    it("is refused where there is not so much left", async () => {
      const order = await stage.captured();
      const refused = (reason: string) => ({ status: "refused", reason });
      expect(await stage.port.refund(order, ids.refund(), usd(5_001))).toEqual(refused("exceeds_captured"));
      await stage.port.refund(order, ids.refund(), usd(5_000));
      expect(await stage.port.refund(order, ids.refund(), usd(1))).toEqual(
        refused("charge_already_refunded"),
      );
    });

    it("is refused where it makes no sense, and Stripe is asked for nothing", async () => {
      const captured = await stage.captured();
      const authorized = ids.order();
      await stage.authorize(authorized);
      const before = stage.double.writes.length;
      const reasonOf = async (order: `ord_${string}`, amount = usd(1)) =>
        stage.port.refund(order, ids.refund(), amount);
      const refused = (reason: string) => ({ status: "refused", reason });
      expect(await reasonOf(ids.order())).toEqual(refused("unknown_order"));
      expect(await reasonOf(authorized)).toEqual(refused("payment_authorized"));
      expect(await reasonOf(captured, money(1, "EUR"))).toEqual(refused("currency_mismatch"));
      expect(await reasonOf(captured, usd(0))).toEqual(refused("invalid_amount"));
      const dinars = await stage.captured("pm_card_visa", money(5_000, "KWD"));
      expect(await reasonOf(dinars, money(501, "KWD"))).toEqual(refused("amount_not_supported"));
      expect(stage.double.writes.length - before).toBe(2);
    });

    it("that was refused stays refused under its id, and a new one may be sent", async () => {
      const order = await stage.captured();
      const dispute = openDispute(stage.double.books, stage.double.books.all("charge")[0]!);
      const refund = ids.refund();
      const refused = { status: "refused", reason: "charge_disputed" };
      expect(await stage.port.refund(order, refund, usd(10))).toEqual(refused);
      expect(await stage.port.findRefund(order, refund)).toEqual({ status: "unknown" });
      closeDispute(stage.double.books, dispute, "won");
      expect(await stage.port.refund(order, refund, usd(10))).toEqual(refused);
      expect(await stage.port.refund(order, ids.refund(), usd(10))).toMatchObject({ status: "sent" });
      expect(stage.made("refund")).toBe(1);
    });
  });

  describe("a dispute", () => {
    it("is open with what Stripe took for it, then won with the fee given back, or lost", async () => {
      const { books } = stage.double;
      for (const [end, fee] of [
        ["won", 0],
        ["lost", 1_500],
      ] as const) {
        const order = await stage.captured();
        const made = openDispute(books, books.all("charge")[0]!);
        const dispute = { dispute: made.id, order, amount: usd(5_000), reason: "fraudulent" };
        expect(await stage.port.dispute(made.id)).toEqual({ ...dispute, fee: usd(1_500), status: "open" });
        closeDispute(books, made, end);
        expect(await stage.port.dispute(made.id)).toEqual({ ...dispute, fee: usd(fee), status: end });
      }
    });

    it("that is only an inquiry, or was prevented, has taken nothing and is none", async () => {
      const { books } = stage.double;
      await stage.captured("pm_card_createDisputeInquiry");
      const [made] = books.all("dispute");
      for (const asked of ["warning_needs_response", "warning_under_review", "warning_closed", "prevented"]) {
        made!.status = asked;
        expect(await stage.port.dispute(made!.id)).toBeUndefined();
      }
    });

    it("that an inquiry has become is open, with the money and the fee that it took", async () => {
      const { books } = stage.double;
      const order = await stage.captured("pm_card_createDisputeInquiry");
      const [made] = books.all("dispute");
      escalate(books, made!);
      const dispute = { dispute: made!.id, order, amount: usd(5_000), fee: usd(1_500), reason: "fraudulent" };
      expect(await stage.port.dispute(made!.id)).toEqual({ ...dispute, status: "open" });
      closeDispute(books, made!, "lost");
      expect(await stage.port.dispute(made!.id)).toEqual({ ...dispute, status: "lost" });
    });

    it("that does not exist, not yet, or is about nothing of ours, is none", async () => {
      expect(await stage.port.dispute("dp_unknown")).toBeUndefined();
      await stage.captured("pm_card_createDispute");
      const { books } = stage.double;
      books.all("charge")[0]!.metadata = { order: "somebody else's" };
      expect(await stage.port.dispute(books.all("dispute")[0]!.id)).toBeUndefined();
    });
  });
}

/** What the Stripe adapter promises about the parties' money, whatever its double is asked through. */
import { beforeEach, describe, expect, it } from "vitest";
import { money } from "../../../src/domain/money.ts";
import type { Payout, Reversal } from "../../../src/settlement/psp/port.ts";
import { usd } from "../../domain/shop.ts";
import { bank, onboard } from "./double/moving.ts";
import { HOUR_MS, ids, type Stage } from "./stage.ts";

const REUSED = { status: "refused", reason: "id_reused" };

export function describeMovements(newStage: () => Stage, forgetRequests: () => Promise<unknown>): void {
  let stage: Stage;
  beforeEach(() => {
    stage = newStage();
  });

  describe("an account", () => {
    it("is opened once for a party, paid out by us, and has to be onboarded", async () => {
      const party = await stage.party();
      const opened = await stage.port.openAccount(party);
      expect(opened).toEqual({ account: expect.stringMatching(/^acct_/), status: "onboarding" });
      expect(await stage.port.openAccount({ ...party, name: "Kiln" })).toEqual(opened);
      expect(await stage.port.account(opened.account)).toEqual(opened);
      expect(stage.made("account")).toBe(1);
      expect(Object.fromEntries(new URLSearchParams(stage.double.writes[0]?.body))).toMatchObject({
        "settings[payouts][schedule][interval]": "manual",
        "capabilities[transfers][requested]": "true",
        "metadata[party]": party.id,
      });
    });

    it.each([0, 25])("whose opening was not heard of %i hours ago is found", async (hours) => {
      const party = await stage.party();
      stage.double.trouble({ on: /accounts/, kind: "lost" });
      await expect(stage.port.openAccount(party)).rejects.toThrow("Stripe has not answered");
      if (hours > 0) stage.nextDay();
      await stage.port.openAccount(party);
      expect(stage.made("account")).toBe(1);
    });

    it.each([
      ["submitted", "onboarding"],
      ["enabled", "enabled"],
      ["restricted", "restricted"],
    ] as const)("that Stripe has %s is %s", async (to, status) => {
      const { account } = await stage.port.openAccount(await stage.party());
      onboard(stage.double.books, stage.double.books.get("account", account), to);
      expect(await stage.port.account(account)).toEqual({ account, status });
    });

    it("has a link to Stripe's pages, another one each time", async () => {
      const { account } = await stage.port.openAccount(await stage.party());
      const [first, second] = await Promise.all(
        [1, 2].map(() => stage.port.onboardingLink(account, "https://dropcast.example/back")),
      );
      expect(first).toEqual({
        url: expect.stringMatching(/^https:\/\/connect\.stripe\.com\//),
        expiresAtMs: stage.nowMs + 300_000,
      });
      expect(second?.url).not.toBe(first?.url);
    });

    it("whose holder has parted from the platform is restricted", async () => {
      const account = await stage.enabled();
      stage.double.books.leave(account);
      expect(await stage.port.account(account)).toEqual({ account, status: "restricted" });
      const payout = { id: ids.payout(), account, amount: usd(1), startedAtMs: stage.nowMs };
      expect(await stage.port.payout(payout)).toEqual({ status: "refused", reason: "account_invalid" });
    });

    it("in a country that Stripe does not serve is refused by name, and may be opened elsewhere", async () => {
      const party = await stage.party("KP");
      const refused = { name: "ProviderRefusal", reason: "country_unsupported" };
      await expect(stage.port.openAccount(party)).rejects.toMatchObject(refused);
      const elsewhere = { ...party, country: "US" };
      expect(await stage.port.openAccount(elsewhere)).toMatchObject({ status: "onboarding" });
    });

    it("that is nobody's is a fault of the caller's", async () => {
      await expect(stage.port.account("acct_none")).rejects.toThrow("resource_missing");
    });
  });

  describe("a transfer", () => {
    it("is done at once, from its charge, under its order's group; repeated it is the same", async () => {
      const asked = await stage.transferOf(await stage.enabled());
      expect(await stage.port.findTransfer(asked)).toEqual({ status: "unknown" });
      const done = await stage.port.transfer(asked);
      expect(done).toEqual({ status: "done", id: expect.stringMatching(/^tr_/) });
      expect(await stage.port.transfer(asked)).toEqual(done);
      expect(await stage.port.findTransfer(asked)).toEqual(done);
      expect(stage.double.books.all("transfer")).toMatchObject([
        {
          amount: 1_000,
          destination: asked.account,
          source_transaction: asked.charge,
          transfer_group: asked.order,
          metadata: { transfer: asked.id },
        },
      ]);
    });

    it("asked for five times at once is one", async () => {
      const asked = await stage.transferOf(await stage.enabled());
      await Promise.all(Array.from({ length: 5 }, () => stage.port.transfer(asked)));
      expect(stage.made("transfer")).toBe(1);
    });

    it("whose key was used for something else is refused, and not sent with another", async () => {
      const asked = await stage.transferOf(await stage.enabled());
      await stage.double.fetch("http://double/v1/refunds", {
        method: "POST",
        headers: { authorization: "Bearer sk_test_1", "idempotency-key": `${asked.id}:0` },
        body: "charge=ch_none",
      });
      const refused = { status: "refused", reason: "idempotency_key_reused" };
      expect(await stage.port.transfer(asked)).toEqual(refused);
      expect(await stage.port.transfer(asked)).toEqual(refused);
      expect(stage.made("transfer")).toBe(0);
      const keys = stage.double.writes.slice(-2).map(({ key }) => key);
      expect(keys).toEqual([`${asked.id}:0`, `${asked.id}:0`]);
    });

    it("tried with two amounts under one id moves one amount, whether or not Stripe has answered", async () => {
      const asked = await stage.transferOf(await stage.enabled());
      const other = { ...asked, amount: usd(900) };
      stage.double.trouble({ on: /transfers/, kind: "lost" });
      await expect(stage.port.transfer(asked)).rejects.toThrow("Stripe has not answered");
      expect(await stage.port.transfer(other)).toEqual(REUSED);
      expect(await stage.port.transfer(asked)).toMatchObject({ status: "done" });
      expect(await stage.port.transfer(other)).toEqual(REUSED);
      expect(await stage.port.findTransfer(other)).toEqual(REUSED);
      expect(stage.double.books.all("transfer").map(({ amount }) => amount)).toEqual([1_000]);
    });

    it.each([0, 25])("whose answer was lost %i hours ago is found and not made again", async (hours) => {
      const asked = await stage.transferOf(await stage.enabled());
      stage.double.trouble({ on: /transfers/, kind: "lost" });
      await expect(stage.port.transfer(asked)).rejects.toThrow("Stripe has not answered");
      if (hours > 0) stage.nextDay();
      expect(await stage.port.findTransfer(asked)).toMatchObject({ status: "done" });
      expect(await stage.port.transfer(asked)).toMatchObject({ status: "done" });
      expect(stage.made("transfer")).toBe(1);
    });

    it("that never reached Stripe a day ago is looked for, then sent with a new key", async () => {
      const asked = await stage.transferOf(await stage.enabled());
      stage.double.trouble({ on: /transfers/, kind: "unreachable" });
      await expect(stage.port.transfer(asked)).rejects.toThrow("Stripe has not answered");
      stage.nextDay();
      expect(await stage.port.transfer(asked)).toMatchObject({ status: "done" });
      const calls = stage.double.heard.slice(-2).map(({ method, key }) => [method, key]);
      expect(calls).toEqual([
        ["GET", undefined],
        ["POST", `${asked.id}:1`],
      ]);
    });

    it.each([0, 25])("whose record was lost too, %i hours later, is not made again", async (hours) => {
      const asked = await stage.transferOf(await stage.enabled());
      const done = await stage.port.transfer(asked);
      await forgetRequests();
      if (hours > 0) stage.nextDay();
      expect(await stage.port.findTransfer(asked)).toEqual(done);
      expect(await stage.port.transfer(asked)).toEqual(done);
      expect(stage.made("transfer")).toBe(1);
    });

    it("made before a later read fails keeps its id: nothing is lost by the failure", async () => {
      const asked = await stage.transferOf(await stage.enabled());
      await stage.port.transfer(asked);
      stage.double.trouble({ on: /^GET \/v1\/transfers/, kind: 500 });
      await expect(stage.port.findTransfer(asked)).rejects.toThrow("Stripe has not answered");
      expect(await stage.port.findTransfer(asked)).toMatchObject({ status: "done" });
    });

    it("is refused where Stripe will not, under its id for good, and sent under another once Stripe will", async () => {
      const { account } = await stage.port.openAccount(await stage.party());
      const asked = await stage.transferOf(account);
      const reason = "insufficient_capabilities_for_transfer";
      expect(await stage.port.transfer(asked)).toEqual({ status: "refused", reason });
      onboard(stage.double.books, stage.double.books.get("account", account), "enabled");
      expect(await stage.port.transfer(asked)).toEqual({ status: "refused", reason });
      stage.nextDay();
      expect(await stage.port.transfer(asked)).toEqual({ status: "refused", reason });
      expect(await stage.port.transfer({ ...asked, id: ids.transfer() })).toMatchObject({ status: "done" });
      expect(stage.made("transfer")).toBe(1);
    });

    it("without a charge needs money that is there", async () => {
      const account = await stage.enabled();
      const order = ids.order();
      const asked = { id: ids.transfer(), order, account, amount: usd(10), startedAtMs: stage.nowMs };
      expect(await stage.port.transfer(asked)).toEqual({ status: "refused", reason: "balance_insufficient" });
      stage.double.fund("usd", 10);
      expect(await stage.port.transfer({ ...asked, id: ids.transfer() })).toMatchObject({ status: "done" });
    });

    it("of nothing, or to nobody, is refused", async () => {
      const asked = await stage.transferOf("acct_none");
      expect(await stage.port.transfer(asked)).toEqual({ status: "refused", reason: "resource_missing" });
      const nothing = { ...asked, amount: usd(0) };
      expect(await stage.port.transfer(nothing)).toEqual({ status: "refused", reason: "invalid_amount" });
    });
  });

  describe("a reversal", () => {
    async function reversalOf(amount = 400): Promise<Reversal> {
      const account = await stage.enabled();
      const done = await stage.port.transfer(await stage.transferOf(account));
      const transfer = "id" in done ? done.id : "";
      return { id: ids.reversal(), transfer, account, amount: usd(amount), startedAtMs: stage.nowMs };
    }

    it("takes back a part, once", async () => {
      const asked = await reversalOf();
      const done = await stage.port.reverse(asked);
      expect(done).toEqual({ status: "done", id: expect.stringMatching(/^trr_/) });
      expect(await stage.port.reverse(asked)).toEqual(done);
      expect(await stage.port.findReversal(asked)).toEqual(done);
      expect(await stage.port.reverse({ ...asked, amount: usd(1) })).toEqual(REUSED);
      expect(stage.double.books.all("transfer")[0]).toMatchObject({ amount_reversed: 400, reversed: false });
    });

    it.each([0, 25])("whose answer was lost %i hours ago is found and not made again", async (hours) => {
      const asked = await reversalOf();
      stage.double.trouble({ on: /reversals/, kind: "lost" });
      await expect(stage.port.reverse(asked)).rejects.toThrow("Stripe has not answered");
      if (hours > 0) stage.nextDay();
      expect(await stage.port.reverse(asked)).toMatchObject({ status: "done" });
      expect(stage.made("transfer_reversal")).toBe(1);
    });

    it("is refused for more than was transferred, or than the account has", async () => {
      const asked = await reversalOf(1_001);
      expect(await stage.port.reverse(asked)).toEqual({ status: "refused", reason: "invalid_amount" });
      stage.double.books.settle();
      const { account } = asked;
      const payout = { id: ids.payout(), account, amount: usd(900), startedAtMs: stage.nowMs };
      await stage.port.payout(payout);
      const dry = { status: "refused", reason: "balance_insufficient" };
      const much = { ...asked, id: ids.reversal(), amount: usd(101) };
      expect(await stage.port.reverse(much)).toEqual(dry);
      expect(await stage.port.available(account, "USD")).toBe(100);
      await stage.port.transfer(await stage.transferOf(account));
      expect(await stage.port.reverse(much)).toEqual(dry);
      expect(await stage.port.reverse({ ...much, id: ids.reversal() })).toMatchObject({ status: "done" });
    });
  });

  describe("a payout", () => {
    async function payoutOf(): Promise<Payout> {
      const account = await stage.enabled();
      await stage.port.transfer(await stage.transferOf(account));
      stage.double.books.settle();
      return { id: ids.payout(), account, amount: usd(600), startedAtMs: stage.nowMs };
    }

    it("is pending, done when the bank has it, and returned when the bank sends it back days later", async () => {
      const { books } = stage.double;
      const asked = await payoutOf();
      const pending = await stage.port.payout(asked);
      expect(pending).toEqual({ status: "pending", id: expect.stringMatching(/^po_/) });
      expect(await stage.port.payout(asked)).toEqual(pending);
      expect(await stage.port.payout({ ...asked, amount: usd(601) })).toEqual(REUSED);
      const [made] = books.all("payout");
      bank(books, made!, asked.account, "in_transit");
      expect(await stage.port.findPayout(asked)).toEqual(pending);
      bank(books, made!, asked.account, "paid");
      expect(await stage.port.findPayout(asked)).toEqual({ status: "done", id: made!.id });
      stage.wait(72 * HOUR_MS);
      bank(books, made!, asked.account, "failed");
      const returned = { status: "returned", id: made!.id, reason: "account_closed" };
      expect(await stage.port.findPayout(asked)).toEqual(returned);
      expect(await stage.port.payout(asked)).toEqual(returned);
      expect(stage.made("payout")).toBe(1);
      expect(await stage.port.available(asked.account, "USD")).toBe(1_000);
    });

    it.each([0, 25])("whose answer was lost %i hours ago is found and not made again", async (hours) => {
      const asked = await payoutOf();
      stage.double.trouble({ on: /payouts/, kind: "lost" });
      await expect(stage.port.payout(asked)).rejects.toThrow("Stripe has not answered");
      if (hours > 0) stage.nextDay();
      expect(await stage.port.payout(asked)).toMatchObject({ status: "pending" });
      expect(stage.made("payout")).toBe(1);
    });

    it("is refused beyond what is available, and where the bank's currency has no such amount", async () => {
      const asked = await payoutOf();
      const refused = (reason: string) => ({ status: "refused", reason });
      const much = { ...asked, amount: usd(1_001) };
      expect(await stage.port.payout(much)).toEqual(refused("balance_insufficient"));
      await stage.port.transfer(await stage.transferOf(asked.account));
      stage.double.books.settle();
      expect(await stage.port.payout(much)).toEqual(refused("balance_insufficient"));
      expect(await stage.port.payout({ ...much, id: ids.payout() })).toMatchObject({ status: "pending" });
      const forints = { ...asked, id: ids.payout(), amount: money(1_045, "HUF") };
      expect(await stage.port.payout(forints)).toEqual(refused("amount_not_supported"));
      expect(await stage.port.findPayout(forints)).toEqual({ status: "unknown" });
      expect(stage.port.payable(forints.amount)).toBe(1_000);
      expect(await stage.port.available(asked.account, "HUF")).toBe(0);
    });
  });
}

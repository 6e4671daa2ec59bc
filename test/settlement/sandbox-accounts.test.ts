/** The sandbox's accounts: onboarding, transfers, reversals and payouts, each once and never more than there is. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { OrderId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { money, type Money } from "../../src/domain/money.ts";
import type {
  MovementState,
  Payout,
  PaymentPort,
  Reversal,
  Transfer,
} from "../../src/settlement/psp/port.ts";
import { refuse } from "../../src/settlement/psp/sandbox/refusals.ts";
import { finishOnboarding, readOnboarding } from "../../src/settlement/psp/sandbox/visits.ts";
import { usd } from "../domain/shop.ts";
import { newCreator, newOf, newOrder, newSeller, SandboxStage } from "./sandbox-stage.ts";

let stage: SandboxStage;
let psp: PaymentPort;

beforeEach(() => {
  stage = new SandboxStage();
  psp = stage.port;
});

function refused(reason: string) {
  return { status: "refused", reason };
}

function transferOf(account: string, amount: Money, order: OrderId = newOrder()): Transfer {
  return { id: newOf("trf"), order, account, amount, startedAtMs: stage.nowMs };
}

function reversalOf({ id, account }: Transfer, amount: Money): Reversal {
  return {
    id: newOf("rvl"),
    transfer: `tr_${id.slice(4)}`,
    account,
    amount,
    startedAtMs: stage.nowMs,
  };
}

function payoutOf(account: string, amount: Money): Payout {
  return { id: newOf("pyo"), account, amount, startedAtMs: stage.nowMs };
}

/** An account with so much in it. */
async function funded(amount: Money, name?: string): Promise<string> {
  const account = await stage.enabled(name);
  await stage.captured("sandbox_success", money(amount.amount * 2, amount.currency));
  expect(await psp.transfer(transferOf(account, amount))).toMatchObject({ status: "done" });
  return account;
}

/** Currencies of a test's own keep the platform's money apart from other tests'. */
let currencies = 0;
function ownCurrency(): string {
  currencies += 1;
  return `X${String(currencies).padStart(2, "0")}`;
}

function tally(states: readonly MovementState[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) {
    const what = state.status === "refused" ? state.reason : state.status;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

describe("an account", () => {
  it("is opened once for a party, whatever it is called later", async () => {
    const party = { id: newSeller(), name: "Kiln & Loom", country: "DE" };
    const opened = await psp.openAccount(party);
    expect(opened).toEqual({ account: `acct_${party.id}`, status: "onboarding" });
    const again = await Promise.all(
      Array.from({ length: 10 }, () => psp.openAccount({ ...party, name: "Kiln", email: "a@kiln.test" })),
    );
    expect(new Set(again.map(({ account }) => account))).toEqual(new Set([opened.account]));
    const other = await psp.openAccount({ id: newCreator(), name: "Maya", country: "FR" });
    expect(other.account).not.toBe(opened.account);
  });

  it("is enabled by its onboarding page, which leads back to where the link said, and tells so", async () => {
    const { account } = await psp.openAccount({ id: newSeller(), name: "Kiln & Loom", country: "DE" });
    const { url, expiresAtMs } = await psp.onboardingLink(account, "https://shop.test/back?tab=money");
    expect(url.startsWith(`https://dropcast.test/sandbox/accounts/${account}/onboarding?`)).toBe(true);
    expect(expiresAtMs).toBe(stage.nowMs + LIMITS.sandboxOnboardingMs);
    const query = Object.fromEntries(new URL(url).searchParams);
    const page = { name: "Kiln & Loom", returnUrl: "https://shop.test/back?tab=money" };
    expect(await readOnboarding(stage.sandbox, account, query)).toEqual(page);
    expect(await psp.account(account)).toEqual({ account, status: "onboarding" });
    expect(await finishOnboarding(stage.sandbox, account, query)).toEqual(page);
    expect(await psp.account(account)).toEqual({ account, status: "enabled" });
    expect(stage.news).toEqual([{ message: { provider: "sandbox", account }, delaySeconds: undefined }]);
    expect(await finishOnboarding(stage.sandbox, account, query)).toEqual(page);
  });

  it("is not enabled by a link that has expired, was changed or is another account's", async () => {
    const { account } = await psp.openAccount({ id: newSeller(), name: "Kiln & Loom", country: "DE" });
    const { account: other } = await psp.openAccount({ id: newCreator(), name: "Maya", country: "FR" });
    const { url, expiresAtMs } = await psp.onboardingLink(account, "https://shop.test/");
    const query = Object.fromEntries(new URL(url).searchParams);
    const tries: [string, Record<string, string>][] = [
      [other, query],
      [account, {}],
      [account, { ...query, return: "https://evil.test/" }],
      [account, { ...query, expires: String(expiresAtMs + 1) }],
      [account, { ...query, token: query.token!.slice(1) }],
    ];
    for (const [of, changed] of tries)
      expect(await finishOnboarding(stage.sandbox, of, changed)).toBeUndefined();
    stage.nowMs = expiresAtMs;
    expect(await finishOnboarding(stage.sandbox, account, query)).toBeUndefined();
    expect(await psp.account(account)).toMatchObject({ status: "onboarding" });
    expect(await psp.account(other)).toMatchObject({ status: "onboarding" });
  });

  it("that was never opened is nobody's", async () => {
    await expect(psp.account("acct_none")).rejects.toThrow("no account");
    await expect(psp.onboardingLink("acct_none", "https://shop.test/")).rejects.toThrow("no account");
    expect(await psp.available("acct_none", "USD")).toBe(0);
  });

  it("has what was transferred, less what went back and what was paid out, in each currency", async () => {
    const [one, two] = [ownCurrency(), ownCurrency()];
    const account = await funded(money(1_000, one));
    await stage.captured("sandbox_success", money(900, two));
    const sent = transferOf(account, money(700, two));
    await psp.transfer(sent);
    await psp.reverse(reversalOf(sent, money(100, two)));
    await psp.payout(payoutOf(account, money(250, two)));
    expect(await psp.available(account, one)).toBe(1_000);
    expect(await psp.available(account, two)).toBe(350);
  });
});

describe("a transfer", () => {
  it("moves money once, however often and at once it is asked for", async () => {
    const currency = ownCurrency();
    const account = await stage.enabled();
    const order = await stage.captured("sandbox_success", money(10_000, currency));
    const charge = `chg_${order.slice(4)}`;
    const asked = { ...transferOf(account, money(400, currency), order), charge };
    expect(await psp.findTransfer(asked)).toEqual({ status: "unknown" });
    const done = { status: "done", id: `tr_${asked.id.slice(4)}` };
    const states = await Promise.all(Array.from({ length: 20 }, () => psp.transfer(asked)));
    expect(states).toEqual(states.map(() => done));
    expect(await psp.findTransfer(asked)).toEqual(done);
    expect(await psp.available(account, currency)).toBe(400);
    expect(await stage.entriesOf(asked.id)).toEqual([["transfer", -400, 0]]);
  });

  it("under an id that was used for something else is refused, never made a second time", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency));
    const asked = transferOf(account, money(100, currency));
    await psp.transfer(asked);
    const others: Transfer[] = [
      { ...asked, amount: money(101, currency) },
      { ...asked, amount: usd(100) },
      { ...asked, account: await stage.enabled() },
      { ...asked, order: newOrder() },
    ];
    for (const other of others) {
      expect(await psp.transfer(other)).toEqual(refused("id_reused"));
      expect(await psp.findTransfer(other)).toEqual(refused("id_reused"));
    }
    expect(await psp.available(account, currency)).toBe(600);
  });

  it("needs an account that is open and enabled, and a charge that was captured for the order", async () => {
    const { account } = await psp.openAccount({ id: newSeller(), name: "Kiln & Loom", country: "DE" });
    const order = await stage.captured();
    expect(await psp.transfer(transferOf(account, usd(1)))).toEqual(refused("account_not_enabled"));
    expect(await psp.transfer(transferOf("acct_none", usd(1)))).toEqual(refused("account_unknown"));
    const to = transferOf(await stage.enabled(), usd(1), order);
    expect(await psp.transfer({ ...to, charge: "chg_other" })).toEqual(refused("charge_unknown"));
    const unpaid = newOrder();
    await stage.authorize(unpaid, "sandbox_success");
    const early = { ...to, id: newOf("trf"), order: unpaid, charge: `chg_${unpaid.slice(4)}` };
    expect(await psp.transfer(early)).toEqual(refused("charge_unknown"));
    expect(await psp.transfer({ ...to, charge: `chg_${order.slice(4)}` })).toMatchObject({ status: "done" });
  });

  it("is never more than the platform has after fees; what was refused is refused for good", async () => {
    const currency = ownCurrency();
    const account = await stage.enabled();
    await stage.captured("sandbox_success", money(1_000, currency));
    const asked = transferOf(account, money(972, currency));
    expect(await psp.transfer(asked)).toEqual(refused("insufficient_funds"));
    expect(await psp.findTransfer(asked)).toEqual({ status: "unknown" });
    await stage.captured("sandbox_success", money(1, currency));
    expect(await psp.transfer(asked)).toEqual(refused("insufficient_funds"));
    expect(await psp.transfer({ ...asked, amount: money(1, currency) })).toEqual(refused("id_reused"));
    const anew = { ...asked, id: newOf("trf") };
    expect(await psp.transfer(anew)).toMatchObject({ status: "done" });
    expect(await psp.transfer(transferOf(account, money(1, currency)))).toEqual(
      refused("insufficient_funds"),
    );
  });

  it("that another call has made is not refused by a slower one of its id, which is to ask again", async () => {
    const account = await stage.enabled();
    await stage.captured();
    const asked = transferOf(account, usd(1));
    await psp.transfer(asked);
    const late = { id: `tr_${asked.id.slice(4)}`, facts: [] };
    await expect(refuse(env.DB, "sandbox_transfers", late, "no")).rejects.toThrow("just made");
    expect(await psp.transfer(asked)).toMatchObject({ status: "done" });
  });

  it("asked for beside many others takes no more than there is", async () => {
    const currency = ownCurrency();
    const account = await stage.enabled();
    await stage.captured("sandbox_success", money(1_000, currency));
    const asked = Array.from({ length: 20 }, () => psp.transfer(transferOf(account, money(100, currency))));
    expect(tally(await Promise.all(asked))).toEqual({ done: 9, insufficient_funds: 11 });
    expect(await psp.available(account, currency)).toBe(900);
  });

  it("can be made of what a dispute brings back, as soon as it does", async () => {
    const currency = ownCurrency();
    const account = await stage.enabled();
    await stage.captured("sandbox_dispute_won", money(100_000, currency));
    await stage.captured("sandbox_success", money(10_000, currency));
    const asked = transferOf(account, money(90_000, currency));
    expect(await psp.transfer(asked)).toEqual(refused("insufficient_funds"));
    stage.nowMs += LIMITS.sandboxBankMs;
    expect(await psp.transfer({ ...asked, id: newOf("trf") })).toMatchObject({ status: "done" });
  });

  it.each([0, -1, 0.5, Number.NaN, 2 ** 53])("of %d is refused", async (amount) => {
    const account = await stage.enabled();
    expect(await psp.transfer(transferOf(account, usd(amount)))).toEqual(refused("invalid_amount"));
  });
});

describe("a reversal", () => {
  it("takes back parts of a transfer, each once, and no more than it was", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency));
    const sent = transferOf(account, money(300, currency));
    await psp.transfer(sent);
    const part = reversalOf(sent, money(200, currency));
    expect(await psp.findReversal(part)).toEqual({ status: "unknown" });
    const done = { status: "done", id: `trr_${part.id.slice(4)}` };
    const states = await Promise.all(Array.from({ length: 20 }, () => psp.reverse(part)));
    expect(states).toEqual(states.map(() => done));
    expect(await psp.findReversal(part)).toEqual(done);
    expect(await psp.reverse(reversalOf(sent, money(101, currency)))).toEqual(refused("exceeds_transfer"));
    expect(await psp.reverse(reversalOf(sent, money(100, currency)))).toMatchObject({ status: "done" });
    expect(await psp.available(account, currency)).toBe(500);
    expect(await stage.entriesOf(part.id)).toEqual([["reversal", 200, 0]]);
  });

  it("takes no more than the account has", async () => {
    const currency = ownCurrency();
    const account = await stage.enabled();
    await stage.captured("sandbox_success", money(1_000, currency));
    const sent = transferOf(account, money(900, currency));
    await psp.transfer(sent);
    await psp.payout(payoutOf(account, money(850, currency)));
    const asked = reversalOf(sent, money(51, currency));
    expect(await psp.reverse(asked)).toEqual(refused("insufficient_funds"));
    await psp.transfer(transferOf(account, money(50, currency)));
    expect(await psp.reverse(asked)).toEqual(refused("insufficient_funds"));
    expect(await psp.reverse({ ...asked, id: newOf("rvl") })).toMatchObject({ status: "done" });
    expect(await psp.available(account, currency)).toBe(49);
  });

  it("asked for beside others and payouts leaves nothing below zero", async () => {
    const currency = ownCurrency();
    const account = await stage.enabled();
    await stage.captured("sandbox_success", money(1_000, currency));
    const [one, two] = [transferOf(account, money(300, currency)), transferOf(account, money(300, currency))];
    await psp.transfer(one);
    await psp.transfer(two);
    const states = await Promise.all(
      Array.from({ length: 18 }, (_, n) =>
        n % 3 === 2
          ? psp.payout(payoutOf(account, money(100, currency)))
          : psp.reverse(reversalOf(n % 3 === 0 ? one : two, money(100, currency))),
      ),
    );
    const { done = 0, pending = 0 } = tally(states);
    expect(done + pending).toBe(6);
    expect(await psp.available(account, currency)).toBe(0);
  });

  it("under an id that was used for something else, or of what was not sent, is refused", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency));
    const [one, two] = [transferOf(account, money(100, currency)), transferOf(account, money(100, currency))];
    await psp.transfer(one);
    await psp.transfer(two);
    const asked = reversalOf(one, money(10, currency));
    await psp.reverse(asked);
    const reused = refused("id_reused");
    expect(await psp.reverse({ ...asked, amount: money(11, currency) })).toEqual(reused);
    expect(await psp.reverse({ ...asked, transfer: `tr_${two.id.slice(4)}` })).toEqual(reused);
    expect(await psp.findReversal({ ...asked, amount: money(11, currency) })).toEqual(reused);
    const unsent = reversalOf(transferOf(account, money(1, currency)), money(1, currency));
    expect(await psp.reverse(unsent)).toEqual(refused("transfer_unknown"));
    const foreign = { ...reversalOf(two, money(1, currency)), account: await stage.enabled() };
    expect(await psp.reverse(foreign)).toEqual(refused("transfer_unknown"));
    expect(await psp.reverse(reversalOf(two, usd(1)))).toEqual(refused("currency_mismatch"));
    expect(await psp.reverse(reversalOf(two, money(0, currency)))).toEqual(refused("invalid_amount"));
  });
});

describe("a payout", () => {
  const bankMs = LIMITS.sandboxBankMs;

  it("is pending, and done when news of it comes; asked for twice it is one", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency));
    const asked = payoutOf(account, money(500, currency));
    stage.news = [];
    expect(await psp.findPayout(asked)).toEqual({ status: "unknown" });
    const pending = { status: "pending", id: `po_${asked.id.slice(4)}` };
    const states = await Promise.all(Array.from({ length: 20 }, () => psp.payout(asked)));
    expect(states).toEqual(states.map(() => pending));
    const message = { provider: "sandbox", payout: asked.id };
    expect(stage.news).toEqual([{ message, delaySeconds: bankMs / 1_000 }]);
    expect(await psp.available(account, currency)).toBe(0);
    stage.nowMs += bankMs - 1;
    expect(await psp.findPayout(asked)).toEqual(pending);
    stage.nowMs += 1;
    expect(await psp.findPayout(asked)).toEqual({ ...pending, status: "done" });
    expect(await psp.payout(asked)).toEqual({ ...pending, status: "done" });
    stage.nowMs += 365 * 86_400_000;
    expect(await psp.findPayout(asked)).toEqual({ ...pending, status: "done" });
  });

  it("of a party with returned payouts is done, and comes back later", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency), "Loom, returned payouts");
    const asked = payoutOf(account, money(300, currency));
    stage.news = [];
    await psp.payout(asked);
    expect(stage.news.map(({ delaySeconds }) => delaySeconds)).toEqual([
      bankMs / 1_000,
      (2 * bankMs) / 1_000,
    ]);
    stage.nowMs += bankMs;
    expect(await psp.findPayout(asked)).toMatchObject({ status: "done" });
    expect(await psp.available(account, currency)).toBe(200);
    stage.nowMs += bankMs;
    expect(await psp.findPayout(asked)).toMatchObject({ status: "returned", reason: "account_closed" });
    expect(await psp.payout(asked)).toMatchObject({ status: "returned" });
    expect(await psp.available(account, currency)).toBe(500);
    expect(await stage.entriesOf(asked.id)).toEqual([]);
  });

  it("of a party with refused payouts never leaves", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency), "Loom (refused payouts)");
    const asked = payoutOf(account, money(300, currency));
    expect(await psp.payout(asked)).toEqual(refused("bank_account_unusable"));
    expect(await psp.findPayout(asked)).toEqual({ status: "unknown" });
    expect(await psp.available(account, currency)).toBe(500);
  });

  it("is never more than there is, nor to somebody who has not finished the onboarding", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency));
    const much = payoutOf(account, money(501, currency));
    expect(await psp.payout(much)).toEqual(refused("insufficient_funds"));
    await psp.transfer(transferOf(account, money(1, currency)));
    expect(await psp.payout(much)).toEqual(refused("insufficient_funds"));
    expect(await psp.payout(payoutOf(account, money(1, currency)))).toMatchObject({ status: "pending" });
    const asked = Array.from({ length: 20 }, () => psp.payout(payoutOf(account, money(100, currency))));
    expect(tally(await Promise.all(asked))).toEqual({ pending: 5, insufficient_funds: 15 });
    const { account: unready } = await psp.openAccount({ id: newSeller(), name: "Kiln", country: "DE" });
    expect(await psp.payout(payoutOf(unready, usd(1)))).toEqual(refused("account_not_enabled"));
    expect(await psp.payout(payoutOf("acct_none", usd(1)))).toEqual(refused("account_unknown"));
    expect(await psp.payout(payoutOf(account, usd(0)))).toEqual(refused("invalid_amount"));
  });

  it("under an id that was used for something else is refused", async () => {
    const currency = ownCurrency();
    const account = await funded(money(500, currency));
    const asked = payoutOf(account, money(100, currency));
    await psp.payout(asked);
    const others: Payout[] = [
      { ...asked, amount: money(101, currency) },
      { ...asked, amount: usd(100) },
      { ...asked, account: await stage.enabled() },
    ];
    for (const other of others) {
      expect(await psp.payout(other)).toEqual(refused("id_reused"));
      expect(await psp.findPayout(other)).toEqual(refused("id_reused"));
    }
    expect(await psp.available(account, currency)).toBe(400);
  });
});

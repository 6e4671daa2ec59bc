/** The whole way of money with the provider that comes with Dropcast: what it has in its books is what the ledger has. */
import { describe, expect, it } from "vitest";
import type { OrderId, PartyId } from "../../src/domain/ids.ts";
import { LIMITS } from "../../src/domain/limits.ts";
import { followAccount, readAccount } from "../../src/settlement/movements/accounts.ts";
import { nextPayoutAt } from "../../src/settlement/movements/schedule.ts";
import { finishOnboarding } from "../../src/settlement/psp/sandbox/visits.ts";
import { MINUTE } from "../domain/shop.ts";
import { CountingHouse, CREATOR, SELLER } from "./counting-house.ts";
import { SandboxStage } from "./sandbox-stage.ts";

/** A counting house whose provider is the sandbox; both have one clock. */
async function atTheSandbox() {
  // A fee that bears what the provider keeps: the platform has nothing there but what it earned.
  const house = await CountingHouse.open({ platformFee: { basisPoints: 3_000 } });
  const stage = new SandboxStage();
  Object.defineProperty(stage, "nowMs", { get: () => house.nowMs });
  house.port = stage.port;

  /** Lets a party open its account and finish its onboarding. */
  const onboard = async (party: PartyId): Promise<void> => {
    await house.openAccount(party, { interval: "daily", minimums: {} });
    const { account } = (await readAccount(house.db, party))!;
    const { url } = await stage.port.onboardingLink(account, "https://shop.test/back");
    await finishOnboarding(stage.sandbox, account, Object.fromEntries(new URL(url).searchParams));
    await followAccount(house.treasury, account);
  };

  const sell = async (method = "sandbox_success"): Promise<OrderId> => {
    const order = house.sell({ isCharged: false });
    await stage.authorize(order, method, house.shop.order(order).due);
    await stage.port.capture(order);
    return order;
  };

  /** Hears what the sandbox has told so far, and runs the cron until nothing is left to do. */
  const settle = async (): Promise<void> => {
    await house.publish();
    for (let round = 0; round < 6; round += 1) {
      house.wait(LIMITS.sandboxBankMs);
      for (const { message } of stage.news.splice(0)) {
        const { provider: _provider, ...news } = message;
        if (!("order" in news)) await house.hear(news);
      }
      await house.run();
    }
  };

  /** What the sandbox's own lines say the platform has there, less what is in dispute. */
  const cash = async (): Promise<number> =>
    (await stage.entries()).reduce((sum, { amount, fee }) => sum + amount.amount - fee.amount, 0);

  return { house, stage, onboard, sell, settle, cash };
}

describe("the sandbox", () => {
  it("and the ledger agree on every order from the sale to the bank", async () => {
    const { house, stage, onboard, sell, settle, cash } = await atTheSandbox();
    await onboard(SELLER);
    const [first, second] = [await sell(), await sell()];
    await sell("sandbox_dispute_lost");
    await sell("sandbox_dispute_won");
    await settle();
    house.refund(first, 2_500);
    house.refund(second, 10_000);
    await settle();
    await onboard(CREATOR);
    await settle();
    house.wait(nextPayoutAt("daily", house.nowMs)! - house.nowMs);
    await settle();
    house.wait(LIMITS.payoutLookMs + MINUTE);
    await settle();

    expect(await house.balance("provider:sandbox:clearing")).toBe(await cash());
    expect(await house.balance("provider:sandbox:disputed")).toBe(0);
    expect(await house.balance("buyers:clearing")).toBe(0);
    const decided = (await house.rows("disputes")).map(({ status }) => status);
    expect(new Set(decided)).toEqual(new Set(["lost", "won"]));
    for (const party of [SELLER, CREATOR] as const) {
      const { account } = (await readAccount(house.db, party))!;
      const { balance, ...rest } = await house.standing(party);
      expect(rest).toEqual({ payable: 0, transit: 0, reserve: 0 });
      expect(balance).toBe(await stage.port.available(account, "USD"));
    }
    // 75.00 of the first order and 100.00 of the one whose dispute was won.
    const paid = await house.db
      .prepare("SELECT party, sum(amount) AS amount FROM payouts WHERE status = 'paid' GROUP BY party")
      .all<{ party: string; amount: number }>();
    expect(paid.results).toEqual([
      { party: CREATOR, amount: 1_125 + 1_500 },
      { party: SELLER, amount: 4_125 + 5_500 },
    ]);
    expect(house.logged).toEqual([]);
  });
});

/** Everything that moves money, in steps that a cron begins and a queue carries on; and what a provider's news asks. */
import { LIMITS } from "../domain/limits.ts";
import { errorFacts } from "../wire/log.ts";
import { noteCharges } from "./ledger/charges.ts";
import { releaseReserves } from "./ledger/reserves.ts";
import { followAccount, followAccounts } from "./movements/accounts.ts";
import { followPayout, findPayout, sendPayouts, startDuePayouts } from "./movements/payouts.ts";
import { sendMovements } from "./movements/send.ts";
import { startMovements } from "./movements/start.ts";
import type { PaymentNews } from "./psp/port.ts";
import { reconcile } from "./reconciliation/run.ts";
import { followDispute } from "./returns/disputes.ts";
import { readRefund, sendDueRefunds, sendRefund } from "./returns/refunds.ts";
import type { Treasury } from "./treasury.ts";

/** In the order in which one makes the next possible. Each answers how much it had to do, up to `movementsPerRun`. */
const STEPS = {
  charges: noteCharges,
  reserves: releaseReserves,
  refunds: sendDueRefunds,
  accounts: followAccounts,
  movements: startMovements,
  sending: sendMovements,
  payouts: startDuePayouts,
  paying: sendPayouts,
  // What was moved is found in the provider's books.
  reconciliation: async (treasury: Treasury) => ((await reconcile(treasury)) ? 0 : LIMITS.movementsPerRun),
} as const satisfies Record<string, (treasury: Treasury) => Promise<number>>;

type StepName = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as [StepName, ...StepName[]];

/** One step of moving money, and how often it was repeated because there was more. */
export interface MoneyStep {
  readonly step: StepName;
  readonly round: number;
}

/** Where moving money begins. */
export const FIRST_STEP: MoneyStep = { step: STEP_NAMES[0], round: 0 };

export interface StepTaken {
  /** How much there was to do. */
  readonly done: number;
  /** The same step where there is more; absent after the last. */
  readonly next?: MoneyStep;
}

/**
 * Takes one step and says the next. One that fails is logged, and keeps nobody from the next. Each is meant for an
 * invocation of its own: D1 answers a thousand queries in one.
 * @see https://developers.cloudflare.com/d1/platform/limits/
 */
export async function takeStep(treasury: Treasury, { step, round }: MoneyStep): Promise<StepTaken> {
  let done = 0;
  try {
    done = await STEPS[step](treasury);
  } catch (error) {
    treasury.log({ event: "money_step_failed", step, ...errorFacts(error) });
  }
  const isFull = done >= LIMITS.movementsPerRun && round < LIMITS.roundsPerStep;
  if (isFull) return { done, next: { step, round: round + 1 } };
  const following = STEP_NAMES[STEP_NAMES.indexOf(step) + 1];
  return following ? { done, next: { step: following, round: 0 } } : { done };
}

/**
 * What a provider's news asks of settlement; news of orders is for checkout. Throws on what is not there yet, so that
 * its message comes again.
 */
export async function followNews(
  treasury: Treasury,
  news: Exclude<PaymentNews, { readonly order: unknown }>,
): Promise<void> {
  if ("dispute" in news) return followDispute(treasury, news.dispute);
  if ("account" in news) return followAccount(treasury, news.account);
  if ("payout" in news) {
    const payout = await findPayout(treasury.db, news.payout);
    if (!payout) throw new Error(`payout ${news.payout} is not known yet`);
    return followPayout(treasury, payout);
  }
  const refund = await readRefund(treasury.db, news.refund);
  if (!refund) throw new Error(`refund ${news.refund} is not known yet`);
  await sendRefund(treasury, refund);
}

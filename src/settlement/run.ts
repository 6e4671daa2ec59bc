/** One run of everything that moves money, in the order in which one step makes the next possible. For the cron. */
import { noteCharges } from "./ledger/charges.ts";
import { releaseReserves } from "./ledger/reserves.ts";
import { followAccount, followAccounts } from "./movements/accounts.ts";
import { followPayout, findPayout, sendPayouts, startDuePayouts } from "./movements/payouts.ts";
import { sendMovements } from "./movements/send.ts";
import { startMovements } from "./movements/start.ts";
import type { PaymentNews } from "./psp/port.ts";
import { followDispute } from "./returns/disputes.ts";
import { readRefund, sendDueRefunds, sendRefund } from "./returns/refunds.ts";
import type { Treasury } from "./treasury.ts";

/** Answers how much there was to do; what is left, or failed, is for the next run. */
export async function moveMoney(treasury: Treasury): Promise<number> {
  let done = 0;
  done += await noteCharges(treasury);
  done += await releaseReserves(treasury);
  done += await sendDueRefunds(treasury);
  done += await followAccounts(treasury);
  done += await startMovements(treasury);
  done += await sendMovements(treasury);
  done += await startDuePayouts(treasury);
  done += await sendPayouts(treasury);
  return done;
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

/** A payout because somebody asks for it, and why there is none. Reaches the provider; writes what payouts write. */
import type { PartyId, PayoutId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { money, type Money } from "../../domain/money.ts";
import { errorFacts } from "../../wire/log.ts";
import type { Treasury } from "../treasury.ts";
import { readAccount } from "./accounts.ts";
import { findPayout, followPayout, startPayout } from "./payouts.ts";
import type { PaymentAccountRow, PayoutRow } from "./tables.ts";

export type PaidOut =
  | { readonly outcome: "started"; readonly payout: PayoutRow }
  | { readonly outcome: "not_enabled"; readonly state: "none" | PaymentAccountRow["status"] }
  /** `balance` is what could be paid out: what is owed or not yet at hand is not in it. */
  | { readonly outcome: "too_small"; readonly minimum: Money; readonly balance: Money }
  /** Others moved the balance each time it was to be paid out. */
  | { readonly outcome: "moving" };

/**
 * Pays out what a party has at the provider and can have now. With the same id it is made once. When the provider cannot
 * be reached it is started all the same, and sent by the cron.
 */
export async function payOutNow(
  treasury: Treasury,
  { party, currency, id }: { readonly party: PartyId; readonly currency: string; readonly id: PayoutId },
): Promise<PaidOut> {
  const { db, port, log } = treasury;
  const known = await findPayout(db, id);
  if (known) return { outcome: "started", payout: known };
  const account = await readAccount(db, party);
  if (account?.status !== "enabled" || account.provider !== port.provider) {
    return { outcome: "not_enabled", state: account?.provider === port.provider ? account.status : "none" };
  }
  for (let attempt = 0; attempt < LIMITS.payoutAttempts; attempt++) {
    const start = await startPayout(treasury, account, currency, id);
    if (start.outcome === "moving") continue;
    if (start.outcome === "too_small") {
      const { minimum, amount } = start;
      return { outcome: "too_small", minimum: money(minimum, currency), balance: money(amount, currency) };
    }
    const { payout } = start;
    await followPayout(treasury, payout).catch((error: unknown) =>
      log({ event: "money_not_moved", payout: id, ...errorFacts(error) }),
    );
    return { outcome: "started", payout: (await findPayout(db, id)) ?? payout };
  }
  return { outcome: "moving" };
}

/** What transfers, reversals and payouts have in common, as it is read. Pure. */
import { money } from "../../domain/money.ts";
import type { PayoutRow, ReversalRow, TransferRow } from "../movements/tables.ts";

/** The columns of everything that is sent, without what is not there. */
export function sentOf(row: TransferRow | ReversalRow | PayoutRow) {
  const { amount, currency, status, provider, account, providerId, failure } = row;
  const { createdAtMs, startedAtMs, updatedAtMs } = row;
  return {
    amount: money(amount, currency),
    status,
    ...(provider === null ? {} : { provider }),
    ...(account === null ? {} : { account }),
    ...(providerId === null ? {} : { providerId }),
    ...(failure === null ? {} : { failure }),
    createdAtMs,
    ...(startedAtMs === null ? {} : { startedAtMs }),
    updatedAtMs,
  };
}

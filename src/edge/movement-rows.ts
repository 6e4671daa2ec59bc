/** Transfers and payouts as CSV, a row each. Reads D1. */
import { LIMITS } from "../domain/limits.ts";
import { listPayouts, type Payout, type PayoutsWanted } from "../settlement/readers/payouts.ts";
import { listTransfers, type Transfer, type TransfersWanted } from "../settlement/readers/transfers.ts";
import { isoOf } from "../wire/instants.ts";
import { amountCell, csvOfPages, type Cells } from "./csv.ts";

/** What everything that is sent has, after what it is. The provider says in words why something failed. */
const SENT = [
  "status",
  "currency",
  "amount",
  "provider",
  "account",
  "provider_id",
  "failure",
  "started_at",
  "updated_at",
];
const TRANSFER = ["transfer", "created_at", "party", "order", ...SENT, "reversed", "charge", "payout"];
const PAYOUT = ["payout", "created_at", "party", ...SENT];
const WRITTEN = ["failure"];

/** All transfers that are wanted, newest first. */
export function transfersCsv(
  db: D1Database,
  wanted: TransfersWanted,
): AsyncGenerator<string, void, undefined> {
  return csvOfPages(TRANSFER, WRITTEN, async (cursor) => {
    const page = await listTransfers(db, { ...wanted, limit: LIMITS.listRowsRead, cursor });
    return page && { rows: page.data.map(transferCells), nextCursor: page.nextCursor };
  });
}

function transferCells({ id, order, reversed, charge, payout, ...sent }: Transfer): Cells {
  return {
    ...sentCells(sent),
    transfer: id,
    order,
    reversed: amountCell(reversed),
    ...(charge === undefined ? {} : { charge }),
    ...(payout === undefined ? {} : { payout }),
  };
}

/** All payouts that are wanted, newest first. */
export function payoutsCsv(db: D1Database, wanted: PayoutsWanted): AsyncGenerator<string, void, undefined> {
  return csvOfPages(PAYOUT, WRITTEN, async (cursor) => {
    const page = await listPayouts(db, { ...wanted, limit: LIMITS.listRowsRead, cursor });
    return (
      page && {
        rows: page.data.map(({ id, ...sent }) => ({ ...sentCells(sent), payout: id })),
        nextCursor: page.nextCursor,
      }
    );
  });
}

function sentCells({ party, amount, status, ...sent }: Omit<Payout, "id">): Cells {
  const { provider, account, providerId, failure, createdAtMs, startedAtMs, updatedAtMs } = sent;
  return {
    party,
    status,
    currency: amount.currency,
    amount: amountCell(amount),
    ...(provider === undefined ? {} : { provider }),
    ...(account === undefined ? {} : { account }),
    ...(providerId === undefined ? {} : { provider_id: providerId }),
    ...(failure === undefined ? {} : { failure }),
    created_at: isoOf(createdAtMs),
    ...(startedAtMs === undefined ? {} : { started_at: isoOf(startedAtMs) }),
    updated_at: isoOf(updatedAtMs),
  };
}

/**
 * The rules of reconciliation: which line and which ledger transaction are about the same thing, and what is wrong when
 * their sums differ. Pure.
 */
import { createHash } from "node:crypto";
import type { TransactionKind } from "../../domain/ledger.ts";
import { LIMITS } from "../../domain/limits.ts";
import type { MovementState, ProviderEntry, ProviderEntryKind } from "../psp/port.ts";
import type { MovementStatus } from "../movements/tables.ts";
import { disputeIdOf } from "../returns/disputes.ts";
import type { ReconciliationItem } from "./tables.ts";

/**
 * What both sides tell of, each by our own id: an order's charge, a refund (by the order's id where a whole payment was
 * given back), a transfer, a reversal, a dispute with its end. `buyers` is what an order's buyer owes or is owed, which
 * the provider knows nothing of: it is to come to nothing. `other` is what one side alone has ever heard of. Payouts
 * of the platform's own money, and fees the provider takes by itself, go by the provider's id.
 */
export type ItemKind =
  | "charge"
  | "refund"
  | "refund_failed"
  | "transfer"
  | "reversal"
  | "dispute"
  | "platform_payout"
  | "provider_fee"
  | "buyers"
  | "other";

/** What is looked up rather than summed: how it stands, or whether somebody has mended it. */
export type WatchKind = "payout" | "transfer" | "reversal" | "refund" | "dispute";

export type FindingId = `fnd_${string}`;

/**
 * What is wrong. The first two name the side that has nothing; `unknown_at_provider` is a line of the provider's books
 * that Dropcast did not cause; `movement_failed` is a transfer, reversal or payout that was refused or came back.
 */
export type FindingKind =
  | "missing_in_ledger"
  | "missing_at_provider"
  | "amount_differs"
  | "fee_differs"
  | "unknown_at_provider"
  | "buyers_clearing_open"
  | "refund_failed"
  | "payout_differs"
  | "movement_failed";

/** Always the same id for the same thing: what is wrong with it again is the same finding, open again. */
export function findingIdOf(provider: string, watched: boolean, ...facts: readonly string[]): FindingId {
  const hash = createHash("sha256").update(JSON.stringify([provider, watched, ...facts]));
  return `fnd_${hash.digest("hex").slice(0, 32)}`;
}

const ITEM_OF_LINE: Readonly<Record<ProviderEntryKind, ItemKind>> = {
  charge: "charge",
  refund: "refund",
  refund_failed: "refund_failed",
  transfer: "transfer",
  reversal: "reversal",
  dispute: "dispute",
  dispute_won: "dispute",
  platform_payout: "platform_payout",
  provider_fee: "provider_fee",
  other: "other",
};

/** What the provider does by itself: our only id of it is the provider's. */
const OWN: ReadonlySet<ItemKind> = new Set(["platform_payout", "provider_fee"]);

/** The item that a line of the provider's books counts for; one that names nothing of ours is its own. */
export function itemOfLine(
  provider: string,
  { id, kind, reference }: Pick<ProviderEntry, "id" | "kind" | "reference">,
): { readonly item: ItemKind; readonly subject: string } {
  const item = ITEM_OF_LINE[kind];
  if (OWN.has(item)) return { item, subject: id };
  if (item === "other" || reference === undefined) return { item: "other", subject: id };
  return { item, subject: item === "dispute" ? disputeIdOf(provider, reference) : reference };
}

/**
 * The item that a transaction's entry on the provider's clearing account counts for, as its amount or as its fee.
 * Transactions that are not named here count for `other`, so that no entry is left out.
 */
export const ITEM_OF_TRANSACTION: Readonly<
  Partial<Record<TransactionKind, { readonly item: ItemKind; readonly isFee: boolean }>>
> = {
  charge: { item: "charge", isFee: false },
  charge_fee: { item: "charge", isFee: true },
  refund_sent: { item: "refund", isFee: false },
  refund_failed: { item: "refund_failed", isFee: false },
  transfer_sent: { item: "transfer", isFee: false },
  reversal_sent: { item: "reversal", isFee: false },
  dispute_opened: { item: "dispute", isFee: false },
  dispute_won: { item: "dispute", isFee: false },
  dispute_fee: { item: "dispute", isFee: true },
  platform_payout: { item: "platform_payout", isFee: false },
  provider_fee: { item: "provider_fee", isFee: false },
};

/** What a transaction in the ledger gives reason to look at again, until that is over. */
export const WATCH_OF_TRANSACTION: Readonly<Partial<Record<TransactionKind, WatchKind>>> = {
  payout_started: "payout",
  transfer_failed: "transfer",
  reversal_failed: "reversal",
  refund_failed: "refund",
  dispute_opened: "dispute",
};

type Sides = Pick<
  ReconciliationItem,
  | "kind"
  | "providerAmount"
  | "providerFee"
  | "providerLines"
  | "ledgerAmount"
  | "ledgerFee"
  | "ledgerEntries"
  | "changedAtMs"
>;

/**
 * What is wrong with an item; undefined when its sides agree, or differ for so short a time that one of them may just
 * be late. `booksUntilMs` is how far the provider's books are known.
 */
export function findingOf(
  item: Sides,
  { booksUntilMs, nowMs }: { readonly booksUntilMs: number; readonly nowMs: number },
): FindingKind | undefined {
  const { kind, providerLines, ledgerEntries, changedAtMs } = item;
  const differs = {
    amount: item.providerAmount !== item.ledgerAmount,
    fee: item.providerFee !== item.ledgerFee,
  };
  if (!differs.amount && !differs.fee) return undefined;
  // Waiting makes nothing better here.
  if (kind === "other" && providerLines > 0) return "unknown_at_provider";
  if (nowMs - changedAtMs < LIMITS.reconcileGraceMs) return undefined;
  if (kind === "buyers") return "buyers_clearing_open";
  if (ledgerEntries === 0) return "missing_in_ledger";
  if (providerLines === 0) {
    // Books that were not read for a while tell nothing of what is younger.
    return booksUntilMs - changedAtMs < LIMITS.reconcileGraceMs ? undefined : "missing_at_provider";
  }
  return differs.amount ? "amount_differs" : "fee_differs";
}

/** Provider states of a payout that fit the state it has here. */
const FITTING: Readonly<Record<MovementStatus, readonly MovementState["status"][]>> = {
  accrued: [],
  payable: [],
  transferring: ["pending"],
  paid: ["done"],
  failed: ["unknown", "refused", "returned"],
  returned: ["returned"],
};

/** Whether a payout stands at the provider as it does here. */
export function payoutAgrees(status: MovementStatus, state: MovementState["status"]): boolean {
  return FITTING[status].includes(state);
}

/**
 * The lines of Stripe's books on the platform's own balance, as the port has them. Asks Stripe only.
 * @see https://docs.stripe.com/reports/reporting-categories
 */
import type { Stripe } from "stripe";
import { LIMITS } from "../../../domain/limits.ts";
import type { ProviderEntry, ProviderEntryKind } from "../port.ts";
import { expanded, noted } from "./client.ts";
import { quietly } from "./refusals.ts";
import { moneyOf } from "./units.ts";

type Line = Stripe.BalanceTransaction;

/** By Stripe's reporting category; those that are not here are `other`: reserves, holds, earnings, adjustments. */
const KINDS: Readonly<Record<string, ProviderEntryKind>> = {
  charge: "charge",
  refund: "refund",
  refund_failure: "refund_failed",
  transfer: "transfer",
  transfer_reversal: "reversal",
  dispute: "dispute",
  dispute_reversal: "dispute_won",
  payout: "platform_payout",
  payout_reversal: "platform_payout",
  topup: "platform_payout",
  topup_reversal: "platform_payout",
  fee: "provider_fee",
  network_cost: "provider_fee",
  // On Stripe's own fees.
  tax: "provider_fee",
};

/**
 * The lines from one time to another, oldest first. Stripe lists the newest first, so the time is cut into slices of
 * one page each: a slice that has more is halved, and the next after a page is twice as long. Stripe knows seconds.
 */
export async function* entriesOf(
  stripe: Stripe,
  fromMs: number,
  untilMs: number,
): AsyncGenerator<readonly ProviderEntry[]> {
  const endS = Math.ceil(untilMs / 1_000);
  let atS = Math.ceil(fromMs / 1_000);
  let spanS = endS - atS;
  while (atS < endS) {
    const untilS = Math.min(atS + spanS, endS);
    const query = {
      created: { gte: atS, lt: untilS },
      limit: LIMITS.stripePage,
      expand: ["data.source"],
    };
    const page = await quietly(stripe.balanceTransactions.list(query));
    const isWhole = !page.has_more;
    if (!isWhole && untilS - atS > 1) {
      spanS = Math.ceil((untilS - atS) / 2);
      continue;
    }
    const lines = isWhole ? page.data : await quietly(allOf(stripe, query));
    if (lines.length > 0) yield lines.toReversed().map(entryOf);
    spanS = (untilS - atS) * 2;
    atS = untilS;
  }
}

/** A second with more than a page in it. */
async function allOf(stripe: Stripe, query: Stripe.BalanceTransactionListParams): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of stripe.balanceTransactions.list(query)) lines.push(line);
  return lines;
}

function entryOf(line: Line): ProviderEntry {
  const kind = KINDS[line.reporting_category] ?? "other";
  const reference = referenceOf(kind, line);
  return {
    id: line.id,
    kind,
    ...(reference === undefined ? {} : { reference }),
    amount: moneyOf(line.amount, line.currency),
    fee: moneyOf(line.fee, line.currency),
    atMs: line.created * 1_000,
  };
}

/** Our id of what the line is about; Stripe's own for disputes, and none for what is not ours. */
function referenceOf(kind: ProviderEntryKind, { source: field }: Line): string | undefined {
  const source = expanded(field);
  const metadata = source && "metadata" in source ? source.metadata : undefined;
  switch (kind) {
    case "charge":
      return noted(metadata, "order", "ord");
    case "refund":
    case "refund_failed":
      // One that gave back a whole order has no id of its own.
      return noted(metadata, "refund", "rfd") ?? noted(metadata, "order", "ord");
    case "transfer":
      return noted(metadata, "transfer", "trf");
    case "reversal":
      return noted(metadata, "reversal", "rvl");
    case "dispute":
    case "dispute_won":
      return source && "id" in source ? source.id : undefined;
    case "platform_payout":
    case "provider_fee":
    case "other":
      return undefined;
  }
}

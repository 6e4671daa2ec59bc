/** The live numbers in words: figures, refusals by reason, latency. Pure. */
import type { Schemas } from "../../sdk/api.ts";
import type { Writing } from "../design/writing.ts";

export type Stats = Schemas["SessionStats"];

export interface Figure {
  readonly name: string;
  readonly value: string;
  /** Something beside it: the most there were, what went back. */
  readonly beside?: string;
}

export interface RefusalCount {
  readonly name: string;
  readonly count: number;
  /** Of the most frequent one: 0 to 1. */
  readonly share: number;
}

/** Before they are known. */
export const UNKNOWN: readonly Figure[] = ["Revenue", "Sold", "Viewers", "Taps", "Held"].map((name) => ({
  name,
  value: "–",
}));

/** The first has the most digits. */
export function figuresOf(
  stats: Stats,
  { number, money }: Pick<Writing, "number" | "money">,
): readonly Figure[] {
  const { captured, refunded } = stats;
  return [
    {
      name: "Revenue",
      value: money(captured),
      ...(refunded.amount > 0 ? { beside: `${money(refunded)} refunded` } : {}),
    },
    { name: "Sold", value: number(stats.sold), beside: ordersText(stats, number) },
    { name: "Viewers", value: number(stats.viewers), beside: `${number(stats.viewersPeak)} at most` },
    {
      name: "Taps",
      value: number(stats.taps),
      beside: stats.views === 1 ? "1 view" : `${number(stats.views)} views`,
    },
    { name: "Held", value: number(stats.held) },
  ];
}

/** How long taps waited for their answer. */
export function latencyText(
  { latency }: Pick<Stats, "latency">,
  { number }: Pick<Writing, "number">,
): string {
  if (!latency) return "No taps to answer yet";
  return `Half of the taps answered in ${number(latency.p50Ms)} ms, 95 % in ${number(latency.p95Ms)} ms`;
}

function ordersText({ orders }: Stats, number: Writing["number"]): string {
  const { captured, authorized, refunded } = orders;
  const all = captured + authorized + refunded;
  return all === 1 ? "1 order" : `${number(all)} orders`;
}

const REASONS: Readonly<Record<string, string>> = {
  out_of_stock: "Sold out",
  backorder_not_offered: "Sold out",
  quantity_exceeded: "More than one person may have",
  offer_not_open: "Offer not open",
  offer_not_found: "Offer gone",
  session_not_live: "Not live",
  price_version_void: "Price had changed",
  token_expired: "Price had run out",
  token_used: "Tapped twice",
  rate_limited: "Too many taps of one viewer",
  overloaded: "Turned away in the rush",
  credit_exceeded: "Not enough credit",
  limit_reached: "A limit was reached",
  reservation_ended: "Hold had ended",
  reservation_not_held: "Hold had ended",
  payment_method_unknown: "Payment method not known",
};

/** Most frequent first; codes that mean the same to a host are one. */
export function refusalsOf({ refusals }: Pick<Stats, "refusals">): readonly RefusalCount[] {
  const counts = new Map<string, number>();
  for (const [code, count = 0] of Object.entries(refusals)) {
    const name = REASONS[code] ?? code.replaceAll("_", " ");
    if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
  const most = sorted[0]?.[1] ?? 1;
  return sorted.map(([name, count]) => ({ name, count, share: count / most }));
}

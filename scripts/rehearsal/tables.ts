// The tables that a rehearsal prints.
import Table from "cli-table3";
import { decimalsOf } from "../../src/domain/decimals.ts";
import type { Settled, Takings } from "./money.ts";
import type { Raced } from "./race.ts";
import type { ImportReport } from "./shop.ts";

export function printImport(
  file: string,
  { rows, products, variants, faults, faultsNotListed }: ImportReport,
): void {
  console.log(
    `Catalogue ${file}: ${rows} rows, ${products.created} products, ${variants} variants, ${faults.length} faults`,
  );
  for (const { line, column, reason } of faults.slice(0, 20)) {
    console.log(`  line ${line}${column === undefined ? "" : `, ${column}`}: ${reason}`);
  }
  const more = Math.max(0, faults.length - 20) + faultsNotListed;
  if (more > 0) console.log(`  and ${more} more`);
}

export function printRace({ stage: { latency, outcomes }, findings, screens }: Raced): void {
  const table = new Table({ head: ["", ""], style: { head: [], border: [] } });
  table.push(
    ["allocated", findings.allocated],
    ["sold", findings.sold],
    ["held", findings.held],
    ["holds expired", findings.expired],
    ["back on sale, nobody left to buy", findings.allocated - findings.sold - findings.held],
    ...outcomes.entries().map(([outcome, count]) => [outcome, count]),
    ["oversold", findings.oversold],
    ["pools balanced", yes(findings.poolsBalanced)],
    ["replay equal", yes(findings.replayEqual)],
    ["hash chain whole", `${yes(findings.chainWhole)} (${findings.blocks} blocks)`],
    [
      "orders in D1 = journal",
      `${yes(findings.d1Equal)} (${findings.ordersInD1} = ${findings.ordersInJournal})`,
    ],
    ["acknowledged and lost", findings.lost.length],
    ["screens with other stock", screens.wrong],
    ["token ms p50 / p95 / p99", latency.token.summary()],
    ["reserve ms p50 / p95 / p99", latency.reserve.summary()],
    ["order ms p50 / p95 / p99", latency.order.summary()],
    ["frame to all screens ms", screens.toAll.summary()],
  );
  console.log(table.toString());
  console.log("Times are of one machine that is server and crowd at once; `npm run bench` has ratios.");
}

function yes(is: boolean): string {
  return is ? "yes" : "NO";
}

const LINES: readonly [string, (takings: Takings) => string | number][] = [
  ["orders captured", ({ orders }) => orders],
  ["captured", (of) => inMajor(of.captured, of)],
  ["  the platform's", (of) => inMajor(of.platform, of)],
  ["  the seller's", (of) => inMajor(of.seller, of)],
  ["  the creator's", (of) => inMajor(of.creator, of)],
  ["  tax", (of) => inMajor(of.tax, of)],
  ["  left over", (of) => inMajor(of.splitDifference, of)],
  ["orders refunded", ({ refundedOrders }) => refundedOrders],
  ["refunded", (of) => inMajor(of.refunded, of)],
  ["transfers", ({ transfers }) => transfers],
  ["transferred", (of) => inMajor(of.transferred, of)],
  ["taken back", (of) => inMajor(of.reversed, of)],
  ["payouts", ({ payouts }) => payouts],
  ["paid out", (of) => inMajor(of.paidOut, of)],
];

/** The money of every session, a column each, and whether the books hold. */
export function printMoney({ takings, booksBalance, providerEqualsLedger, findings }: Settled): void {
  const table = new Table({
    head: ["", ...takings.map(({ currency }) => currency)],
    colAligns: ["left", ...takings.map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  table.push(...LINES.map(([name, of]) => [name, ...takings.map(of)]));
  console.log(table.toString());
  console.log(`books balance: ${yes(booksBalance)}`);
  console.log(`provider equals ledger: ${yes(providerEqualsLedger)} (${findings.length} findings open)`);
  for (const { kind, about, provider, ledger, reason = "" } of findings.slice(0, 10)) {
    const sides = `provider ${provider.amount.amount}, ledger ${ledger.amount.amount} ${ledger.amount.currency}`;
    console.log(`  ${kind} ${about.kind} ${about.id}: ${sides} ${reason}`);
  }
}

function inMajor(amount: number, { currency }: Takings): string {
  const decimals = decimalsOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}

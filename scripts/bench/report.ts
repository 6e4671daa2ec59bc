// The benchmark's results as a table for people and as JSON for programs. Writes nothing itself.
import Table from "cli-table3";
import { cpus } from "node:os";
import type { Result } from "./contender.ts";
import { survived, type Survival } from "./groups/survival.ts";
import { PINNING } from "./machine.ts";
import type { Verdict } from "./targets.ts";

export function tableOf(results: readonly Result[]): string {
  const table = new Table({
    head: ["", "one is a", "µs each", "a second", "CPU µs", "beside", "and"],
    colAligns: ["left", "left", "right", "right", "right", "left", "left"],
    style: { head: [], border: [] },
  });
  let group = "";
  for (const result of results) {
    if (result.group !== group) table.push([{ content: result.group.toUpperCase(), colSpan: 7 }]);
    group = result.group;
    table.push([
      result.name,
      result.operation,
      figure(result.medianUs),
      Math.round(result.perSecond).toLocaleString("en"),
      result.cpuUs === undefined ? "" : figure(result.cpuUs),
      result.beside
        .map(({ name, pace, cpu }) => `${shareText(pace)} of ${name}${cpu ? `, CPU ${shareText(cpu)}` : ""}`)
        .join("\n"),
      Object.entries(result.facts)
        .map(([fact, value]) => `${fact} ${shareText(value)}`)
        .join("\n"),
    ]);
  }
  return table.toString();
}

/** One line for a figure that was to be reached. */
export function verdictsText({ what, value, least, most, met }: Verdict): string {
  const bound = least === undefined ? `at most ${most}` : `at least ${least}`;
  return `${met ? "met    " : "NOT MET"}  ${shareText(value)} (${bound})  ${what}`;
}

/** One line for what was left after a SIGKILL. */
export function survivalsText(survival: Survival): string {
  const { name, acknowledged, missing, held, stock, backAfterMs } = survival;
  return (
    `${survived(survival) ? "kept   " : "BROKEN "}  ${name} after a SIGKILL: ${acknowledged} acknowledged, ` +
    `${missing} of them missing, ${held} of ${stock} held; first answer after ${Math.round(backAfterMs)} ms`
  );
}

/** What a run of the benchmark came to. */
export interface Outcome {
  readonly rounds: number;
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  readonly survivals: readonly Survival[];
  readonly skipped: readonly string[];
}

/** Everything the table says, every round, and where it was measured. */
export function jsonOf({ rounds, results, verdicts, survivals, skipped }: Outcome): string {
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cpus: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    pinning: PINNING,
  };
  const measuredAt = new Date().toISOString();
  return `${JSON.stringify({ measuredAt, machine, rounds, results, targets: verdicts, survivals, skipped }, null, 2)}\n`;
}

function figure(us: number): string {
  return us < 100 ? us.toFixed(1) : Math.round(us).toLocaleString("en");
}

/** Two digits that count: 0.0066, 0.25, 3.8, 12. */
function shareText(share: number): string {
  return share < 100 ? share.toPrecision(2) : share.toFixed(0);
}

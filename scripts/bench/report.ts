// The benchmark's results as a table for people and as JSON for programs. Writes nothing itself.
import Table from "cli-table3";
import { cpus } from "node:os";
import type { Result } from "./contender.ts";

export function tableOf(results: readonly Result[]): string {
  const table = new Table({
    head: ["", "one is a", "µs each", "a second", "pace"],
    colAligns: ["left", "left", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  let group = "";
  for (const result of results) {
    if (result.group !== group) table.push([{ content: result.group.toUpperCase(), colSpan: 5 }]);
    group = result.group;
    table.push([
      result.name,
      result.operation,
      figure(result.medianUs),
      Math.round(result.perSecond).toLocaleString("en"),
      result.beside.map(({ name, pace }) => `${shareText(pace)} of ${name}`).join("\n"),
    ]);
  }
  return table.toString();
}

/** Everything the table says, every round, and where it was measured. */
export function jsonOf(results: readonly Result[], rounds: number): string {
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cpus: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  return `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, rounds, results }, null, 2)}\n`;
}

function figure(us: number): string {
  return us < 100 ? us.toFixed(1) : Math.round(us).toLocaleString("en");
}

/** Two digits that count: 0.0066, 0.25, 3.8, 12. */
function shareText(share: number): string {
  return share < 100 ? share.toPrecision(2) : share.toFixed(0);
}

// `npm run bench`: the hot path beside the bare thing it is made of, side by side in one run. Ratios are what counts;
// the absolute numbers are this run's. Ends with 1 when a run broke a promise.
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { measure } from "./bench/contender.ts";
import { domainContenders } from "./bench/domain.ts";
import { liveContenders } from "./bench/live.ts";
import { jsonOf, tableOf } from "./bench/report.ts";
import { startRuntime } from "./bench/runtime.ts";
import { socketContenders } from "./bench/sockets.ts";

const USAGE = "npm run bench -- [--rounds 5] [--only reservations|tokens|sockets|domain] [--json FILE]";
const PROGRESS_LINE_MS = 10_000;

interface Options {
  rounds: number;
  /** Groups whose name contains it. */
  only: string;
  json: string | undefined;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      only: { type: "string", default: "" },
      json: { type: "string" },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a whole number, at least 1");
  return { rounds, only: values.only, json: values.json };
}

async function bench({ rounds, only, json }: Options): Promise<void> {
  const runtime = await startRuntime();
  const bar = new SingleBar({
    format: "{bar} {percentage}%  {what}",
    noTTYOutput: true,
    notTTYSchedule: PROGRESS_LINE_MS,
  });
  try {
    const contenders = [
      ...domainContenders(),
      ...liveContenders(runtime),
      ...socketContenders(runtime),
    ].filter(({ group }) => group.includes(only));
    if (contenders.length === 0) throw new Error(`--only ${only} names nothing there is`);
    bar.start(contenders.length * (rounds + 1), -1, { what: "" });
    const results = await measure(contenders, rounds, (round, { group, name }) =>
      bar.increment({
        what: `${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${group}, ${name}`,
      }),
    );
    bar.increment({ what: "done" });
    bar.stop();
    console.log(tableOf(results));
    console.log(
      `Medians of ${rounds} rounds; pace: as a share of another's. Storage was in ${dirname(runtime.folder)} (TMPDIR).`,
    );
    if (json !== undefined) writeFileSync(json, jsonOf(results, rounds));
  } finally {
    bar.stop();
    await runtime.stop();
  }
}

async function main(): Promise<number> {
  try {
    await bench(readOptions());
    return 0;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 1;
  }
}

process.exit(await main());

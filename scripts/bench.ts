// `npm run bench`: Dropcast beside the bare things it is made of and beside what a user would pick instead, side by
// side in one run. Ratios are what counts; the absolute numbers are this run's. Ends with 1 when a promise was broken.
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { measure } from "./bench/contender.ts";
import { survived } from "./bench/groups/survival.ts";
import { PINNING } from "./bench/machine.ts";
import { jsonOf, survivalsText, tableOf, verdictsText } from "./bench/report.ts";
import { setStage, type Stage } from "./bench/stage.ts";
import { verdictsOn } from "./bench/targets.ts";

const USAGE =
  "npm run bench -- [--rounds 5] [--json FILE]\n" +
  "  [--only in-object|sockets|http|fan-out|tokens|hydrate|growth|domain|sigkill]";
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

async function bench(options: Options): Promise<void> {
  const stage = await setStage(options.only);
  const bar = new SingleBar({
    format: "{bar} {percentage}%  {what}",
    noTTYOutput: true,
    notTTYSchedule: PROGRESS_LINE_MS,
  });
  try {
    await run(stage, options, bar);
  } finally {
    bar.stop();
    await stage.stop();
  }
}

async function run(stage: Stage, { rounds, only, json }: Options, bar: SingleBar): Promise<void> {
  const { contenders, skipped, survive } = stage;
  if (contenders.length === 0 && !survive) throw new Error(`--only ${only} names nothing there is`);
  for (const reason of skipped) console.log(`skipped: ${reason}`);
  bar.start(contenders.length * (rounds + 1) + 1, -1, { what: "" });
  const results = await measure(contenders, rounds, (round, { group, name }) =>
    bar.increment({
      what: `${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${group}, ${name}`,
    }),
  );
  bar.increment({ what: survive ? "killing everything" : "done" });
  const survivals = (await survive?.()) ?? [];
  bar.stop();
  const verdicts = verdictsOn(results);
  if (results.length > 0) console.log(tableOf(results));
  console.log([...verdicts.map(verdictsText), ...survivals.map(survivalsText)].join("\n"));
  console.log(`Medians of ${rounds} rounds. ${PINNING} Storage was in ${dirname(stage.folder)} (TMPDIR).`);
  if (json !== undefined) writeFileSync(json, jsonOf({ rounds, results, verdicts, survivals, skipped }));
  const lost = survivals.find((each) => each.name === "Dropcast" && !survived(each));
  if (lost) throw new Error("broken: what was acknowledged before a SIGKILL was lost, or oversold");
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

// Whoever interrupts it wants nothing left behind: what is to be tidied up is on exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
process.exit(await main());

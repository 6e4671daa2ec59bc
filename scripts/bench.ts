// `npm run bench`: Dropcast beside the bare things it is made of and beside what a user would pick instead, side by
// side in one run. Ratios are what counts; the absolute numbers are this run's. Ends with 1 when a promise was broken.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { measure, type Result } from "./bench/contender.ts";
import { survived, type Survival } from "./bench/groups/survival.ts";
import { PINNING } from "./bench/machine.ts";
import { jsonOf, survivalsText, tableOf, verdictsText } from "./bench/report.ts";
import { GROUPS, setStage } from "./bench/stage.ts";
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

/** What all groups came to. */
interface Taken {
  readonly results: Result[];
  readonly survivals: Survival[];
  readonly skipped: Set<string>;
}

async function bench({ rounds, only, json }: Options): Promise<void> {
  const groups = GROUPS.filter((group) => group.includes(only));
  if (groups.length === 0) throw new Error(`--only ${only} names nothing there is`);
  const { results, survivals, skipped } = await take(groups, rounds);
  const verdicts = verdictsOn(results);
  for (const reason of skipped) console.log(`skipped: ${reason}`);
  if (results.length > 0) console.log(tableOf(results));
  console.log([...verdicts.map(verdictsText), ...survivals.map(survivalsText)].join("\n"));
  console.log(`Medians of ${rounds} rounds. ${PINNING} Storage was in ${tmpdir()} (TMPDIR).`);
  if (json !== undefined)
    writeFileSync(json, jsonOf({ rounds, results, verdicts, survivals, skipped: [...skipped] }));
  const lost = survivals.find((each) => each.name === "Dropcast" && !survived(each));
  if (lost) throw new Error("broken: what was acknowledged before a SIGKILL was lost, or oversold");
}

async function take(groups: readonly string[], rounds: number): Promise<Taken> {
  const taken: Taken = { results: [], survivals: [], skipped: new Set() };
  const bar = new SingleBar({
    format: "{bar} {percentage}%  {what}",
    noTTYOutput: true,
    notTTYSchedule: PROGRESS_LINE_MS,
  });
  bar.start(groups.length * (rounds + 1), 0, { what: "" });
  try {
    for (const [index, group] of groups.entries()) {
      await takeGroup(group, rounds, taken, (round, what) =>
        bar.update(index * (rounds + 1) + round, {
          what: `${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${group}, ${what}`,
        }),
      );
    }
    bar.update(groups.length * (rounds + 1), { what: "done" });
  } finally {
    bar.stop();
  }
  return taken;
}

async function takeGroup(
  group: string,
  rounds: number,
  { results, survivals, skipped }: Taken,
  onStep: (round: number, what: string) => void,
): Promise<void> {
  onStep(0, "starting");
  const stage = await setStage(group);
  try {
    for (const reason of stage.skipped) skipped.add(reason);
    results.push(...(await measure(stage.contenders, rounds, (round, { name }) => onStep(round, name))));
    survivals.push(...(await stage.survivals()));
  } finally {
    await stage.stop();
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

// Whoever interrupts it wants nothing left behind: what is to be tidied up is on exit.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
process.exit(await main());

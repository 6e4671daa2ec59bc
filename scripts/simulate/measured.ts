// The costs of a run, from a benchmark's JSON (`npm run bench -- --json FILE`); what it does not have is taken from
// `OTHERWISE`, and said so. May read the one file it is given.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Costs } from "./scenario.ts";

/** What of the benchmark's JSON is of use here; the rest is let through. */
const bench = z.object({
  measuredAt: z.string(),
  machine: z.object({ cpu: z.string() }),
  results: z.array(
    z.object({
      group: z.string(),
      name: z.string(),
      medianUs: z.number().positive(),
      cpuUs: z.number().positive().optional(),
      facts: z.record(z.string(), z.number()).optional(),
    }),
  ),
});
type Bench = z.output<typeof bench>;

export interface MeasuredCosts {
  readonly costs: Costs;
  /** A line for each figure: what it is and where it comes from. */
  readonly sources: readonly string[];
}

/** From earlier measurements on a two-core machine; microseconds. */
const OTHERWISE = { turnUs: 600, commandUs: 66, callUs: 250, tapUs: 300, sendUs: 50 } as const;

/** Throws, with what is wrong, on a file that is no benchmark's. */
export function readCosts(file: string): MeasuredCosts {
  const read = bench.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!read.success)
    throw new Error(`${file} is not what \`npm run bench -- --json\` writes: ${z.prettifyError(read.error)}`);
  return costsOf(read.data);
}

export function costsOf({ results, measuredAt, machine }: Bench): MeasuredCosts {
  const found = (group: string, name: string) =>
    results.find((result) => result.group === group && result.name === name);
  const few = found("in-object", "batches of 8")?.medianUs;
  const many = found("in-object", "batches of 64")?.medianUs;
  // A batch of n takes a turn and n commands: a line through the two. A batch of one is gathered with others first.
  const commandUs =
    few === undefined || many === undefined ? undefined : Math.max(0, (64 * many - 8 * few) / 56);
  const turnUs = few === undefined || commandUs === undefined ? undefined : 8 * (few - commandUs);
  const shown = found("fan-out to 5,000 screens", "Dropcast");
  const framesASecond = shown?.facts?.framesASecond;
  // What the changes themselves took is in it: a little too much for a frame.
  const sendUs = shown?.cpuUs !== undefined && framesASecond ? shown.cpuUs / framesASecond : undefined;
  const figures: [keyof typeof OTHERWISE, number | undefined, string][] = [
    ["turnUs", turnUs, "a turn of the session, on disk"],
    ["commandUs", commandUs, "each command of a batch"],
    ["callUs", undefined, "a call from object to object"],
    [
      "tapUs",
      found("taps over sockets", "Dropcast")?.cpuUs,
      "a tap at its relay: read, token verified, answered",
    ],
    ["sendUs", sendUs, "a frame to one socket"],
  ];
  const us = Object.fromEntries(figures.map(([name, value]) => [name, value ?? OTHERWISE[name]])) as Record<
    keyof typeof OTHERWISE,
    number
  >;
  return {
    costs: {
      turnMs: us.turnUs / 1_000,
      commandMs: us.commandUs / 1_000,
      callMs: us.callUs / 1_000,
      tapMs: us.tapUs / 1_000,
      sendMs: us.sendUs / 1_000,
    },
    sources: figures.map(
      ([name, value, what]) =>
        `${what}: ${us[name].toFixed(0)} µs, ${value === undefined ? "measured earlier, not in that file" : `measured ${measuredAt.slice(0, 10)} (${machine.cpu})`}`,
    ),
  };
}

// `npm run simulate`: how a session grows past one machine. Runs a model of regions, relays, hubs and one session over
// audiences and rushes, with costs that were measured and limits that are documented; prints what it assumes with it.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./quietly.ts";
import { readCosts } from "./simulate/measured.ts";
import { assumptionsOf, tableOf, usesText } from "./simulate/show.ts";
import { simulate } from "./simulate/run.ts";
import { REGIONS } from "./simulate/platform.ts";
import type { Scenario } from "./simulate/scenario.ts";

const USAGE =
  "npm run simulate -- [--bench FILE] [--viewers 10000,100000,1000000,10000000] [--spikes 1,10,20] [--stock N] [--seed 1]";
/** Of an audience, so many tap in an ordinary second: 100,000 viewers and a rush of 20× are 1,000 taps a second. */
const TAPS_OF_VIEWERS = 0.0005;
const RUSH_SECONDS = 30;
/** Units for so many viewers one, up to a big drop. */
const VIEWERS_PER_UNIT = 50;
const STOCK_MOST = 10_000;

function main(): void {
  const { values } = parseArgs({
    options: {
      bench: { type: "string", default: join(root, "scripts", "simulate", "measured.json") },
      viewers: { type: "string", default: "10000,100000,1000000,10000000" },
      spikes: { type: "string", default: "1,10,20" },
      stock: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  });
  const measured = readCosts(values.bench);
  const stock = values.stock === undefined ? undefined : wholeOf("stock", values.stock, 10_000_000);
  const seed = wholeOf("seed", values.seed, 4_294_967_295);
  const spikes = values.spikes.split(",").map((text) => wholeOf("spikes", text, 100));
  const outcomes = values.viewers
    .split(",")
    .map((text) => wholeOf("viewers", text, 10_000_000))
    .flatMap((viewers) => spikes.map((spike) => simulate(scenarioOf(viewers, spike))));
  console.log(tableOf(outcomes));
  console.log(usesText(outcomes));
  console.log(
    assumptionsOf(outcomes, measured.sources)
      .map((line) => `- ${line}`)
      .join("\n"),
  );

  function scenarioOf(viewers: number, spike: number): Scenario {
    return {
      viewers,
      regions: REGIONS,
      tapsPerSecond: viewers * TAPS_OF_VIEWERS,
      spike,
      rushSeconds: RUSH_SECONDS,
      stock: stock ?? Math.min(STOCK_MOST, Math.ceil(viewers / VIEWERS_PER_UNIT)),
      httpShare: 0.2,
      costs: measured.costs,
      seed,
    };
  }
}

function wholeOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 1 || value > most) {
    throw new Error(`--${name} takes whole numbers from 1 to ${most.toLocaleString("en")}`);
  }
  return value;
}

try {
  main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
}

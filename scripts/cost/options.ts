// What `npm run cost` can be asked: a session as it is expected, with a usual one for what is not said.
import type { ParseArgsConfig } from "node:util";
import type { Expected } from "../../src/domain/cost/estimate.ts";

/** What a session is expected to be, and how often a page without sockets asks. */
export interface Asked extends Omit<Expected, "delivery" | "warmup" | "cooldown"> {
  readonly pollSeconds: number;
}

/** By option: a number that is usual, and the least and the most it may be. */
const NUMBERS = {
  viewers: { usual: 10_000, least: 1, most: 10_000_000, of: "viewers" },
  minutes: { usual: 60, least: 1, most: 24 * 60, of: "minutes" },
  regions: { usual: 3, least: 1, most: 7, of: "regions" },
  offers: { usual: 10, least: 1, most: 500, of: "offers" },
  taps: { usual: 20_000, least: 0, most: 1_000_000_000, of: "taps" },
  "tap-seconds": { usual: 60, least: 1, most: 86_400, of: "tapSeconds" },
  stock: { usual: 2_000, least: 0, most: 10_000_000, of: "stock" },
  "http-share": { usual: 0.2, least: 0, most: 1, of: "httpShare" },
  frames: { usual: 5, least: 0, most: 1_000, of: "framesPerSecond" },
  "poll-seconds": { usual: 5, least: 1, most: 3_600, of: "pollSeconds" },
} as const satisfies Record<string, { usual: number; least: number; most: number; of: keyof Asked }>;

export const OPTIONS = Object.fromEntries(
  Object.keys(NUMBERS).map((name) => [name, { type: "string" as const }]),
) satisfies ParseArgsConfig["options"];

export const USAGE = `npm run cost -- ${Object.entries(NUMBERS)
  .map(([name, { usual }]) => `[--${name} ${usual}]`)
  .join(" ")}`;

/** The session that is asked about. Throws on what is not a number, or out of its bounds. */
export function readExpected(values: Readonly<Record<string, unknown>>): Asked {
  const read = Object.entries(NUMBERS).map(([name, { usual, least, most, of }]) => {
    const text = values[name];
    const value = text === undefined ? usual : Number(text);
    if (text === "" || !(value >= least && value <= most)) {
      throw new Error(`--${name} takes a number from ${least} to ${most.toLocaleString("en")}`);
    }
    return [of, value] as const;
  });
  return Object.fromEntries(read) as unknown as Asked;
}

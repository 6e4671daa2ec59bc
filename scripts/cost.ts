// `npm run cost`: what a session costs at the platform's public prices, before it is: a table, a chart, what is assumed.
import { parseArgs } from "node:util";
import { assumptionsOf } from "./cost/assumptions.ts";
import { readExpected, USAGE, OPTIONS } from "./cost/options.ts";
import { chartOf, tableOf } from "./cost/show.ts";

try {
  const { values } = parseArgs({ options: OPTIONS });
  const expected = readExpected(values);
  console.log(tableOf(expected));
  console.log(chartOf(expected));
  console.log(
    assumptionsOf(expected)
      .map((line) => `- ${line}`)
      .join("\n"),
  );
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
}

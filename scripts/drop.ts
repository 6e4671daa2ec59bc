// `npm run drop`: the main job as a rehearsal. Starts a server of its own, imports a catalogue, opens a drop, lets a
// crowd race for it, examines the record, then moves the money and checks the books. Ends with 1 when a promise was
// broken. With `--spike 20` taps come at twenty times their pace instead, beside sessions that must not feel it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { build } from "./build.ts";
import { Api } from "./rehearsal/api.ts";
import { settleMoney } from "./rehearsal/money.ts";
import { race, type Progress, type Raced } from "./rehearsal/race.ts";
import { spike } from "./rehearsal/spike.ts";
import { printImport, printMoney, printRace } from "./rehearsal/tables.ts";
import { SAMPLE_CATALOG } from "./sample-shop.ts";
import { serve, type LocalServer } from "./serve.ts";
import { localKeys } from "./state.ts";

const USAGE = "npm run drop -- [--viewers 500] [--stock 100] [--catalog FILE] [--impatient] | --spike 1..50";
/** The crowd's session is in the first; the others have small ones of their own, for money is counted differently there. */
const [CURRENCY, ...OTHER_CURRENCIES] = ["USD", "EUR", "JPY", "KWD"] as const;
const SMALL_CROWD = { viewers: 40, stock: 24 };

interface Options {
  viewers: number;
  stock: number;
  catalog: string;
  impatient: boolean;
  /** How many times the calm pace; undefined for the race. */
  spike: number | undefined;
}

const SPIKE_MAX = 50;

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      viewers: { type: "string", default: "500" },
      stock: { type: "string", default: "100" },
      catalog: { type: "string", default: SAMPLE_CATALOG },
      impatient: { type: "boolean", default: false },
      spike: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const [viewers, stock] = [values.viewers, values.stock].map(Number);
  if (!Number.isInteger(viewers) || !Number.isInteger(stock) || viewers! < 1 || stock! < 0) {
    throw new Error("--viewers and --stock take whole numbers");
  }
  const times = values.spike === undefined ? undefined : Number(values.spike);
  if (times !== undefined && !(times >= 1 && times <= SPIKE_MAX)) {
    throw new Error(`--spike takes a number from 1 to ${SPIKE_MAX}`);
  }
  const { catalog, impatient } = values;
  return { viewers: viewers!, stock: stock!, catalog, impatient, spike: times };
}

/** Races for the drop, then moves its money. True when every promise was kept. */
async function rehearse(options: Options, server: LocalServer): Promise<boolean> {
  const { platformKey } = server;
  const api = new Api(server.url);
  const first = await race(api, platformKey, { ...options, currency: CURRENCY }, withProgress);
  printImport(options.catalog, first.shop.report);
  printRace(first);
  const small = { ...SMALL_CROWD, impatient: options.impatient, catalog: SAMPLE_CATALOG };
  console.log(`The same with small crowds in ${OTHER_CURRENCIES.join(", ")} ...`);
  const others = await Promise.all(
    OTHER_CURRENCIES.map((currency) => race(api, platformKey, { ...small, currency }, quietly)),
  );
  const raced: Raced[] = [first, ...others];
  console.log("Refunding a tenth of the orders, transferring, taking back, paying out ...");
  const settled = await settleMoney(api, platformKey, raced, server.runCron);
  printMoney(settled);
  const broken = [
    ...raced.flatMap(({ broken: races, options: { currency } }) =>
      races.map((promise) => `${promise} (${currency})`),
    ),
    ...settled.broken,
  ];
  for (const promise of broken) console.log(`Broken: ${promise}`);
  if (broken.length === 0) console.log("Every promise was kept.");
  return broken.length === 0;
}

const withProgress: Progress = async (what, total, work) => {
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total}`,
    clearOnComplete: false,
    noTTYOutput: false,
  });
  bar.start(total, 0);
  try {
    await work(() => bar.increment());
  } finally {
    bar.stop();
  }
};

const quietly: Progress = async (_what, _total, work) => {
  await work(() => undefined);
};

async function main(): Promise<number> {
  const options = readOptions();
  await build();
  const stateDir = mkdtempSync(join(tmpdir(), "dropcast-drop-"));
  const server = await serve({ port: 0, host: "127.0.0.1", stateDir, quiet: true });
  try {
    const { tokenKeys } = await localKeys(stateDir);
    const isKept =
      options.spike === undefined
        ? await rehearse(options, server)
        : await spike({ ...server, tokenKeys }, options.spike, withProgress);
    return isKept ? 0 : 1;
  } finally {
    await server.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return 1;
  }),
);

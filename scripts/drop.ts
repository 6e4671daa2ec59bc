// `npm run drop`: the main job as a rehearsal. Starts a server of its own, imports a catalogue, opens a drop, lets a
// crowd race for it, then examines the record. Ends with 1 when a promise was broken.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import Table from "cli-table3";
import { build } from "./build.ts";
import { Api } from "./rehearsal/api.ts";
import { examine, type Findings } from "./rehearsal/checks.ts";
import { Counts, Latencies } from "./rehearsal/figures.ts";
import { createSession, openShop, priced, type ImportReport } from "./rehearsal/shop.ts";
import { Viewer, type Nature, type Stage } from "./rehearsal/viewer.ts";
import { SAMPLE_CATALOG } from "./sample-shop.ts";
import { serve } from "./serve.ts";

const USAGE = "npm run drop -- [--viewers 500] [--stock 100] [--catalog FILE] [--impatient]";
const CURRENCY = "USD";
/** The shortest hold there is: who drops out must not make the rehearsal long. */
const HOLD_MS = 5_000;
const CONNECTING_AT_ONCE = 50;
/** Until the drop opens, once everybody is there. */
const COUNTDOWN_MS = 1_500;

interface Options {
  viewers: number;
  stock: number;
  catalog: string;
  impatient: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      viewers: { type: "string", default: "500" },
      stock: { type: "string", default: "100" },
      catalog: { type: "string", default: SAMPLE_CATALOG },
      impatient: { type: "boolean", default: false },
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
  return { viewers: viewers!, stock: stock!, catalog: values.catalog, impatient: values.impatient };
}

/** In an impatient crowd every other viewer misbehaves, each kind equally often; in a patient one nobody does. */
const NATURES: readonly Nature[] = ["drops_out", "declines", "retries", "taps_twice", "is_cut"];

function natureOf(index: number, impatient: boolean): Nature {
  if (!impatient || index % 2 === 0) return "patient";
  return NATURES[Math.floor(index / 2) % NATURES.length] ?? "patient";
}

async function rehearse(options: Options, api: Api, platformKey: string): Promise<boolean> {
  const shop = await openShop(api, platformKey, readFileSync(options.catalog, "utf8"), CURRENCY);
  printImport(options.catalog, shop.report);
  const [piece] = priced(shop.products);
  if (!piece) throw new Error("the catalogue has no variant with a price");
  const session = await createSession(api, shop, CURRENCY, {
    title: "Rehearsal",
    expectedViewers: options.viewers,
  });
  await api.post(`/v1/sessions/${session}/stock`, shop.sellerKey, {
    sku: piece.sku,
    allocated: options.stock,
  });
  const offer = await api.post<{ id: string }>(`/v1/sessions/${session}/offers`, shop.sellerKey, {
    title: piece.title,
    lines: [{ sku: piece.sku, quantity: 1 }],
    price: { headline: piece.price },
    limits: { perViewer: 1 },
    holdMs: HOLD_MS,
  });
  await api.post(`/v1/sessions/${session}/start`, shop.creatorKey);

  const latency = { token: new Latencies(), reserve: new Latencies(), order: new Latencies() };
  const stage: Stage = { api, session, offer: offer.id, latency, outcomes: new Counts() };
  const crowd = Array.from(
    { length: options.viewers },
    (_, index) => new Viewer(stage, natureOf(index, options.impatient)),
  );
  await withProgress("arriving", crowd.length, (done) => arrive(crowd, done));
  const opensAt = new Date(Date.now() + COUNTDOWN_MS).toISOString();
  const opened = await api.call(`/v1/sessions/${session}/offers/${offer.id}`, {
    method: "PATCH",
    bearer: shop.sellerKey,
    body: { opensAt },
  });
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem));
  await withProgress("racing  ", crowd.length, (done) =>
    Promise.all(crowd.map((viewer, index) => viewer.race(index % 3 === 0, index % 2 === 0).then(done))),
  );
  // What was dropped or left unpaid runs out, and every screen comes to rest.
  await sleep(HOLD_MS + 1_000);

  const acknowledged = crowd.flatMap(({ acknowledged: { orders, reservations } }) => [
    ...orders,
    ...reservations,
  ]);
  const findings = await examine(api, session, shop.sellerKey, acknowledged);
  const screens = screensOf(crowd, findings);
  for (const viewer of crowd) viewer.leave();
  printResult(stage, findings, screens);
  const broken = brokenPromises(stage, findings, screens);
  for (const promise of broken) console.log(`Broken: ${promise}`);
  if (broken.length === 0) console.log("Every promise was kept.");
  return broken.length === 0;
}

async function arrive(crowd: readonly Viewer[], done: () => void): Promise<void> {
  for (let at = 0; at < crowd.length; at += CONNECTING_AT_ONCE) {
    await Promise.all(crowd.slice(at, at + CONNECTING_AT_ONCE).map((viewer) => viewer.arrive().then(done)));
  }
}

interface Screens {
  /** From an event to the last screen that shows it. */
  toAll: Latencies;
  /** Viewers whose screen shows other stock than the record has. */
  wrong: number;
  gaps: number;
}

function screensOf(crowd: readonly Viewer[], { state, eventTimes }: Findings): Screens {
  const toAll = new Latencies();
  for (const [seq, atMs] of eventTimes) {
    const shown = crowd.map(({ seen }) => seen.find(({ cursor }) => cursor >= seq)?.atMs);
    const started = crowd.every(({ seen }) => (seen[0]?.cursor ?? Number.POSITIVE_INFINITY) < seq);
    if (started && shown.every((at) => at !== undefined)) toAll.add(Math.max(...shown) - atMs);
  }
  const [pool] = state.pools.values();
  const available = pool ? pool.allocated - pool.held - pool.committed : 0;
  return {
    toAll,
    wrong: crowd.filter(({ stockShown }) => stockShown?.["main"] !== available).length,
    gaps: crowd.reduce((sum, { gaps }) => sum + gaps, 0),
  };
}

/** Outcomes that no viewer may meet: no answer, two answers, a fault of ours, an order that stays open. */
const UNEXPECTED = /^(failed:|refused: internal|refused: overloaded|order still open)/;

function brokenPromises({ outcomes }: Stage, findings: Findings, screens: Screens): string[] {
  const bought = outcomes.sum((name) => name === "bought");
  const promises: [boolean, string][] = [
    [outcomes.sum((name) => UNEXPECTED.test(name)) === 0, "every tap has one answer"],
    [bought === findings.sold, "what viewers were told they bought is what was sold"],
    [findings.sold > 0 || findings.allocated === 0, "something is sold"],
    [findings.oversold === 0 && findings.sold <= findings.allocated, "nothing is oversold"],
    [findings.poolsBalanced, "available + held + committed = allocated, none negative"],
    [findings.held === 0, "every hold was committed, released or expired"],
    [findings.replayEqual, "the state rebuilt from the journal equals the state in memory"],
    [findings.chainWhole, "the blocks' hashes chain"],
    [findings.d1Equal, "orders in D1 equal orders in the journal"],
    [findings.lost.length === 0, "nothing acknowledged is lost"],
    [screens.wrong === 0, "every screen shows the record's stock"],
    [screens.gaps === 0, "no frame was missed or repeated"],
  ];
  return promises.filter(([kept]) => !kept).map(([, promise]) => promise);
}

function printImport(
  file: string,
  { rows, products, variants, faults, faultsNotListed }: ImportReport,
): void {
  console.log(
    `Catalogue ${file}: ${rows} rows, ${products.created} products, ${variants} variants, ${faults.length} faults`,
  );
  for (const { line, column, reason } of faults.slice(0, 20)) {
    console.log(`  line ${line}${column === undefined ? "" : `, ${column}`}: ${reason}`);
  }
  const more = Math.max(0, faults.length - 20) + faultsNotListed;
  if (more > 0) console.log(`  and ${more} more`);
}

function printResult({ latency, outcomes }: Stage, findings: Findings, screens: Screens): void {
  const yes = (is: boolean): string => (is ? "yes" : "NO");
  const table = new Table({ head: ["", ""], style: { head: [], border: [] } });
  table.push(
    ["allocated", findings.allocated],
    ["sold", findings.sold],
    ["held", findings.held],
    ["holds expired", findings.expired],
    ["back on sale, nobody left to buy", findings.allocated - findings.sold - findings.held],
    ...outcomes.entries().map(([outcome, count]) => [outcome, count]),
    ["oversold", findings.oversold],
    ["pools balanced", yes(findings.poolsBalanced)],
    ["replay equal", yes(findings.replayEqual)],
    ["hash chain whole", `${yes(findings.chainWhole)} (${findings.blocks} blocks)`],
    [
      "orders in D1 = journal",
      `${yes(findings.d1Equal)} (${findings.ordersInD1} = ${findings.ordersInJournal})`,
    ],
    ["acknowledged and lost", findings.lost.length],
    ["screens with other stock", screens.wrong],
    ["token ms p50 / p95 / p99", latency.token.summary()],
    ["reserve ms p50 / p95 / p99", latency.reserve.summary()],
    ["order ms p50 / p95 / p99", latency.order.summary()],
    ["frame to all screens ms", screens.toAll.summary()],
  );
  console.log(table.toString());
  console.log("Times are of one machine that is server and crowd at once; `npm run bench` has ratios.");
}

async function withProgress(
  what: string,
  total: number,
  work: (done: () => void) => Promise<unknown>,
): Promise<void> {
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
}

async function main(): Promise<number> {
  const options = readOptions();
  await build();
  const stateDir = mkdtempSync(join(tmpdir(), "dropcast-drop-"));
  const server = await serve({ port: 0, host: "127.0.0.1", stateDir, quiet: true });
  try {
    return (await rehearse(options, new Api(server.url), server.platformKey)) ? 0 : 1;
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

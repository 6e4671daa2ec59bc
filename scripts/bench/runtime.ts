// The benchmark's Worker on real workerd, through Miniflare: bundled afresh, its objects' storage on disk in a folder
// that is gone afterwards. Requests reach it without Miniflare's own proxy between.
import { build } from "esbuild";
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
  type V4WorkerOptionsShape,
} from "miniflare";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newSigningKey } from "../keys.ts";
import { root } from "../quietly.ts";
import { killOnEnd } from "../watchdog.ts";
import { childrenOf, moveToServerCore } from "./machine.ts";
import type { Routes } from "./worker/worker.ts";

/** The Worker's ways in, see worker.ts. */
const ENTRIES = ["shop", "bare", "hello"] as const;

export interface Runtime {
  /** Where everything stored is kept; TMPDIR says on which disk. */
  readonly folder: string;
  /** The keys that sign and verify every side's tokens. */
  readonly tokenKeys: string;
  /** Origins: Dropcast itself, the bare things, Dropcast in another isolate with the same objects, and the steps. */
  readonly urls: Readonly<Record<(typeof ENTRIES)[number] | "elsewhere" | "control", string>>;
  /** The server's process. */
  pid(): number;
  call<Path extends keyof Routes>(path: Path, asked: Routes[Path]["asked"]): Promise<Routes[Path]["answer"]>;
  stop(): Promise<void>;
}

/** Starts it on what is in `folder` already, or on nothing. */
export async function startRuntime(folder = newFolder(), tokenKeys?: string): Promise<Runtime> {
  const keys = tokenKeys ?? JSON.stringify([await newSigningKey(new Date(0))]);
  const stopWatching = killOnEnd("workerd");
  const before = new Set(childrenOf(process.pid, "workerd"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: folder,
      cf: false,
      logRequests: false,
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error" || process.env["BENCH_LOG"]) console.error(message);
      },
      workers: await workersOf(keys),
    }),
  );
  await miniflare.ready;
  const origin = async (worker: string, entry?: string): Promise<string> =>
    (await miniflare.unsafeGetDirectURL(worker, entry)).origin;
  const [control, elsewhere, shop = "", bare = "", hello = ""] = await Promise.all([
    origin("bench"),
    origin("elsewhere", "shop"),
    ...ENTRIES.map((entry) => origin("bench", entry)),
  ]);
  const pid = (): number => childrenOf(process.pid, "workerd").find((each) => !before.has(each)) ?? 0;
  moveToServerCore(pid());
  return {
    folder,
    tokenKeys: keys,
    urls: { shop, bare, hello, elsewhere, control },
    pid,
    async call(path, asked) {
      const response = await fetch(`${control}${path}`, { method: "POST", body: JSON.stringify(asked) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json<Routes[typeof path]["answer"]>();
    },
    async stop() {
      await miniflare.dispose();
      stopWatching();
    },
  };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "dropcast-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Bindings, objects and compatibility as deployed, from wrangler.toml; the queues end in a sink. */
async function workersOf(tokenKeys: string): Promise<V4WorkerOptions[]> {
  // Wrangler would warn that the secrets are not in a file; it reads this when it is loaded.
  Object.assign(process.env, { WRANGLER_LOG: "none", WRANGLER_SEND_METRICS: "false" });
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const fromConfig = unstable_getMiniflareWorkerOptions(join(root, "wrangler.toml"));
  const {
    modulesRules: _forSources,
    assets: _static,
    queueProducers = {},
    queueConsumers: _nobody,
    cronTriggers: _never,
    ...rest
  }: V4WorkerOptionsShape & { cronTriggers?: unknown } = fromConfig.workerOptions;
  const sinks = Object.keys(queueProducers).map((queue) => [queue, sinkOf(queue)]);
  const bench = {
    ...rest,
    name: "bench",
    modules: [{ type: "ESModule" as const, path: "worker.js", contents: await bundle() }],
    bindings: { ...rest.bindings, TOKEN_KEYS: tokenKeys, PLATFORM_KEY: "bench-platform-key" },
    durableObjects: {
      ...rest.durableObjects,
      SQL_SESSION: { className: "SqlSession", useSQLite: true },
      BARE: { className: "Bare", useSQLite: true },
    },
    serviceBindings: { ...rest.serviceBindings, ...Object.fromEntries(sinks) },
    unsafeDirectSockets: [socketTo(), ...ENTRIES.map(socketTo)],
  };
  const objects = Object.entries(bench.durableObjects).map(([binding, object]) => [
    binding,
    { ...(object as object), scriptName: "bench" },
  ]);
  const elsewhere = {
    ...bench,
    name: "elsewhere",
    durableObjects: Object.fromEntries(objects),
    unsafeDirectSockets: [socketTo("shop")],
  };
  return [bench, elsewhere];
}

function socketTo(entrypoint?: string): { host: string; port: number; entrypoint?: string } {
  return { host: "127.0.0.1", port: 0, ...(entrypoint === undefined ? {} : { entrypoint }) };
}

/** `SETTLEMENT_QUEUE` is what the session calls settlement. */
function sinkOf(queue: string) {
  const outlet = queue.replace("_QUEUE", "").toLowerCase();
  return { name: "bench", entrypoint: "Sink", props: outlet === "payments" ? {} : { outlet } };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "worker", "worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    external: ["cloudflare:*", "node:*"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

// The benchmark's Worker on real workerd, through Miniflare: bundled afresh, its objects' storage on disk in a folder
// that is gone afterwards.
import { build } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptionsShape } from "miniflare";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newSigningKey } from "../keys.ts";
import { root } from "../quietly.ts";
import { killOnEnd } from "../watchdog.ts";
import type { Routes } from "./worker.ts";

export interface Runtime {
  /** Where everything stored is kept; TMPDIR says on which disk. */
  readonly folder: string;
  /** Where sockets connect: followed by what they connect to. */
  readonly socketUrl: string;
  call<Path extends keyof Routes>(path: Path, asked: Routes[Path]["asked"]): Promise<Routes[Path]["answer"]>;
  stop(): Promise<void>;
}

export async function startRuntime(): Promise<Runtime> {
  const folder = mkdtempSync(join(tmpdir(), "dropcast-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const stopWatching = killOnEnd("workerd");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: folder,
      cf: false,
      logRequests: false,
      log: new Log(LogLevel.ERROR),
      workers: [
        {
          name: "bench",
          modules: [{ type: "ESModule", path: "worker.js", contents: await bundle() }],
          ...(await compatibility()),
          bindings: { TOKEN_KEYS: JSON.stringify([await newSigningKey(new Date(0))]) },
          durableObjects: {
            LIVE_SESSION: { className: "LiveSession", useSQLite: true },
            RELAY: { className: "Relay", useSQLite: true },
            BARE: { className: "Bare", useSQLite: true },
          },
          serviceBindings: {
            SETTLEMENT_QUEUE: { name: "bench", entrypoint: "Sink" },
            REPORTING_QUEUE: { name: "bench", entrypoint: "Sink" },
          },
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  return {
    folder,
    socketUrl: `${url.replace("http", "ws")}/live/`,
    async call(path, asked) {
      const response = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(asked) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json<Routes[typeof path]["answer"]>();
    },
    async stop() {
      await miniflare.dispose();
      stopWatching();
    },
  };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "worker.ts")],
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

/** As deployed: from wrangler.toml. */
async function compatibility(): Promise<
  Pick<V4WorkerOptionsShape, "compatibilityDate" | "compatibilityFlags">
> {
  // Wrangler would warn that the secrets are not in a file; it reads this when it is loaded.
  Object.assign(process.env, { WRANGLER_LOG: "none", WRANGLER_SEND_METRICS: "false" });
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const fromConfig = unstable_getMiniflareWorkerOptions(join(root, "wrangler.toml"));
  const { compatibilityDate, compatibilityFlags = [] }: V4WorkerOptionsShape = fromConfig.workerOptions;
  return { ...(compatibilityDate === undefined ? {} : { compatibilityDate }), compatibilityFlags };
}

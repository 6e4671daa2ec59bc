// Serves the built Worker on this machine, on the runtime that Cloudflare runs (workerd, through Miniflare):
// objects, D1, queues, cron and static files, with its state kept in a folder. Needs `.build` to be there.
//
// Miniflare holds queues in memory: messages that were not delivered are lost when the server ends. The
// journal's publishing cursor and the reconciling cron make up for it, as they do after a real outage.
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type MiniflareOptions,
  type V4WorkerOptionsShape,
} from "miniflare";
import { join } from "node:path";
import { workerScript } from "./build.ts";
import { freePort } from "./free-port.ts";
import { applyMigrations } from "./migrate.ts";
import { root } from "./quietly.ts";
import { openState, StartError } from "./state.ts";
import { killOnEnd } from "./watchdog.ts";

export interface ServeOptions {
  /** 0 for any free port. */
  port: number;
  host: string;
  /** Where everything stored is kept; only one server at a time can use it. */
  stateDir: string;
  /** Both default to the keys kept in the state folder, which are made on its first use. */
  platformKey?: string | undefined;
  tokenKeys?: string | undefined;
  /** Takes payments with Stripe instead of the sandbox. */
  stripe?: StripeSecrets | undefined;
  /** Print nothing but errors. */
  quiet?: boolean | undefined;
}

/** As the Worker has them, see src/settlement/psp/bindings.ts. */
export interface StripeSecrets {
  STRIPE_SECRET_KEY: string;
  STRIPE_WEBHOOK_SECRET: string;
  STRIPE_API_BASE?: string;
}

export interface LocalServer {
  /** Without a slash at the end. */
  url: string;
  platformKey: string;
  /** Runs the cron handler now, besides its run at every full minute. */
  runCron: () => Promise<void>;
  stop: () => Promise<void>;
}

type BuiltWorker = V4WorkerOptionsShape & { scriptPath: string; cronTriggers: string[] };

/** What the Worker's requests go through: the sample shop's pictures have addresses, and must be there without a network. */
const PICTURE_HOST = "picture-host";
const sample = join(root, "scripts", "sample");

/** The only cron that runs locally by itself. */
const EVERY_MINUTE = "* * * * *";

/** Starts a server; throws a StartError when the port, the state folder or a key does not allow it. */
export async function serve(options: ServeOptions): Promise<LocalServer> {
  if (options.platformKey?.trim() === "") {
    throw new StartError("PLATFORM_KEY is empty: give it a value or unset it.");
  }
  const state = await openState(options.stateDir);
  const stopWatching = killOnEnd("workerd");
  let miniflare: Miniflare | undefined;
  const close = async (): Promise<void> => {
    // A runtime that could not start says so once more when it is disposed of.
    await miniflare?.dispose().catch(() => undefined);
    stopWatching();
    state.release();
  };
  try {
    const { platformKey = state.keys.platformKey, tokenKeys = state.keys.tokenKeys } = options;
    // The Worker must know its own origin before it starts.
    const port = options.port === 0 ? await freePort(options.host) : options.port;
    const worker = await builtWorker({
      PLATFORM_KEY: platformKey,
      TOKEN_KEYS: tokenKeys,
      PUBLIC_URL: originOf(options.host, port),
      ...options.stripe,
    });
    await applyMigrations(state.path, worker);
    const runtime = (miniflare = new Miniflare(runtimeOptions(worker, state.path, { ...options, port })));
    const { origin } = await runtime.ready;
    const runCron = (): Promise<void> => triggerCron(runtime, worker.cronTriggers);
    const stopCron = everyMinute(runCron);
    const stop = (): Promise<void> => {
      stopCron();
      return close();
    };
    return { url: origin, platformKey, runCron, stop };
  } catch (error) {
    await close();
    throw explain(error, options);
  }
}

function runtimeOptions(
  worker: BuiltWorker,
  statePath: string,
  { host, port, quiet = false }: ServeOptions,
): MiniflareOptions {
  return convertV4MiniflareOptions({
    host,
    port,
    resourcePersistencePath: statePath,
    // What Cloudflare knows of a request is made up: asking for a real example would need the network.
    cf: false,
    logRequests: false,
    log: new Log(quiet ? LogLevel.ERROR : LogLevel.WARN),
    handleStructuredLogs: ({ level, message }) => {
      // For the runtime's own makers: an alarm that was moved while it was about to ring, say.
      if (message.startsWith("NOSENTRY ")) return;
      if (level === "error" || level === "warn") console.error(message);
      else if (!quiet) console.log(message);
    },
    workers: [{ ...worker, outboundService: PICTURE_HOST }, pictureHost(worker)],
  });
}

function pictureHost({ compatibilityDate }: BuiltWorker): V4WorkerOptionsShape & { scriptPath: string } {
  return {
    name: PICTURE_HOST,
    modules: true,
    scriptPath: join(sample, "picture-host.mjs"),
    ...(compatibilityDate === undefined ? {} : { compatibilityDate }),
    serviceBindings: { PICTURES: { disk: { path: join(sample, "pictures") } } },
  };
}

/** Where a browser on this machine finds it: an address that means all of them is none to go to. */
function originOf(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" || host === "*" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** The Worker as wrangler.toml describes it, but built, and with these bindings. */
async function builtWorker(own: Record<string, string>): Promise<BuiltWorker> {
  // Wrangler would warn that the secrets are not in a file; it reads this when it is loaded.
  Object.assign(process.env, { WRANGLER_LOG: "none", WRANGLER_SEND_METRICS: "false" });
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const { workerOptions: fromConfig } = unstable_getMiniflareWorkerOptions(join(root, "wrangler.toml"));
  const { modulesRules: _forSources, cronTriggers = [], ...rest }: V4WorkerOptionsShape = fromConfig;
  if (cronTriggers.some((cron) => cron !== EVERY_MINUTE)) {
    throw new Error(
      `wrangler.toml has a cron that is not "${EVERY_MINUTE}": scripts/serve.ts cannot run it.`,
    );
  }
  return {
    ...rest,
    name: "dropcast",
    modules: true,
    scriptPath: workerScript,
    bindings: { ...rest.bindings, ...own },
    cronTriggers,
  };
}

async function triggerCron(miniflare: Miniflare, crons: string[]): Promise<void> {
  for (const cron of crons) {
    // A new handle each time: the old one is dead if the runtime was restarted in between.
    const worker = await miniflare.getWorker();
    const { outcome } = await worker.scheduled({ cron, scheduledTime: new Date() });
    if (outcome !== "ok") console.error(`Cron ${cron}: ${outcome}`);
  }
}

/** Runs the task at every full minute, never two at once. Miniflare itself starts no cron. */
function everyMinute(task: () => Promise<void>): () => void {
  const minuteMs = 60_000;
  let timer: NodeJS.Timeout;
  let stopped = false;
  const plan = (): void => {
    if (!stopped) timer = setTimeout(() => void run(), minuteMs - (Date.now() % minuteMs));
  };
  const run = async (): Promise<void> => {
    await task().catch((error: unknown) => stopped || console.error("Cron:", error));
    plan();
  };
  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function explain(error: unknown, { host, port }: ServeOptions): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  if (error.code === "ERR_ADDRESS_IN_USE") {
    return new StartError(
      `Port ${port} on ${host} is in use: stop what listens there, or set PORT to another.`,
    );
  }
  if (error.code === "ERR_RUNTIME_FAILURE") {
    return new StartError(`The runtime could not start on port ${port} of ${host}; its reason is above.`);
  }
  if ("syscall" in error) return new StartError(`Cannot listen on ${host}: ${error.message}.`);
  return error;
}

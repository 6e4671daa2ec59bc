// `npm start`: builds what changed and serves it on this machine, ready to be used: keys, tables and a sample
// shop are made on the first start. Set by PORT, HOST, STATE_DIR and PLATFORM_KEY; STRIPE_SECRET_KEY and
// STRIPE_WEBHOOK_SECRET take payments with Stripe. STRIPE_API_BASE is for tests: what stands in for Stripe.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "./build.ts";
import { ToolError } from "./quietly.ts";
import { loadSampleShop, withSignIns } from "./sample-shop.ts";
import { serve, type LocalServer, type StripeSecrets } from "./serve.ts";
import { StartError } from "./state.ts";

const DEFAULT_PORT = 8787;
const MAX_PORT = 65_535;

async function main(): Promise<void> {
  const {
    HOST: host = "127.0.0.1",
    STATE_DIR: stateFolder = ".data",
    PLATFORM_KEY: platformKey,
  } = process.env;
  const port = portFrom(process.env.PORT);
  const stripe = stripeFrom(process.env);
  const stateDir = resolve(stateFolder);
  await build();
  const server = await serve({ port, host, stateDir, platformKey, stripe });
  stopOnSignal(server);
  console.log(`Dropcast   ${server.url}
Docs       ${server.url}/docs   (the socket: /docs/live, problems: /docs/problems)
Key        ${server.platformKey}   (the platform's: Authorization: Bearer ...)
Payments   ${stripe ? providerOf(stripe) : "sandbox   (moves no money)"}
State      ${stateDir}`);
  const lines = await withSignIns(server.url, await sampleShop(server, stateDir));
  for (const line of lines) console.log(line);
}

function portFrom(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text || Number.NaN);
  if (Number.isInteger(port) && port >= 0 && port <= MAX_PORT) return port;
  throw new StartError(`PORT is ${JSON.stringify(text)}: it must be a number from 0 to ${MAX_PORT}.`);
}

/** Stripe's secrets, both or none: with one alone payments would be taken and their outcome never heard of. */
function stripeFrom(env: NodeJS.ProcessEnv): StripeSecrets | undefined {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhook, STRIPE_API_BASE: apiBase } = env;
  if (!key && !webhook) return undefined;
  if (!key || !webhook) {
    const [set, missing] = key
      ? ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"]
      : ["STRIPE_WEBHOOK_SECRET", "STRIPE_SECRET_KEY"];
    throw new StartError(`${set} is set without ${missing}: set both for Stripe, or none for the sandbox.`);
  }
  if (!/^(sk|rk)_(test|live)_/.test(key)) {
    throw new StartError(
      "STRIPE_SECRET_KEY is not a secret key of Stripe's: they begin with sk_test_, sk_live_ or rk_.",
    );
  }
  if (!webhook.startsWith("whsec_")) {
    throw new StartError(
      "STRIPE_WEBHOOK_SECRET is not a signing secret of Stripe's: they begin with whsec_.",
    );
  }
  const secrets = { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhook };
  return apiBase ? { ...secrets, STRIPE_API_BASE: apiBase } : secrets;
}

function providerOf({ STRIPE_SECRET_KEY: key }: StripeSecrets): string {
  return key.includes("_live_") ? "stripe   (live: moves money)" : "stripe   (test mode)";
}

/** Loads the sample shop into a new state folder; its lines are kept to be shown at each start. */
async function sampleShop({ url, platformKey }: LocalServer, stateDir: string): Promise<string[]> {
  const file = join(stateDir, "sample-shop.txt");
  // The port may be another one the next time.
  if (existsSync(file)) return readFileSync(file, "utf8").replaceAll("{url}", url).split("\n");
  try {
    const lines = await loadSampleShop(url, platformKey, console.log);
    writeFileSync(file, lines.join("\n").replaceAll(url, "{url}"), { mode: 0o600 });
    return lines;
  } catch (error) {
    return [`No sample shop: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function stopOnSignal(server: LocalServer): void {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    // Miniflare's own listeners end the process in the middle of what it is doing.
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void server.stop().finally(() => process.exit(0));
    });
  }
}

await main().catch((error: unknown) => {
  // A reason the user can act on stands for itself; anything else is a fault here and shows where.
  console.error(error instanceof StartError || error instanceof ToolError ? error.message : error);
  process.exit(1);
});

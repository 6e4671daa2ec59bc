// `npm run dev`: the Worker from its sources, reloaded at each change, by `wrangler dev`. Its state and keys are
// in .wrangler, apart from those of `npm start`. Cron runs when asked: GET /cdn-cgi/local/scheduled.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.ts";
import { quietly, root } from "./quietly.ts";
import { localKeys } from "./state.ts";

await build("assets");
await quietly("wrangler", ["d1", "migrations", "apply", "DB", "--local"]);
const folder = join(root, ".wrangler");
mkdirSync(folder, { recursive: true });
const { platformKey, tokenKeys } = await localKeys(folder);
console.log(`Key ${platformKey}   (the platform's: Authorization: Bearer ...)`);

const { PORT: port = "8787" } = process.env;
// Wrangler takes the secrets that wrangler.toml requires from its environment, and needs no network.
const secrets = { PLATFORM_KEY: platformKey, TOKEN_KEYS: tokenKeys, CLOUDFLARE_CF_FETCH_ENABLED: "false" };
const origin = `PUBLIC_URL:http://127.0.0.1:${port}`;
const server = spawn("wrangler", ["dev", "--ip", "127.0.0.1", "--port", port, "--var", origin], {
  stdio: "inherit",
  cwd: root,
  env: { ...process.env, ...secrets },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
server.once("exit", (code) => process.exit(code ?? 0));

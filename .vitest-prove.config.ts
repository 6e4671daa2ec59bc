import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { newSigningKey } from "./scripts/keys.ts";
import { root } from "./scripts/quietly.ts";
process.env.WRANGLER_LOG = "error";
export default defineConfig({
  plugins: [cloudflareTest(async () => ({
    main: "/tmp/prove/worker.ts",
    wrangler: { configPath: join(root, "wrangler.toml") },
    miniflare: { bindings: {
      PUBLIC_URL: "https://dropcast.test",
      PLATFORM_KEY: "pk_test_platform_key_000000000000",
      TOKEN_KEYS: JSON.stringify([await newSigningKey(new Date(0))]),
      TEST_MIGRATIONS: await readD1Migrations("/tmp/prove/migrations"),
    } },
  }))],
  test: { include: ["test/settlement/**/*.test.ts"], setupFiles: [join(root, "test", "apply-migrations.ts")] },
});

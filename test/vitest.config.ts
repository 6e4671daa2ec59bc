// The four kinds of tests: `domain` on plain Node, `worker` inside workerd with wrangler.toml's bindings, `stripe` on
// Node with programs that judge the Stripe adapter, and `flows` against the real server. Run by `npm test`.
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { newSigningKey } from "../scripts/keys.ts";
import { root } from "../scripts/quietly.ts";

const ROOMS = "live,token,edge,shop,settlement,wire,reporting";

// Wrangler would warn that the secrets below are not in a file.
process.env.WRANGLER_LOG = "error";
// wrangler.toml names this folder; the tests in workerd do not need what the build puts there.
mkdirSync(join(root, ".build", "assets"), { recursive: true });

export default defineConfig({
  test: {
    passWithNoTests: true,
    // A test file in workerd waits for its runtime more than it computes.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "domain", include: ["test/domain/**/*.test.ts"] } },
      {
        extends: true,
        plugins: [
          cloudflareTest(async () => ({
            main: join(root, "src", "worker.ts"),
            wrangler: { configPath: join(root, "wrangler.toml") },
            miniflare: {
              bindings: {
                PUBLIC_URL: "https://dropcast.test",
                PLATFORM_KEY: "pk_test_platform_key_000000000000",
                TOKEN_KEYS: JSON.stringify([await newSigningKey(new Date(0))]),
                TEST_MIGRATIONS: await readD1Migrations(join(root, "migrations")),
              },
            },
          })),
        ],
        test: {
          name: "worker",
          include: [`test/{${ROOMS}}/**/*.test.ts`],
          setupFiles: [join(root, "test", "apply-migrations.ts")],
        },
      },
      {
        extends: true,
        test: {
          name: "stripe",
          include: ["test/stripe/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "flows",
          include: ["test/flows/**/*.test.ts"],
          globalSetup: [join(root, "test", "flows", "build.ts")],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

// The kinds of tests: `domain` on plain Node, `worker`, `books` and `alone` inside workerd with wrangler.toml's bindings, `stripe` on
// Node with programs that judge the Stripe adapter, and `flows` against the real server, some of them in a real browser. Run by `npm test`.
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { newSigningKey } from "../scripts/keys.ts";
import { root } from "../scripts/quietly.ts";

const TOGETHER = ["test/{live,token,edge,shop,wire}/**/*.test.ts"];
const ALONE = [
  "test/edge/{checkout,money-*,reconciliation,refunds,payments,payment-news}.test.ts",
  "test/warmup/**/*.test.ts",
];
const BOOKS = ["test/{settlement,reporting}/**/*.test.ts"];

/** Packages the Worker is made of: as one file each, a runtime has them in a third less time. One not named here is only slower. */
const BUNDLED = [
  "canonicalize",
  "csv-parse/sync",
  "csv-stringify/sync",
  "drizzle-orm",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "fast-check",
  "hono",
  "hono-openapi",
  ...["accepts", "body-limit", "cookie", "cors", "html", "method-not-allowed", "request-id"].map(
    (part) => `hono/${part}`,
  ),
  ...["route", "secure-headers", "timing"].map((part) => `hono/${part}`),
  "jose",
  "parse5",
  "stripe",
  "structured-headers",
  "tinyqueue",
  "typeid-js",
  "uqr",
  "zod",
];

// Wrangler would warn that the secrets below are not in a file.
process.env.WRANGLER_LOG = "error";
// wrangler.toml names this folder; the tests in workerd do not need what the build puts there.
mkdirSync(join(root, ".build", "assets"), { recursive: true });

function inWorkerd(
  name: string,
  {
    emptied = false,
    ...test
  }: { include: string[]; exclude?: string[]; isolate?: boolean; emptied?: boolean },
) {
  return {
    extends: true as const,
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
      name,
      setupFiles: [...(emptied ? ["empty-database.ts"] : []), "apply-migrations.ts"].map((file) =>
        join(root, "test", file),
      ),
      deps: { optimizer: { ssr: { enabled: true, include: BUNDLED } } },
      // A line that a queue or an object writes would wait for its answer in a context that may be over by then, and with
      // it the whole run.
      disableConsoleIntercept: true,
      // A queue's batch, an alarm and a busy machine take their time; what is wrong fails by its own words.
      testTimeout: 30_000,
      ...test,
    },
  };
}

export default defineConfig({
  test: {
    passWithNoTests: true,
    // A test file in workerd waits for its runtime more than it computes.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "domain", include: ["test/domain/**/*.test.ts"], isolate: false } },
      { extends: true, test: { name: "sdk", include: ["test/sdk/**/*.test.ts"] } },
      { extends: true, test: { name: "web", include: ["test/web/**/*.test.ts"] } },
      // Files share runtime, database and objects: each uses ids of its own.
      inWorkerd("worker", { include: TOGETHER, exclude: ALONE, isolate: false }),
      // Files that look at all the money there is share a runtime, with a database that is emptied before each.
      inWorkerd("books", { include: BOOKS, isolate: false, emptied: true }),
      // Files that look at everything there is, objects and queues too, or use a limit up, have all of it to themselves.
      inWorkerd("alone", { include: ALONE }),
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
          include: ["test/{flows,browser}/**/*.test.ts"],
          globalSetup: [
            join(root, "test", "flows", "build.ts"),
            join(root, "test", "browser", "chromium.ts"),
            join(root, "test", "browser", "served.ts"),
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What comes to a page is waited for as long as playwright-core waits, however busy the machine is.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});

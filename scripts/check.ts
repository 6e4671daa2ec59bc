// `npm run check`: everything that can be wrong without running the product. Prints one line a check, and all
// that a failing one said; changes no file.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { quietly, root } from "./quietly.ts";

interface Check {
  name: string;
  /** Throws, with what to show the user, when the check fails. */
  verify: () => Promise<unknown>;
}

const checks: Check[] = [
  command(
    "binding types (npm run types)",
    "wrangler",
    "types",
    "src/env.d.ts",
    "--include-runtime=false",
    "--check",
  ),
  command("types of the API (npm run types)", "node", "scripts/api-types.ts", "--check"),
  command("types", "tsc"),
  command("types of what runs in a browser", "tsc", "--project", "src/web"),
  command("lint", "oxlint", "--type-aware", "--deny-warnings"),
  command("format (npm run format)", "prettier", "--check", "."),
  { name: "migrations (npm run migrations)", verify: verifyMigrations },
];

function command(name: string, file: string, ...args: string[]): Check {
  return { name, verify: () => quietly(file, args) };
}

/** Lets drizzle-kit write to a copy of migrations/: it must find nothing to add. */
async function verifyMigrations(): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "dropcast-migrations-"));
  try {
    await cp(join(root, "migrations"), copy, { recursive: true });
    const out = relative(root, copy);
    const args = ["generate", "--dialect", "sqlite", "--schema", "src/**/tables.ts", "--out", out];
    // It ends well, too, when it has a question (was this column renamed?) and nobody to ask.
    const said = await quietly("drizzle-kit", args);
    if (!said.includes("No schema changes")) throw new Error(`The tables and migrations/ differ.\n${said}`);
  } finally {
    await rm(copy, { recursive: true });
  }
}

for (const { name, verify } of checks) {
  try {
    await verify();
    console.log(`ok      ${name}`);
  } catch (error) {
    console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

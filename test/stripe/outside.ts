/** What is judged with: Stripe's own data beside the project, programs installed with it. Missing ones are named. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../scripts/free-port.ts";
import { root } from "../../scripts/quietly.ts";

const DATA = join(root, "..", "shared", "data", "stripe");

/** Where a file of Stripe's is; undefined, with a word about it, where the data is missing. */
export function stripeData(path: string): string | undefined {
  const file = join(DATA, path);
  if (existsSync(file)) return file;
  console.warn(`Skipped: ${file} is not there.`);
  return undefined;
}

export function json(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Where an installed program is; undefined, with a word about it, where it is missing or has none for this machine. */
export function program(name: string, ...args: readonly string[]): string | undefined {
  const file = join(root, "node_modules", ".bin", name);
  if (existsSync(file) && isRunnable(name)) return file;
  console.warn(`Skipped: ${[name, ...args].join(" ")} is not installed for this machine.`);
  return undefined;
}

/** Both come as a package for each kind of machine, which npm leaves out where there is none. */
function isRunnable(name: string): boolean {
  const [scope, suffix] = name === "steady" ? ["@stdy", "cli"] : ["@stripe", "cli"];
  const machine = `${suffix}-${process.platform}-${process.arch}`;
  return existsSync(join(root, "node_modules", scope, machine));
}

/** Starts steady, which answers 400 to what the specification does not allow. Gives its origin and what ends it. */
export async function startSteady(steady: string, specification: string) {
  const port = await freePort();
  const form = ["array", "object"].map((what) => `--validator-form-${what}-format=brackets`);
  const args = ["-q", "-p", String(port), "--host", "127.0.0.1", ...form, specification];
  const server = spawn(steady, args, { stdio: "ignore", detached: true });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await fetch(`${url}/v1/balance`).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await pause(50);
  }
  // The launcher leaves its program alone when it is killed: the group goes.
  const stop = () => process.kill(-(server.pid ?? Number.NaN), "SIGKILL");
  return { url, stop };
}

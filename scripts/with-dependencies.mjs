// Runs a command with the pinned tools: installs node_modules when it is missing or stale, then starts the
// command with node_modules/.bin (and so Node 24) first in PATH. Plain JS: it runs on any Node from 20 on.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MIN_NODE = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const otherPath = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((folder) => folder !== bin)
  .join(delimiter);

if (Number(process.versions.node.split(".")[0]) < MIN_NODE) {
  fail(`Dropcast needs Node ${MIN_NODE} or newer to start; this is ${process.version}.`);
}
const [command, ...args] = process.argv.slice(2);
if (command === undefined) fail("Usage: node scripts/with-dependencies.mjs COMMAND [ARGUMENT...]");

if (!isInstalled()) {
  console.error("Installing dependencies (npm ci) ...");
  // Without node_modules/.bin in PATH, so that npm does not run on the Node that it is about to replace.
  const code = await run("npm", ["ci", "--loglevel=error"], {
    cwd: root,
    env: { ...process.env, PATH: otherPath },
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (code !== 0 || !isInstalled()) fail("npm ci failed; see above.");
}
const PATH = [bin, otherPath].join(delimiter);
const wrangler = { WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
process.exitCode = await run(command, args, { env: { ...process.env, PATH, ...wrangler }, stdio: "inherit" });

/** Prints one line and ends the process. */
function fail(line) {
  console.error(line);
  process.exit(1);
}

/** Whether node_modules holds what package-lock.json asks for: npm keeps a lock file of its own in there. */
function isInstalled() {
  if (!existsSync(join(bin, "node"))) return false;
  try {
    const wanted = packages(join(root, "package-lock.json"));
    const present = packages(join(root, "node_modules", ".package-lock.json"));
    const fits = ([path, entry]) =>
      present[path] === undefined ? entry.optional === true : same(entry, present[path]);
    return (
      Object.entries(wanted).every(fits) && Object.keys(present).every((path) => wanted[path] !== undefined)
    );
  } catch {
    return false;
  }
}

function packages(lockFile) {
  const { "": _root, ...rest } = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  return rest;
}

function same(wanted, present) {
  return wanted.version === present.version && wanted.integrity === present.integrity;
}

/** Runs a command to its end, passing signals on, and gives the exit code a shell would report. */
function run(file, fileArgs, options) {
  return new Promise((resolve) => {
    const child = spawn(file, fileArgs, options);
    const passOn = (signal) => child.kill(signal);
    // A terminal sends Ctrl-C to the child itself; a second one would make it stop without tidying up.
    process.on("SIGINT", (signal) => process.stdin.isTTY || passOn(signal));
    process.on("SIGTERM", passOn);
    process.on("SIGHUP", passOn);
    child.on("error", (error) => fail(`Cannot run ${file}: ${error.message}`));
    child.on("spawn", () => endWithThisProcess(child));
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** If this process is killed outright, nothing would stop the child: a waiting shell notices and does. */
function endWithThisProcess(child) {
  const watch = spawn("/bin/sh", ["-c", 'read -r line; kill "$1"', "sh", String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.on("exit", () => watch.kill("SIGKILL"));
}

/** `npm start` as a process of its own, the way its user runs it. */
import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { root } from "../../scripts/quietly.ts";

export type ServerProcess = ChildProcessByStdio<null, Readable, Readable>;

/** Runs `scripts/start.ts` on a free port; whoever does must end it. */
export function spawnServer(stateDir: string, settings: Record<string, string> = {}): ServerProcess {
  const env = { ...process.env, PORT: "0", HOST: "127.0.0.1", STATE_DIR: stateDir, ...settings };
  return spawn(process.execPath, [join(root, "scripts", "start.ts")], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The same, and the test's end kills it. */
export function launch(stateDir: string, settings: Record<string, string> = {}): ServerProcess {
  const server = spawnServer(stateDir, settings);
  onTestFinished(() => void server.kill("SIGKILL"));
  return server;
}

/** What it says of itself: the words of each line by the first of them, up to the line that begins with `last`. */
export async function saidBy(server: ServerProcess, last: string): Promise<Map<string, readonly string[]>> {
  const said = new Map<string, readonly string[]>();
  for await (const line of createInterface(server.stdout)) {
    const [name = "", ...words] = line.split(/\s+/);
    said.set(name, words);
    if (name === last) break;
  }
  // Whatever it says later is not read, and must not fill the pipe.
  server.stdout.resume();
  server.stderr.resume();
  return said;
}

/** Starts the server and waits for it to say where it is. */
export async function start(
  stateDir: string,
  settings: Record<string, string> = {},
): Promise<{ process: ServerProcess; url: string; key: string; payments: string }> {
  const server = launch(stateDir, settings);
  const said = await saidBy(server, "State");
  return {
    process: server,
    url: said.get("Dropcast")?.[0] ?? "",
    key: said.get("Key")?.[0] ?? "",
    payments: said.get("Payments")?.[0] ?? "",
  };
}

export async function exitCode(server: ChildProcess): Promise<number | null> {
  if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  return server.exitCode;
}

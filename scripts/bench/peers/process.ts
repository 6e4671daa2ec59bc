// A peer's server as a process on the servers' core, which says on which port it listens.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { onServerCore } from "../machine.ts";

const STARTED_WITHIN_MS = 20_000;

export interface ServerProcess {
  readonly process: ChildProcess;
  readonly url: string;
}

/** Throws when it ends instead. Secrets go by environment: arguments are there for everyone to see. */
export async function startServer(
  node: string,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const [file, all] = onServerCore(node, [script, ...args]);
  const child = spawn(file, all, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...env },
  });
  const aborted = new AbortController();
  const signal = AbortSignal.any([aborted.signal, AbortSignal.timeout(STARTED_WITHIN_MS)]);
  child.once("exit", () => aborted.abort(new Error(`${script} ended before it listened`)));
  const [{ port }] = (await once(child, "message", { signal })) as [{ port: number }];
  return { process: child, url: `http://127.0.0.1:${port}` };
}

// Ends child processes that would outlive this one. Miniflare stops workerd when it is disposed of or its
// process gets a signal it can handle; after SIGKILL workerd would live on and keep the port.
import { ChildProcess, spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { basename } from "node:path";

/**
 * From now on, every process this one starts from an executable of that name is killed when this one ends,
 * however it ends. A shell waits for the far end of a pipe to close, which costs no polling.
 *
 * @returns Stops watching for new processes; those already started stay watched.
 */
export function killOnEnd(executable: string): () => void {
  // Miniflare keeps its child to itself and restarts it after a crash; Node announces every child here.
  const onStart = (message: unknown): void => {
    const child = Object(message).process as unknown;
    if (!(child instanceof ChildProcess)) return;
    child.once("spawn", () => {
      if (basename(child.spawnfile) === executable) watch(child);
    });
  };
  subscribe("child_process", onStart);
  return () => unsubscribe("child_process", onStart);
}

function watch(child: ChildProcess): void {
  const shell = spawn("/bin/sh", ["-c", 'read -r line; kill -9 "$1"', "sh", String(child.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.unref();
  child.once("exit", () => shell.kill("SIGKILL"));
}

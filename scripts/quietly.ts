// Runs a tool of the project that has something to say only when it fails.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";

/** The project's folder. */
export const root: string = dirname(import.meta.dirname);

/** What a tool printed when it failed. */
export class ToolError extends Error {}

/** Runs a command in the project's folder; gives what it printed, or throws it when it fails. */
export async function quietly(file: string, args: string[]): Promise<string> {
  const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const said = `${out}${err}`.trim();
  if (child.exitCode !== 0) throw new ToolError(said || `${file} ended with ${child.exitCode}.`);
  return said;
}

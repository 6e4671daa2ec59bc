/** The README's walk-through, pasted line by line into a shell, against a server started as it says. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../../scripts/quietly.ts";
import { start } from "./server.ts";

it("sells one of three mugs with the README's ten lines", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dropcast-readme-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { url } = await start(join(folder, ".data"));
  const readme = await readFile(join(root, "README.md"), "utf8");
  const lines = /```sh\n(API=[^]*?)```/.exec(readme)?.[1]?.trimEnd().split("\n") ?? [];
  expect(lines.length).toBeLessThanOrEqual(10);
  lines[0] = lines[0]!.replace("http://127.0.0.1:8787", url);

  // An interactive shell reads line by line, as one does that lines are pasted into.
  const shell = spawn("bash", ["--norc", "-i"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  shell.stdin.end(`${lines.join("\n")}\n`);
  const [printed] = await Promise.all([text(shell.stdout), once(shell, "exit")]);
  expect(printed).toContain('"status":"captured"');
  expect(printed.trimEnd().split("\n").at(-1)).toBe("2");
});

/** One server for all tests in a browser, as `npm start` makes it; ended when they are done. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { exitCode, saidBy, spawnServer } from "../flows/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where it is, the platform's key, and the page with two cards of the sample session. */
    served: { readonly url: string; readonly key: string; readonly demo: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "dropcast-browser-"));
  const server = spawnServer(join(folder, "state"));
  const said = await saidBy(server, "Creator");
  const of = (name: string): string => said.get(name) ?? "";
  project.provide("served", { url: of("Dropcast"), key: of("Key"), demo: of("Demo") });
  return async () => {
    server.kill("SIGKILL");
    await exitCode(server);
    await rm(folder, { recursive: true, force: true });
  };
}

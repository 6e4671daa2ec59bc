/** One server for all tests in a browser, as `npm start` makes it; ended when they are done. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { exitCode, saidBy, spawnServer } from "../flows/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    served: {
      readonly url: string;
      /** The platform's. */
      readonly key: string;
      /** The page with two cards of the sample session. */
      readonly demo: string;
      /** The sample session, and the keys of those who host it. */
      readonly session: string;
      readonly sellerKey: string;
      readonly creatorKey: string;
    };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "dropcast-browser-"));
  const server = spawnServer(join(folder, "state"));
  const said = await saidBy(server, "Creator");
  const of = (name: string, word = 0): string => said.get(name)?.[word] ?? "";
  project.provide("served", {
    url: of("Dropcast"),
    key: of("Key"),
    demo: of("Demo"),
    session: of("Session").replace(/.*\//, ""),
    sellerKey: of("Seller", 2),
    creatorKey: of("Creator", 2),
  });
  return async () => {
    server.kill("SIGKILL");
    await exitCode(server);
    await rm(folder, { recursive: true, force: true });
  };
}

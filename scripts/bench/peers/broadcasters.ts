// Starts the fan-out peers that are there, each in a process of its own.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { freePort } from "../../free-port.ts";
import type { Manner } from "./broadcast.ts";
import { startServer } from "./process.ts";

/** A server that broadcasts changes posted to it. */
export interface Broadcaster {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** A kind of server there is, and how it is started with the text to send. */
export interface BroadcasterKind {
  readonly name: string;
  start(manner: Manner, text: string): Promise<Broadcaster>;
}

export async function broadcasterKinds(
  folder: string,
): Promise<{ kinds: BroadcasterKind[]; skipped: string[] }> {
  const ws = kindOf("Node ws", process.execPath, join(import.meta.dirname, "ws-server.ts"));
  const node = nodeForUws();
  if (node === undefined) {
    return {
      kinds: [ws],
      skipped: ["uWebSockets.js: no Node on the PATH that its npm package was built for (16, 18 or 20)"],
    };
  }
  const script = join(folder, "uws-server.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "uws-server.ts")],
    bundle: true,
    outfile: script,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    alias: { "@trufflesuite/uws-js-unofficial": uws },
    external: [uws],
  });
  return { kinds: [ws, kindOf("uWebSockets.js", node, script)], skipped: [] };
}

const uws = createRequire(import.meta.url).resolve("@trufflesuite/uws-js-unofficial");

function kindOf(name: string, node: string, script: string): BroadcasterKind {
  return {
    name,
    async start(manner, text) {
      const { process: child, url } = await startServer(node, script, [
        manner,
        text,
        String(await freePort()),
      ]);
      return { url, pid: child.pid ?? 0, stop: () => void child.kill("SIGKILL") };
    },
  };
}

/** With any other Node the package falls back to `ws`, which would be no peer. */
function nodeForUws(): string | undefined {
  const files = [
    process.execPath,
    ...(process.env["PATH"] ?? "").split(delimiter).map((each) => join(each, "node")),
  ];
  const binaries = join(dirname(uws), "..", "binaries");
  return files.find((file) => {
    if (!existsSync(file)) return false;
    const { stdout } = spawnSync(file, ["-p", "process.versions.modules"], { encoding: "utf8" });
    return existsSync(join(binaries, `uws_${process.platform}_${process.arch}_${stdout?.trim()}.node`));
  });
}

// Starts the peers that are installed on this machine, each with its store in a folder of its own that is gone
// afterwards; says why when one is not there.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killTree, onServerCore } from "../machine.ts";
import { startServer, type ServerProcess } from "./process.ts";

/** A peer that runs: where to tap, which processes serve. */
export interface Peer {
  readonly name: string;
  readonly url: string;
  /** The processes whose CPU counts, children of theirs included. */
  pids(): number[];
  open(stock: number): Promise<void>;
  count(): Promise<{ held: number; reservations: number }>;
  missing(reservations: readonly string[]): Promise<number>;
  /** After all its processes were killed: starts them again on what they left. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export const REDIS = "Node with Redis";
export const POSTGRES = "Node with PostgreSQL";

export type Started = Peer | { readonly skipped: string };

const READY_WITHIN_MS = 20_000;

/** A store: its process, and the path of its socket that the server is given. */
interface StoreProcess {
  readonly process: ChildProcess;
  readonly socket: string;
}

export async function startRedis(folder: string, tokenKeys: string): Promise<Started> {
  if (!isInstalled("redis-server")) return { skipped: `${REDIS}: redis-server is not installed` };
  const own = join(folder, "redis");
  mkdirSync(own);
  const socket = join(own, "redis.sock");
  const settings = {
    port: "0",
    unixsocket: socket,
    dir: own,
    appendonly: "yes",
    appendfsync: "always",
    save: "",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const launch = async (): Promise<StoreProcess> => {
    const child = start("redis-server", args);
    await listening(socket);
    return { process: child, socket };
  };
  return startPeer(REDIS, "redis", tokenKeys, launch);
}

export async function startPostgres(folder: string, tokenKeys: string): Promise<Started> {
  const bin = postgresFolder();
  if (bin === undefined) return { skipped: `${POSTGRES}: it is not installed` };
  // Beside the folder, not in it: another user's server cannot pass through one that is ours alone.
  const own = mkdtempSync(`${folder}-postgres-`);
  process.once("exit", () => rmSync(own, { recursive: true, force: true }));
  const user = postgresUser();
  if (user) chownSync(own, user.uid, user.gid);
  const data = join(own, "data");
  const init = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"],
    {
      ...user,
      encoding: "utf8",
    },
  );
  if (init.status !== 0) return { skipped: `${POSTGRES}: initdb failed: ${init.stderr}` };
  const settings = {
    listen_addresses: "",
    unix_socket_directories: own,
    fsync: "on",
    synchronous_commit: "on",
  };
  const args = [
    "-D",
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const launch = async (): Promise<StoreProcess> => {
    const child = start(join(bin, "postgres"), args, user);
    await listening(join(own, ".s.PGSQL.5432"));
    return { process: child, socket: own };
  };
  return startPeer(POSTGRES, "postgres", tokenKeys, launch);
}

async function startPeer(
  name: string,
  kind: string,
  tokenKeys: string,
  launch: () => Promise<StoreProcess>,
): Promise<Peer> {
  let store = await launch();
  const serve = (): Promise<ServerProcess> => {
    const script = join(import.meta.dirname, "tap-server.ts");
    return startServer(process.execPath, script, [kind, store.socket], { TOKEN_KEYS: tokenKeys });
  };
  let server = await serve();
  const ask = async <T>(asked: object): Promise<T> => {
    server.process.send(asked);
    const [told] = (await once(server.process, "message")) as [{ done: T } | { failed: string }];
    if ("failed" in told) throw new Error(`${name}: ${told.failed}`);
    return told.done;
  };
  return {
    name,
    get url() {
      return server.url;
    },
    pids: () => [server.process.pid ?? 0, store.process.pid ?? 0],
    open: (stock) => ask({ open: stock }),
    count: () => ask({ count: true }),
    missing: (reservations) => ask({ missing: reservations }),
    async restart() {
      await Promise.all([store.process, server.process].map(ended));
      store = await launch();
      server = await serve();
      await answering(() => ask({ count: true }));
    },
    async stop() {
      // What the store has is thrown away: it need not put it in order first.
      for (const { process: child } of [server, store]) if (child.pid !== undefined) killTree(child.pid);
      await Promise.all([store.process, server.process].map(ended));
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Ends with this process, whatever ends it. */
function start(file: string, args: readonly string[], user?: { uid: number; gid: number }): ChildProcess {
  const [pinned, all] = onServerCore(file, args);
  const child = spawn(pinned, all, { ...user, stdio: "ignore" });
  process.once("exit", () => child.kill("SIGKILL"));
  return child;
}

/** A store that reads what it left says for a while that it is not ready. */
async function answering(ask: () => Promise<unknown>): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await sleep(50);
    }
  }
}

async function listening(path: string): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadlineMs) {
    const socket = connect(path);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on ${path}`);
}

function isInstalled(file: string): boolean {
  return spawnSync(file, ["--version"]).status === 0;
}

/** Debian keeps the server's programs out of PATH. */
function postgresFolder(): string | undefined {
  const all = "/usr/lib/postgresql";
  const versions = existsSync(all) ? readdirSync(all).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(all, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

/** PostgreSQL refuses to run as root: then it is its own user. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

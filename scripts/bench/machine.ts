// Processes of this machine: what CPU time they took, which core they may use. Linux only: elsewhere nothing is
// measured and nothing is pinned.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";

/** Ticks of /proc a second: fixed at 100 for user space on Linux. */
const TICK_MS = 10;
/** The core that every side's servers share, and the one that their load comes from. */
const SERVER_CORE = "0";
const LOAD_CORE = "1";

const canPin =
  process.platform === "linux" &&
  availableParallelism() > 1 &&
  spawnSync("taskset", ["--version"]).status === 0;

/** What was done about cores, for whoever reads the figures. */
export const PINNING: string = canPin
  ? "Servers on one core, their load on another (taskset)."
  : "Servers and load share all cores: no taskset or no second core here.";

/** A command that runs with the servers. */
export function onServerCore(file: string, args: readonly string[]): [string, string[]] {
  return canPin ? ["taskset", ["-c", SERVER_CORE, file, ...args]] : [file, [...args]];
}

/** A process that runs already, with all its threads. */
export function moveToServerCore(pid: number): void {
  if (canPin) spawnSync("taskset", ["-apc", SERVER_CORE, String(pid)]);
}

export function moveToLoadCore(pid: number): void {
  if (canPin) spawnSync("taskset", ["-apc", LOAD_CORE, String(pid)]);
}

interface Stat {
  readonly parent: number;
  readonly cpuMs: number;
}

/** See proc_pid_stat(5): the fields after the name, which may have spaces. */
function statOf(pid: number | string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [user = 0, system = 0, ofChildren = 0, systemOfChildren = 0] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), cpuMs: (user + system + ofChildren + systemOfChildren) * TICK_MS };
  } catch {
    return undefined;
  }
}

/** CPU time of processes and their children so far; undefined where it cannot be told. */
export function cpuMsOf(pids: readonly number[]): number | undefined {
  let cpuMs: number | undefined;
  for (const pid of pids.flatMap((each) => [each, ...childrenOf(each)])) {
    const stat = statOf(pid);
    if (stat) cpuMs = (cpuMs ?? 0) + stat.cpuMs;
  }
  return cpuMs;
}

/** At once and for good, children first told of nothing. */
export function killTree(pid: number): void {
  for (const each of [pid, ...childrenOf(pid)]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // Gone with its parent.
    }
  }
}

/** Resident memory of a process in bytes. */
export function residentBytesOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}

/** Children of a process, by the name of what they run when that is given. */
export function childrenOf(parent: number, executable?: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && statOf(name)?.parent === parent)
    .map(Number)
    .filter((pid) => executable === undefined || executableOf(pid) === executable);
}

function executableOf(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return "";
  }
}

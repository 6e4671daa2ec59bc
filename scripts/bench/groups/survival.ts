// After a SIGKILL in the middle of a rush: every acknowledged reservation is there, and nothing was sold twice. Once
// for Dropcast and once for each peer; nothing is timed but how long the first answer takes to come back.
import { mkdtempSync, rmSync } from "node:fs";
import type { TapJob, Taps } from "../load/jobs.ts";
import type { Load } from "../load/process.ts";
import type { Peer } from "../peers/start.ts";
import { startRuntime, type Runtime } from "../runtime.ts";
import { newSession, skuAt } from "../traffic.ts";

export const SURVIVAL = "sigkill";

const OFFERS = 10;
const VIEWERS = 64;
const TAPS_EACH = 40;
const STOCK = VIEWERS * TAPS_EACH;
/** Acknowledged when the servers are killed. */
const KILLED_AFTER = STOCK / 2;

export interface Survival {
  readonly name: string;
  readonly acknowledged: number;
  /** Acknowledged, and not there afterwards. */
  readonly missing: number;
  readonly held: number;
  readonly stock: number;
  /** From the start of the new server to its first answer. */
  readonly backAfterMs: number;
  /** Whatever else was looked at is as it should be. */
  readonly whole: boolean;
}

export async function survivals(runtime: Runtime, load: Load, peers: readonly Peer[]): Promise<Survival[]> {
  const all = [await dropcastSurvives(runtime, load)];
  for (const peer of peers) all.push(await peerSurvives(peer, runtime.tokenKeys, load));
  return all;
}

/** Zero lost, zero oversold. */
export function survived({ missing, held, stock, acknowledged, whole }: Survival): boolean {
  return missing === 0 && held >= acknowledged && held <= stock && whole;
}

async function dropcastSurvives({ folder: beside, tokenKeys }: Runtime, load: Load): Promise<Survival> {
  const folder = mkdtempSync(`${beside}-killed-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const before = await startRuntime(folder, tokenKeys);
  const { session } = await before.call("/open", { offers: OFFERS, stock: STOCK });
  const job = jobOf(session, tokenKeys, before.urls.shop, "dropcast", [before.pid()]);
  const { reservations = [] } = await load.taps(job);
  await before.stop();
  const startedAtMs = performance.now();
  const after = await startRuntime(folder, tokenKeys);
  try {
    const { missing } = await after.call("/missing", { session, reservations });
    const backAfterMs = performance.now() - startedAtMs;
    const { pools, replayEqual, chainWhole } = await after.call("/check", { session });
    const held = pools.find(({ sku }) => sku === skuAt(0))?.held ?? Number.NaN;
    const whole = replayEqual && chainWhole;
    return {
      name: "Dropcast",
      acknowledged: reservations.length,
      missing,
      held,
      stock: STOCK,
      backAfterMs,
      whole,
    };
  } finally {
    await after.stop();
  }
}

async function peerSurvives(peer: Peer, tokenKeys: string, load: Load): Promise<Survival> {
  await peer.open(STOCK);
  const { reservations = [] } = await load.taps(
    jobOf(newSession(), tokenKeys, peer.url, "session", peer.pids()),
  );
  const startedAtMs = performance.now();
  await peer.restart();
  const missing = await peer.missing(reservations);
  const backAfterMs = performance.now() - startedAtMs;
  const { held, reservations: kept } = await peer.count();
  const whole = held === kept;
  return {
    name: peer.name,
    acknowledged: reservations.length,
    missing,
    held,
    stock: STOCK,
    backAfterMs,
    whole,
  };
}

function jobOf(
  session: Taps["session"],
  tokenKeys: string,
  url: string,
  path: TapJob["path"],
  servers: readonly number[],
): TapJob {
  const taps = { session, tokenKeys, viewers: VIEWERS, tapsEach: TAPS_EACH, inFlight: 4 };
  return {
    kind: "tap-sockets",
    url,
    path,
    viewerBy: "token",
    taps,
    extra: false,
    servers,
    killAfter: KILLED_AFTER,
  };
}

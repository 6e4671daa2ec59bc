// Viewers' taps to the acknowledgement, each with a signed token of its own: over sockets and over HTTP. Beside the
// bare thing that verifies the same token, and beside the peers.
import type { Contender, Timed } from "../contender.ts";
import type { TapJob, Taps, TapsDone } from "../load/jobs.ts";
import type { Load } from "../load/process.ts";
import type { Peer } from "../peers/start.ts";
import type { Runtime } from "../runtime.ts";
import { newSession } from "../traffic.ts";
import { keep, soldOut } from "./promises.ts";

const OFFERS = 10;
/** How taps go over one way. */
interface Way {
  readonly group: string;
  readonly kind: TapJob["kind"];
  readonly bareName: string;
  readonly viewers: number;
  readonly tapsEach: number;
  readonly inFlight: number;
}

export const SOCKETS: Way = {
  group: "taps over sockets",
  kind: "tap-sockets",
  bareName: "bare socket that verifies and echoes",
  viewers: 128,
  tapsEach: 40,
  inFlight: 4,
};

export const HTTP: Way = {
  group: "taps over http",
  kind: "tap-http",
  bareName: "bare Worker that verifies and calls an object",
  viewers: 128,
  tapsEach: 30,
  inFlight: 1,
};

export const DROPCAST = "Dropcast";

export function tapContenders(way: Way, runtime: Runtime, load: Load, peers: readonly Peer[]): Contender[] {
  const { group, bareName } = way;
  const beside = [bareName, ...peers.map(({ name }) => name)];
  return [
    { group, name: DROPCAST, operation: "tap", beside, run: () => runDropcast(way, runtime, load) },
    { group, name: bareName, operation: "tap", beside: [], run: () => runBare(way, runtime, load) },
    ...peers.map((peer): Contender => ({
      group,
      name: peer.name,
      operation: "tap",
      beside: [],
      run: () => runPeer(way, peer, runtime.tokenKeys, load),
    })),
  ];
}

async function runDropcast(way: Way, runtime: Runtime, load: Load): Promise<Timed> {
  const stock = way.viewers * way.tapsEach;
  const { session } = await runtime.call("/open", {
    offers: OFFERS,
    stock,
  });
  const taps = tapsOf(way, session, runtime.tokenKeys);
  const url = runtime.urls.shop;
  const servers = [runtime.pid()];
  const job: TapJob = {
    kind: way.kind,
    url,
    path: "dropcast",
    viewerBy: "token",
    taps,
    extra: true,
    servers,
  };
  const { done, time } = await tapped(job, load);
  keep([[done.extraRefused, "a tap beyond the stock is refused"]]);
  await soldOut(runtime, session, done.acknowledged, stock);
  return time;
}

async function runBare(way: Way, runtime: Runtime, load: Load): Promise<Timed> {
  const taps = tapsOf(way, newSession(), runtime.tokenKeys);
  const url = runtime.urls.bare;
  const servers = [runtime.pid()];
  const job: TapJob = {
    kind: way.kind,
    url,
    path: "session",
    viewerBy: "header",
    taps,
    extra: false,
    servers,
  };
  return (await tapped(job, load)).time;
}

async function runPeer(way: Way, peer: Peer, tokenKeys: string, load: Load): Promise<Timed> {
  const stock = way.viewers * way.tapsEach;
  await peer.open(stock);
  const taps = tapsOf(way, newSession(), tokenKeys);
  const { url } = peer;
  const servers = peer.pids();
  const job: TapJob = { kind: way.kind, url, path: "session", viewerBy: "token", taps, extra: true, servers };
  const { done, time } = await tapped(job, load);
  const { held, reservations } = await peer.count();
  keep([
    [done.extraRefused, "a tap beyond the stock is refused"],
    [held === stock && reservations === stock, "what is acknowledged is held, and no more"],
  ]);
  return time;
}

function tapsOf({ viewers, tapsEach, inFlight }: Way, session: Taps["session"], tokenKeys: string): Taps {
  return { session, tokenKeys, viewers, tapsEach, inFlight };
}

async function tapped(job: TapJob, load: Load): Promise<{ done: TapsDone; time: Timed }> {
  const done = await load.taps(job);
  const expected = job.taps.viewers * job.taps.tapsEach;
  if (done.acknowledged !== expected) {
    throw new Error(`${done.acknowledged} of ${expected} taps were acknowledged: ${done.complaint}`);
  }
  const { ms, cpuMs, medianMs, p99Ms } = done;
  return { done, time: { operations: expected, ms, cpuMs, facts: { medianMs, p99Ms } } };
}
